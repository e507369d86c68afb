"""Comparisons of results that NumPy and chainrule may give in different forms."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..standard.decompositions import UNIQUE_UP_TO
from ..standard.strategies import Call
from .compare import assert_numpys


def unordered(call: Call, ours: Any, theirs: np.ndarray) -> None:
    """NumPy's `unique_values` is in no order."""
    assert_numpys(call, ours, np.sort(theirs))


def complex_always(call: Call, ours: Any, theirs: Any) -> None:
    """Eigenvalues are complex here, as a type cannot depend on values; LAPACK gives both one order."""
    wide = call.args[0].dtype.name in ("float64", "complex128")
    dtype = "complex128" if wide else "complex64"
    nest = theirs if isinstance(theirs, tuple) else (theirs,)
    for a, b in zip(ours if isinstance(ours, tuple) else (ours,), nest, strict=True):
        assert a.dtype == dtype
        np.testing.assert_allclose(a.numpy(), b, rtol=1e-9 if wide else 1e-3, atol=1e-9 if wide else 1e-3)


def least_squares(call: Call, ours: Any, theirs: Any) -> None:
    """The rank is a tensor here, and the residuals are given in every case."""
    tolerance = 1e-9 if call.args[0].dtype.name in ("float64", "complex128") else 1e-3
    solution, residuals, rank, singular = theirs
    np.testing.assert_allclose(ours.x.numpy(), solution, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(ours.singular_values.numpy(), singular, rtol=tolerance)
    assert int(ours.rank) == rank
    if residuals.size:
        np.testing.assert_allclose(ours.residuals.numpy(), residuals[0], rtol=tolerance, atol=tolerance)


def partitioned(call: Call, ours: Any, theirs: np.ndarray) -> None:
    """What stands at place k is certain, and what stands on either side of it, but not in which order."""
    axis, k = call.kwargs["axis"], call.args[1]
    assert_numpys(call, np_sorted(ours, k, axis), np_sorted(theirs, k, axis))


def argpartitioned(call: Call, ours: Any, theirs: np.ndarray) -> None:
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    x, axis, k = call.args[0], call.kwargs["axis"], call.args[1]
    found, expected = (np.take_along_axis(x, np.asarray(i), axis) for i in (ours, theirs))
    assert np.array_equal(np_sorted(found, k, axis), np_sorted(expected, k, axis))


def np_sorted(x: Any, k: int, axis: int) -> Any:
    """The elements below place k in order, and those from it on in order."""
    parts = np.split(np.asarray(x), [k, k + 1], axis)
    joined = np.concatenate([np.sort(part, axis) for part in parts], axis)
    return joined if isinstance(x, np.ndarray) else type(x)(joined)


COMPARED_BY = {
    **UNIQUE_UP_TO,
    "unique_values": unordered,
    "partition": partitioned,
    "argpartition": argpartitioned,
    "linalg.eig": complex_always,
    "linalg.eigvals": complex_always,
    "linalg.lstsq": least_squares,
}
