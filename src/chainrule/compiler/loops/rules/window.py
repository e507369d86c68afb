r"""Windows: convolutions are contractions over overlapping places, poolings are folds over them.

Tap :math:`k` of window :math:`p` lies at :math:`s p + d k` of the padded input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.loops.expr import Constant, Expr, Guard, Guarded, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.layout import memory_order
from chainrule.compiler.loops.lowering import Lowering, reach, rule, unit
from chainrule.compiler.loops.rules.contract import as_read, product
from chainrule.compiler.loops.rules.depthwise import depthwise, taps_of
from chainrule.compiler.loops.rules.depthwise_weight import is_to_weight, to_weight
from chainrule.compiler.loops.rules.move import spread
from chainrule.compiler.loops.rules.phases import are_alike, in_phases, side_by_side, spread_taps
from chainrule.compiler.loops.rules.winograd import Tiling, tiling_of, winograd
from chainrule.core.spec import Shape
from chainrule.graph import Node
from chainrule.ops.window import Axis, geometry

# With fewer channels than this it does not matter whether they lie side by side.
_FEW_CHANNELS = 8


@rule("conv")
def conv(lowering: Lowering, node: Node, x: Expr, w: Expr, groups: int, **params: Any) -> Expr:
    """A contraction: rows are windows, depth are taps and channels; results lie channels-last."""
    n, (outs, ins) = node.inputs[0].shape[0], node.inputs[1].shape[:2]
    result = node.outputs[0]
    if 0 in (*node.inputs[0].shape, *node.inputs[1].shape, *result.shape):
        return Constant(result.dtype.type(0), result.dtype)
    if (taps := taps_of(node)) is not None:
        return depthwise(lowering, node, x, w, taps, padded)
    if is_to_weight(node):
        return to_weight(lowering, node, padded)
    if (phased := spread_taps(node)) is not None:
        if are_alike(phased):
            return side_by_side(lowering, node, x, w, phased, padded)
        weight = _weight(lowering, w, node.inputs[1].shape, groups)
        return in_phases(lowering, node, x, weight, phased, padded)
    axes, tiling = _axes(lowering, node)
    if tiling is not None:
        source = padded(lowering, x, node.inputs[0].shape, axes)
        return winograd(lowering, source, as_read(lowering, w, node.inputs[1].shape), tiling)
    source = padded(lowering, x, node.inputs[0].shape, axes)
    weight = _weight(lowering, w, node.inputs[1].shape, groups)
    of_n, of_c, *of_space = source.form.coefs
    of_out, of_in, *of_taps = weight.form.coefs
    windows = result.shape[2:]
    steps = (of_n, *(a.s * s for a, s in zip(axes, of_space, strict=True)))
    order = _order(steps, (n, *windows))
    strides = row_major(tuple((n, *windows, outs)[a] for a in order))
    to_n, *to_space, to_out = (strides[order.index(a)] for a in range(len(order)))
    group = outs // groups
    form = Contraction(
        batch=(Dim(groups, ins * of_c, group * of_out, group * to_out),),
        rows=(
            Dim(n, of_n, 0, to_n),
            *(Dim(m, a.s * s, 0, t) for m, a, s, t in zip(windows, axes, of_space, to_space, strict=True)),
        ),
        columns=(Dim(group, 0, of_out, to_out),),
        depth=(
            *(Dim(a.k, a.d * s, t) for a, s, t in zip(axes, of_space, of_taps, strict=True)),
            Dim(ins, of_c, of_in),
        ),
        a=source.dtype,
        b=weight.dtype,
        c=result.dtype,
    )
    shape = (n, *windows, groups, group)
    place = Form(0, (to_n, *to_space, group * to_out, to_out))
    last = len(shape) - 2
    found = product(lowering, source, weight, form, shape, place, (last, *range(last), last + 1))
    return Read(found.buffer, Form(0, (to_n, to_out, *to_space)))


def _order(steps: Shape, extents: Shape) -> list[int]:
    """Axes of a result (images, space, channels) from the slowest to the fastest: channels last.

    Where images lie side by side, as channels do in what leads to a weight, these are last, and rows lie as
    they do in the input: taps and channels that are a run there are a run in the weight.
    """
    images, space = 0, range(1, len(steps))
    if steps[images] != 1 or extents[images] == 1:
        return [images, *space, len(steps)]
    return [len(steps), *sorted(space, key=lambda a: -abs(steps[a])), images]


def _axes(lowering: Lowering, node: Node) -> tuple[tuple[Axis, ...], Tiling | None]:
    """The geometry of a convolution, and Winograd's tiles if it is done in these: they reach over the end."""
    (n, _, *space), (outs, ins, *kernel) = node.inputs[0].shape, node.inputs[1].shape
    axes = geometry(tuple(space), tuple(kernel), node.params)
    if not lowering.options.winograd or node.outputs[0].dtype != np.float32:
        return axes, None
    tiling = tiling_of(n, ins, outs, axes, node.params["groups"])
    if tiling is None:
        return axes, None
    covered = [tiling.results * count for count in tiling.counts]
    return tuple(replace(a, hi=a.hi + m - a.m) for a, m in zip(axes, covered, strict=True)), tiling


@reach("conv")
def beyond(lowering: Lowering, node: Node) -> tuple[Shape, Shape] | None:
    """The zeros that a convolution's windows reach."""
    if 0 in (*node.inputs[0].shape, *node.inputs[1].shape, *node.outputs[0].shape):
        return None
    taps = taps_of(node) or spread_taps(node)
    axes = _axes(lowering, node)[0] if taps is None else tuple(t.inner for t in taps)
    is_bordered = any(a.lo or a.hi for a in axes) and all(min(a.lo, a.hi) >= 0 and a.b == 1 for a in axes)
    return _padding(axes) if is_bordered else None


def _padding(axes: Sequence[Axis]) -> tuple[Shape, Shape]:
    """Zeros before and behind each axis of an image."""
    return (0, 0, *(a.lo for a in axes)), (0, 0, *(a.hi for a in axes))


def padded(lowering: Lowering, x: Expr, shape: Shape, axes: Sequence[Axis]) -> Read:
    """The input with its padding and dilation, if there are any, written out; many channels side by side."""
    if isinstance(x, Read) and x.buffer in lowering.borders and all(a.b == 1 for a in axes):
        found = lowering.borders[x.buffer].reaching(x, shape, *_padding(axes))
        if found is not None:
            return found
    plain = all(a.lo == a.hi == 0 and (a.b == 1 or a.n <= 1) for a in axes)
    if plain and isinstance(x, Read):
        return x
    order = memory_order(x, shape, range(len(shape)))
    # One image's planes lie in order wherever its own axis is.
    counted = order if shape[1] >= _FEW_CHANNELS else [a for a in order if shape[a] > 1]
    if shape[1] >= _FEW_CHANNELS and not isinstance(x, Read):
        order = [0, *range(2, len(shape)), 1]
    elif counted == sorted(counted) and shape[1] > 1:
        # Planes row by row: a thread reads the rows that it has padded.
        order = [0, *range(2, len(shape) - 1), 1, len(shape) - 1]
    new = (*shape[:2], *(a.spread + a.lo + a.hi for a in axes))
    start, step = (0, 0, *(a.lo for a in axes)), (1, 1, *(a.b for a in axes))
    moved = lowering.substituted(x, [unit(order.index(a), len(order)) for a in range(len(order))], len(order))
    arranged = [_permuted(values, order) for values in (shape, new, start, step)]
    old, extents, first, apart = arranged
    if max(step) == 1:
        found = _bordered(lowering, moved, old, extents, first)
    else:
        found = spread(lowering, moved, old, extents, first, apart)
    return Read(found.buffer, found.form.permuted([order.index(a) for a in range(len(order))]))


def _bordered(lowering: Lowering, x: Expr, old: Shape, new: Shape, start: Shape) -> Read:
    """The input with zeros around, or without what lies outside, written in one pass."""
    ndim = len(new)
    places = [_scaled(i, ndim, 1, -start[i]) for i in range(ndim)]
    guards = tuple(
        Guard(places[i], old[i]) for i in range(ndim) if start[i] > 0 or new[i] - start[i] > old[i]
    )
    moved = lowering.substituted(x, places, ndim)
    return lowering.define(Guarded(moved, guards) if guards else moved, new, in_rows=True)


def _permuted(values: Sequence[int], order: Sequence[int]) -> Shape:
    return tuple(values[a] for a in order)


def _weight(lowering: Lowering, w: Expr, shape: Shape, groups: int) -> Read:
    """The weight with its output channels side by side, or its input channels, as packing takes it too."""
    if isinstance(w, Read) and (1 in w.form.coefs[:2] or shape[0] == groups):
        return w
    # A gradient that leads to another weight is a weight here: it lies as what it is computed from.
    order = memory_order(w, shape, range(len(shape)))
    if isinstance(w, Read) or order[-1] > 1:
        order = [*range(2, len(shape)), 1, 0]
    moved = lowering.substituted(w, [unit(order.index(a), len(order)) for a in range(len(order))], len(order))
    found = lowering.define(moved, _permuted(shape, order), in_rows=True)
    return Read(found.buffer, found.form.permuted([order.index(a) for a in range(len(order))]))


def _scaled(axis: int, ndim: int, step: int, start: int) -> Form:
    return Form(start, tuple(step if i == axis else 0 for i in range(ndim)))
