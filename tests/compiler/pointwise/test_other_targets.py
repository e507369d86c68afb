"""For processors that are not at hand: rules are well formed, and call no library."""

import re

import numpy as np
import pytest

from chainrule.compiler.native.codegen import emit_assembly
from chainrule.compiler.target import named

from .running import ROWS, STORED, TYPES, cases_of, casts, text
from .values import ITERATED

_CALL = re.compile(r"^\s+(?:callq?|bl|jmp|b|call)\s+([A-Za-z_]\w*)", re.MULTILINE)
PLAIN = [row for row in ROWS if row.name not in ITERATED]


def called(cases, where, lanes):
    kind = named(where)
    return set(_CALL.findall(emit_assembly(text(cases, kind, (lanes,)), kind)))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "float64", "complex64"])
@pytest.mark.parametrize("where", ["aarch64", "wasm32"])
def test_no_library_is_called(where, dtype):
    dtype = np.dtype(dtype)
    rows = ROWS if dtype == np.float64 else PLAIN
    cases = cases_of(dtype, rows)
    assert called(cases, where, named(where).vector_bytes // dtype.itemsize) == set()


@pytest.mark.parametrize("where", ["aarch64", "wasm32"])
def test_casts_call_no_library(where):
    assert called(casts([*TYPES, *STORED]), where, 4) == set()
