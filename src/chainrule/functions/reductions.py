"""Reductions under NumPy's names, and statistics made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.core.op import Op
from chainrule.dtypes import is_float
from chainrule.functions.shaping import squeeze
from chainrule.ops import pointwise, reduce, shapes
from chainrule.ops.shapes import normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Axis = int | tuple[int, ...] | None


def _fold(op: Op, x: Any, axis: Axis, keepdims: bool) -> Tensor:
    x = lift(x)
    return op(x, axis=normalize_axes(op.name, axis, x.shape), keepdims=keepdims)


def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Sum over axes; over all of them if none is given."""
    return _fold(reduce.sum_, x, axis, keepdims)


def max(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest element over axes. Where several are largest, each gets an equal share of the derivative."""
    return _fold(reduce.max_, x, axis, keepdims)


def min(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Smallest element over axes. Where several are smallest, each gets an equal share of the derivative."""
    return _fold(reduce.min_, x, axis, keepdims)


def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether an element over the axes is true."""
    return _fold(reduce.any_, pointwise.cast(x, dtype=bool), axis, keepdims)


def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether all elements over the axes are true."""
    return _fold(reduce.all_, pointwise.cast(x, dtype=bool), axis, keepdims)


def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the first largest element along an axis (of the flattened tensor if none is given)."""
    return _fold(reduce.argmax, x, axis, keepdims)


def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the first smallest element along an axis (of the flattened tensor if none is given)."""
    return _fold(reduce.argmin, x, axis, keepdims)


def _extent(x: Any, axis: Axis, op: str) -> int:
    return shapes.size(tuple(x.shape[a] for a in normalize_axes(op, axis, x.shape)))


@composite(r"\frac{1}{n} \sum_{i=1}^{n} x_i")
def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Arithmetic mean over axes; integers give the default float."""
    x = lift(x)
    return sum(x, axis, keepdims) / _extent(x, axis, "mean")


@composite(r"\frac{1}{n - \mathrm{ddof}} \sum_{i=1}^{n} (x_i - \bar{x})^2")
def var(x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
    """Variance over axes, with ``n - ddof`` in the denominator."""
    x = lift(x)
    deviation = x - mean(x, axis, keepdims=True)
    return sum(deviation * deviation, axis, keepdims) / (_extent(x, axis, "var") - ddof)


@composite(r"\sqrt{\operatorname{var}(x)}")
def std(x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
    """Standard deviation over axes: the square root of `var`."""
    return pointwise.sqrt(var(x, axis, ddof, keepdims))


@composite(r"\ln \sum_i e^{x_i}")
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow."""
    x = lift(x) if is_float(lift(x).dtype) else pointwise.cast(x, dtype="float32")
    peak = max(x, axis, keepdims=True).detach()
    peak = pointwise.where(pointwise.isfinite(peak), peak, 0)
    result = pointwise.log(sum(pointwise.exp(x - peak), axis, keepdims=True)) + peak
    return result if keepdims else squeeze(result, normalize_axes("logsumexp", axis, x.shape))
