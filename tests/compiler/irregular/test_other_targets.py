"""The kernels are valid code for processors without x86 instructions too."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.compiler.emit.irregular import RULES
from chainrule.compiler.native.codegen import emit_object
from chainrule.compiler.native.symbols import symbols
from chainrule.compiler.target import named
from chainrule.ops import TABLE

from .cases import cases, some_types
from .running import sources_of

ALLOWED = {"memcpy", "memmove", "memset"}


@pytest.mark.parametrize("row", RULES)
def test_object_code_needs_no_library(row: str) -> None:
    tried = cases(row, some_types(row, TABLE[row].samples, 1), np.random.default_rng(3))
    for source in sources_of([case for case, _ in tried]):
        code = emit_object(source.text, named("aarch64"), passes=source.passes)
        assert {*symbols(code).undefined} <= ALLOWED
        assert emit_object(source.text, named("wasm32"), passes=source.passes)
