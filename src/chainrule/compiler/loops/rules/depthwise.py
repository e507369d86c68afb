r"""Convolutions of single channels: nests along whose last axis the channels lie, with the taps in registers.

Where every group has one channel there is nothing to contract over: forward and to the data an element is
a sum over a few taps. (To the weight there is much to contract over: `depthwise_weight`.)

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

from chainrule.compiler.loops.expr import Apply, Expr, Guard, Guarded, Read
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.lowering import Lowering, unit
from chainrule.compiler.loops.rules.reduce import converted
from chainrule.core.op import Op
from chainrule.core.spec import Shape
from chainrule.dtypes import computed_in
from chainrule.graph import Node
from chainrule.ops import pointwise as ops
from chainrule.ops.window import Axis, geometry

# With fewer channels than this a vector along them is mostly empty.
FEWEST_CHANNELS = 8
# More taps than this take more code than they save time.
_MOST_TAPS = 25

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
    if ins != 1 or outs != groups or groups < FEWEST_CHANNELS or not is_evenly_spread:
        return None
    return tuple(map(Taps, axes)) if math.prod(a.k for a in axes) <= _MOST_TAPS else None


def _axes(node: Node) -> tuple[Axis, ...]:
    (_, _, *space), (_, _, *kernel) = (x.shape for x in node.inputs)
    return geometry(tuple(space), tuple(kernel), node.params)


def depthwise(lowering: Lowering, node: Node, x: Expr, w: Expr, taps: Sequence[Taps], padded: Padded) -> Read:
    """A sum over taps for each element; results lie channels-last."""
    (n, channels), dtype = node.inputs[0].shape[:2], computed_in(node.outputs[0].dtype)
    inner = [t.inner for t in taps]
    given = _given(lowering, x) if any(a.s > 1 for a in inner) else None
    source = padded(lowering, x, node.inputs[0].shape, inner) if given is None else given
    weight = _channels_last(lowering, w, node.inputs[1].shape)
    # Axes of the nest: images, then for each axis of space q and r, then channels.
    extents = (n, *(c for t in taps for c in t.counts), channels)
    terms: list[Expr] = []
    for tap in itertools.product(*(range(t.count) for t in taps)):
        place = _place(source.form, taps, tap)
        data = Read(source.buffer, place) if given is None else _inside(given, place, inner, tap)
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


def _given(lowering: Lowering, x: Expr) -> Read | None:
    """Data that comes from outside, channels last, so that nobody has written a border."""
    if not isinstance(x, Read) or x.buffer.kind != "input" or x.buffer in lowering.borders:
        return None
    return x if x.form.coefs[1] == 1 else None


def _inside(source: Read, place: Form, axes: Sequence[Axis], tap: Sequence[int]) -> Expr:
    """What is read at a tap, and zero where that is outside.

    Windows that step over data share few elements, so nothing is lost by reading them one by one: a copy with
    a border would take as long as all the rest.
    """
    guards = []
    for i, (a, j) in enumerate(zip(axes, tap, strict=True)):
        first = a.d * j - a.lo
        if first < 0 or first + a.s * (a.m - 1) >= a.n:
            steps = unit(1 + 2 * i, len(place.coefs)).coefs
            guards.append(Guard(Form(first, tuple(a.s * c for c in steps)), a.n))
    before = sum(a.lo * step for a, step in zip(axes, source.form.coefs[2:], strict=True))
    data = Read(source.buffer, Form(place.offset - before, place.coefs))
    return Guarded(data, tuple(guards)) if guards else data


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


def _apply(op: Op, *args: Expr) -> Expr:
    return Apply(op, args, {}, args[0].dtype)
