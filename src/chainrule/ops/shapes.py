"""Shape rules shared by the rows, and the normalisation of axes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

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
    result = shapes[0]
    for shape in shapes[1:]:
        if shape and shape != result:
            result = _broadcast_two(op, shapes, result, shape)
    return result


def _broadcast_two(op: Op, shapes: tuple[Shape, ...], a: Shape, b: Shape) -> Shape:
    ndim = max(len(a), len(b))
    a, b = (1,) * (ndim - len(a)) + a, (1,) * (ndim - len(b)) + b
    for i, (m, n) in enumerate(zip(a, b, strict=True)):
        if m != n and m != 1 and n != 1:
            raise _broadcast_error(op, shapes, i - ndim)
    return tuple(n if m == 1 else m for m, n in zip(a, b, strict=True))


def _broadcast_error(op: Op, shapes: tuple[Shape, ...], axis: int) -> Exception:
    names = op.arg_names(len(shapes))
    extents = {n: s[axis] for n, s in zip(names, shapes, strict=True) if len(s) >= -axis and s[axis] != 1}
    first = next(iter(extents))
    second = next(name for name, extent in extents.items() if extent != extents[first])
    return error(
        "ops.broadcast",
        op=op.name,
        axis=axis,
        first=first,
        second=second,
        a=extents[first],
        b=extents[second],
        shapes=dict(zip(names, shapes, strict=True)),
    )


def normalize_axis(op: str, axis: int, ndim: int, shape: Shape | None = None) -> int:
    """An axis counted from the front, or the error of one that does not exist."""
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
    axes = sorted(normalize_axis(op, int(a), ndim, shape) for a in given)
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
