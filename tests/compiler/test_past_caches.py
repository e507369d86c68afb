"""Large results are stored past the caches: whole vectors at multiples of their size, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule as cr

LARGE = 1 << 22


def numbers(seed: int, *shape: int, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(seed).uniform(-2, 2, shape).astype(dtype)


def texts(compiled: Any, *xs: Any) -> list[str]:
    return [call.text for call in compiled.recording_for(*xs)[0].program.calls]


def assert_as_eager(f: Any, x: np.ndarray, *, is_past: bool) -> None:
    """The same numbers with any number of threads, where rows begin at cache lines and where they do not."""
    given, compiled, before = cr.tensor(x), cr.compile(f), cr.get_threads()
    try:
        for threads in (1, 2, 3):
            cr.set_threads(threads)
            np.testing.assert_allclose(compiled(given).numpy(), f(given).numpy(), rtol=1e-5, atol=1e-6)
    finally:
        cr.set_threads(before)
    assert any("nontemporal" in text for text in texts(compiled, given)) == is_past


@pytest.mark.parametrize(
    ("shape", "is_past"),
    [
        ((LARGE,), True),
        ((LARGE + 5,), True),
        ((4096, 1024), True),
        ((4099, 1025), True),
        ((1024, 1024), False),
    ],
)
def test_pointwise(shape, is_past):
    assert_as_eager(lambda x: x * 2.0 + 1.0, numbers(1, *shape), is_past=is_past)


def test_rows_that_begin_anywhere():
    row = cr.tensor(numbers(7, 1025))
    assert_as_eager(lambda x: x * row, numbers(1, 4099, 1025), is_past=False)


def test_rows_of_several_phases():
    assert_as_eager(lambda x: cr.softmax(x, axis=-1), numbers(2, 4096, 1024), is_past=True)


def test_columns_that_a_pass_writes_beside_its_sums():
    f = lambda x: (y := x * 3.0) + 0 * cr.sum(y, axis=0)  # noqa: E731
    assert_as_eager(f, numbers(3, 8192, 512), is_past=True)


def test_other_types():
    for dtype in ("float64", "int32"):
        assert_as_eager(lambda x: x + x, numbers(4, 1 << 22, dtype=dtype), is_past=True)


def test_what_a_row_reads_again_is_stored_as_usual():
    def f(x: Any) -> Any:
        y = cr.exp(x)
        return y, y / cr.sum(y, axis=-1, keepdims=True)

    x = cr.tensor(numbers(5, 4096, 1024))
    compiled = cr.compile(f)
    for found, expected in zip(compiled(x), f(x), strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-5)


def test_a_kernel_ends_with_a_fence_only_if_it_needs_one():
    large, small = (cr.tensor(numbers(6, n)) for n in (LARGE, 1000))
    compiled = cr.compile(lambda x: x * 2.0)
    compiled(large), compiled(small)
    assert all("fence seq_cst" in text for text in texts(compiled, large))
    assert not any("fence" in text for text in texts(compiled, small))


def test_memory_of_results_begins_at_a_cache_line():
    compiled = cr.compile(lambda x: x * 2.0)
    ys = [compiled(cr.ones(LARGE + i)) for i in range(3)]
    assert all(y.numpy().ctypes.data % 64 == 0 for y in ys)
