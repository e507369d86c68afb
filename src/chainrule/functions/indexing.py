"""``x[…]``: NumPy's indexing, made of slices, flips, reshapes and gathers; and taking at places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.arrays import allocating
from chainrule.core.interpreter import Symbol, lift
from chainrule.dtypes import letter
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.functions.index_plan import BLOCK, Plan, as_places, plan
from chainrule.ops import move, pointwise, shapes
from chainrule.ops.index import gather
from chainrule.ops.shapes import normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def getitem(x: Any, index: Any) -> Tensor:
    """``x[index]`` in NumPy's whole grammar.

    Integers, slices (negative steps too), None, ``...``, lists and tensors of integers that are
    broadcast together, masks of one or several axes, and single bools.
    """
    wanted = plan(x, index)
    x = _cut(shaping.reshape(x, wanted.source), wanted)
    if wanted.tensors:
        x = gather(x, *wanted.tensors.values(), axes=tuple(wanted.tensors))
    return shaping.reshape(_in_order(x, wanted), wanted.shape)


def _cut(x: Any, wanted: Plan) -> Any:
    """What slices and integers leave; a negative step is a slice and a flip."""
    if all(places == range(n) for places, n in zip(wanted.places, x.shape, strict=True)):
        return x
    forward = [places if places.step > 0 else places[::-1] for places in wanted.places]
    x = move.slice_(
        x,
        start=tuple(places.start if places else 0 for places in forward),
        stop=tuple(places[-1] + 1 if places else 0 for places in forward),
        step=tuple(places.step if places else 1 for places in forward),
    )
    backwards = tuple(a for a, places in enumerate(wanted.places) if places.step < 0 and len(places) > 1)
    return move.flip(x, axis=backwards) if backwards else x


def _in_order(x: Any, wanted: Plan) -> Any:
    """Axes as the result has them: a gather put those of the index tensors in front."""
    ndim = len(wanted.block)
    rest = [a for a in range(len(wanted.source)) if a not in wanted.tensors]
    order: list[int] = []
    for a in (*wanted.axes, *wanted.dropped):
        if isinstance(a, int):
            order.append(ndim + rest.index(a))
        elif a == BLOCK:
            order.extend(range(ndim))
    kept = [i for i in order if x.shape[i] != 1]
    return x if kept == sorted(kept) else move.transpose(x, axes=tuple(order))


def take(x: Any, indices: Any, axis: int | None = None, mode: str = "raise") -> Tensor:
    """Elements at computed places along one axis (of the flattened tensor if none is given).

    Parameters
    ----------
    x : Tensor
        Any shape.
    indices : Tensor
        Integers of any shape, which takes the place of the axis.
    axis : int, optional
        Along which.
    mode : {"raise", "wrap", "clip"}
        What an index outside does: it is refused, counts around, or means the nearest end (then
        negative ones mean the start).

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.take(cr.tensor([4.0, 5.0, 6.0]), [0, 7], mode="wrap")
    tensor([4., 5.])
    """
    x = lift(x)
    if axis is None:
        x, axis = shaping.ravel(x), 0
    axis = normalize_axis("take", axis, len(x.shape), x.shape)
    return getitem(x, (*[slice(None)] * axis, within("take", integers("take", indices), x.shape[axis], mode)))


def integers(op: str, indices: Any) -> Any:
    """A tensor of places; floats are none, and bools neither."""
    found = as_places(indices)
    if letter(found.dtype) not in "iu":
        raise error("index.places", op=op, dtype=found.dtype)
    return found


def within(op: str, indices: Any, extent: int, mode: str) -> Any:
    """Places made to lie inside an axis, as a mode asks; as they are for "raise"."""
    if mode not in ("raise", "wrap", "clip"):
        raise error("index.choice", op=op, name="mode", got=repr(mode), allowed="'raise', 'wrap', 'clip'")
    if mode == "raise":
        return indices
    if mode == "wrap":
        return pointwise.remainder(indices, extent)
    return pointwise.minimum(pointwise.maximum(indices, 0), extent - 1)


def take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Tensor:
    """For each place of ``indices``, the element of ``x`` at that index along ``axis``.

    The other axes are broadcast; None stands for the flattened tensor.
    """
    x, places, axis = along_axis("take_along_axis", x, indices, axis)
    return gather(x, *places, axes=tuple(range(len(x.shape))))


def along_axis(op: str, x: Any, indices: Any, axis: int | None) -> tuple[Any, list[Any], int]:
    """The tensor (flattened for no axis), an index for each of its axes, and the axis."""
    x, indices = lift(x), integers(op, indices)
    if axis is None:
        x, axis = shaping.ravel(x), 0
    ndim = len(x.shape)
    if len(indices.shape) != ndim:
        named = {"x": x.shape, "indices": indices.shape}
        raise error("ops.along_ndim", op=op, expected=ndim, got=len(indices.shape), shapes=named)
    axis = normalize_axis(op, axis, ndim, x.shape)
    places: list[Any] = [
        np.arange(n).reshape([-1 if i == a else 1 for i in range(ndim)]) for a, n in enumerate(x.shape)
    ]
    places[axis] = indices
    return x, places, axis


def ravel_multi_index(multi_index: Any, dims: Any, mode: str = "raise") -> Tensor:
    """Places given by an index for each axis, as places in the flattened tensor of shape ``dims``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.ravel_multi_index((cr.tensor([0, 1]), cr.tensor([2, 0])), (2, 3))
    tensor([2, 3])
    """
    extents = shapes.as_shape("ravel_multi_index", dims)
    if len(multi_index) != len(extents):
        raise error("index.multi_index", got=len(multi_index), expected=len(extents))
    flat: Any = 0
    for axis, (index, extent) in enumerate(zip(multi_index, extents, strict=True)):
        index = integers("ravel_multi_index", index)
        _check_places("ravel_multi_index", index, axis, extent, mode)
        flat = flat * extent + within("ravel_multi_index", index, extent, mode)
    return lift(flat)


def unravel_index(indices: Any, shape: Any) -> tuple[Tensor, ...]:
    """Places in a flattened tensor as an index for each axis of its shape: undoes `ravel_multi_index`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.unravel_index(cr.tensor([2, 3]), (2, 3))
    (tensor([0, 1]), tensor([2, 0]))
    """
    extents = shapes.as_shape("unravel_index", shape)
    flat = integers("unravel_index", indices)
    _check_places("unravel_index", flat, 0, shapes.size(extents), "raise")
    found: list[Any] = []
    for extent in reversed(extents):
        found.append(pointwise.remainder(flat, extent))
        flat = pointwise.floor_divide(flat, extent)
    return tuple(reversed(found))


def _check_places(op: str, index: Any, axis: int, extent: int, mode: str) -> None:
    """Refuse places from 0 on that are outside, where they are known; none is counted from the end."""
    if mode != "raise" or isinstance(index.data, Symbol):
        return
    outside = index.data[(index.data < 0) | (index.data >= extent)]
    if outside.size:
        values = {"index": outside.flat[0], "axis": axis, "extent": extent, "low": 0, "high": extent - 1}
        raise error("ops.index_range", op=op, **values, shapes={"index": index.shape})


def one_hot(labels: Any, num_classes: int, dtype: Any = np.float32) -> Tensor:
    """1 at each label's place along a new last axis; all 0 for a label outside ``num_classes``."""
    labels = integers("one_hot", labels)
    with allocating("one_hot", (*labels.shape, num_classes), np.dtype(dtype)):
        classes = np.arange(num_classes, dtype=labels.dtype)
    hit = pointwise.equal(shaping.expand_dims(labels, -1), classes)
    return pointwise.cast(hit, dtype=np.dtype(dtype))
