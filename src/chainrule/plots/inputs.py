"""What figures are given, checked: intervals, vectors, matrices, numbers."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Interval = tuple[float, float]


def bounds(plot: str, interval: Any, name: str = "interval") -> Interval:
    """The two ends of an interval, lower first and both finite.

    >>> bounds("area", (0, 1))
    (0.0, 1.0)
    """
    ends = np.asarray(interval, np.float64)
    if ends.shape != (2,) or not np.isfinite(ends).all() or ends[0] >= ends[1]:
        raise error("plots.interval", plot=plot, name=name, got=_short(interval))
    return float(ends[0]), float(ends[1])


def numbers(plot: str, name: str, values: ArrayLike, axes: int = 1) -> NDArray[np.float64]:
    """Real numbers with so many axes, at least one of them finite."""
    array = _real(plot, name, values)
    if array.ndim != axes:
        raise error("plots.axes", plot=plot, name=name, axes=axes, shapes={name: array.shape})
    if not np.isfinite(array).any():
        raise error("plots.nothing", plot=plot, what="finite number" if array.size else "number")
    return array


def count(plot: str, name: str, value: Any, *, least: int = 1, most: int | None = None) -> int:
    """A whole number between two others.

    >>> count("area", "pieces", 8)
    8
    """
    try:
        found = operator.index(value)
    except TypeError:
        found = least - 1
    if found < least or (most is not None and found > most):
        raise error("plots.count", plot=plot, name=name, range=f"{least} … {most or ''}".strip(), got=value)
    return found


def vector(plot: str, name: str, value: ArrayLike, length: int = 2) -> NDArray[np.float64]:
    """One vector of the plane, or of another length."""
    array = _real(plot, name, value)
    if array.shape != (length,) or not np.isfinite(array).all():
        raise error("plots.vector", plot=plot, name=name, length=length, shapes={name: array.shape})
    return array


def plane_matrix(plot: str, value: ArrayLike) -> NDArray[np.float64]:
    """A finite real 2 × 2 matrix."""
    array = _real(plot, "matrix", value)
    if array.shape != (2, 2) or not np.isfinite(array).all():
        raise error("plots.plane_matrix", plot=plot, shapes={"matrix": array.shape})
    return array


def points(plot: str, name: str, value: ArrayLike, dimension: int = 2) -> NDArray[np.float64]:
    """Points (N, dimension)."""
    array = _real(plot, name, value)
    if array.ndim != 2 or array.shape[1] != dimension:
        raise error("plots.points", plot=plot, name=name, dimension=dimension, shapes={name: array.shape})
    if not len(array):
        raise error("plots.nothing", plot=plot, what="point")
    return array


def _real(plot: str, name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.dtype.kind == "c":
        raise error("plots.real", plot=plot, name=name)
    return array.astype(np.float64)


def _short(value: Any) -> str:
    return repr(value) if len(repr(value)) < 60 else type(value).__name__
