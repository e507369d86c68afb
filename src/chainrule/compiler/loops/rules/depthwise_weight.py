r"""The derivative of a convolution of single channels to its weight: each tap a sum over images and places.

.. math:: \dot w_{c, k} = \sum_{n, p} g_{n, c, p} \; x_{n, c,\, s p + d k - lo}

It is a contraction for each channel, whose rows are the taps and whose depth are images and places. Channels
lie side by side, so lanes run along them.
"""

from __future__ import annotations

import math

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.loops.expr import Expr, Read, reshaped
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.lowering import Lowering, unit
from chainrule.compiler.loops.rules.contract import as_read, product
from chainrule.compiler.loops.rules.depthwise import FEWEST_CHANNELS, Padded
from chainrule.core.interpreter import Symbol
from chainrule.graph import Node
from chainrule.ops.window import Axis, geometry

# More results than this are hardly the taps of a weight, but those of a convolution of groups.
_MOST_TAPS = 64


def is_to_weight(node: Node) -> bool:
    """Whether each group gives one channel with few places, of one image that is not spread."""
    groups, outs, images = node.params["groups"], node.inputs[1].shape[0], node.inputs[0].shape[0]
    axes = _axes(node)
    if images != 1 or outs != groups or groups < FEWEST_CHANNELS:
        return False
    return math.prod(a.m for a in axes) <= _MOST_TAPS and all(a.b == 1 for a in axes)


def to_weight(lowering: Lowering, node: Node, padded: Padded) -> Read:
    """For each channel the products of its taps; results lie channels-last."""
    groups, axes, result = node.params["groups"], _axes(node), node.outputs[0]
    x, g = (_by_images(lowering, symbol, groups) for symbol in node.inputs)
    images, places = node.inputs[1].shape[1], node.inputs[1].shape[2:]
    source = padded(lowering, x, (images, groups, *node.inputs[0].shape[2:]), [_reached(a) for a in axes])
    slope = as_read(lowering, g, (images, groups, *places))
    of_n, of_c, *of_space = source.form.coefs
    by_n, by_c, *by_space = slope.form.coefs
    taps = tuple(a.m for a in axes)
    *to_taps, to_c = row_major((*taps, groups))
    along = list(zip(axes, of_space, by_space, to_taps, strict=True))
    form = Contraction(
        batch=(Dim(groups, of_c, by_c, to_c),),
        rows=tuple(Dim(a.m, a.s * of, 0, to) for a, of, _, to in along),
        columns=(),
        depth=(Dim(images, of_n, by_n), *(Dim(a.k, a.d * of, by) for a, of, by, _ in along)),
        a=source.dtype,
        b=slope.dtype,
        c=result.dtype,
    )
    last = len(taps)
    place = Form(0, (*to_taps, to_c))
    found = product(lowering, source, slope, form, (*taps, groups), place, (last, *range(last)))
    return Read(found.buffer, Form(0, (0, to_c, *to_taps)))


def _axes(node: Node) -> tuple[Axis, ...]:
    (_, _, *space), (_, _, *kernel) = (x.shape for x in node.inputs)
    return geometry(tuple(space), tuple(kernel), node.params)


def _reached(a: Axis) -> Axis:
    """The axis without what lies behind the last window."""
    reached = a.s * (a.m - 1) + a.d * (a.k - 1) + 1
    return Axis(a.n, a.k, a.s, a.lo, max(0, reached - a.lo - a.n), a.d, 1)


def _by_images(lowering: Lowering, symbol: Symbol, groups: int) -> Expr:
    """Data whose groups and images are one axis, as images × groups × space; no copy is needed for that.

    A derivative has merged them, and lowering of that merging may have copied: what was merged is read.
    """
    merged, space = symbol.shape[:2], symbol.shape[2:]
    images = math.prod(merged) // groups
    shape = (groups, images, *space)
    made = lowering.makers.get(symbol)
    found = None
    if made is not None and made.op.name == "reshape":
        found = reshaped(lowering.values[made.inputs[0]], made.inputs[0].shape, shape)
    if found is None:
        found = lowering.reshape(lowering.values[symbol], symbol.shape, shape)
    ndim = len(shape)
    return lowering.substituted(found, [unit(a, ndim) for a in (1, 0, *range(2, ndim))], ndim)
