"""Sorting under NumPy's names. Values are gathered by the sorted order, which makes them differentiable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.functions.indexing import take_along_axis
from chainrule.ops import messages_index  # noqa: F401  (registers the messages used here)
from chainrule.ops import sort as rows
from chainrule.ops.shapes import as_integers, normalize_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.tensor import Tensor


def _along(op: str, x: Any, axis: int | None) -> tuple[Tensor, int]:
    """The tensor and the axis to sort along: None stands for the flattened tensor."""
    x = lift(x)
    if axis is None:
        return shaping.ravel(x), 0
    return x, normalize_axis(op, axis, len(x.shape), x.shape)


def argsort(
    x: Any, axis: int | None = -1, kind: str | None = None, *, descending: bool = False, stable: bool = True
) -> Tensor:
    r"""The places of the elements in sorted order along an axis.

    .. math:: x_{i_0} \le x_{i_1} \le \dots \le x_{i_{n-1}}

    Parameters
    ----------
    x : Tensor
        Numbers or bools; complex numbers are ordered by real part, then by imaginary part.
    axis : int or None
        None sorts the flattened tensor.
    descending : bool
        Largest first. NaN stands last either way.
    kind, stable
        For calls written for NumPy or the array API standard: elements that are equal keep
        their order whatever is asked for.

    Returns
    -------
    Tensor
        ``int64``, of the shape of ``x``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.argsort(cr.tensor([2.0, 3.0, 1.0]), descending=True)
    tensor([1, 0, 2])
    """
    x, axis = _along("argsort", x, axis)
    return rows.argsort(x, axis=axis, descending=descending)


@composite(r"x_{(1)} \le x_{(2)} \le \dots \le x_{(n)}")
def sort(
    x: Any, axis: int | None = -1, kind: str | None = None, *, descending: bool = False, stable: bool = True
) -> Tensor:
    """The elements in order along an axis; options as of `argsort`.

    Each element carries its derivative to its new place.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.sort(cr.tensor([2.0, 3.0, 1.0]))
    tensor([1., 2., 3.])
    """
    x, axis = _along("sort", x, axis)
    return take_along_axis(x, rows.argsort(x, axis=axis, descending=descending), axis)


class TopK(NamedTuple):
    """The k largest (or smallest) elements along an axis, and their places."""

    values: Tensor
    indices: Tensor


def topk(x: Any, k: int, axis: int = -1, *, largest: bool = True, sorted: bool = True) -> TopK:
    """The ``k`` largest elements along an axis, the largest first, and where they stand.

    Parameters
    ----------
    x : Tensor
        Numbers; NaN counts as the last of all.
    k : int
        How many, from 0 to the extent of the axis.
    largest : bool
        False gives the smallest, the smallest first.
    sorted : bool
        For calls written for PyTorch: the results are sorted whatever is asked for.

    Returns
    -------
    TopK
        ``values`` and ``indices`` (``int64``), each with extent ``k`` along the axis.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.topk(cr.tensor([2.0, 5.0, 3.0]), 2).indices
    tensor([1, 2])
    """
    x, axis = _along("topk", x, axis)
    (count,) = as_integers("topk", k)
    if not 0 <= count <= x.shape[axis]:
        raise error("index.topk", k=count, axis=axis, extent=x.shape[axis], shapes={"x": x.shape})
    order = rows.argsort(x, axis=axis, descending=largest)
    places = shaping.narrow(order, axis, 0, count)
    return TopK(take_along_axis(x, places, axis), places)


def argpartition(x: Any, kth: int | Sequence[int], axis: int | None = -1) -> Tensor:
    """Places that put the ``kth`` elements where sorting puts them; all the others are sorted as well."""
    x, axis = _along("argpartition", x, axis)
    _check_places("argpartition", kth, axis, x.shape)
    return rows.argsort(x, axis=axis, descending=False)


def partition(x: Any, kth: int | Sequence[int], axis: int | None = -1) -> Tensor:
    """The ``kth`` elements stand where sorting puts them; all the others are sorted as well."""
    x, axis = _along("partition", x, axis)
    _check_places("partition", kth, axis, x.shape)
    return sort(x, axis)


def _check_places(op: str, kth: int | Sequence[int], axis: int, shape: tuple[int, ...]) -> None:
    extent = shape[axis]
    for place in as_integers(op, kth):
        if not -extent <= place < extent:
            values = {"index": place, "axis": axis, "extent": extent, "low": -extent, "high": extent - 1}
            raise error("ops.index_range", op=op, **values, shapes={"x": shape})


def lexsort(keys: Sequence[Any], axis: int = -1) -> Tensor:
    """The order by several keys of one shape: by the last one, and where it ties by the one before it.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.lexsort([cr.tensor([3, 1, 2]), cr.tensor([0, 1, 0])])
    tensor([2, 0, 1])
    """
    tensors = [lift(key) for key in keys]
    if not tensors:
        raise error("ops.join_nothing", op="lexsort")
    for i, key in enumerate(tensors):
        if key.shape != tensors[0].shape:
            raise error("index.lexsort", name=f"keys[{i}]", got=key.shape, expected=tensors[0].shape)
    order = argsort(tensors[0], axis)
    for key in tensors[1:]:
        order = take_along_axis(order, argsort(take_along_axis(key, order, axis), axis), axis)
    return order
