"""``x[…]``: NumPy's indexing, made of slices, flips, reshapes and gathers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import Symbol, Value, lift
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.ops import move, pointwise
from chainrule.ops.index import gather
from chainrule.ops.shapes import normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def getitem(x: Any, index: Any) -> Tensor:
    """``x[index]`` for integers, slices, None, Ellipsis, and integer or bool tensors."""
    items = _expand(x, index if isinstance(index, tuple) else (index,))
    x, tensors = _basic(x, items)
    return _advanced(x, tensors) if tensors else x


def _expand(x: Value, items: tuple[Any, ...]) -> list[Any]:
    """Replace the ellipsis by full slices and bool tensors by index tensors."""
    found: list[Any] = []
    for item in items:
        found.extend(_nonzero(x, item, len(found)) if _is_bool_array(item) else [item])
    used = sum(item is not None and item is not Ellipsis for item in found)
    ndim = len(x.shape)
    if used > ndim:
        raise error("ops.index_too_many", got=used, ndim=ndim, shapes={"x": x.shape})
    if sum(item is Ellipsis for item in found) > 1:
        raise error("ops.index_ellipsis")
    full = [slice(None)] * (ndim - used)
    where = next((i for i, item in enumerate(found) if item is Ellipsis), len(found))
    return [*found[:where], *full, *found[where + 1 :]]


def _is_bool_array(item: Any) -> bool:
    return isinstance(item, Value | np.ndarray | list) and lift(item).dtype.kind == "b"


def _nonzero(x: Value, mask: Any, axis: int) -> list[np.ndarray]:
    data = lift(mask).data
    if isinstance(data, Symbol):
        raise error("graph.value", spec=data.spec)
    if data.shape != x.shape[axis : axis + data.ndim]:
        expected = x.shape[axis : axis + data.ndim]
        raise error("ops.index_bool", got=data.shape, axis=axis, expected=expected, shapes={"x": x.shape})
    return list(np.nonzero(data))


def _basic(x: Any, items: list[Any]) -> tuple[Any, dict[int, Any]]:
    """Apply integers, slices and None; index tensors are returned by their axis in the result."""
    starts, stops, steps = [0] * len(x.shape), list(x.shape), [1] * len(x.shape)
    flipped: list[int] = []
    shape: list[int] = []
    tensors: dict[int, Any] = {}
    axis = 0
    for item in items:
        if item is None:
            shape.append(1)
            continue
        extent = x.shape[axis]
        if isinstance(item, slice):
            starts[axis], stops[axis], steps[axis], backwards = _bounds(item, extent)
            shape.append(len(range(starts[axis], stops[axis], steps[axis])))
            if backwards:
                flipped.append(axis)
        elif isinstance(item, int | np.integer) and not isinstance(item, bool):
            starts[axis] = _checked_integer(int(item), axis, x)
            stops[axis] = starts[axis] + 1
        else:
            tensors[len(shape)] = _as_index(item)
            shape.append(extent)
        axis += 1
    return _cut(x, starts, stops, steps, flipped, shape), tensors


def _cut(
    x: Any, starts: list[int], stops: list[int], steps: list[int], flipped: list[int], shape: list[int]
) -> Tensor:
    if (starts, stops, steps) != ([0] * len(x.shape), list(x.shape), [1] * len(x.shape)):
        x = move.slice_(x, start=tuple(starts), stop=tuple(stops), step=tuple(steps))
    if flipped:
        x = move.flip(x, axis=tuple(flipped))
    return x if x.shape == tuple(shape) else move.reshape(x, shape=tuple(shape))


def _bounds(item: slice, extent: int) -> tuple[int, int, int, bool]:
    """A slice with a positive step, and whether to flip afterwards."""
    try:
        places = range(*item.indices(extent))
    except (TypeError, ValueError) as problem:
        raise error("ops.index_slice", slice=_slice_text(item)) from problem
    if not places:
        return 0, 0, 1, False
    if places.step > 0:
        return places[0], places[-1] + 1, places.step, False
    return places[-1], places[0] + 1, -places.step, True


def _slice_text(item: slice) -> str:
    parts = [item.start, item.stop] + ([item.step] if item.step is not None else [])
    return ":".join("" if part is None else repr(part) for part in parts)


def _checked_integer(item: int, axis: int, x: Value) -> int:
    extent = x.shape[axis]
    if not -extent <= item < extent:
        values = {"index": item, "axis": axis, "extent": extent, "low": -extent, "high": extent - 1}
        raise error("ops.index_range", op="index", **values, shapes={"x": x.shape})
    return item % extent


def _as_index(item: Any) -> Value:
    if not isinstance(item, Value | np.ndarray | list | range):
        raise error("ops.index_kind", kind=repr(item))
    index = lift(np.asarray(item, np.int64) if isinstance(item, list | range) and not len(item) else item)
    if index.dtype.kind not in "iu":
        raise error("ops.index_kind", kind=index.dtype)
    return index


def _advanced(x: Any, tensors: dict[int, Any]) -> Tensor:
    """Index tensors broadcast together; their axes stand first, or where they stood if adjacent."""
    axes = tuple(tensors)
    picked = gather(x, *tensors.values(), axes=axes)
    count = len(picked.shape) - (len(x.shape) - len(axes))
    if axes != tuple(range(axes[0], axes[0] + len(axes))) or axes[0] == 0:
        return picked
    order = [*range(count, count + axes[0]), *range(count), *range(count + axes[0], len(picked.shape))]
    return move.transpose(picked, axes=tuple(order))


def take(x: Any, indices: Any, axis: int | None = None) -> Tensor:
    """Elements at computed places along one axis (of the flattened tensor if none is given)."""
    x, indices = lift(x), _as_index(lift(indices))
    if axis is None:
        return getitem(shaping.ravel(x), indices)
    axis = normalize_axis("take", axis, len(x.shape), x.shape)
    return getitem(x, (*[slice(None)] * axis, indices))


def take_along_axis(x: Any, indices: Any, axis: int) -> Tensor:
    """For each place of ``indices``, the element of ``x`` at that index along ``axis``."""
    x, indices = lift(x), _as_index(lift(indices))
    ndim = len(x.shape)
    if len(indices.shape) != ndim:
        named = {"x": x.shape, "indices": indices.shape}
        raise error("ops.along_ndim", expected=ndim, got=len(indices.shape), shapes=named)
    axis = normalize_axis("take_along_axis", axis, ndim, x.shape)
    places = [np.arange(n).reshape([-1 if i == a else 1 for i in range(ndim)]) for a, n in enumerate(x.shape)]
    places[axis] = indices
    return gather(x, *places, axes=tuple(range(ndim)))


def one_hot(labels: Any, num_classes: int, dtype: Any = np.float32) -> Tensor:
    """1 at each label's place along a new last axis; all 0 for a label outside ``num_classes``."""
    labels = _as_index(lift(labels))
    hit = pointwise.equal(shaping.expand_dims(labels, -1), np.arange(num_classes, dtype=labels.dtype))
    return pointwise.cast(hit, dtype=np.dtype(dtype))
