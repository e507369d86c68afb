"""How tiles read A and B: where they lie, or packed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chainrule.compiler.emit.contraction.nest import Kind
from chainrule.compiler.emit.contraction.opaque import opaque
from chainrule.compiler.emit.contraction.packing import Group, Packer, PairPacker
from chainrule.compiler.emit.contraction.places import Axis
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.emit.contraction.results import Operands
from chainrule.compiler.emit.contraction.tile import Following, View
from chainrule.compiler.emit.contraction.unit import Block, TileAt, Unit, block_at
from chainrule.compiler.emit.contraction.walk import Cut, start_and_size
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.llvm.types import UINT8
from chainrule.compiler.loops.form import row_major


class Reading:
    """Views of the operands, and the packing that they need.

    Parameters
    ----------
    b : Builder
        Where code goes.
    plan : Plan
        What is done.
    operands : Operands
        With what.
    piece : Value
        Which piece of the phase.
    """

    def __init__(self, b: Builder, plan: Plan, operands: Operands, piece: Value) -> None:
        self.b, self.plan, self.operands = b, plan, operands
        self.nest, self.numbers, self.lanes = plan.nest, plan.numbers, plan.lanes
        scratch = b.element(operands.scratch, plan.sums_bytes, UINT8)
        self._whole_b = scratch if operands.packed is None else operands.packed
        own = b.affine(plan.whole_b_bytes, [(piece, plan.panel_a_bytes + plan.panel_b_bytes)])
        self._panel_a = b.element(scratch, own, UINT8)
        self._panel_b = b.element(self._panel_a, plan.panel_a_bytes, UINT8)

    def rows(self, unit: Unit, block: Block, tile: TileAt, mask: Value | None) -> View:
        """A tile's rows of A; of lanewise products the part of them that belongs to its columns."""
        if self.plan.pack_a:
            panel = self._row_panel(unit, tile.number)
            return self._packed(panel, range(len(tile.steps())))
        offsets = tuple(
            sum(i * cut.axis.dim.a for i, cut in zip(at, tile.rows, strict=True)) for at in tile.steps()
        )
        column = Cut(self.nest.column, tile.columns.start)
        view = self._lying("a", [*unit.batch, *tile.rows, column], block, offsets, mask)
        return replace(view, is_odd=self.nest.is_odd)

    def columns(self, unit: Unit, block: Block, tile: TileAt, mask: Value | None) -> View:
        """A tile's columns of B."""
        columns = tile.columns
        offsets = tuple(v * self.lanes for v in range(columns.vectors))
        if self.nest.kind is Kind.INNER:
            # Beyond the last column that one is taken again: its sums are masked out.
            offsets = tuple(min(j, columns.inside - 1) * self.nest.column.dim.b for j in range(self.lanes))
        if not self.plan.pack_b:
            cuts = [*unit.batch, Cut(self.nest.column, columns.start)]
            view = self._lying("b", cuts, block, offsets, mask)
            step = self.nest.column.dim.b if self.nest.kind is Kind.INNER else view.depth[-1]
            ahead, apart = self.plan.fetched_ahead * step, self.nest.along_depth("b")
            count = self.plan.side_by_side
            return replace(view, ahead=ahead, is_odd=self.nest.is_odd, apart=apart, side_by_side=count)
        if not self.plan.pack_b_whole:
            return self._packed(self._panel_b, offsets)
        first = self.b.define(f"udiv {self.b.number(columns.start)}, {self.lanes}", INDEX)
        panel = self._whole_group(unit.batch, block.number, first)
        return replace(self._packed(panel, offsets), following=self._following(unit, tile, panel))

    def _following(self, unit: Unit, tile: TileAt, panel: Pointer) -> Following | None:
        """A tile's part of the next panel."""
        b, halvings = self.b, self.plan.fetched_beside
        if halvings is None:
            return None
        before = b.plus(tile.number, b.times(unit.rows.start, -1))
        start = b.affine(tile.columns.vectors * self.plan.group, [(before, self.plan.group >> halvings)])
        return Following(b.element(panel, start, self.numbers.dtype), halvings)

    def _lying(
        self,
        operand: str,
        cuts: Sequence[Cut],
        block: Block,
        offsets: tuple[int, ...],
        mask: Value | None = None,
    ) -> View:
        """Elements where they lie."""
        b, dtype = self.b, getattr(self.nest.form, operand)
        at = b.affine(0, [(cut.start, getattr(cut.axis.dim, operand)) for cut in (*cuts, *block.start)])
        depth = tuple(getattr(axis.dim, operand) for axis in self.nest.depth[-len(self.plan.blocks.inner) :])
        return View(b.element(getattr(self.operands, operand), at, dtype), dtype, depth, offsets, mask)

    def _packed(self, base: Pointer, offsets: Iterable[int]) -> View:
        """Packed groups; offsets are those of groups of one step."""
        depth = tuple(self.lanes * step for step in row_major(self.plan.blocks.inner))
        places = tuple(at // self.lanes * self.plan.group + at % self.lanes for at in offsets)
        return View(base, self.numbers.dtype, depth, places)

    def _row_panel(self, unit: Unit, number: Index) -> Pointer:
        """The panel of a tile's rows, after those of the unit's tiles before it."""
        b = self.b
        before = b.plus(number, b.times(unit.rows.start, -1))
        return b.element(self._panel_a, b.times(before, self.plan.row_panel), self.numbers.dtype)

    def pack_rows(self, unit: Unit, block: Block) -> None:
        """Panels of A for the rows of a unit, tile by tile."""
        b, split = self.b, self.plan.rows[-1]
        with b.loop(unit.rows.start, unit.rows.stop) as tile:
            number = opaque(b, tile.index)
            *outer, last = b.unravel(number, [split.count for split in self.plan.rows])
            start, size = start_and_size(b, split, last)
            cuts = [Cut(axis, x) for axis, x in zip(self.nest.rows, (*outer, start), strict=True)]
            lying = self._lying("a", [*unit.batch, *cuts], block, ())
            panel = self._row_panel(unit, number)
            self._pack(lying, self.nest.rows[-1].dim.a, block, size, split.largest, panel)

    def pack_columns(self, unit: Unit, block: Block, number: Index) -> None:
        """A panel of B for a tile of columns."""
        b, column = self.b, self.nest.column
        first, vectors = start_and_size(b, self.plan.columns, number)
        start = b.times(first, self.lanes)
        size = self._inside(start, b.times(vectors, self.lanes))
        lying = self._lying("b", [*unit.batch, Cut(column, start)], block, ())
        most = self.plan.columns.largest * self.lanes
        self._pack(lying, column.dim.b, block, size, most, self._panel_b)

    def _inside(self, start: Index, size: Index) -> Index:
        """How many of some columns there are."""
        b, extent = self.b, self.nest.column.dim.extent
        if extent % self.lanes == 0:
            return size
        return b.minimum(b.number(size), b.number(b.plus(extent, b.times(start, -1))))

    def _pack(self, lying: View, step: int, block: Block, size: Index, most: int, panel: Pointer) -> None:
        """Some rows or columns, at most ``most``, group by group."""
        b, lanes = self.b, self.lanes
        if most <= lanes:
            self._pack_group(lying, step, block, size, panel)
            return
        with b.loop(0, size, lanes) as loop:
            first = opaque(b, loop.index)
            number = b.define(f"udiv {first}, {lanes}", INDEX)
            moved = View(
                b.element(lying.base, b.times(first, step), lying.dtype), lying.dtype, lying.depth, ()
            )
            is_whole = isinstance(size, int) and size % lanes == 0
            left = b.minimum(b.number(b.plus(size, b.times(first, -1))), lanes)
            target = b.element(panel, b.times(number, self.plan.group), self.numbers.dtype)
            self._pack_group(moved, step, block, lanes if is_whole else left, target)

    def _pack_group(self, lying: View, step: int, block: Block, count: Index, target: Pointer) -> None:
        depth = tuple(zip(block.extents, lying.depth, strict=True))
        shortest, is_odd = self.plan.blocks.shortest, self.nest.is_odd
        group = Group(lying.base, lying.dtype, step, count, depth, shortest, is_odd)
        packer = PairPacker if self.nest.kind is Kind.PAIRS else Packer
        packer(self.b, self.numbers, group, target).write()

    def _batch_of_b(self) -> list[Axis]:
        """What B goes on along of the batch."""
        return [axis for axis in self.nest.batch if axis.dim.b]

    def _whole_group(self, batch: Sequence[Cut], block: Index, group: Index) -> Pointer:
        """Where a group lies of B packed as a whole."""
        b, extents = self.b, self.plan.groups_of_b
        at = [cut.start for cut in batch if cut.axis.dim.b]
        steps = [self.plan.group * step for step in row_major(extents)]
        number = b.affine(0, list(zip([*at, block, group], steps, strict=True)))
        return b.element(self._whole_b, number, self.numbers.dtype)

    def pack_whole(self, number: Index) -> None:
        """One group of B, by its number among all groups."""
        b, plan = self.b, self.plan
        *batch, which, group = b.unravel(number, plan.groups_of_b)
        cuts = [Cut(axis, x) for axis, x in zip(self._batch_of_b(), batch, strict=True)]
        block, start = block_at(b, plan, which), b.times(group, self.lanes)
        lying = self._lying("b", [*cuts, Cut(self.nest.column, start)], block, ())
        count = self._inside(start, self.lanes)
        target = self._whole_group(cuts, which, group)
        self._pack_group(lying, self.nest.column.dim.b, block, count, target)
