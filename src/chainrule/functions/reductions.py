"""Reductions under NumPy's names, and statistics made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.composite import composite
from chainrule.core.derivative import conjugated, is_complex
from chainrule.core.interpreter import lift
from chainrule.core.op import TABLE, Op
from chainrule.dtypes import DTypeLike, canonical, computed_in, is_float, real_type
from chainrule.errors import error
from chainrule.functions.shaping import broadcast_to, expand_dims, listed_axes, moveaxis, squeeze, transpose
from chainrule.ops import pointwise, reduce, shapes
from chainrule.ops.shapes import normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Axis = int | tuple[int, ...] | None


def _fold(op: Op, x: Any, axis: Axis, keepdims: bool, dtype: DTypeLike | None = None) -> Tensor:
    x = as_type(lift(x), dtype)
    return as_type(op(x, axis=normalize_axes(op.name, axis, x.shape), keepdims=bool(keepdims)), dtype)


def as_type(x: Any, dtype: DTypeLike | None) -> Tensor:
    """The same values as another element type; as they are for None."""
    x, wanted = lift(x), None if dtype is None else canonical(dtype)
    return x if wanted is None or x.dtype == wanted else pointwise.cast(x, dtype=wanted)


def as_float(x: Any, dtype: DTypeLike | None = None) -> Tensor:
    """A tensor of a given type; integers and bools become the default float if none is given."""
    x = lift(x)
    return as_type(x, float if dtype is None and not is_float(x.dtype) else dtype)


def sum(x: Any, axis: Axis = None, *, dtype: DTypeLike | None = None, keepdims: bool = False) -> Tensor:
    """Sum over axes; over all of them if none is given. Bools and small integers give 64-bit integers."""
    return _fold(reduce.sum_, x, axis, keepdims, dtype)


def prod(x: Any, axis: Axis = None, *, dtype: DTypeLike | None = None, keepdims: bool = False) -> Tensor:
    r"""Product over axes; its derivative is exact where elements are zero.

    .. math:: ∂y / ∂x_i = \prod_{j \ne i} x_j

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.grad(cr.prod)(cr.tensor([2.0, 0.0, 3.0]))
    tensor([0., 6., 0.])
    """
    return _fold(reduce.prod, x, axis, keepdims, dtype)


def max(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Largest element over axes. Where several are largest, each gets an equal share of the derivative."""
    return _fold(reduce.max_, x, axis, keepdims)


def min(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Smallest element over axes. Where several are smallest, each gets an equal share of the derivative."""
    return _fold(reduce.min_, x, axis, keepdims)


def ptp(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Range over axes: the largest element minus the smallest."""
    return max(x, axis, keepdims=keepdims) - min(x, axis, keepdims=keepdims)


def any(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Whether an element over the axes is true."""
    return _fold(reduce.any_, as_type(x, bool), axis, keepdims)


def all(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Whether all elements over the axes are true."""
    return _fold(reduce.all_, as_type(x, bool), axis, keepdims)


def count_nonzero(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """How many elements over the axes are not zero."""
    return _fold(reduce.sum_, as_type(x, bool), axis, keepdims)


def argmax(x: Any, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
    """Index of the first largest element along an axis (of the flattened tensor if none is given)."""
    return _fold(reduce.argmax, x, axis, keepdims)


def argmin(x: Any, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
    """Index of the first smallest element along an axis (of the flattened tensor if none is given)."""
    return _fold(reduce.argmin, x, axis, keepdims)


def element_count(op: str, x: Any, axes: tuple[int, ...]) -> int:
    """How many elements are folded into one; at least one."""
    for axis in axes:
        if x.shape[axis] == 0:
            raise error("ops.reduce_empty", op=op, axis=axis, shapes={"x": x.shape})
    return shapes.size(tuple(x.shape[a] for a in axes))


@composite(r"\frac{1}{n} \sum_{i=1}^{n} x_i")
def mean(x: Any, axis: Axis = None, *, dtype: DTypeLike | None = None, keepdims: bool = False) -> Tensor:
    """Arithmetic mean over axes; integers give the default float."""
    x = as_float(x, dtype)
    axes = normalize_axes("mean", axis, x.shape)
    # The sum of many 16-bit floats is beyond their range, their mean is not.
    total = sum(x, axes, dtype=computed_in(x.dtype), keepdims=keepdims)
    return as_type(total / element_count("mean", x, axes), x.dtype)


@composite(r"\frac{\sum_{i} w_i x_i}{\sum_{i} w_i}")
def average(
    x: Any, axis: Axis = None, weights: Any = None, *, returned: bool = False, keepdims: bool = False
) -> Any:
    """Weighted mean over axes.

    Parameters
    ----------
    x : Tensor
        Values.
    axis : int or tuple of int, optional
        Axes to fold; all of them by default.
    weights : Tensor, optional
        Of the shape of ``x``, or of the folded axes alone; all equal by default.
    returned : bool
        Whether to give the pair (average, sum of weights).
    keepdims : bool
        Whether folded axes stay, with extent 1.

    Raises
    ------
    ShapeError
        The weights have neither shape.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.average(cr.tensor([1.0, 2.0, 4.0]), weights=cr.tensor([1.0, 1.0, 2.0]))
    tensor(2.75)
    """
    x = as_float(x)
    axes = normalize_axes("average", axis, x.shape)
    if weights is None:
        result = mean(x, axes, keepdims=keepdims)
        total = broadcast_to(lift(float(element_count("average", x, axes)), x.dtype), result.shape)
    else:
        w = _matched_weights(lift(weights), x, axis)
        total = sum(w, axes, keepdims=keepdims)
        result = sum(x * w, axes, keepdims=keepdims) / total
    return (result, total) if returned else result


def _matched_weights(w: Any, x: Any, axis: Axis) -> Tensor:
    """Weights of the folded axes, which stand in the order in which these were named, for all of ``x``."""
    if w.shape == x.shape:
        return w
    axes = listed_axes("average", tuple(range(len(x.shape))) if axis is None else axis, x.shape)
    folded = tuple(x.shape[a] for a in axes)
    if w.shape != folded:
        raise error("structure.weights", folded=folded, shapes={"x": x.shape, "weights": w.shape})
    in_order = transpose(w, tuple(sorted(range(len(axes)), key=axes.__getitem__)))
    others = tuple(a for a in range(len(x.shape)) if a not in axes)
    return broadcast_to(expand_dims(in_order, others), x.shape)


@composite(r"\frac{1}{n - \mathrm{ddof}} \sum_{i=1}^{n} |x_i - \bar{x}|^2")
def var(
    x: Any,
    axis: Axis = None,
    *,
    dtype: DTypeLike | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Tensor:
    """Variance over axes, with ``n - ddof`` in the denominator; ``correction`` is another name of ``ddof``.

    Of complex numbers it is the mean of ``|x - mean|²``, which is real.
    """
    x = as_float(x, dtype)
    axes = normalize_axes("var", axis, x.shape)
    count, taken_off = element_count("var", x, axes), degrees_of_freedom(ddof, correction)
    if taken_off >= count:
        raise error("ops.ddof", ddof=taken_off, count=count, shapes={"x": x.shape})
    wide = as_type(x, computed_in(x.dtype))
    squares = squared_magnitude(wide - mean(wide, axes, keepdims=True))
    result = sum(squares, axes, keepdims=keepdims) / (count - taken_off)
    return as_type(result, real_type(x.dtype))


def degrees_of_freedom(ddof: float, correction: float | None) -> float:
    """What is taken off the number of elements, given under one of two names."""
    if correction is not None and ddof != 0:
        raise error("structure.ddof_twice", ddof=ddof, correction=correction)
    return ddof if correction is None else correction


def squared_magnitude(x: Any) -> Tensor:
    """``|x|²``, smooth at 0 and real for complex numbers too."""
    return TABLE["real"](x * conjugated(x)) if is_complex(x) else x * x


@composite(r"\sqrt{\operatorname{var}(x)}")
def std(
    x: Any,
    axis: Axis = None,
    *,
    dtype: DTypeLike | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Tensor:
    """Standard deviation over axes: the square root of `var`."""
    return pointwise.sqrt(var(x, axis, dtype=dtype, ddof=ddof, keepdims=keepdims, correction=correction))


@composite(r"\ln \sum_i e^{x_i}")
def logsumexp(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow."""
    x = as_float(x)
    axes = normalize_axes("logsumexp", axis, x.shape)
    element_count("logsumexp", x, axes)
    peak = max(x, axes, keepdims=True).detach()
    peak = pointwise.where(pointwise.isfinite(peak), peak, 0)
    result = pointwise.log(sum(pointwise.exp(x - peak), axes, keepdims=True)) + peak
    return result if keepdims else squeeze(result, axes)


def folded_last(x: Any, axes: tuple[int, ...]) -> Tensor:
    """The tensor with some axes taken to the end and merged there into one."""
    count = len(axes)
    moved = moveaxis(x, axes, tuple(range(-count, 0)))
    kept = moved.shape[: len(moved.shape) - count]
    merged: Tensor = TABLE["reshape"](moved, shape=(*kept, shapes.size(moved.shape[len(kept) :])))
    return merged
