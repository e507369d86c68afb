"""Contractions as LLVM, with what follows them computed on the accumulators."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from chainrule.compiler.emit.contraction.emitter import write
from chainrule.compiler.emit.contraction.places import Memory, Place
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.emit.expression import Evaluator
from chainrule.compiler.llvm import Builder, Module, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.expr import Buffer, forms
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Anchor

# Lines of one finished vector up to which they are written for each vector of a tile.
_MOST_LINES = 24


class TileEvaluator(Evaluator):
    """Expressions at a vector of a tile, whose place is given by batch, rows and columns."""

    def __init__(
        self, b: Builder, pointers: Mapping[Buffer, Pointer], anchor: Anchor, groups: Sequence[Place]
    ) -> None:
        super().__init__(b, pointers, anchor.extents)
        self.order, self.groups = anchor.order, groups

    def at(self, places: Mapping[int, Index]) -> TileEvaluator:
        """The same vector, under another mask."""
        found = TileEvaluator.__new__(TileEvaluator)
        found.__dict__.update(self.__dict__)
        found.held, found._values = dict(self.held), dict(self._values)
        return found

    def _start(self, form: Form) -> Index:
        """A form's value at the first lane."""
        strides = [0] * sum(len(group) for group in self.groups)
        for axis, loop in enumerate(self.order):
            strides[loop] = form.coefs[axis]
        total: Index = form.offset
        for group in self.groups:
            own, strides = strides[: len(group)], strides[len(group) :]
            total = self.b.plus(total, group.affine(own))
        return total


class AnchorEmitter:
    """Writes one phase of a contraction.

    Parameters
    ----------
    b : Builder
        A function of ``(ptr buffers, i64 piece)``.
    anchor : Anchor
        What it computes, with its plan.
    """

    def __init__(self, b: Builder, anchor: Anchor) -> None:
        self.b, self.anchor = b, anchor
        self.pointers = {x: b.pointer_in("buffers", i) for i, x in enumerate(anchor.buffers())}
        self.vector = vector_axis(anchor, anchor.plan)

    def write(self, phase: int) -> None:
        """The code of one piece of a phase."""
        b, product, anchor = self.b, self.anchor.product, self.anchor
        left, right = (self.pointers[x] for x in product.inputs)
        detail = product.detail
        a, bb = (
            b.element(left, detail.a_offset, detail.form.a),
            b.element(right, detail.b_offset, detail.form.b),
        )
        scratch = self.pointers[product.scratch[0]] if product.scratch else Pointer("null")
        store = self.store if anchor.members else None
        c = b.element(self.pointers[anchor.result], detail.place.offset, detail.form.c)
        piece = b.argument("piece")
        by_rows = store is not None and self._lines_of_a_vector() > _MOST_LINES
        write(b, anchor.plan, a, bb, c, piece, scratch, store=store, phase=phase, by_rows=by_rows)

    def _lines_of_a_vector(self) -> int:
        """What is written for one finished vector."""
        trial = Builder(Module(fused=self.b.module.fused), "trial", [("ptr", "buffers"), ("i64", "piece")])
        form, numbers = self.anchor.plan.form, self.anchor.plan.numbers
        emitter = AnchorEmitter(trial, self.anchor)
        before = trial.length
        places = [Place(trial, dims, {}, Memory()) for dims in (form.batch, form.rows, form.columns)]
        emitter.store(trial, numbers.zero(trial, numbers.lanes), places[0], places[1], places[2], None)
        return trial.length - before

    def store(
        self, b: Builder, value: Value, batch: Place, rows: Place, columns: Place, mask: Value | None
    ) -> None:
        """Compute what follows on one finished vector, and store what is needed later."""
        anchor = self.anchor
        ev = TileEvaluator(b, self.pointers, anchor, (batch, rows, columns))
        if self.vector is None and value.lanes > 1:
            value = b.lane(value, 0)
        # Sums of 16-bit floats are rounded once, before what follows reads them.
        value = b.cast(value, anchor.result.dtype)
        if value.lanes > 1:
            ev.vector, ev.lanes, ev.mask = self.vector, value.lanes, mask
        ev.held[anchor.result] = value
        if anchor.result not in anchor.local:
            ev.store(value, anchor.result, Form(0, row_major(anchor.extents)))
        for member in anchor.members:
            x = ev.value(member.value)
            ev.held[member.target] = x
            if member.target not in anchor.local:
                ev.store(x, member.target, member.place)


def lane_loops(anchor: Anchor, plan: Plan) -> list[int]:
    """The loops of the contraction (batch, rows, columns in turn) along which lanes run, merged into one."""
    return list(plan.lane_loops)


def vector_axis(anchor: Anchor, plan: Plan) -> int | None:
    """The axis of the result along which lanes run, None if that has one element."""
    found = [axis for axis, loop in enumerate(anchor.order) if loop in lane_loops(anchor, plan)]
    return found[-1] if found else None


def can_follow(anchor: Anchor, plan: Plan) -> bool:
    """Whether the members can be computed on vectors: what they read goes evenly along the lanes."""
    if plan.of_complex is not None:
        return not anchor.members
    axes = [axis for axis, loop in enumerate(anchor.order) if loop in lane_loops(anchor, plan)]
    places = [form for m in anchor.members for form in (m.place, *forms(m.value))]
    return all(
        form.coefs[outer] == form.coefs[inner] * anchor.extents[inner]
        for form in places
        for outer, inner in itertools.pairwise(axes)
    )
