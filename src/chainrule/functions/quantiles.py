r"""Median, quantiles and percentiles: values at places of the sorted elements.

With :math:`n` elements :math:`x_{(0)} \le … \le x_{(n-1)}` the quantile :math:`q` stands at
:math:`p = q (n - 1)`. Where :math:`p` lies between two places the method says what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.interpreter import Symbol, Value, lift
from chainrule.dtypes import float64, int64
from chainrule.errors import error
from chainrule.functions.indexing import take_along_axis
from chainrule.functions.reductions import Axis, as_float, as_type, element_count, folded_last
from chainrule.functions.shaping import broadcast_to, expand_dims, moveaxis, reshape
from chainrule.functions.sorting import sort
from chainrule.ops.pointwise import ceil, equal, floor, greater, isnan, round_, where
from chainrule.ops.shapes import normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

# Methods that pick one element, by how they round the place.
PICKING = {"lower": floor, "higher": ceil, "nearest": round_}
METHODS = ("linear", *PICKING, "midpoint")


@composite(r"x_{(n - 1) / 2}")
def median(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """The middle of the sorted elements over axes, or the mean of the two in the middle.

    NaN where an element is NaN. Integers give the default float.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.median(cr.tensor([3.0, 1.0, 10.0, 2.0]))
    tensor(2.5)
    """
    return quantile_of("median", x, 0.5, axis, "linear", keepdims)


@composite("x_{q (n - 1)}")
def quantile(x: Any, q: Any, axis: Axis = None, *, method: str = "linear", keepdims: bool = False) -> Tensor:
    r"""Values below which a share ``q`` of the elements lies.

    .. math:: x_{(\lfloor p \rfloor)} + w \, (x_{(\lceil p \rceil)} - x_{(\lfloor p \rfloor)}),
        \qquad p = q (n - 1)

    Parameters
    ----------
    x : Tensor
        Real numbers; a NaN makes the result NaN.
    q : number or Tensor
        Shares from 0 to 1, of any shape.
    axis : int or tuple of int, optional
        Axes to fold; all of them by default.
    method : str
        ``"linear"`` (:math:`w = p - \lfloor p \rfloor`), ``"lower"``, ``"higher"``, ``"nearest"``
        (of two equally near the one at the even place) or ``"midpoint"`` (:math:`w = 1/2` between places).
    keepdims : bool
        Whether folded axes stay, with extent 1.

    Returns
    -------
    Tensor
        First the axes of ``q``, then those of ``x`` that are left. It is differentiable by ``x``, and by
        ``q`` between places if the method is linear.

    Raises
    ------
    OutOfRangeError
        A share outside 0 to 1.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.quantile(cr.tensor([1.0, 2.0, 3.0, 5.0]), [0.0, 0.5, 1.0])
    tensor([1. , 2.5, 5. ])
    """
    return quantile_of("quantile", x, q, axis, method, keepdims)


def percentile(
    x: Any, q: Any, axis: Axis = None, *, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """As `quantile`, with shares from 0 to 100."""
    return quantile_of("percentile", x, q, axis, method, keepdims, whole=100)


def quantile_of(
    op: str,
    x: Any,
    q: Any,
    axis: Axis,
    method: str,
    keepdims: bool,
    *,
    whole: float = 1,
    ignore_nan: bool = False,
) -> Tensor:
    """Quantiles for shares of ``whole``; with ``ignore_nan`` of the elements that are not NaN."""
    if method not in METHODS:
        allowed = ", ".join(map(repr, METHODS))
        raise error("structure.choice", op=op, name="method", got=repr(method), allowed=allowed)
    x, shares = lift(x) if method in PICKING else as_float(x), _shares(op, q, whole)
    axes = normalize_axes(op, axis, x.shape)
    count = element_count(op, x, axes)
    rows = sort(folded_last(x, axes), axis=-1)
    places = _places(rows, reshape(shares, (-1,)), count, ignore_nan)
    found = _at(rows, places, method)
    if not ignore_nan:
        last = rows[..., -1:]
        found = where(isnan(last), last, found)
    # The shares stand last so far, as many as there are.
    first = reshape(moveaxis(found, -1, 0), (*shares.shape, *rows.shape[:-1]))
    ahead = len(shares.shape)
    return expand_dims(first, tuple(ahead + a for a in axes)) if keepdims and axes else first


def _shares(op: str, q: Any, whole: float) -> Tensor:
    """Shares of 1, in float64, since a place is found by rounding."""
    shares = as_type(q, float64) if isinstance(q, Value) else lift(np.asarray(q, np.float64))
    known = None if isinstance(shares.data, Symbol) else shares.data
    if known is not None and not ((known >= 0) & (known <= whole)).all():
        outside = known[~((known >= 0) & (known <= whole))].flat[0]
        raise error("structure.quantile", op=op, got=outside, high=whole)
    return shares / whole if whole != 1 else shares


def _places(rows: Any, shares: Any, count: int, ignore_nan: bool) -> Tensor:
    """Where the quantiles stand in each sorted row; NaN stands behind all numbers."""
    if not ignore_nan:
        return broadcast_to(shares * float(count - 1), (*rows.shape[:-1], shares.shape[0]))
    numbers = as_type(equal(rows, rows), float64).sum(axis=-1, keepdims=True)
    return shares * where(greater(numbers, 0), numbers - 1, 0)


def _at(rows: Any, places: Any, method: str) -> Tensor:
    if method in PICKING:
        return _picked(rows, PICKING[method](places))
    low, high = _picked(rows, floor(places)), _picked(rows, ceil(places))
    between = places - floor(places)
    weight = where(greater(between, 0), 0.5, between) if method == "midpoint" else between
    # At a place itself nothing is added, also where its element is infinite.
    step = where(equal(between, 0), 0, high - low)
    return low + step * as_type(weight, rows.dtype)


def _picked(rows: Any, places: Any) -> Tensor:
    return take_along_axis(rows, as_type(places, int64), -1)
