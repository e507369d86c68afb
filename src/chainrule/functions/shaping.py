"""Changing shapes: NumPy's names, made of the movement rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.ops import messages_structure, move, shapes  # noqa: F401  (registers the messages used here)
from chainrule.ops.shapes import as_integers, as_shape, normalize_axes, normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Shape = Sequence[int] | int


def _as_tuple(op: str, given: tuple[Any, ...]) -> tuple[int, ...]:
    """Accept both ``f(x, 2, 3)`` and ``f(x, (2, 3))``."""
    return as_integers(op, given[0] if len(given) == 1 else given)


def reshape(x: Any, /, *extents: Any, shape: Shape | None = None, copy: bool | None = None) -> Tensor:
    """The elements in the same order under another shape; one extent may be -1.

    Parameters
    ----------
    x : Tensor
    *extents, shape : int or sequence of int
        ``reshape(x, 2, 3)``, ``reshape(x, (2, 3))`` and ``reshape(x, shape=(2, 3))`` are the same.
    copy : bool, optional
        Whether memory may be shared with ``x``. As tensors do not change, no one can tell.

    Raises
    ------
    ShapeError
        The new shape has another number of elements.
    """
    x, wanted = lift(x), _as_tuple("reshape", extents if shape is None else (shape,))
    if wanted.count(-1) == 1:
        known = shapes.size(tuple(n for n in wanted if n != -1))
        size = shapes.size(x.shape)
        if known == 0 or size % known:
            raise error("ops.reshape", size=size, to=wanted, shapes={"x": x.shape})
        wanted = tuple(size // known if n == -1 else n for n in wanted)
    return x if wanted == x.shape else move.reshape(x, shape=wanted)


def transpose(x: Any, /, *order: Any, axes: Sequence[int] | None = None) -> Tensor:
    """The axes in another order, as ``transpose(x, 1, 0)`` or ``axes=(1, 0)``; reversed if none is given."""
    x, given = lift(x), order if axes is None else (axes,)
    wanted = () if given == (None,) else _as_tuple("transpose", given)
    ndim = len(x.shape)
    places = wanted or tuple(reversed(range(ndim)))
    return move.transpose(x, axes=tuple(normalize_axis("transpose", a, ndim, x.shape) for a in places))


def swapaxes(x: Any, axis1: int, axis2: int) -> Tensor:
    """Exchange two axes."""
    x = lift(x)
    order = list(range(len(x.shape)))
    i, j = (normalize_axis("swapaxes", a, len(order), x.shape) for a in (axis1, axis2))
    order[i], order[j] = order[j], order[i]
    return move.transpose(x, axes=tuple(order))


def moveaxis(x: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Take axes to other places; the rest keep their order.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.moveaxis(cr.zeros((2, 3, 4, 5)), (0, 1), (-1, -2)).shape
    (4, 5, 3, 2)
    """
    x = lift(x)
    ndim = len(x.shape)
    taken, places = (listed_axes("moveaxis", axes, x.shape) for axes in (source, destination))
    if len(taken) != len(places):
        raise error("structure.moveaxis", source=taken, destination=places, shapes={"x": x.shape})
    order = [axis for axis in range(ndim) if axis not in taken]
    for place, axis in sorted(zip(places, taken, strict=True)):
        order.insert(place, axis)
    return x if order == list(range(ndim)) else move.transpose(x, axes=tuple(order))


def listed_axes(op: str, given: int | Sequence[int], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Axes counted from the front, in the order in which they are given, each once."""
    several = tuple(given) if isinstance(given, tuple | list) else (given,)
    normalize_axes(op, several, shape)
    return tuple(normalize_axis(op, axis, len(shape), shape) for axis in several)


def broadcast_to(x: Any, shape: Sequence[int]) -> Tensor:
    """Stretch axes of extent 1, and add axes in front, to reach a shape."""
    x, wanted = lift(x), as_shape("broadcast_to", shape)
    return x if x.shape == wanted else move.broadcast_to(x, shape=wanted)


def broadcast_arrays(*xs: Any) -> tuple[Tensor, ...]:
    """All tensors, stretched to their common shape."""
    tensors = [lift(x) for x in xs]
    named = {f"x{i}": x.shape for i, x in enumerate(tensors)}
    shape = shapes.broadcast_named("broadcast_arrays", named) if named else ()
    return tuple(broadcast_to(x, shape) for x in tensors)


def meshgrid(*xs: Any, indexing: str = "xy", sparse: bool = False) -> tuple[Tensor, ...]:
    """The coordinates of a grid, one tensor for each vector.

    Parameters
    ----------
    *xs : Tensor
        Coordinates along each axis of the grid.
    indexing : str
        ``"ij"``: axis ``i`` of the results belongs to vector ``i``; ``"xy"``: the first two are exchanged.
    sparse : bool
        Leave extent 1 along the axes of the other vectors.

    Examples
    --------
    >>> import chainrule as cr
    >>> x, y = cr.meshgrid(cr.tensor([1.0, 2.0, 3.0]), cr.tensor([4.0, 5.0]))
    >>> x
    tensor([[1., 2., 3.],
           [1., 2., 3.]])
    >>> y.shape
    (2, 3)
    """
    if indexing not in ("xy", "ij"):
        raise error("structure.choice", op="meshgrid", name="indexing", got=indexing, allowed="'xy', 'ij'")
    vectors = [ravel(x) for x in xs]
    axes = list(range(len(vectors)))
    if indexing == "xy":
        axes[:2] = reversed(axes[:2])
    grids = [
        reshape(x, tuple(-1 if a == axis else 1 for a in range(len(vectors))))
        for x, axis in zip(vectors, axes, strict=True)
    ]
    return tuple(grids) if sparse else broadcast_arrays(*grids)


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


def atleast_1d(*xs: Any) -> Any:
    """A tensor with at least one axis; a tuple for several."""
    return _each(lambda x: reshape(x, (1,)) if len(x.shape) == 0 else x, xs)


def atleast_2d(*xs: Any) -> Any:
    """A tensor with at least two axes: a vector becomes a row. A tuple for several."""
    return _each(lambda x: reshape(x, (1,) * (2 - len(x.shape)) + x.shape), xs)


def atleast_3d(*xs: Any) -> Any:
    """Three axes at least: vectors become (1, n, 1), matrices (m, n, 1); a tuple for several."""
    return _each(_with_three_axes, xs)


def _with_three_axes(x: Any) -> Tensor:
    extents = {0: (1, 1, 1), 1: (1, *x.shape, 1), 2: (*x.shape, 1)}
    return reshape(x, extents.get(len(x.shape), x.shape))


def _each(function: Callable[[Any], Any], xs: tuple[Any, ...]) -> Any:
    found = tuple(function(lift(x)) for x in xs)
    return found[0] if len(found) == 1 else found


def concatenate(xs: Sequence[Any], axis: int | None = 0) -> Tensor:
    """Join tensors along an axis that they have; None joins them flattened."""
    tensors = [ravel(x) if axis is None else lift(x) for x in xs]
    axis = 0 if axis is None else axis
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
        sections = [extent // sections * i for i in range(1, sections)]
    cuts = [0, *sections, extent]
    if sorted(cuts) != cuts:
        raise error("ops.split_places", places=list(sections), extent=extent, axis=axis)
    return [narrow(x, axis, a, b) for a, b in itertools.pairwise(cuts)]


def narrow(x: Any, axis: int, start: int, stop: int) -> Tensor:
    """The part of one axis from ``start`` up to ``stop``."""
    starts, stops = [0] * len(x.shape), list(x.shape)
    starts[axis], stops[axis] = start, stop
    return move.slice_(x, start=tuple(starts), stop=tuple(stops), step=(1,) * len(starts))
