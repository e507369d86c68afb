"""What becomes of sums: stored to C, handed to the caller's epilogue, or kept in scratch between blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chainrule.compiler.emit.contraction.places import At, Axis, Memory, Place
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.emit.contraction.unit import TileAt, Unit
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.form import row_major

Places = tuple[Place, Place, Place]
Store = Callable[[Builder, Value, Place, Place, Place, "Value | None"], None]
Initial = Callable[[Builder, int, Place, Place, Place, "Value | None"], Value]


@dataclass(frozen=True)
class Operands:
    """Where things are, and what is done with results.

    Attributes
    ----------
    a, b, c, scratch : Pointer
        Addresses.
    packed : Pointer, optional
        Where B is packed as a whole, if not in scratch.
    store, initial : callable, optional
        As for `write`.
    by_rows : bool
        Whether ``store`` is written once for a row of a tile.
    """

    a: Pointer
    b: Pointer
    c: Pointer
    scratch: Pointer
    packed: Pointer | None = None
    store: Store | None = None
    initial: Initial | None = None
    by_rows: bool = False


class Results:
    """Writes what is done with a tile's sums.

    Parameters
    ----------
    b : Builder
        Where code goes.
    plan : Plan
        What is done.
    operands : Operands
        With what.
    """

    def __init__(self, b: Builder, plan: Plan, operands: Operands) -> None:
        self.b, self.plan, self.operands = b, plan, operands
        self.nest, self.numbers = plan.nest, plan.numbers

    def places(self, at: dict[Axis, At], memory: Memory) -> Places:
        """The place in the batch, the rows and the columns of the nest's form."""
        form = self.nest.form

        def place(group: str) -> Place:
            along = {axis: x for axis, x in at.items() if axis.group == group and axis.parts}
            return Place(self.b, getattr(form, group), along, memory)

        return place("batch"), place("rows"), place("columns")

    def _as_given(self, places: Places) -> Places:
        """Places in the rows and columns of the form as it was given."""
        batch, rows, columns = places
        return (batch, columns, rows) if self.nest.exchanged else places

    def initial(self, places: Places, mask: Value | None) -> Value:
        """The numbers that sums begin with."""
        assert self.operands.initial is not None
        return self.operands.initial(self.b, self.plan.lanes, *self._as_given(places), mask)

    def store(self, x: Value, places: Places, mask: Value | None) -> None:
        """Finished sums."""
        if self.operands.store is not None:
            self.operands.store(self.b, x, *self._as_given(places), mask)
            return
        form = self.nest.form
        groups = (form.batch, form.rows, form.columns)
        known, base = 0, self.operands.c
        for place, dims in zip(places, groups, strict=True):
            at, more = place.split([dim.c for dim in dims])
            base, known = self._moved(base, at, places), known + more
        self._write(x, self.b.element(base, known, form.c), mask)

    def _moved(self, base: Pointer, at: Index, places: Places) -> Pointer:
        """An address, written once for all vectors of a tile."""
        b = self.b
        return places[0].memory.get(b, (base, at), lambda: b.element(base, at, self.nest.form.c))

    def _write(self, x: Value, at: Pointer, mask: Value | None) -> None:
        b, form, column = self.b, self.nest.form, self.nest.column.dim
        if x.lanes == 1 or column.c == 1 or column.extent == 1:
            self.numbers.store(b, x, at, form.c, mask)
            return
        lanes = b.constants([i * column.c for i in range(x.lanes)], INDEX)
        b.scatter(self.numbers.as_stored(b, x, form.c), at, lanes, mask)

    def kept_at(self, unit: Unit, tile: TileAt, chunk: Index) -> list[Pointer]:
        """Where a tile's sums of a part of the depth are kept in scratch, vector by vector."""
        b, lanes, plan = self.b, self.plan.lanes, self.plan
        steps = row_major((plan.depth_chunks, *plan.extents_of_sums))
        starts = [chunk, *(cut.start for cut in (*unit.batch, *tile.rows)), tile.columns.start]
        first = b.affine(0, list(zip(starts, steps, strict=True)))
        base = b.element(self.operands.scratch, first, self.numbers.dtype)
        within = steps[1 + len(unit.batch) : -1]
        offsets = [
            sum(i * step for i, step in zip(at, within, strict=True)) + v * lanes
            for at in tile.steps()
            for v in range(tile.columns.vectors)
        ]
        return [b.element(base, offset, self.numbers.dtype) for offset in offsets]

    def load(self, kept: Sequence[Pointer]) -> list[Value]:
        """Sums of the blocks before."""
        return [self.b.load(place, self.numbers.dtype, self.plan.lanes) for place in kept]

    def keep(self, sums: Sequence[Value], kept: Sequence[Pointer]) -> None:
        """Sums for the blocks that follow."""
        for x, place in zip(sums, kept, strict=True):
            self.b.store(x, place)

    def added_up(self, unit: Unit, tile: TileAt) -> list[Value]:
        """The sums of all parts of the depth, added up in their order."""
        b = self.b
        totals = self.load(self.kept_at(unit, tile, 0))
        if self.plan.depth_chunks == 1:
            return totals
        with b.loop(1, self.plan.depth_chunks, carried=totals) as loop:
            more = self.load(self.kept_at(unit, tile, loop.index))
            loop.next(*(b.add(x, y) for x, y in zip(loop.carried, more, strict=True)))
        return list(loop.results)
