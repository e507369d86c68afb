"""Shape rules shared by the rows, and the normalisation of axes."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule.ops.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.spec import Shape
from chainrule.errors import error

if TYPE_CHECKING:
    from chainrule.core.op import Op

Params = dict[str, Any]


def same(op: Op, shapes: tuple[Shape, ...], params: Params) -> Shape:
    """The result has the first argument's shape."""
    return shapes[0]


def broadcast(op: Op, shapes: tuple[Shape, ...], params: Params) -> Shape:
    """The common shape of all arguments by NumPy's broadcasting."""
    first = shapes[0]
    for shape in shapes:
        if shape and shape != first:
            return broadcast_named(op.name, dict(zip(op.arg_names(len(shapes)), shapes, strict=True)))
    return first


def broadcast_named(op: str, named: Mapping[str, Shape], shown: Mapping[str, Shape] | None = None) -> Shape:
    """The common shape of named arguments; an error shows them, or the whole shapes ``shown``."""
    try:
        return np.broadcast_shapes(*named.values())
    except ValueError:
        raise _broadcast_error(op, named, named if shown is None else shown) from None


def _broadcast_error(op: str, named: Mapping[str, Shape], shown: Mapping[str, Shape]) -> Exception:
    axis, first, second = next(_misfits(named))
    values = {"first": first, "second": second, "a": named[first][axis], "b": named[second][axis]}
    return error("ops.broadcast", op=op, axis=axis, **values, shapes=shown)


def _misfits(named: Mapping[str, Shape]) -> Iterator[tuple[int, str, str]]:
    """Axes along which two arguments differ, the last axis first, with the arguments' names."""
    for axis in range(-1, -max(map(len, named.values())) - 1, -1):
        wide = [name for name, s in named.items() if len(s) >= -axis and s[axis] != 1]
        yield from ((axis, wide[0], name) for name in wide[1:] if named[name][axis] != named[wide[0]][axis])


def as_integers(op: str, given: Any) -> tuple[int, ...]:
    """One integer, or several, as a tuple of them."""
    several = isinstance(given, Iterable) and not isinstance(given, str)
    try:
        return tuple(map(operator.index, given if several else (given,)))
    except TypeError as problem:
        raise error("ops.integers", op=op, got=repr(given)) from problem


def as_shape(op: str, given: Any) -> Shape:
    """A shape from one extent or a sequence of them, or the error of what is none."""
    shape = as_integers(op, given)
    if any(n < 0 for n in shape):
        raise error("ops.negative_extent", op=op, got=shape)
    return shape


def normalize_axis(op: str, axis: int, ndim: int, shape: Shape | None = None) -> int:
    """An axis counted from the front, or the error of one that does not exist."""
    try:
        axis = operator.index(axis)
    except TypeError as problem:
        raise error("ops.axis_kind", op=op, got=type(axis).__name__) from problem
    if not -ndim <= axis < ndim:
        shapes = {"x": shape if shape is not None else f"{ndim} axes"}
        raise error("ops.axis", op=op, axis=axis, ndim=ndim, low=-ndim, high=ndim - 1, shapes=shapes)
    return axis % ndim


def normalize_axes(op: str, axis: int | tuple[int, ...] | None, shape: Shape) -> tuple[int, ...]:
    """Axes as a sorted tuple counted from the front; None stands for all."""
    ndim = len(shape)
    if axis is None:
        return tuple(range(ndim))
    given = axis if isinstance(axis, tuple | list) else (axis,)
    axes = sorted(normalize_axis(op, a, ndim, shape) for a in given)
    for a, b in itertools.pairwise(axes):
        if a == b:
            raise error("ops.axis_twice", op=op, axis=a, axes=tuple(given), shapes={"x": shape})
    return tuple(axes)


def reduce(op: Op, shapes: tuple[Shape, ...], params: Params) -> Shape:
    """The reduced axes are dropped, or kept with extent 1."""
    (shape,) = shapes
    axes = params["axis"]
    if params["keepdims"]:
        return tuple(1 if i in axes else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def reduce_nonempty(op: Op, shapes: tuple[Shape, ...], params: Params) -> Shape:
    """As `reduce`, for operations that need at least one element."""
    for axis in params["axis"]:
        if shapes[0][axis] == 0:
            raise error("ops.reduce_empty", op=op.name, axis=axis, shapes={"x": shapes[0]})
    return reduce(op, shapes, params)


def size(shape: Shape) -> int:
    """Number of elements of a shape."""
    count = 1
    for extent in shape:
        count *= extent
    return count
