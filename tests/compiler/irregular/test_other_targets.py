"""The kernels are valid code for processors without x86 instructions too."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.compiler.emit.irregular import RULES
from chainrule.compiler.target import named
from chainrule.ops import TABLE

from ..undefined import undefined
from .cases import cases, some_types
from .running import sources_of


@pytest.mark.parametrize("where", ["aarch64", "wasm32"])
@pytest.mark.parametrize("row", RULES)
def test_object_code_needs_no_library(row: str, where: str) -> None:
    tried = cases(row, some_types(row, TABLE[row].samples, 1), np.random.default_rng(3))
    for source in sources_of([case for case, _ in tried], named(where)):
        assert undefined(source.text, where, source.passes) == set()
