"""Ours against NumPy's: one call, in each way in which it can be run."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule as cr
from chainrule.core import tree

FEW = settings(max_examples=30)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
SOLID = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)
MATRICES = hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=4)
SEEDS = st.integers(0, 2**32 - 1)
TYPES = ["bool", "int8", "int32", "int64", "uint8", "uint64", "float16", "float32", "float64", "complex64"]


def numbers(shape: Any, seed: int = 0, dtype: str = "float64") -> np.ndarray:
    """Elements in random order, all different if they are floats, every other one of a larger array."""
    rng, size = np.random.default_rng(seed), int(np.prod(shape))
    kind = np.dtype(dtype).kind
    if kind in "biu":
        wide = rng.integers(0, 2 if kind == "b" else 5, [2 * n for n in shape]).astype(dtype)
    else:
        spaced = rng.permutation(size) * 0.21 - 0.1 * size + rng.uniform(0.01, 0.1, size)
        wide = np.zeros([2 * n for n in shape], dtype)
        wide[(slice(None, None, 2),) * len(shape)] = spaced.reshape(shape)
        if kind == "c":
            wide = wide * (1 + 0.5j)
    return np.asarray(wide[(slice(None, None, 2),) * len(shape)], dtype)


def quiet(function: Callable[..., Any], *args: Any) -> Any:
    """NumPy's result without its warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*args)


def same(got: Any, expected: Any, tolerance: float = 1e-12) -> None:
    """Equal shapes and, to rounding, elements; NaN equals NaN."""
    flat, wanted = list(tree.leaves(got)), list(tree.leaves(expected))
    assert len(flat) == len(wanted)
    for y, e in zip(flat, wanted, strict=True):
        assert y.shape == np.shape(e)
        np.testing.assert_allclose(np.asarray(y), e, rtol=tolerance, atol=tolerance)


def agrees(ours: Callable[..., Any], numpys: Callable[..., Any], *arrays: np.ndarray) -> None:
    """A call gives NumPy's numbers, and so it does recorded."""
    tensors = [cr.tensor(a) for a in arrays]
    expected = quiet(numpys, *arrays)
    found = ours(*tensors)
    same(found, expected)
    graph = cr.record(ours, *tensors)
    graph.verify()
    for y, e in zip(tree.leaves(graph(*tensors)), tree.leaves(found), strict=True):
        np.testing.assert_array_equal(y.numpy(), e.numpy())


def has_type(got: Any, expected: Any) -> None:
    """NumPy's element type, where the float that integers become is our default."""
    wanted = np.asarray(expected).dtype
    assert got.dtype == wanted, (got.dtype, wanted)
