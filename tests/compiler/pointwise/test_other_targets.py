"""For processors that are not at hand: rules are well formed, and call no library."""

import numpy as np
import pytest

from chainrule.compiler.target import named

from ..undefined import undefined
from .running import ROWS, STORED, TYPES, cases_of, casts, text
from .values import ITERATED

PLAIN = [row for row in ROWS if row.name not in ITERATED]


def called(cases, where, lanes):
    return undefined(text(cases, named(where), (lanes,)), where)


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
