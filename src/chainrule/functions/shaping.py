"""Changing shapes: NumPy's names, made of the movement rows."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.ops import move, shapes
from chainrule.ops.pointwise import where
from chainrule.ops.shapes import as_integers, as_shape, normalize_axes, normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Shape = Sequence[int] | int


def _as_tuple(op: str, given: tuple[Any, ...]) -> tuple[int, ...]:
    """Accept both ``f(x, 2, 3)`` and ``f(x, (2, 3))``."""
    return as_integers(op, given[0] if len(given) == 1 else given)


def reshape(x: Any, *shape: Any) -> Tensor:
    """The elements in the same order under another shape; one extent may be -1."""
    x, wanted = lift(x), _as_tuple("reshape", shape)
    if wanted.count(-1) == 1:
        known = shapes.size(tuple(n for n in wanted if n != -1))
        size = shapes.size(x.shape)
        if known == 0 or size % known:
            raise error("ops.reshape", size=size, to=wanted, shapes={"x": x.shape})
        wanted = tuple(size // known if n == -1 else n for n in wanted)
    return x if wanted == x.shape else move.reshape(x, shape=wanted)


def transpose(x: Any, *axes: Any) -> Tensor:
    """The axes in another order; reversed if none is given."""
    x = lift(x)
    given = () if axes == (None,) else _as_tuple("transpose", axes)
    order = given or tuple(reversed(range(len(x.shape))))
    return move.transpose(x, axes=tuple(normalize_axis("transpose", a, len(x.shape), x.shape) for a in order))


def swapaxes(x: Any, axis1: int, axis2: int) -> Tensor:
    """Exchange two axes."""
    x = lift(x)
    order = list(range(len(x.shape)))
    i, j = (normalize_axis("swapaxes", a, len(order), x.shape) for a in (axis1, axis2))
    order[i], order[j] = order[j], order[i]
    return move.transpose(x, axes=tuple(order))


def moveaxis(x: Any, source: int, destination: int) -> Tensor:
    """Take one axis to another place; the others keep their order."""
    x = lift(x)
    ndim = len(x.shape)
    a, b = (normalize_axis("moveaxis", axis, ndim, x.shape) for axis in (source, destination))
    order = [axis for axis in range(ndim) if axis != a]
    order.insert(b, a)
    return x if a == b else move.transpose(x, axes=tuple(order))


def broadcast_to(x: Any, shape: Sequence[int]) -> Tensor:
    """Stretch axes of extent 1, and add axes in front, to reach a shape."""
    x, wanted = lift(x), as_shape("broadcast_to", shape)
    return x if x.shape == wanted else move.broadcast_to(x, shape=wanted)


def expand_dims(x: Any, axis: int | tuple[int, ...]) -> Tensor:
    """Insert axes of extent 1 at the given places of the result."""
    x = lift(x)
    given = axis if isinstance(axis, tuple) else (axis,)
    ndim = len(x.shape) + len(given)
    places = {normalize_axis("expand_dims", a, ndim, x.shape) for a in given}
    extents = iter(x.shape)
    return move.reshape(x, shape=tuple(1 if i in places else next(extents) for i in range(ndim)))


def squeeze(x: Any, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """Drop axes of extent 1: all of them, or the given ones."""
    x = lift(x)
    ones = tuple(i for i, n in enumerate(x.shape) if n == 1)
    axes = ones if axis is None else normalize_axes("squeeze", axis, x.shape)
    for a in axes:
        if x.shape[a] != 1:
            raise error("ops.squeeze", axis=a, got=x.shape[a], shapes={"x": x.shape})
    return reshape(x, tuple(n for i, n in enumerate(x.shape) if i not in axes))


def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Merge the axes from ``start_dim`` to ``end_dim`` (inclusive) into one."""
    x = lift(x)
    if not x.shape:
        return move.reshape(x, shape=(1,))
    first, last = (normalize_axis("flatten", a, len(x.shape), x.shape) for a in (start_dim, end_dim))
    if first > last:
        raise error("ops.flatten", first=first, last=last, shapes={"x": x.shape})
    merged = shapes.size(x.shape[first : last + 1])
    return reshape(x, (*x.shape[:first], merged, *x.shape[last + 1 :]))


def ravel(x: Any) -> Tensor:
    """All elements in one axis."""
    x = lift(x)
    return reshape(x, (shapes.size(x.shape),))


def flip(x: Any, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """Reverse the order along axes."""
    x = lift(x)
    return move.flip(x, axis=normalize_axes("flip", axis, x.shape))


def pad(x: Any, widths: Any, value: float = 0.0) -> Tensor:
    """Add ``value`` around: ``widths`` is one number, one pair, or a pair for each axis."""
    x = lift(x)
    pairs = _pairs(widths, len(x.shape))
    low, high = tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)
    geometry = {"low": low, "high": high, "interior": (0,) * len(pairs)}
    padded = move.pad(x, **geometry)
    if value == 0:
        return padded
    inside = move.pad(broadcast_to(True, x.shape), **geometry)
    return where(inside, padded, value)


def _pairs(widths: Any, ndim: int) -> list[tuple[int, int]]:
    try:
        if isinstance(widths, int):
            pairs = [(widths, widths)] * ndim
        elif len(widths) == 2 and all(isinstance(w, int) for w in widths):
            pairs = [(widths[0], widths[1])] * ndim
        else:
            pairs = [(operator.index(low), operator.index(high)) for low, high in widths]
    except (TypeError, ValueError) as problem:
        raise error("ops.pad", widths=repr(widths), ndim=ndim) from problem
    if len(pairs) != ndim or any(w < 0 for pair in pairs for w in pair):
        raise error("ops.pad", widths=repr(widths), ndim=ndim)
    return pairs


def concatenate(xs: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors along an axis that they have."""
    tensors = [lift(x) for x in xs]
    if not tensors:
        raise error("ops.join_nothing", op="concatenate")
    if not isinstance(axis, int | np.integer):
        raise error("ops.join_axis", op="concatenate", got=type(axis).__name__)
    axis = normalize_axis("concatenate", axis, len(tensors[0].shape), tensors[0].shape)
    return tensors[0] if len(tensors) == 1 else move.concatenate(*tensors, axis=axis)


def stack(xs: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors of one shape along a new axis."""
    tensors = [lift(x) for x in xs]
    if not tensors:
        raise error("ops.join_nothing", op="stack")
    if not isinstance(axis, int | np.integer):
        raise error("ops.join_axis", op="stack", got=type(axis).__name__)
    normalize_axis("stack", axis, len(tensors[0].shape) + 1, tensors[0].shape)
    for i, x in enumerate(tensors):
        if x.shape != tensors[0].shape:
            raise error("ops.stack", name=f"x{i}", got=x.shape, expected=tensors[0].shape)
    return concatenate([expand_dims(x, axis) for x in tensors], axis)


def split(x: Any, sections: int | Sequence[int], axis: int = 0) -> list[Tensor]:
    """Cut into equal parts, or at the given places."""
    x = lift(x)
    axis = normalize_axis("split", axis, len(x.shape), x.shape)
    extent = x.shape[axis]
    if isinstance(sections, int):
        if sections < 1 or extent % sections:
            named = {"x": x.shape}
            raise error("ops.split", extent=extent, axis=axis, sections=sections, shapes=named)
        sections = range(extent // sections, extent, extent // sections)
    cuts = [0, *sections, extent]
    if sorted(cuts) != cuts:
        raise error("ops.split_places", places=list(sections), extent=extent, axis=axis)
    return [narrow(x, axis, a, b) for a, b in itertools.pairwise(cuts)]


def narrow(x: Any, axis: int, start: int, stop: int) -> Tensor:
    """The part of one axis from ``start`` up to ``stop``."""
    starts, stops = [0] * len(x.shape), list(x.shape)
    starts[axis], stops[axis] = start, stop
    return move.slice_(x, start=tuple(starts), stop=tuple(stops), step=(1,) * len(starts))
