"""Where elements stand, and choosing among tensors by condition or by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import Symbol, lift, wrap
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.functions.indexing import integers, take, take_along_axis, within
from chainrule.functions.rearranging import flip
from chainrule.ops import pointwise, search
from chainrule.ops.index import gather

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def known_elements(op: str, x: Any, instead: str) -> np.ndarray:
    """The elements, on which the shape of a result depends; an error while they are not known."""
    data: Any = lift(x).data
    if isinstance(data, Symbol):
        raise error("index.recorded_shape", op=op, spec=data.spec, instead=instead)
    return np.asarray(data)


def nonzero(x: Any) -> tuple[Tensor, ...]:
    """The places of all elements that are not 0: an ``int64`` tensor for each axis.

    How many there are depends on the values, so this cannot be recorded.

    Examples
    --------
    >>> import chainrule as cr
    >>> rows, columns = cr.nonzero(cr.tensor([[0, 5], [7, 0]]))
    >>> rows, columns
    (tensor([0, 1]), tensor([1, 0]))
    """
    x = lift(x)
    if not x.shape:
        raise error("index.nonzero_axes")
    elements = known_elements("nonzero", x, "cr.where(condition, a, b)")
    return tuple(wrap(places) for places in np.nonzero(elements))


def argwhere(x: Any) -> Tensor:
    """As `nonzero`, with a row for each element and a column for each axis."""
    elements = known_elements("argwhere", x, "cr.where(condition, a, b)")
    return wrap(np.argwhere(elements))


def flatnonzero(x: Any) -> Tensor:
    """The places of the elements of the flattened tensor that are not 0."""
    return nonzero(shaping.ravel(x))[0]


def where(condition: Any, *choices: Any) -> Any:
    r"""Elements of one of two tensors, by a condition; without them, `nonzero` of the condition.

    .. math:: y = \begin{cases} a & \text{condition} \\ b & \text{otherwise} \end{cases}

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.tensor([-1.0, 2.0])
    >>> cr.where(x > 0, x, 0.0)
    tensor([0., 2.])
    >>> cr.where(x > 0)
    (tensor([1]),)
    """
    if not choices:
        return nonzero(condition)
    if len(choices) != 2:
        raise error("index.where_count", got=len(choices))
    return pointwise.where(condition, *choices)


def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Tensor:
    r"""Where elements would be put into a sorted sequence so that it stays sorted.

    .. math:: y = |\{ j : a_j < v \}| \quad (\text{left}), \qquad |\{ j : a_j \le v \}| \quad (\text{right})

    Parameters
    ----------
    a : Tensor
        One axis, in rising order (or in the order that ``sorter`` gives).
    v : Tensor
        What to find a place for; any shape.
    side : {"left", "right"}
        Before or behind elements that are equal.
    sorter : Tensor, optional
        Places that sort ``a``, as of `argsort`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.searchsorted(cr.tensor([1.0, 2.0, 4.0]), cr.tensor([2.0, 3.0]), side="right")
    tensor([2, 2])
    """
    if side not in ("left", "right"):
        raise error("index.choice", op="searchsorted", name="side", got=repr(side), allowed="'left', 'right'")
    a = lift(a)
    if sorter is not None and len(a.shape) == 1:
        a = gather(a, integers("searchsorted", sorter), axes=(0,))
    return search.searchsorted(a, v, side=side)


def digitize(x: Any, bins: Any, right: bool = False) -> Tensor:
    """The number of the bin of each element: ``bins[i - 1] <= x < bins[i]``.

    Parameters
    ----------
    x : Tensor
        Any shape.
    bins : Tensor
        Edges in rising or in falling order; rising ones where they are not known while recording.
    right : bool
        Whether the larger edge belongs to a bin, rather than the smaller one.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.digitize(cr.tensor([0.5, 1.0, 9.0]), cr.tensor([0.0, 1.0, 2.0]))
    tensor([1, 2, 3])
    """
    bins = lift(bins)
    steps = (
        np.zeros(1) if isinstance(bins.data, Symbol) else np.sign(np.subtract(bins.data[1:], bins.data[:-1]))
    )
    if steps.min(initial=0) < 0 < steps.max(initial=0):
        raise error("index.bins", shapes={"bins": bins.shape})
    side = "left" if right else "right"
    if steps.min(initial=0) < 0:
        return bins.shape[0] - searchsorted(flip(bins), x, side)
    return searchsorted(bins, x, side)


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Tensor:
    """At each place the element of the first choice whose condition holds.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.tensor([-2.0, 0.5, 3.0])
    >>> cr.select([x < 0, x > 1], [-x, x * x], 1.0)
    tensor([2., 1., 9.])
    """
    if len(condlist) != len(choicelist):
        raise error("index.select", conditions=len(condlist), choices=len(choicelist))
    result: Any = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = pointwise.where(condition, choice, result)
    return lift(result)


def choose(x: Any, choices: Sequence[Any], mode: str = "raise") -> Tensor:
    """At each place the element of the choice whose number stands in ``x``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.choose(cr.tensor([1, 0]), [cr.tensor([5, 6]), cr.tensor([7, 8])])
    tensor([7, 6])
    """
    x, *tensors = shaping.broadcast_arrays(integers("choose", x), *choices)
    every = shaping.stack(tensors)
    number = within("choose", x, len(tensors), mode)
    return shaping.squeeze(take_along_axis(every, shaping.expand_dims(number, 0), 0), 0)


def compress(condition: Any, x: Any, axis: int | None = None) -> Tensor:
    """The slices along an axis at which a condition (of one axis) holds; cannot be recorded.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.compress([True, False, True], cr.tensor([4.0, 5.0, 6.0]))
    tensor([4., 6.])
    """
    kept = known_elements("compress", condition, "cr.where(condition, x, other)")
    if kept.ndim != 1:
        raise error("index.compress", got=kept.shape)
    return take(x, np.flatnonzero(kept), axis)


def extract(condition: Any, x: Any) -> Tensor:
    """The elements at which a condition of the same size holds, in one axis; cannot be recorded."""
    return compress(shaping.ravel(condition), shaping.ravel(x))
