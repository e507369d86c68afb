"""Movement: elements change their place and nothing is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.derivative import Linear, unbroadcast
from chainrule.core.op import Op
from chainrule.core.sample import Sample, sample
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.ops import shapes
from chainrule.ops.types import MOVED


def movement(
    name: str,
    formula: str,
    shape: Any,
    numpy: Callable[..., Any],
    transpose: Callable[..., Any],
    samples: tuple[Sample, ...],
    *,
    variadic: bool = False,
) -> Op:
    """One row that is linear and moves elements only; ``transpose`` moves a cotangent back."""
    return Op(
        name=name,
        family="move",
        args=("x",),
        formula=formula,
        shape=shape,
        dtype=MOVED,
        numpy=numpy,
        derivative=Linear(transpose, variadic=variadic),
        samples=samples,
        variadic=variadic,
    )


def _reshape_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    shape = tuple(params["shape"])
    if shapes.size(shape) != shapes.size(found[0]) or any(n < 0 for n in shape):
        raise error("ops.reshape", size=shapes.size(found[0]), to=shape, shapes={"x": found[0]})
    return shape


reshape: Op = movement(
    "reshape",
    r"\mathrm{reshape}(x)",
    _reshape_shape,
    lambda x, shape: np.reshape(x, shape),
    lambda g, x, shape: reshape(g, shape=x.shape),
    (sample((2, 3), shape=(3, 2)), sample((4, 1), shape=(2, 1, 2)), sample((0, 3), shape=(3, 0))),
)


def _transpose_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    (shape,), axes = found, params["axes"]
    if sorted(axes) != list(range(len(shape))):
        raise error("ops.permutation", axes=tuple(axes), ndim=len(shape), shapes={"x": shape})
    return tuple(shape[a] for a in axes)


def inverse_permutation(axes: tuple[int, ...]) -> tuple[int, ...]:
    """The permutation that undoes another."""
    return tuple(int(a) for a in np.argsort(axes))


transpose: Op = movement(
    "transpose",
    "x^{T}",
    _transpose_shape,
    lambda x, axes: np.transpose(x, axes),
    lambda g, x, axes: transpose(g, axes=inverse_permutation(axes)),
    (sample((2, 3), axes=(1, 0)), sample((2, 3, 4), axes=(1, 2, 0)), sample((0, 1, 3), axes=(2, 0, 1))),
)


def _broadcast_to_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    (shape,), to = found, tuple(params["shape"])
    named = {"x": shape, "to": to}
    if len(shape) > len(to):
        raise error("ops.broadcast_to_fewer", got=len(shape), expected=len(to), shapes=named)
    for i in range(1, len(shape) + 1):
        if shape[-i] not in (1, to[-i]):
            raise error("ops.broadcast_to", axis=-i, got=shape[-i], expected=to[-i], shapes=named)
    return to


broadcast_to = movement(
    "broadcast_to",
    r"\mathrm{broadcast}(x)",
    _broadcast_to_shape,
    lambda x, shape: np.broadcast_to(x, shape),
    lambda g, x, shape: unbroadcast(g, x.shape),
    (
        sample((3,), shape=(2, 3)),
        sample((2, 1), shape=(4, 2, 3)),
        sample((1, 3), shape=(0, 3)),
        sample((0, 1), shape=(0, 2)),
    ),
)


def _slice_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    """Starts, stops and steps are already inside the shape (the indexing code sees to it)."""
    ranges = zip(params["start"], params["stop"], params["step"], strict=True)
    return tuple(len(range(*bounds)) for bounds in ranges)


def _slice_transpose(g: Any, x: Any, start: Shape, stop: Shape, step: Shape) -> Any:
    """Put the elements back at their places, zero elsewhere."""
    ends = [a + (n - 1) * s + 1 if n else a for a, n, s in zip(start, g.shape, step, strict=True)]
    high = tuple(n - end for n, end in zip(x.shape, ends, strict=True))
    return pad(g, low=tuple(start), high=high, interior=tuple(s - 1 for s in step))


slice_: Op = movement(
    "slice",
    r"x_{\mathrm{start}:\mathrm{stop}:\mathrm{step}}",
    _slice_shape,
    lambda x, start, stop, step: x[tuple(map(slice, start, stop, step))],
    _slice_transpose,
    (
        sample((5, 4), start=(1, 0), stop=(5, 3), step=(2, 1)),
        sample((7,), start=(0,), stop=(6,), step=(3,)),
        sample((3, 2), start=(1, 0), stop=(1, 2), step=(1, 1)),
        sample((0, 3), start=(0, 1), stop=(0, 3), step=(1, 1)),
    ),
)


def _pad_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    for name, widths in params.items():
        if min(widths, default=0) < 0:
            raise error("ops.pad_negative", name=name, got=tuple(widths), shapes={"x": found[0]})
    places = zip(found[0], params["low"], params["high"], params["interior"], strict=True)
    return tuple(low + n + max(n - 1, 0) * inside + high for n, low, high, inside in places)


def _pad(x: np.ndarray, low: Shape, high: Shape, interior: Shape) -> np.ndarray:
    params = {"low": low, "high": high, "interior": interior}
    padded = np.zeros(_pad_shape(pad, (x.shape,), params), x.dtype)
    steps = [i + 1 for i in interior]
    ends = [a + max(n - 1, 0) * s + min(n, 1) for a, n, s in zip(low, x.shape, steps, strict=True)]
    padded[tuple(map(slice, low, ends, steps))] = x
    return padded


pad: Op = movement(
    "pad",
    r"\mathrm{pad}(x)",
    _pad_shape,
    _pad,
    lambda g, x, low, high, interior: slice_(
        g,
        start=tuple(low),
        stop=tuple(n - h for n, h in zip(g.shape, high, strict=True)),
        step=tuple(i + 1 for i in interior),
    ),
    (
        sample((2, 3), low=(1, 0), high=(0, 2), interior=(0, 0)),
        sample((3, 1), low=(0, 1), high=(2, 0), interior=(2, 1)),
        sample((0, 2), low=(1, 0), high=(1, 0), interior=(0, 0)),
    ),
)


flip: Op = movement(
    "flip",
    r"\mathrm{flip}(x)",
    shapes.same,
    lambda x, axis: np.flip(x, axis),
    lambda g, x, axis: flip(g, axis=axis),
    (sample((2, 3), axis=(1,)), sample((4, 1, 2), axis=(0, 2)), sample((0, 2), axis=(0,))),
)


def _concatenate_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    axis, first = params["axis"], found[0]
    for i, shape in enumerate(found):
        if len(shape) != len(first):
            raise _join_error("ops.join_ndim", op, found, i, got=len(shape), expected=len(first))
        for a, (extent, expected) in enumerate(zip(shape, first, strict=True)):
            if a != axis and extent != expected:
                raise _join_error("ops.join", op, found, i, axis=a, got=extent, expected=expected)
    joined = sum(shape[axis] for shape in found)
    return (*first[:axis], joined, *first[axis + 1 :])


def _join_error(key: str, op: Op, found: tuple[Shape, ...], i: int, **values: int) -> Exception:
    names = op.arg_names(len(found))
    return error(key, op=op.name, name=names[i], **values, shapes=dict(zip(names, found, strict=True)))


def _concatenate_transpose(g: Any, *inputs: Any, i: int, axis: int) -> Any:
    """The part of the cotangent that belongs to input ``i``."""
    before = sum(x.shape[axis] for x in inputs[:i])
    start, stop = [0] * len(g.shape), list(g.shape)
    start[axis], stop[axis] = before, before + inputs[i].shape[axis]
    return slice_(g, start=tuple(start), stop=tuple(stop), step=(1,) * len(start))


concatenate = movement(
    "concatenate",
    r"[x_0, x_1, \dots]",
    _concatenate_shape,
    lambda *xs, axis: np.concatenate(xs, axis),
    _concatenate_transpose,
    (
        sample((2, 3), (2, 1), axis=1),
        sample((1, 2), (3, 2), (0, 2), axis=0),
        sample((2, 1, 3), axis=2),
    ),
    variadic=True,
)
