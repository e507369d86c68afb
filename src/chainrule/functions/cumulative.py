"""Running sums, products and extremes along an axis, differences, and the linear recurrence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.core.op import Op
from chainrule.dtypes import DTypeLike
from chainrule.errors import error
from chainrule.functions.reductions import as_type
from chainrule.functions.shaping import broadcast_to, concatenate, narrow, ravel
from chainrule.ops import cumulative, pointwise, shapes
from chainrule.ops.shapes import normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def _run(op: Op, x: Any, axis: int | None, dtype: DTypeLike | None, **params: Any) -> Tensor:
    x = as_type(ravel(x) if axis is None else lift(x), dtype)
    place = normalize_axis(op.name, 0 if axis is None else axis, len(x.shape), x.shape)
    return as_type(op(x, axis=place, **params), dtype)


def cumsum(
    x: Any, axis: int | None = None, *, dtype: DTypeLike | None = None, reverse: bool = False
) -> Tensor:
    r"""Sum of all elements up to each, along an axis (of the flattened tensor if none is given).

    .. math:: y_t = \sum_{s \le t} x_s

    Parameters
    ----------
    x : Tensor
        Of any shape; bools and small integers give 64-bit integers.
    axis : int, optional
        Along which to add up.
    dtype : dtype, optional
        Type to compute in.
    reverse : bool
        Go from the last element to the first.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.cumsum(cr.tensor([1.0, 2.0, 3.0]))
    tensor([1., 3., 6.])
    >>> cr.cumsum(cr.tensor([1.0, 2.0, 3.0]), reverse=True)
    tensor([6., 5., 3.])
    """
    return _run(cumulative.cumsum, x, axis, dtype, reverse=bool(reverse))


def cumprod(
    x: Any, axis: int | None = None, *, dtype: DTypeLike | None = None, reverse: bool = False
) -> Tensor:
    r"""Product of all elements up to each; arguments as for `cumsum`.

    .. math:: y_t = \prod_{s \le t} x_s

    The derivative is a linear recurrence, so that it is exact where elements are zero.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.cumprod(cr.tensor([1.0, 2.0, 3.0]))
    tensor([1., 2., 6.])
    """
    return _run(cumulative.cumprod, x, axis, dtype, reverse=bool(reverse))


def cumulative_sum(
    x: Any, *, axis: int | None = None, dtype: DTypeLike | None = None, include_initial: bool = False
) -> Tensor:
    """As `cumsum`, by the array API: only a vector may go without an axis, ``include_initial`` begins with 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.cumulative_sum(cr.tensor([1, 2, 3]), include_initial=True)
    tensor([0, 1, 3, 6])
    """
    return _with_initial("cumulative_sum", cumsum, x, axis, dtype, 0 if include_initial else None)


def cumulative_prod(
    x: Any, *, axis: int | None = None, dtype: DTypeLike | None = None, include_initial: bool = False
) -> Tensor:
    """As `cumprod`, by the array API: only vectors may go without an axis, ``include_initial`` begins with 1.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.cumulative_prod(cr.tensor([1, 2, 3]), include_initial=True)
    tensor([1, 1, 2, 6])
    """
    return _with_initial("cumulative_prod", cumprod, x, axis, dtype, 1 if include_initial else None)


def _with_initial(
    name: str, running: Any, x: Any, axis: int | None, dtype: DTypeLike | None, initial: int | None
) -> Tensor:
    x = lift(x)
    if axis is None and len(x.shape) != 1:
        raise error("structure.axis_needed", op=name, ndim=len(x.shape), shapes={"x": x.shape})
    place = normalize_axis(name, 0 if axis is None else axis, len(x.shape), x.shape)
    result: Tensor = running(x, place, dtype=dtype)
    if initial is None:
        return result
    first = np.full([1 if a == place else n for a, n in enumerate(x.shape)], initial, result.dtype)
    return concatenate([first, result], place)


def cummax(x: Any, axis: int = 0) -> Tensor:
    r"""Largest element up to each, as ``np.maximum.accumulate``.

    .. math:: y_t = \max_{s \le t} x_s

    The derivative goes to the element that is the largest so far, the latest of several.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.cummax(cr.tensor([1.0, 3.0, 2.0, 5.0]))
    tensor([1., 3., 3., 5.])
    """
    return _run(cumulative.cummax, x, axis, None)


def cummin(x: Any, axis: int = 0) -> Tensor:
    r"""Smallest element up to each, as ``np.minimum.accumulate``; see `cummax`.

    .. math:: y_t = \min_{s \le t} x_s

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.cummin(cr.tensor([3.0, 1.0, 2.0, 0.0]))
    tensor([3., 1., 1., 0.])
    """
    return _run(cumulative.cummin, x, axis, None)


def linear_scan(a: Any, b: Any, axis: int = 0, *, reverse: bool = False) -> Tensor:
    r"""The linear recurrence with the factors ``a`` and the terms ``b``, from a state of zero.

    .. math:: h_t = a_t h_{t-1} + b_t, \qquad h_{-1} = 0

    Its derivative is a linear recurrence the other way. The first factor has no influence.

    Parameters
    ----------
    a, b : Tensor
        Factors and terms; they broadcast together.
    axis : int
        The steps.
    reverse : bool
        Go from the last step to the first.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linear_scan(cr.tensor(0.5), cr.tensor([1.0, 1.0, 1.0]))
    tensor([1.  , 1.5 , 1.75])
    """
    a, b = lift(a), lift(b)
    shape = shapes.broadcast_named("linear_scan", {"a": a.shape, "b": b.shape})
    place = normalize_axis("linear_scan", axis, len(shape), shape)
    both = broadcast_to(a, shape), broadcast_to(b, shape)
    return cumulative.linear_scan(*both, axis=place, reverse=bool(reverse))


def diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Tensor:
    r"""Differences of neighbours along an axis, taken ``n`` times.

    .. math:: y_t = x_{t+1} - x_t

    Parameters
    ----------
    x : Tensor
        At least one axis; of bools it tells where neighbours differ.
    n : int
        How many times.
    axis : int
        Along which.
    prepend, append : Tensor or number, optional
        Put before and after ``x`` first.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.diff(cr.tensor([1.0, 4.0, 9.0, 16.0]), n=2)
    tensor([2., 2.])
    """
    x = lift(x)
    axis = normalize_axis("diff", axis, len(x.shape), x.shape)
    if n < 0:
        raise error("structure.diff", n=n)
    x = concatenate(_extended(x, axis, prepend, append), axis) if n else x
    for _ in range(n):
        extent = x.shape[axis]
        after, ahead = narrow(x, axis, min(1, extent), extent), narrow(x, axis, 0, max(0, extent - 1))
        x = pointwise.not_equal(after, ahead) if x.dtype.kind == "b" else after - ahead
    return x


def _extended(x: Any, axis: int, prepend: Any, append: Any) -> list[Any]:
    one = tuple(1 if a == axis else n for a, n in enumerate(x.shape))
    parts = [None if part is None else lift(part) for part in (prepend, append)]
    before, after = (part if part is None or part.shape else broadcast_to(part, one) for part in parts)
    return [part for part in (before, x, after) if part is not None]
