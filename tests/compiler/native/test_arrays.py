"""Aligned arrays, their addresses, and memory that runs out."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.native import arrays
from chainrule.compiler.native.arrays import address, aligned_empty, readable_size


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 5), (2, 0, 4), (1000, 1000)])
@pytest.mark.parametrize("dtype", [np.bool_, np.float32, np.float64, np.int64, cr.bfloat16])
def test_aligned_arrays(shape, dtype):
    kept = [aligned_empty(shape, np.dtype(dtype)) for _ in range(5)]
    for array in kept:
        assert (array.shape, array.dtype) == (shape, np.dtype(dtype))
        assert array.flags.c_contiguous and array.flags.writeable
        assert array.size == 0 or array.ctypes.data % 64 == 0
        array[...] = 1
        assert (array == 1).all()


@pytest.mark.parametrize("way", [arrays._address_by_layout, arrays._address_by_numpy, address])
def test_addresses(way):
    x = np.arange(24.0).reshape(4, 6)
    frozen = np.arange(3)
    frozen.flags.writeable = False
    for array in (x, x[1:, 2:], x.T, x[::-1], frozen, np.empty(0), np.array(1.0), x.view(np.ndarray)):
        assert way(array) == array.__array_interface__["data"][0]


def test_out_of_memory_says_how_much_for_what():
    with pytest.raises(MemoryError) as caught:
        aligned_empty((2**45, 8), np.dtype(np.float32), what="the arena of step")
    assert isinstance(caught.value, cr.errors.OutOfMemoryError)
    assert str(caught.value).startswith(
        "no memory for the arena of step: 1.13 PB were asked for (shape (35184372088832, 8), float32). "
    )


@pytest.mark.parametrize("shape", [(2**62,), (2**40, 2**40)])
def test_more_than_there_are_addresses(monkeypatch, shape):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(cr.errors.OutOfMemoryError, match="内存不足，无法分配数组：需要 "):
        aligned_empty(shape, np.dtype(np.float64))


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (512 << 20, "537 MB"),
        (10**15, "1 PB"),
        (10**24, "1e+06 EB"),
    ],
)
def test_sizes_in_words(size, words):
    assert readable_size(size) == words
