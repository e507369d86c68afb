r"""Convolutions of single channels: nests along whose last axis the channels lie, with the taps in registers.

Where every group has one channel there is nothing to contract over. Forward and to the data an element is
a sum over a few taps, and to the weight each of a few taps is a sum over images and places.

Data that is spread by :math:`b` is not written out. Result :math:`b q + r` meets only those taps that stand
a multiple of :math:`b` apart, and meets them at places that step evenly with :math:`q` and :math:`j`:

.. math:: y_{b q + r} = \sum_{j} w_{b j + c - r} \; x_{q + j + (c - lo) / b}, \qquad c = lo \bmod b
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from chainrule.compiler.loops.expr import Apply, Expr, Guard, Guarded, Read, reshaped
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.fuse import together
from chainrule.compiler.loops.lowering import Lowering, unit
from chainrule.compiler.loops.rules.reduce import converted
from chainrule.compiler.loops.step import Definition
from chainrule.core.interpreter import Symbol
from chainrule.core.op import Op
from chainrule.core.spec import Shape
from chainrule.dtypes import computed_in
from chainrule.graph import Node
from chainrule.ops import pointwise as ops
from chainrule.ops.window import Axis, geometry

# With fewer channels than this a vector along them is mostly empty.
_FEWEST_CHANNELS = 8
# More taps than this take more code than they save time.
_MOST_TAPS = 25
# Into how many parts a sum over images and places is cut at most.
_PARTS = 32

# Data with its border: ``padded(lowering, x, shape, axes)``.
Padded = Callable[[Lowering, Expr, Shape, Sequence[Axis]], Read]


@dataclass(frozen=True)
class Taps:
    """How the results along an axis meet the data; letters as in the module's formula."""

    axis: Axis

    @property
    def counts(self) -> tuple[int, int]:
        """How many q and r there are: together they may reach over the end."""
        return -(-self.axis.m // self.axis.b), self.axis.b

    @property
    def shift(self) -> int:
        """The letter c."""
        return self.axis.lo % self.axis.b

    @property
    def count(self) -> int:
        """How many taps one result meets at most."""
        return (self.axis.k - 1 - self.shift + self.axis.b - 1) // self.axis.b + 1

    @property
    def inner(self) -> Axis:
        """The geometry of q over data that is not spread, and of j."""
        a, (windows, _) = self.axis, self.counts
        before = (a.lo - self.shift) // a.b
        reached = a.s * (windows - 1) + a.d * (self.count - 1) + 1
        return Axis(a.n, self.count, a.s, before, max(0, reached - before - a.n), a.d, 1)

    def is_met(self, j: int) -> bool:
        """Whether every r meets its tap j."""
        first, last = self.axis.b * j + self.shift - self.axis.b + 1, self.axis.b * j + self.shift
        return first >= 0 and last < self.axis.k


def taps_of(node: Node) -> tuple[Taps, ...] | None:
    """The taps of a convolution each of whose groups has one channel on both sides, if they are few."""
    groups, (outs, ins) = node.params["groups"], node.inputs[1].shape[:2]
    axes = _axes(node)
    is_evenly_spread = all(a.b == 1 or a.s == a.d == 1 for a in axes)
    if ins != 1 or outs != groups or groups < _FEWEST_CHANNELS or not is_evenly_spread:
        return None
    return tuple(map(Taps, axes)) if math.prod(a.k for a in axes) <= _MOST_TAPS else None


def is_to_weight(node: Node) -> bool:
    """Whether each group gives one channel, of one image with few places: sums over all that is read."""
    groups, outs, images = node.params["groups"], node.inputs[1].shape[0], node.inputs[0].shape[0]
    axes = _axes(node)
    if images != 1 or outs != groups or groups < _FEWEST_CHANNELS:
        return False
    return math.prod(a.m for a in axes) <= _MOST_TAPS and all(a.b == 1 for a in axes)


def _axes(node: Node) -> tuple[Axis, ...]:
    (_, _, *space), (_, _, *kernel) = (x.shape for x in node.inputs)
    return geometry(tuple(space), tuple(kernel), node.params)


def depthwise(lowering: Lowering, node: Node, x: Expr, w: Expr, taps: Sequence[Taps], padded: Padded) -> Read:
    """A sum over taps for each element; results lie channels-last."""
    (n, channels), dtype = node.inputs[0].shape[:2], computed_in(node.outputs[0].dtype)
    source = padded(lowering, x, node.inputs[0].shape, [t.inner for t in taps])
    weight = _channels_last(lowering, w, node.inputs[1].shape)
    # Axes of the nest: images, then for each axis of space q and r, then channels.
    extents = (n, *(c for t in taps for c in t.counts), channels)
    terms: list[Expr] = []
    for tap in itertools.product(*(range(t.count) for t in taps)):
        data = Read(source.buffer, _place(source.form, taps, tap))
        factor = Read(weight.buffer, _tap(weight.form, taps, tap))
        product = _apply(ops.multiply, converted(data, dtype), converted(factor, dtype))
        terms.append(_where_met(product, taps, tap, len(extents)))
    total = reduce(lambda a, b: _apply(ops.add, a, b), terms)
    found = lowering.define(converted(total, node.outputs[0].dtype), extents, in_rows=True)
    to_n, *to_space, to_channel = found.form.coefs
    return Read(found.buffer, Form(0, (to_n, to_channel, *to_space[1::2])))


def _place(form: Form, taps: Sequence[Taps], tap: Sequence[int]) -> Form:
    """Where data that is met at tap j lies; ``form`` reads it with its border."""
    of_n, of_channel, *of_space = form.coefs
    offset = sum(t.axis.d * j * step for t, j, step in zip(taps, tap, of_space, strict=True))
    coefs = [c for t, step in zip(taps, of_space, strict=True) for c in (t.axis.s * step, 0)]
    return Form(form.offset + offset, (of_n, *coefs, of_channel))


def _tap(form: Form, taps: Sequence[Taps], tap: Sequence[int]) -> Form:
    """Where the factor of tap j lies."""
    of_channel, _, *of_taps = form.coefs
    steps = list(zip(taps, tap, of_taps, strict=True))
    offset = sum((t.axis.b * j + t.shift) * step for t, j, step in steps)
    return Form(form.offset + offset, (0, *(c for _, _, step in steps for c in (0, -step)), of_channel))


def _where_met(product: Expr, taps: Sequence[Taps], tap: Sequence[int], ndim: int) -> Expr:
    """The product, and zero for those r that have no such tap."""
    guards = []
    for i, (t, j) in enumerate(zip(taps, tap, strict=True)):
        if not t.is_met(j):
            minus_r = tuple(-c for c in unit(2 + 2 * i, ndim).coefs)
            guards.append(Guard(Form(t.axis.b * j + t.shift, minus_r), t.axis.k))
    return Guarded(product, tuple(guards)) if guards else product


def _channels_last(lowering: Lowering, w: Expr, shape: Shape) -> Read:
    """The weight with its channels side by side."""
    if isinstance(w, Read) and w.form.coefs[0] == 1:
        return w
    order = [*range(1, len(shape)), 0]
    moved = lowering.substituted(w, [unit(order.index(a), len(order)) for a in range(len(order))], len(order))
    found = lowering.define(moved, tuple(shape[a] for a in order), in_rows=True)
    return Read(found.buffer, found.form.permuted([order.index(a) for a in range(len(order))]))


def to_weight(lowering: Lowering, node: Node, padded: Padded) -> Expr:
    """For each tap and channel a sum over images and places, in parts that can be summed side by side."""
    groups, axes = node.params["groups"], _axes(node)
    x, g = (_by_images(lowering, symbol, groups) for symbol in node.inputs)
    images, kernel = node.inputs[1].shape[1], node.inputs[1].shape[2:]
    reached = [a.s * (a.m - 1) + a.d * (a.k - 1) + 1 for a in axes]
    inner = [
        Axis(a.n, a.k, a.s, a.lo, max(0, r - a.lo - a.n), a.d, 1) for a, r in zip(axes, reached, strict=True)
    ]
    source = padded(lowering, x, (images, groups, *node.inputs[0].shape[2:]), inner)
    shape = (images, *kernel, groups)
    places = [unit(a, len(shape)) for a in range(len(shape))]
    factor = lowering.substituted(g, [places[0], places[-1], *places[1:-1]], len(shape))
    dtype = computed_in(node.outputs[0].dtype)
    of_n, of_channel, *of_space = source.form.coefs
    coefs = (of_n, *(a.d * s for a, s in zip(axes, of_space, strict=True)), of_channel)
    products = []
    for window in itertools.product(*(range(a.m) for a in axes)):
        offset = sum(a.s * p * s for a, p, s in zip(axes, window, of_space, strict=True))
        data = Read(source.buffer, Form(source.form.offset + offset, coefs))
        products.append(_apply(ops.multiply, converted(data, dtype), converted(factor, dtype)))
    found = _sums(lowering, products, shape)
    windows = tuple(a.m for a in axes)
    to_window, to_channel = found.form.coefs
    strides = tuple(to_window * s for s in row_major(windows))
    read = Read(found.buffer, Form(0, (0, to_channel, *strides)))
    return converted(read, node.outputs[0].dtype)


def _sums(lowering: Lowering, values: Sequence[Expr], shape: Shape) -> Read:
    """Sums over all axes but the last, in one pass: by value and place along the last axis."""
    axis = max(range(len(shape) - 1), key=lambda a: _parts(shape[a]))
    parts = _parts(shape[axis])
    split = (*shape[:axis], parts, shape[axis] // parts, *shape[axis + 1 :])
    folded = frozenset(range(len(split) - 1)) - {axis}
    target = lowering.buffer(values[0].dtype, len(values) * parts * shape[-1])
    members = []
    for number, value in enumerate(values):
        inside = reshaped(value, shape, split)
        assert inside is not None
        place = [0] * len(split)
        place[axis], place[-1] = shape[-1], 1
        form = Form(number * parts * shape[-1], tuple(place))
        members.append(Definition(target, form, split, inside, "add", folded))
    lowering.add(together(members))
    partial = Read(target, Form(0, row_major((len(values), parts, shape[-1]))))
    return lowering.define(partial, (len(values), parts, shape[-1]), combine="add", folded=(1,), at_once=True)


def _parts(count: int) -> int:
    """Into how many equal parts so many can be cut."""
    return max(c for c in range(1, _PARTS + 1) if count % c == 0)


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


def _apply(op: Op, *args: Expr) -> Expr:
    return Apply(op, args, {}, args[0].dtype)
