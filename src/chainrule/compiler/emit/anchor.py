"""Contractions as LLVM, with what follows them computed on the accumulators."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.compiler.emit.contraction import Plan, write
from chainrule.compiler.emit.expression import Evaluator
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index as Place
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Anchor


class AnchorEmitter:
    """Writes one phase of a contraction.

    Parameters
    ----------
    b : Builder
        A function of ``(ptr buffers, i64 piece)``.
    anchor : Anchor
        What it computes.
    plan : Plan
        How.
    """

    def __init__(self, b: Builder, anchor: Anchor, plan: Plan) -> None:
        self.b, self.anchor, self.plan = b, anchor, plan
        pointers = {x: b.pointer_in("buffers", i) for i, x in enumerate(anchor.buffers())}
        self.pointers = pointers
        self.base = Evaluator(b, pointers, anchor.extents, frozenset(anchor.writes()))
        values, places = [m.value for m in anchor.members], [m.place for m in anchor.members]
        self.base.hoist(values, places)
        self.place = Form(0, row_major(anchor.extents))

    def write(self, phase: int) -> None:
        """The code of one piece of a phase."""
        b, product = self.b, self.anchor.product
        left, right = (self.pointers[x] for x in product.inputs)
        detail = product.detail
        a = b.element(left, detail.a_offset, detail.form.a)
        bb = b.element(right, detail.b_offset, detail.form.b)
        scratch = self.pointers[product.scratch[0]] if product.scratch else Pointer("null")
        c = self.pointers[self.anchor.result]
        write(b, self.plan, a, bb, c, b.argument("piece"), scratch, store=self.store, phase=phase)

    def store(
        self, b: Builder, value: Value, batch: Sequence[Place], rows: Sequence[Place],
        columns: Sequence[Place], mask: Value | None,
    ) -> None:
        """Compute what follows on one finished vector, and store what is needed later."""
        anchor = self.anchor
        loops = [*batch, *rows, *columns]
        places = {axis: loops[loop] for axis, loop in enumerate(anchor.order)}
        last = len(batch) + len(rows) + len(columns) - 1
        vector = next((axis for axis, loop in enumerate(anchor.order) if loop == last), None)
        ev = self.base.at({axis: place for axis, place in places.items() if axis != vector})
        if vector is not None and value.lanes > 1:
            ev = ev.along(vector, places[vector], value.lanes, mask)
        elif vector is not None:
            ev = ev.at({vector: places[vector]})
        ev.held[anchor.result] = value
        if anchor.result not in anchor.local:
            ev.store(value, anchor.result, self.place)
        for member in anchor.members:
            x = ev.value(member.value)
            ev.held[member.target] = x
            if member.target not in anchor.local:
                ev.store(x, member.target, member.place)
