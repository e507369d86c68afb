"""Movement: other places for the same elements. Nothing is computed, and copies are rare."""

from __future__ import annotations

import numpy as np

from chainrule.compiler.loops.expr import Constant, Expr, Guard, Guarded, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.lowering import Lowering, rule, unit
from chainrule.compiler.loops.step import Definition
from chainrule.core.spec import Shape
from chainrule.graph import Node


@rule("reshape")
def reshape(lowering: Lowering, node: Node, x: Expr, shape: Shape) -> Expr:
    """The same elements in another nest."""
    return lowering.reshape(x, node.inputs[0].shape, tuple(shape))


@rule("transpose")
def transpose(lowering: Lowering, node: Node, x: Expr, axes: Shape) -> Expr:
    """Old axis ``axes[i]`` is new axis i."""
    ndim = len(axes)
    return lowering.substituted(x, [unit(axes.index(a), ndim) for a in range(ndim)], ndim)


@rule("broadcast_to")
def broadcast_to(lowering: Lowering, node: Node, x: Expr, shape: Shape) -> Expr:
    """The same element along new axes."""
    return lowering.broadcast(x, node.inputs[0].shape, tuple(shape))


@rule("slice")
def slice_(lowering: Lowering, node: Node, x: Expr, start: Shape, stop: Shape, step: Shape) -> Expr:
    """Every ``step``-th element from ``start`` on."""
    ndim = len(start)
    old = [_scaled(i, ndim, step[i], start[i]) for i in range(ndim)]
    return lowering.substituted(x, old, ndim)


@rule("flip")
def flip(lowering: Lowering, node: Node, x: Expr, axis: Shape) -> Expr:
    """From the last element to the first."""
    shape = node.inputs[0].shape
    axes = {a % len(shape) for a in np.atleast_1d(axis).tolist()}
    old = [
        _scaled(i, len(shape), -1, n - 1) if i in axes else unit(i, len(shape)) for i, n in enumerate(shape)
    ]
    return lowering.substituted(x, old, len(shape))


def _scaled(axis: int, ndim: int, step: int, start: int) -> Form:
    return Form(start, tuple(step if i == axis else 0 for i in range(ndim)))


@rule("pad")
def pad(lowering: Lowering, node: Node, x: Expr, low: Shape, high: Shape, interior: Shape) -> Expr:
    """Zeros around, which guards stand for; between elements, zeros must really be written."""
    old, new = node.inputs[0].shape, node.outputs[0].shape
    if any(i and n > 1 for i, n in zip(interior, old, strict=True)):
        return spread(lowering, x, old, new, low, tuple(i + 1 for i in interior))
    ndim = len(new)
    places = [_scaled(i, ndim, 1, -low[i]) for i in range(ndim)]
    guards = tuple(Guard(places[i], old[i]) for i in range(ndim) if low[i] > 0 or high[i] > 0)
    moved = lowering.substituted(x, places, ndim)
    return Guarded(moved, guards) if guards else moved


def spread(
    lowering: Lowering, x: Expr, old: Shape, new: Shape, start: Shape, step: Shape, outside: float = 0
) -> Read:
    """Elements at every ``step``-th place from ``start`` on, a number elsewhere; the rest is left out."""
    strides = row_major(new)
    target = lowering.buffer(x.dtype, int(np.prod(new, dtype=np.int64)))
    everywhere = Constant(x.dtype.type(outside), x.dtype)
    lowering.add(Definition(target, Form(0, (1,)), (target.size,), everywhere))
    first = [max(0, -(a // s)) for a, s in zip(start, step, strict=True)]
    last = [min(n, -(-(m - a) // s)) for n, m, a, s in zip(old, new, start, step, strict=True)]
    extents = tuple(max(0, b - a) for a, b in zip(first, last, strict=True))
    inside = lowering.substituted(x, [_scaled(i, len(old), 1, a) for i, a in enumerate(first)], len(old))
    offset = sum(c * (a + s * f) for c, a, s, f in zip(strides, start, step, first, strict=True))
    place = Form(offset, tuple(c * s for c, s in zip(strides, step, strict=True)))
    if 0 not in extents:
        lowering.add(Definition(target, place, extents, inside))
    return lowering.whole(target, new)


@rule("concatenate")
def concatenate(lowering: Lowering, node: Node, *xs: Expr, axis: int) -> Expr:
    """Each part is written to its place in one buffer."""
    new = node.outputs[0].shape
    strides = row_major(new)
    target = lowering.buffer(node.outputs[0].dtype, node.outputs[0].spec.size)
    begin = 0
    for x, symbol in zip(xs, node.inputs, strict=True):
        if symbol.spec.size:
            lowering.add(Definition(target, Form(begin * strides[axis], strides), symbol.shape, x))
        begin += symbol.shape[axis]
    return lowering.whole(target, new)
