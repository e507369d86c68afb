"""Nests that read along another axis than they write: square tiles, written out or in a loop."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler import target
from chainrule.compiler.emit.transposed import turned_reads
from chainrule.compiler.loops.kernel import Nest

SIZES = [(16, 16), (64, 48), (37, 21), (5, 40), (33, 3), (100, 16), (16, 100)]
TYPES = ["float32", "float64", "int32", "float16"]


def copied(x, y):
    return cr.transpose(x) + y


def updated(x, y):
    """Heavy enough for a loop, with three definitions that read the same element."""
    x = cr.transpose(x)
    first = 0.9 * y + 0.1 * x
    second = 0.99 * y * y + 0.01 * x * x
    return first, second, y - first / (1.0 + abs(second)) * x


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", SIZES, ids=str)
@pytest.mark.parametrize("function", [copied, updated])
def test_tiles_of_every_size(function, shape, dtype):
    rng = np.random.default_rng(31)
    x, y = (
        cr.tensor((8 * rng.normal(size=s)).astype(np.int64 if dtype == "int32" else np.float64).astype(dtype))
        for s in (shape, shape[::-1])
    )
    found, expected = cr.compile(function)(x, y), function(x, y)
    pairs = zip(found, expected, strict=True) if isinstance(found, tuple) else [(found, expected)]
    for a, b in pairs:
        assert a.dtype == b.dtype
        # Intermediate numbers may be rounded less often than by NumPy.
        tolerance = {"float16": 4e-3, "float64": 1e-14}.get(dtype, 1e-5)
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=tolerance, atol=tolerance)


def test_an_element_that_several_definitions_read_is_turned_once():
    compiled = cr.compile(updated)
    compiled(cr.ones((64, 48)), cr.ones((48, 64)))
    (recording,) = compiled._signatures
    nests = [call for call in recording.program.calls if isinstance(call.step, Nest)]
    call, reads = next((x, found[1]) for x in nests if (found := turned_reads(x.step)) is not None)
    assert len(reads) > 1
    assert len({(read.buffer, read.form) for read in reads}) == 1
    lanes = target.host().vector_bytes // 4
    shuffles = [line for line in call.text.splitlines() if "shufflevector" in line and "<i32" in line]
    assert len(shuffles) == lanes * (lanes.bit_length() - 1)
