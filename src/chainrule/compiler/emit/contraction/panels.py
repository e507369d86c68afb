"""The code of a product: units of work, blocks of depth, tiles of C."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chainrule.compiler.emit.contraction.opaque import opaque
from chainrule.compiler.emit.contraction.places import At, Memory
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.emit.contraction.reading import Reading
from chainrule.compiler.emit.contraction.results import Operands, Places, Results
from chainrule.compiler.emit.contraction.tile import TILES
from chainrule.compiler.emit.contraction.tiles import Part
from chainrule.compiler.emit.contraction.unit import Block, Columns, TileAt, Unit, block_at, cuts_at, unit_at
from chainrule.compiler.emit.contraction.walk import Cut, each_tile, share
from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.core import Index


class Panels:
    """Writes the code of a plan.

    Parameters
    ----------
    b : Builder
        Where it goes.
    plan : Plan
        What is done.
    operands : Operands
        With what.
    piece : Value
        Which piece of the phase.
    """

    def __init__(self, b: Builder, plan: Plan, operands: Operands, piece: Value) -> None:
        self.b, self.plan, self.operands, self.piece = b, plan, operands, piece
        self.reading = Reading(b, plan, operands, piece)
        self.results = Results(b, plan, operands)

    def write(self, phase: int) -> None:
        """The code of a piece of a phase."""
        plan, pieces = self.plan, self.plan.phases[phase]
        stage = plan.stages[phase]
        if stage == "pack":
            self._each(plan.groups_of_b, pieces, lambda number: self.reading.pack_whole(number))
        elif stage == "sums":
            self._each_unit(plan.units, pieces, self._sums)
        else:
            self._each_unit(plan.units_of_results, pieces, self._finish)

    def _each(self, extents: Sequence[int], pieces: int, body: Callable[[Index], None]) -> None:
        """The part of a nest that is this piece's, one after the other."""
        count = math.prod(extents)
        if count == 1:
            body(0)
            return
        units = share(self.b, self.piece, pieces, count)
        with self.b.loop(units.start, units.stop) as unit:
            body(opaque(self.b, unit.index))

    def _each_unit(self, units: Sequence[int], pieces: int, body: Callable[[Unit], None]) -> None:
        self._each(units, pieces, lambda number: body(unit_at(self.b, self.plan, number, units)))

    def _sums(self, unit: Unit) -> None:
        b, plan = self.b, self.plan
        if not plan.is_blocked:
            self._block(unit, block_at(b, plan, 0))
            return
        chunk = share(b, unit.depth_chunk, plan.depth_chunks, plan.blocks.count)
        with b.loop(chunk.start, chunk.stop) as loop:
            goes_on = b.compare("gt", loop.index, chunk.start)
            block = block_at(b, plan, opaque(b, loop.index))
            self._block(unit, replace(block, goes_on=goes_on))
        if plan.depth_chunks == 1:
            self._each_inside(unit, self._finish)

    def _block(self, unit: Unit, block: Block) -> None:
        if self.plan.pack_a:
            self.reading.pack_rows(unit, block)
        self._each_inside(unit, lambda whole: self._columns(whole, block))

    def _each_inside(self, unit: Unit, body: Callable[[Unit], None]) -> None:
        """A unit with each of its places along the loops of the batch that run inside it."""
        b, axes = self.b, self.plan.nest.batch[len(unit.batch) :]
        if not axes:
            body(unit)
            return
        extents = [axis.dim.extent for axis in axes]
        with b.loop(0, math.prod(extents)) as loop:
            places = b.unravel(opaque(b, loop.index), extents)
            body(replace(unit, batch=(*unit.batch, *cuts_at(axes, places))))

    def _columns(self, unit: Unit, block: Block) -> None:
        plan = self.plan
        packs = plan.pack_b and not plan.pack_b_whole
        before = (lambda number: self.reading.pack_columns(unit, block, number)) if packs else None
        self._each_tile(unit, lambda tile: self._tile(unit, block, tile), before)

    def _finish(self, unit: Unit) -> None:
        def tile(at: TileAt) -> None:
            sums, first = self.results.added_up(unit, at), self._initial(unit, at)
            if first is not None:
                sums = [self.b.add(x, y) for x, y in zip(first, sums, strict=True)]
            self._store(sums, unit, at)

        self._each_tile(unit, tile)

    def _each_tile(
        self, unit: Unit, body: Callable[[TileAt], None], before: Callable[[Index], None] | None = None
    ) -> None:
        """Panels of columns, and along each the tiles of rows."""
        b, lanes, axes = self.b, self.plan.lanes, self.plan.nest.rows
        parts, inside = self._column_parts()

        def panel(_: Index, found: list[tuple[Index, Part]]) -> None:
            ((start, part),) = found
            full = inside if part is parts[-1] else lanes
            columns = Columns(b.times(start, lanes), part.size, full)
            each_tile(
                b,
                [split.parts for split in self.plan.rows],
                unit.rows,
                lambda number, cuts: body(
                    TileAt(
                        tuple(Cut(axis, x, cut.size) for axis, (x, cut) in zip(axes, cuts, strict=True)),
                        number,
                        columns,
                    )
                ),
            )

        each_tile(b, [parts], unit.columns, panel, before)

    def _column_parts(self) -> tuple[list[Part], int]:
        """Tiles of columns, the last by itself if its last vector is not full; and that vector's lanes."""
        lanes, parts = self.plan.lanes, list(self.plan.columns.parts)
        inside = self.plan.nest.column.dim.extent % lanes or lanes
        if inside < lanes:
            *parts, last = parts
            parts += [part for part in last.without_last() if part.count]
        return parts, inside

    def _tile(self, unit: Unit, block: Block, at: TileAt) -> None:
        b, numbers = self.b, self.plan.numbers
        mask = self._mask(at.columns)
        rows = self.reading.rows(unit, block, at, mask)
        columns = self.reading.columns(unit, block, at, mask)
        tile = TILES[self.plan.nest.kind](b, numbers, rows, columns, block.extents)
        zeros = [numbers.zero(b, self.plan.lanes)] * (len(at.steps()) * at.columns.vectors)
        if block.goes_on is None:
            self._store(tile.sums(self._initial(unit, at) or zeros), unit, at)
            return
        kept = self.results.kept_at(unit, at, unit.depth_chunk)
        before = b.choose(block.goes_on, lambda: self.results.load(kept), lambda: zeros)
        self.results.keep(tile.sums(before), kept)

    def _mask(self, columns: Columns) -> Value | None:
        lanes = self.plan.lanes
        return None if columns.inside == lanes else self.b.first_lanes(columns.inside, lanes)

    def _vectors(self, unit: Unit, tile: TileAt) -> Iterator[tuple[Places, Value | None]]:
        """For each vector of a tile its place in the batch, the rows and the columns, and its mask."""
        mask, memory, columns = self._mask(tile.columns), Memory(), tile.columns
        for steps in tile.steps():
            for v in range(columns.vectors):
                at = {cut.axis: At(cut.start) for cut in unit.batch}
                at |= {cut.axis: At(cut.start, i) for cut, i in zip(tile.rows, steps, strict=True)}
                at[self.plan.nest.column] = At(columns.start, v * self.plan.lanes)
                yield self.results.places(at, memory), mask if v == columns.vectors - 1 else None

    def _store(self, sums: Sequence[Value], unit: Unit, tile: TileAt) -> None:
        if self.operands.by_rows and len(tile.steps()) > 1:
            self._store_by_rows(sums, unit, tile)
            return
        for x, (places, mask) in zip(sums, self._vectors(unit, tile), strict=True):
            self.results.store(x, places, mask)

    def _store_by_rows(self, sums: Sequence[Value], unit: Unit, tile: TileAt) -> None:
        """The same in a loop over the tile's rows: meanwhile sums are on the stack."""
        b, lanes, dtype = self.b, self.plan.lanes, self.plan.numbers.dtype
        kept = b.scratch(dtype, len(sums) * lanes)
        for i, x in enumerate(sums):
            b.store(x, b.element(kept, i * lanes, dtype))
        with b.loop(0, len(tile.steps())) as loop:
            number = opaque(b, loop.index)
            steps = b.unravel(number, [cut.size for cut in tile.rows])
            rows = tuple(Cut(cut.axis, b.plus(cut.start, x)) for cut, x in zip(tile.rows, steps, strict=True))
            own = b.element(kept, b.times(number, tile.columns.vectors * lanes), dtype)
            for v, (places, mask) in enumerate(self._vectors(unit, replace(tile, rows=rows))):
                self.results.store(b.load(b.element(own, v * lanes, dtype), dtype, lanes), places, mask)

    def _initial(self, unit: Unit, tile: TileAt) -> list[Value] | None:
        if self.operands.initial is None:
            return None
        return [self.results.initial(places, mask) for places, mask in self._vectors(unit, tile)]
