r"""Convolutions of spread data, phase by phase: no product with an inserted zero is made.

The derivative of a strided convolution to its data, and a transposed convolution, convolve data between whose
elements stand :math:`b - 1` zeros. Results :math:`b q + r` of one phase :math:`r` meet only every
:math:`b`-th tap, and at places that step evenly (letters as in `depthwise`):

.. math:: y_{b q + r} = \sum_{j} w_{b j + c - r} \; x_{q + j + (c - lo) / b}, \qquad c = lo \bmod b

So each phase is a dense convolution with some of the taps, which writes every :math:`b`-th result. Where all
phases meet as many taps at the same places, as when windows stand side by side, they are columns of one
product.

The definition multiplies inserted zeros too: of an infinite weight it makes NaN, where there is none here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.loops.expr import Constant, Expr, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.lowering import Lowering, unit
from chainrule.compiler.loops.rules.contract import product, product_into
from chainrule.compiler.loops.rules.depthwise import Padded, Taps
from chainrule.compiler.loops.step import Definition
from chainrule.core.spec import Shape
from chainrule.graph import Node
from chainrule.ops.window import geometry

# Each phase is a kernel: of more than this the code outweighs what it saves.
_MOST_PHASES = 16
# With fewer channels than this, vectors along them are not full.
_FEW_CHANNELS = 16


@dataclass(frozen=True)
class Phase:
    """Every b-th result along an axis, from r on.

    Attributes
    ----------
    taps : Taps
        The whole axis.
    r : int
        The first result.
    """

    taps: Taps
    r: int

    @property
    def results(self) -> int:
        """How many there are."""
        return max(0, -(-(self.taps.axis.m - self.r) // self.taps.axis.b))

    @property
    def met(self) -> range:
        """The taps j that they meet."""
        before, axis = self.taps.shift - self.r, self.taps.axis
        return range(-(before // axis.b), (axis.k - 1 - before) // axis.b + 1)

    @property
    def first_tap(self) -> int:
        """The first of these as the weight numbers them."""
        return self.taps.axis.b * self.met.start + self.taps.shift - self.r


def spread_taps(node: Node) -> tuple[Taps, ...] | None:
    """The axes of a convolution of spread data whose phases step evenly, and are few or alike; or None."""
    (_, _, *space), (_, _, *kernel) = (x.shape for x in node.inputs)
    axes = geometry(tuple(space), tuple(kernel), node.params)
    is_even = all(a.b == 1 or a.s == a.d == 1 for a in axes)
    taps, count = tuple(map(Taps, axes)), math.prod(a.b for a in axes)
    is_worth_it = count > 1 and (count <= _MOST_PHASES or are_alike(taps))
    return taps if is_even and is_worth_it else None


def are_alike(taps: Sequence[Taps]) -> bool:
    """Whether all phases have as many results, and meet as many taps at the same places."""
    return all(
        t.shift == t.axis.b - 1 and t.axis.k % t.axis.b == 0 and t.axis.m % t.axis.b == 0 for t in taps
    )


def side_by_side(
    lowering: Lowering, node: Node, x: Expr, w: Expr, taps: Sequence[Taps], padded: Padded
) -> Read:
    """One product for phases that are alike, which are columns as channels are; results lie channels-last."""
    (n, *_), (outs, ins), result = node.inputs[0].shape, node.inputs[1].shape[:2], node.outputs[0]
    groups: int = node.params["groups"]
    group, space = outs // groups, len(taps)
    source = padded(lowering, x, node.inputs[0].shape, [t.inner for t in taps])
    weight = _by_phase(lowering, w, (outs, ins), taps, group < _FEW_CHANNELS)
    of_n, of_c, *of_space = source.form.coefs
    of_out, of_in, *others = weight.form.coefs
    of_taps, of_phases = others[:space], others[space:]
    to_n, *to_space, to_out = row_major((n, *result.shape[2:], outs))
    apart = [t.axis.b * to for t, to in zip(taps, to_space, strict=True)]
    windows = [
        Dim(t.counts[0], t.axis.s * of, 0, to) for t, of, to in zip(taps, of_space, apart, strict=True)
    ]
    form = Contraction(
        batch=(Dim(groups, ins * of_c, group * of_out, group * to_out),),
        rows=(Dim(n, of_n, 0, to_n), *windows),
        columns=(
            *(Dim(t.axis.b, 0, of, to) for t, of, to in zip(taps, of_phases, to_space, strict=True)),
            Dim(group, 0, of_out, to_out),
        ),
        depth=(
            *(Dim(t.count, t.axis.d * of, tap) for t, of, tap in zip(taps, of_space, of_taps, strict=True)),
            Dim(ins, of_c, of_in),
        ),
        a=source.dtype,
        b=weight.dtype,
        c=result.dtype,
    )
    shape = (n, *(t.counts[0] for t in taps), *(t.axis.b for t in taps), groups, group)
    place = Form(0, (to_n, *apart, *to_space, group * to_out, to_out))
    last = len(shape) - 2
    found = product(lowering, source, weight, form, shape, place, (last, *range(last), last + 1))
    return Read(found.buffer, Form(0, (to_n, to_out, *to_space)))


def _by_phase(lowering: Lowering, w: Expr, channels: Shape, taps: Sequence[Taps], few: bool) -> Read:
    """The weight over channels written, channels read, taps j and phases; channels written are contiguous.

    Few of them make a run with the phases. Many do not, so that lanes run along channels alone, and what has
    one number for each channel can follow on the accumulators.
    """
    (outs, ins), space = channels, len(taps)
    out, in_, numbers, phases = 0, 1, range(2, 2 + space), range(2 + space, 2 + 2 * space)
    order = [*numbers, in_, *phases, out] if few else [*numbers, *phases, in_, out]
    place = [order.index(a) for a in range(len(order))]
    forms = [unit(place[out], len(order)), unit(place[in_], len(order))]
    for t, j, r in zip(taps, numbers, phases, strict=True):
        steps = {place[j]: t.axis.b, place[r]: -1}
        forms.append(Form(t.shift, tuple(steps.get(a, 0) for a in range(len(order)))))
    extents = (outs, ins, *(t.count for t in taps), *(t.axis.b for t in taps))
    moved = lowering.substituted(w, forms, len(order))
    found = lowering.define(moved, tuple(extents[a] for a in order), in_rows=True)
    return Read(found.buffer, found.form.permuted(place))


def in_phases(lowering: Lowering, node: Node, x: Expr, w: Read, taps: Sequence[Taps], padded: Padded) -> Read:
    """One product for each phase; results lie channels-last."""
    (n, *_), outs, result = node.inputs[0].shape, node.inputs[1].shape[0], node.outputs[0]
    source = padded(lowering, x, node.inputs[0].shape, [t.inner for t in taps])
    target = lowering.buffer(result.dtype, result.spec.size)
    to_n, *to_space, to_out = row_major((n, *result.shape[2:], outs))
    place = Form(0, (to_n, to_out, *to_space))
    for phases in itertools.product(*(_phases(t) for t in taps)):
        if all(phase.met for phase in phases):
            _product(lowering, node, source, w, phases, Read(target, place))
        else:
            lowering.add(_zeros(Read(target, place), (n, outs), phases))
    return Read(target, place)


def _phases(taps: Taps) -> Iterator[Phase]:
    found = (Phase(taps, r) for r in range(taps.axis.b))
    return (phase for phase in found if phase.results)


def _product(
    lowering: Lowering, node: Node, source: Read, w: Read, phases: Sequence[Phase], whole: Read
) -> None:
    """The results of one phase of each axis."""
    (n, *_), (outs, ins) = node.inputs[0].shape, node.inputs[1].shape[:2]
    groups: int = node.params["groups"]
    group = outs // groups
    of_n, of_c, *of_space = source.form.coefs
    of_out, of_in, *of_taps = w.form.coefs
    to_n, to_out, *to_space = whole.form.coefs
    along = list(zip(phases, of_space, of_taps, to_space, strict=True))
    form = Contraction(
        batch=(Dim(groups, ins * of_c, group * of_out, group * to_out),),
        rows=(Dim(n, of_n, 0, to_n), *(_windows(phase, of, to) for phase, of, _, to in along)),
        columns=(Dim(group, 0, of_out, to_out),),
        depth=(*(_taps(phase, of, tap) for phase, of, tap, _ in along), Dim(ins, of_c, of_in)),
        a=source.dtype,
        b=w.dtype,
        c=whole.dtype,
    )
    first = source.form.offset + sum(phase.taps.axis.d * phase.met.start * of for phase, of, _, _ in along)
    first_tap = w.form.offset + sum(phase.first_tap * tap for phase, _, tap, _ in along)
    left, right = Read(source.buffer, Form(first, ())), Read(w.buffer, Form(first_tap, ()))
    shape = (n, *(phase.results for phase in phases), groups, group)
    place = Form(_start(whole, phases), (to_n, *(d.c for d in form.rows[1:]), group * to_out, to_out))
    last = len(shape) - 2
    product_into(lowering, whole.buffer, left, right, form, shape, place, (last, *range(last), last + 1))


def _windows(phase: Phase, of_data: int, to_result: int) -> Dim:
    """The loop over the results of a phase."""
    axis = phase.taps.axis
    return Dim(phase.results, axis.s * of_data, 0, axis.b * to_result)


def _taps(phase: Phase, of_data: int, of_tap: int) -> Dim:
    """The loop over the taps that a phase meets."""
    axis = phase.taps.axis
    return Dim(len(phase.met), axis.d * of_data, axis.b * of_tap)


def _start(whole: Read, phases: Sequence[Phase]) -> int:
    """Where the first result of some phases lies."""
    return sum(phase.r * step for phase, step in zip(phases, whole.form.coefs[2:], strict=True))


def _zeros(whole: Read, outer: Shape, phases: Sequence[Phase]) -> Definition:
    """Results that meet no tap."""
    to_n, to_out, *to_space = whole.form.coefs
    steps = (phase.taps.axis.b * step for phase, step in zip(phases, to_space, strict=True))
    place = Form(_start(whole, phases), (to_n, *steps, to_out))
    n, outs = outer
    extents = (n, *(phase.results for phase in phases), outs)
    return Definition(whole.buffer, place, extents, Constant(whole.dtype.type(0), whole.dtype))
