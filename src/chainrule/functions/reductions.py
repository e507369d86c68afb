"""Reductions under NumPy's names, and statistics made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.core.op import Op
from chainrule.dtypes import is_float
from chainrule.errors import error
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


def _count(op: str, x: Any, axes: tuple[int, ...]) -> int:
    """How many elements are folded into one; at least one."""
    for axis in axes:
        if x.shape[axis] == 0:
            raise error("ops.reduce_empty", op=op, axis=axis, shapes={"x": x.shape})
    return shapes.size(tuple(x.shape[a] for a in axes))


@composite(r"\frac{1}{n} \sum_{i=1}^{n} x_i")
def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Arithmetic mean over axes; integers give the default float."""
    x = lift(x)
    axes = normalize_axes("mean", axis, x.shape)
    return sum(x, axes, keepdims) / _count("mean", x, axes)


@composite(r"\frac{1}{n - \mathrm{ddof}} \sum_{i=1}^{n} (x_i - \bar{x})^2")
def var(x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
    """Variance over axes, with ``n - ddof`` in the denominator."""
    x = lift(x)
    axes = normalize_axes("var", axis, x.shape)
    count = _count("var", x, axes)
    if ddof >= count:
        raise error("ops.ddof", ddof=ddof, count=count, shapes={"x": x.shape})
    deviation = x - mean(x, axes, keepdims=True)
    return sum(deviation * deviation, axes, keepdims) / (count - ddof)


@composite(r"\sqrt{\operatorname{var}(x)}")
def std(x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
    """Standard deviation over axes: the square root of `var`."""
    return pointwise.sqrt(var(x, axis, ddof, keepdims))


@composite(r"\ln \sum_i e^{x_i}")
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow."""
    x = lift(x) if is_float(lift(x).dtype) else pointwise.cast(x, dtype="float32")
    axes = normalize_axes("logsumexp", axis, x.shape)
    _count("logsumexp", x, axes)
    peak = max(x, axes, keepdims=True).detach()
    peak = pointwise.where(pointwise.isfinite(peak), peak, 0)
    result = pointwise.log(sum(pointwise.exp(x - peak), axes, keepdims=True)) + peak
    return result if keepdims else squeeze(result, axes)
