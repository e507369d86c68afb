"""What an index of NumPy's grammar asks for: read once, then used for reading and for updating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol, Value, lift
from chainrule.core.spec import Shape
from chainrule.dtypes import letter
from chainrule.errors import error
from chainrule.ops import messages_index  # noqa: F401  (registers the messages used here)
from chainrule.ops.shapes import broadcast_named

NEW = "new"
BLOCK = "block"


@dataclass(frozen=True)
class Plan:
    """An index, read against a shape.

    Attributes
    ----------
    source : tuple of int
        The tensor's shape, with an axis of extent 1 put in for each single bool of the index.
    places : tuple of range
        What slices and integers leave of each axis.
    tensors : dict
        Index tensors by axis. They are broadcast together to the shape ``block``.
    dropped : tuple of int
        Axes that an integer takes one place of.
    axes : tuple
        The result's axes: the number of an axis of ``source``, `NEW`, or `BLOCK` for all that
        the index tensors bring.
    """

    source: Shape
    places: tuple[range, ...]
    tensors: dict[int, Value]
    dropped: tuple[int, ...]
    axes: tuple[int | str, ...]
    block: Shape

    @property
    def shape(self) -> Shape:
        """The shape of what is picked."""
        return tuple(n for a in self.axes for n in self._extents(a))

    def _extents(self, axis: int | str) -> Shape:
        if isinstance(axis, int):
            return (len(self.places[axis]),)
        return self.block if axis == BLOCK else (1,)


def plan(x: Value, index: Any) -> Plan:
    """Read an index against a tensor.

    Raises
    ------
    OutOfRangeError
        An integer is outside its axis, or there are too many indices.
    ShapeError
        A mask has another shape than what it picks from, or index tensors do not fit together.
    DTypeError
        Something in the index is neither an integer, slice, None, ``...``, nor a tensor of integers or bools.
    """
    items = _normalized(index if isinstance(index, tuple) else (index,))
    return _read(x.shape, _with_ellipsis(x.shape, items))


def _normalized(items: Sequence[Any]) -> list[Any]:
    """Integers, slices, None, Ellipsis, single bools, or tensors of integers and bools."""
    return [item if _is_basic(item) else _simplified(item) for item in items]


def _is_basic(item: Any) -> bool:
    kinds = int | np.integer | np.bool_ | slice
    return item is None or item is Ellipsis or isinstance(item, kinds)


def as_index(item: Any) -> Value:
    """A tensor of integers or bools from a list or array of them."""
    if not isinstance(item, Value | np.ndarray | list | tuple | range):
        raise error("ops.index_kind", kind=repr(item))
    index = as_places(item)
    if letter(index.dtype) not in "biu":
        raise error("ops.index_kind", kind=index.dtype)
    return index


def as_places(item: Any) -> Value:
    """A tensor from anything array-like; an empty list holds integers."""
    if isinstance(item, list | tuple | range) and np.size(item) == 0:
        return lift(np.zeros(np.shape(item), np.int64))
    return lift(np.asarray(item) if isinstance(item, range) else item)


def _simplified(item: Any) -> Any:
    """An array without axes as the number it holds; a bool tensor too, if its element is known."""
    index = as_index(item)
    is_number = not isinstance(item, Value) or (is_mask(index) and not isinstance(index.data, Symbol))
    return index.data[()] if is_number and not index.shape else index


def _is_flag(item: Any) -> bool:
    return isinstance(item, bool | np.bool_)


def is_mask(item: Any) -> bool:
    """Whether an item of an index is a tensor of bools."""
    return isinstance(item, Value) and letter(item.dtype) == "b"


def _axes_taken(item: Any) -> int:
    if item is None or item is Ellipsis or _is_flag(item):
        return 0
    return len(item.shape) if is_mask(item) else 1


def _with_ellipsis(shape: Shape, items: list[Any]) -> list[Any]:
    """The items with full slices for the ellipsis, or for the axes that are left at the end."""
    ellipses = [i for i, item in enumerate(items) if item is Ellipsis]
    if len(ellipses) > 1:
        raise error("ops.index_ellipsis")
    used = sum(map(_axes_taken, items))
    if used > len(shape):
        raise error("ops.index_too_many", got=used, ndim=len(shape), shapes={"x": shape})
    at = ellipses[0] if ellipses else len(items)
    full = [slice(None)] * (len(shape) - used)
    # With an ellipsis that stands for nothing, index tensors on its two sides are still apart.
    apart = full if full or not ellipses else [Ellipsis]
    return [*items[:at], *apart, *items[at + 1 :]]


def _read(shape: Shape, items: list[Any]) -> Plan:
    reader = _Reader(shape)
    for item in items:
        reader.take(item)
    return reader.plan()


class _Reader:
    """A walk along the items of an index and the axes of a shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.axis = 0
        self.source: list[int] = []
        self.places: list[range] = []
        self.tensors: dict[int, Value] = {}
        self.dropped: list[int] = []
        self.axes: list[int | str] = []
        self.steps: list[str] = []
        self.first = 0

    def take(self, item: Any) -> None:
        """One item."""
        if item is None:
            self.axes.append(NEW)
        elif isinstance(item, slice):
            self.axes.append(len(self.source))
            self._add_axis(range(self.shape[self.axis])[_checked_slice(item)])
        elif item is not Ellipsis:
            self._take_place(item)
            return
        self.steps.append("basic")

    def _take_place(self, item: Any) -> None:
        """An integer, bool or tensor: what NumPy counts as advanced as soon as one is a tensor."""
        if "place" not in self.steps:
            self.first = len(self.axes)
        self.steps.append("place")
        if _is_flag(item):
            self.tensors[len(self.source)] = lift(np.zeros(int(item), np.int64))
            self.source.append(1)
            self.places.append(range(1))
        elif is_mask(item):
            for places in _nonzero(item, self.shape, self.axis):
                self._add_tensor(lift(places))
        elif isinstance(item, Value):
            self._add_tensor(item)
        else:
            place = _checked_integer(int(item), self.axis, self.shape)
            self.dropped.append(len(self.source))
            self._add_axis(range(place, place + 1))

    def _add_tensor(self, index: Value) -> None:
        self.tensors[len(self.source)] = index
        self._add_axis(range(self.shape[self.axis]))

    def _add_axis(self, places: range) -> None:
        self.source.append(self.shape[self.axis])
        self.places.append(places)
        self.axis += 1

    def plan(self) -> Plan:
        """All that was read; index tensors that stand apart bring their axes to the front."""
        axes = list(self.axes)
        block: Shape = ()
        if self.tensors:
            named = {f"index {a}": x.shape for a, x in self.tensors.items()}
            block = broadcast_named("index", named)
            axes.insert(self.first if self._is_adjacent() else 0, BLOCK)
        return Plan(
            tuple(self.source), tuple(self.places), self.tensors, tuple(self.dropped), tuple(axes), block
        )

    def _is_adjacent(self) -> bool:
        at = [i for i, step in enumerate(self.steps) if step == "place"]
        return at[-1] - at[0] + 1 == len(at)


def _nonzero(mask: Value, shape: Shape, axis: int) -> tuple[np.ndarray, ...]:
    data: Any = mask.data
    expected = shape[axis : axis + len(data.shape)]
    if data.shape != expected:
        raise error("ops.index_bool", got=data.shape, axis=axis, expected=expected, shapes={"x": shape})
    if isinstance(data, Symbol):
        raise error("index.recorded_mask", spec=data.spec)
    return np.nonzero(data)


def _checked_slice(item: slice) -> slice:
    try:
        item.indices(0)
    except (TypeError, ValueError) as problem:
        raise error("ops.index_slice", slice=_slice_text(item)) from problem
    return item


def _slice_text(item: slice) -> str:
    parts = [item.start, item.stop] + ([item.step] if item.step is not None else [])
    return ":".join("" if part is None else repr(part) for part in parts)


def _checked_integer(item: int, axis: int, shape: Shape) -> int:
    extent = shape[axis]
    if not -extent <= item < extent:
        values = {"index": item, "axis": axis, "extent": extent, "low": -extent, "high": extent - 1}
        raise error("ops.index_range", op="index", **values, shapes={"x": shape})
    return item % extent
