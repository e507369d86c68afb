"""Arrays of more than 2³¹ elements: places are 64 bits wide, from the text of a kernel to its results."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler import target
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.program.build import build
from chainrule.compiler.program.calls import KernelCall, flat
from chainrule.compiler.program.kernels import calls_of, with_plans

LENGTH = (1 << 31) + 4096 + 5
PLACES = [0, 1, (1 << 31) - 1, 1 << 31, (1 << 31) + 1, LENGTH - 1]

ROWS, WIDTH = 3, (1 << 30) + 40
_MEMORY = Path("/proc/meminfo")


# An element's address without its index: the type of the element, and where the array begins.
_ADDRESS = r"getelementptr (inbounds )?[^,]+, (ptr|<\d+ x ptr>) [^,]+"


def available() -> int:
    """Bytes of memory that may still be taken."""
    if not _MEMORY.exists():
        return 0
    (line,) = [x for x in _MEMORY.read_text(encoding="ascii").splitlines() if x.startswith("MemAvailable")]
    return 1024 * int(line.split()[1])


needs_memory = pytest.mark.skipif(available() < 8_000_000_000, reason="there is too little free memory")


def texts(f: Callable[..., Any], *arrays: np.ndarray) -> list[str]:
    """The modules of a function's kernels; nothing is read, so arrays take no memory."""
    graph = cr.record(f, *arrays)
    lowering = Lowering(graph)
    steps = lowering.run()
    kept = {*lowering.buffers.values(), *lowering.outputs}
    calls = calls_of(with_plans(fused(steps, kept), target.host()), target.host())
    return [call.text for call in flat(calls) if isinstance(call, KernelCall)]


def windows(x: Any) -> Any:
    return cr.nn.functional.max_pool2d(x, 2, return_indices=True)[1]


FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[int, ...]]] = {
    "pointwise": (lambda x: x + 1, (70_000, 70_000)),
    "transposed": (lambda x: x.T + 1, (70_000, 70_000)),
    "sum of all": (lambda x: x.sum(), (70_000, 70_000)),
    "sum of rows": (lambda x: x.sum(axis=0), (70_000, 70_000)),
    "product": (lambda x: x[:, :64] @ x[:64, :128], (70_000, 70_000)),
    "product, transposed": (lambda x: x[:, :64].T @ x[:, :128], (70_000, 70_000)),
    "gather": (lambda x: x[np.arange(5)], (70_000, 70_000)),
    "scatter": (lambda x: x.at[np.arange(5)].set(1), (70_000, 70_000)),
    "running sum": (lambda x: cr.cumsum(x, axis=1), (70_000, 70_000)),
    "largest": (lambda x: cr.argmax(x), (5_000_000_000,)),
    "windows": (windows, (1, 1, 70_000, 70_000)),
    "sorted": (lambda x: cr.argsort(x), (5_000_000_000,)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_place_is_narrower_than_64_bits(name):
    f, shape = FUNCTIONS[name]
    found = texts(f, np.empty(shape, np.uint8))
    assert found
    for text in found:
        assert "getelementptr" in text
        for line in re.findall(r"getelementptr.*", text):
            assert re.fullmatch(rf"{_ADDRESS}, (i64|<\d+ x i64>) \S.*", line), line


# Sorting counts within tiles and, below 2³² elements, along its axis in 32 bits.
@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"sorted"}))
def test_no_place_is_made_narrower(name):
    f, shape = FUNCTIONS[name]
    for text in texts(f, np.empty(shape, np.uint8)):
        assert not re.search(r"trunc (<\d+ x )?i64 .* to (<\d+ x )?i32", text)


def test_offsets_beyond_32_bits_stand_in_the_text():
    (text,) = texts(lambda x: x[60_000:] + 1, np.empty((70_000, 70_000), np.uint8))
    assert str(60_000 * 70_000) in text


@pytest.fixture(scope="module")
def marked() -> np.ndarray:
    """Zeros, which take no memory before they are written, with a few other numbers."""
    x = np.zeros(LENGTH, np.int8)
    x[PLACES] = range(1, 1 + len(PLACES))
    return x


@needs_memory
@pytest.mark.slow
def test_pointwise(marked):
    (y,) = build(cr.record(lambda x: x * 2 + 3, marked)).run([marked])
    assert [y[i] for i in PLACES] == [5, 7, 9, 11, 13, 15]
    assert np.count_nonzero(y == 3) == LENGTH - len(PLACES)


@needs_memory
@pytest.mark.slow
def test_folds_and_searches(marked):
    found = build(cr.record(lambda x: (x.sum(), x.max(), cr.argmax(x), cr.count_nonzero(x)), marked))
    total, largest, place, count = found.run([marked])
    assert (total, largest, place, count) == (21, 6, LENGTH - 1, len(PLACES))


@needs_memory
@pytest.mark.slow
def test_gather(marked):
    i = np.array([*PLACES, -1, -LENGTH])
    (found,) = build(cr.record(lambda x, i: x[i], marked, i)).run([marked, i])
    assert found.tolist() == [1, 2, 3, 4, 5, 6, 6, 1]
    with pytest.raises(cr.errors.OutOfRangeError, match=f"index {LENGTH} is out of range"):
        build(cr.record(lambda x, i: x[i], marked, i)).run([marked, np.full_like(i, LENGTH)])


@needs_memory
@pytest.mark.slow
@pytest.mark.parametrize("side", ["left", "right"])
def test_products_of_rows_that_lie_far_apart(side):
    x = np.zeros((ROWS, WIDTH), np.int8)
    rng = np.random.default_rng(3)
    x[:, -64:] = rng.integers(0, 3, (ROWS, 64))
    w = rng.integers(0, 3, (64, 20)).astype(np.int8)
    if side == "left":
        (y,) = build(cr.record(lambda x, w: x[:, -64:] @ w, x, w)).run([x, w])
        np.testing.assert_array_equal(y, x[:, -64:] @ w)
    else:
        (y,) = build(cr.record(lambda x, w: w.T @ x[:, -64:].T, x, w)).run([x, w])
        np.testing.assert_array_equal(y, w.T @ x[:, -64:].T)
    assert y.any()
