"""Loop nests as LLVM: rows phase by phase, vectors along the last axis, folds in several accumulators."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chainrule.compiler.emit import registers
from chainrule.compiler.emit.ahead import fetch, fetched_ahead
from chainrule.compiler.emit.columns import Columns, units_of_columns
from chainrule.compiler.emit.contraction.opaque import opaque
from chainrule.compiler.emit.contraction.tiles import Part
from chainrule.compiler.emit.contraction.walk import Range, each_tile
from chainrule.compiler.emit.expression import Evaluator
from chainrule.compiler.emit.neighbours import points_of, starts_of, tiling_of
from chainrule.compiler.emit.past import stored_past_caches
from chainrule.compiler.emit.registers import Register, combiner
from chainrule.compiler.emit.transposed import keep_tile, kept_row, load_tile, turned_reads
from chainrule.compiler.llvm import INDEX, Builder, Value
from chainrule.compiler.llvm.core import Index as Place
from chainrule.compiler.loops.expr import Buffer, Read, cost
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.kernel import Nest, pieces_in_rows, pieces_of, rows_together
from chainrule.compiler.loops.step import Definition

# Accumulators of a fold: as many additions are under way at a time, and sums stay more exact.
_ACCUMULATORS = 4
# Pointwise rows up to which each vector of a square tile is written out.
_MOST_WRITTEN_OUT = 3


class NestEmitter:
    """Writes one kernel.

    Parameters
    ----------
    b : Builder
        A function of ``(ptr buffers, i64 piece)``.
    nest : Nest
        What it computes.
    lanes : int
        Elements of a vector.
    """

    def __init__(self, b: Builder, nest: Nest, lanes: int) -> None:
        self.b, self.nest, self.lanes = b, nest, lanes
        pointers = {x: b.pointer_in("buffers", i) for i, x in enumerate(nest.buffers())}
        self.tiling = tiling_of(nest, lanes)
        self.pieces = _pieces(nest, lanes)
        self.sums = {m.target: m for m in nest.members if nest.adds_up_in_memory(m)}
        self.fetched = fetched_ahead(nest)
        self.ahead: Evaluator | None = None
        for x in nest.buffers():
            if x in nest.in_rows or x in self.sums:
                own = b.times(b.argument("piece"), x.size // self.pieces)
                pointers[x] = b.element(pointers[x], own, x.dtype)
        self.turned = turned_reads(nest)
        self.past = stored_past_caches(nest, lanes) if self.turned is None else frozenset[Buffer]()
        self.base = Evaluator(b, pointers, nest.extents, frozenset(nest.writes()), self.past)

    def write(self) -> None:
        """The code of one piece."""
        if math.prod(self.nest.extents) > 0:
            self._write()
        if self.past:
            self.b.fence()

    def _write(self) -> None:
        if self.turned is not None:
            self._tiles(*self.turned)
        elif self.nest.columns:
            self._columns()
        elif self.tiling is not None:
            self._neighbours([split.parts for split in self.tiling])
        elif self.nest.outer == len(self.nest.extents):
            self._points()
        else:
            self._rows()

    def _share(self, count: int, unit: int = 1) -> tuple[Place, Place]:
        """The part of 0 … count that is this piece's, in whole units."""
        if self.pieces == 1:
            return 0, count
        b, piece, units = self.b, self.b.argument("piece"), _ceiling(count, unit)
        starts = [b.number(b.times(n, units)) for n in (piece, b.plus(piece, 1))]
        start, stop = (b.times(b.define(f"udiv {x}, {self.pieces}", INDEX), unit) for x in starts)
        return start, stop if count % unit == 0 else b.minimum(b.number(stop), count)

    def _points(self) -> None:
        """A nest without folds: the last axis in vectors, all others one by one."""
        *before, last = self.nest.extents or (1,)
        axis = len(before)
        roots, places = _roots(self.nest.members)
        if not self.nest.extents:
            self._point(self.base, self.nest.members)
            return
        if not before:
            self.base.hoist(roots, places)
            start, stop = self._share(last, self.lanes)
            self._vectors(self.base, axis, start, stop, self.nest.members, [])
            return
        self._each_row(lambda ev: self._vectors(ev, axis, 0, last, self.nest.members, []), len(before))

    def _neighbours(self, parts: Sequence[Sequence[Part]]) -> None:
        """Tiles of points that read much in common, and along the last axis vectors of all of them."""
        b, lanes, axis, extent = self.b, self.lanes, len(parts), self.nest.extents[-1]
        self.base.hoist(*_roots(self.nest.members))

        def tile(_: Place, found: list[tuple[Place, Part]]) -> None:
            ev = self.base.at({a: start for a, (start, _) in enumerate(found)})
            ev.hoist([], starts_of(self.nest))
            sizes, full = [part.size for _, part in found], extent // lanes * lanes
            if full:
                with b.loop(0, full, lanes) as loop:
                    self._neighbours_at(ev.along(axis, opaque(b, loop.index), lanes), sizes)
            if full < extent:
                mask = b.first_lanes(extent - full, lanes)
                self._neighbours_at(ev.along(axis, full, lanes, mask), sizes)

        start, stop = self._share(math.prod(sum(part.count for part in of_axis) for of_axis in parts))
        each_tile(b, parts, Range(start, stop), tile)

    def _neighbours_at(self, ev: Evaluator, sizes: Sequence[int]) -> None:
        for point in points_of(ev, sizes):
            self._vector(point, self.nest.members, [], 0, 1)

    def _tiles(self, axis: int, reads: Sequence[Read]) -> None:
        """Square tiles of an axis and the last; all other axes one by one."""
        b, lanes, extents = self.b, self.lanes, self.nest.extents
        last = len(extents) - 1
        others = [a for a in range(last) if a != axis]
        blocks = -(-extents[axis] // lanes)
        roots, places = _roots(self.nest.members)
        self.base.hoist(roots, places)
        start, stop = self._share(blocks * math.prod(extents[a] for a in others))
        with b.loop(start, stop) as loop:
            *at, block = b.unravel(opaque(b, loop.index), (*(extents[a] for a in others), blocks))
            ev = self.base.at(dict(zip(others, at, strict=True)))
            ev.hoist(roots, places)
            begin = b.times(block, lanes)
            with b.loop(0, extents[last], lanes) as columns:
                self._tile_of_any_height(ev, axis, begin, opaque(b, columns.index), reads)

    def _tile_of_any_height(
        self, ev: Evaluator, axis: int, begin: Place, column: Place, reads: Sequence[Read]
    ) -> None:
        """A whole tile, or the last one, which may be lower."""
        b, extent = self.b, self.nest.extents[axis]
        full, rest = extent // self.lanes * self.lanes, extent % self.lanes
        if not rest or not full:
            self._tile(ev, axis, begin, rest or self.lanes, column, reads)
            return
        if self._is_heavy():
            left = b.minimum(b.number(b.plus(extent, b.times(begin, -1))), self.lanes)
            self._tile(ev, axis, begin, left, column, reads)
            return
        is_full = b.compare("lt", b.number(begin), full)
        with b.when(is_full):
            self._tile(ev, axis, begin, self.lanes, column, reads)
        with b.when(b.bits_not(is_full)):
            self._tile(ev, axis, begin, rest, column, reads)

    def _is_heavy(self) -> bool:
        """Whether the vectors of a tile are computed in a loop: written out, they take LLVM too long."""
        return sum(cost(m.value) for m in self.nest.members) > _MOST_WRITTEN_OUT

    def _tile(
        self, ev: Evaluator, axis: int, begin: Place, count: Place, column: Place, reads: Sequence[Read]
    ) -> None:
        b, lanes, last = self.b, self.lanes, len(self.nest.extents) - 1
        width = self.nest.extents[last]
        square = ev.at({})
        square.lanes = lanes
        # Definitions that read the same element have each a node of their own for it.
        alike = {(read.buffer, read.form): read for read in reads}
        tiles = {x: load_tile(square, read, axis, begin, count, column, width) for x, read in alike.items()}
        mask = None if width % lanes == 0 else b.first_lanes(b.plus(width, b.times(column, -1)), lanes)

        def vector(u: Place, rows: Mapping[tuple[Buffer, Form], Value]) -> None:
            at = ev.at({axis: b.plus(begin, u)}).along(last, column, lanes, mask)
            for read in reads:
                at.know(read, rows[read.buffer, read.form])
            self._vector(at, self.nest.members, [], 0, 1)

        if isinstance(count, int) and not self._is_heavy():
            for u in range(count):
                vector(u, {x: rows[u] for x, rows in tiles.items()})
            return
        kept = {x: keep_tile(b, rows) for x, rows in tiles.items()}
        with b.loop(0, count) as loop:
            at = opaque(b, loop.index)
            vector(at, {x: kept_row(b, kept[x], rows[0], at) for x, rows in tiles.items()})

    def _columns(self) -> None:
        columns = Columns(self.b, self.nest, self.lanes, self._vector)
        columns.write(self.base, *self._share(units_of_columns(self.nest, self.lanes)))

    def _each_row(self, body: Callable[[Evaluator], Any], count: int) -> None:
        """Run over the points of the first axes, those of this piece."""
        b, extents = self.b, self.nest.extents[:count]
        roots, places = _roots(self.nest.members)
        self.base.hoist(roots, places)
        start, stop = self._share(math.prod(extents))
        with b.loop(start, stop) as loop:
            ev = self.base.at(dict(enumerate(b.unravel(opaque(b, loop.index), extents))))
            ev.hoist(roots, places)
            body(ev)

    def _rows(self) -> None:
        roots, places = _roots(self.nest.members)
        self.base.hoist(roots, places)
        if not self.nest.outer:
            self._phases([self.base], [None])
            return
        b, extents = self.b, self.nest.extents[: self.nest.outer]
        together = rows_together(self.nest)
        self._begin_sums()
        start, stop = self._share(math.prod(extents), together)
        with b.loop(start, stop, together) as loop:
            first = opaque(b, loop.index)
            rows = [self._row(b.unravel(b.plus(first, i), extents), i, together) for i in range(together)]
            for ev in rows:
                ev.hoist(roots, places)
            self._phases(rows, self._following(b.plus(first, together), together))

    def _begin_sums(self) -> None:
        """What this piece's sums of columns begin with."""
        b, lanes, axis, extent = self.b, self.lanes, len(self.nest.extents) - 1, self.nest.extents[-1]
        if not self.sums:
            return
        with b.loop(0, extent, lanes) as loop:
            start = opaque(b, loop.index)
            mask = b.first_lanes(b.plus(extent, b.times(start, -1)), lanes) if extent % lanes else None
            at = self.base.along(axis, start, lanes, mask)
            for m in self.sums.values():
                dtype = m.value.dtype
                first = registers.constant(b, registers.identity(str(m.combine), dtype), dtype, lanes)
                at.store(first, m.target, m.place)

    def _row(self, at: Sequence[Place], number: int, together: int) -> Evaluator:
        """One of the rows that are worked on together; what it keeps for itself has a room of its own."""
        ev = self.base.at(dict(enumerate(at)))
        rooms = {x: x.size // self.pieces // together for x in self.nest.in_rows}
        moved = {x: self.b.element(ev.pointers[x], number * size, x.dtype) for x, size in rooms.items()}
        ev.pointers = {**ev.pointers, **moved}
        return ev

    def _following(self, first: Place, count: int) -> list[Evaluator | None]:
        """The rows after those that are worked on, if they are fetched meanwhile."""
        if not self.fetched:
            return [None] * count
        b, extents = self.b, self.nest.extents[: self.nest.outer]
        return [self.base.at(dict(enumerate(b.unravel(b.plus(first, i), extents)))) for i in range(count)]

    def _phases(self, rows: Sequence[Evaluator], following: Sequence[Evaluator | None]) -> None:
        """The phases of some rows: each of all rows, so that no row waits for its own folds alone."""
        for number, phase in enumerate(self.nest.phases()):
            whole = [m for m in phase if len(m.extents) == len(self.nest.extents)]
            before, after = _around(whole, phase)
            for ev, ahead in zip(rows, following, strict=True):
                self._point(ev, before)
                if whole:
                    ev.hoist(*_roots(whole))
                    self.ahead = ahead if number == 0 else None
                    self._pass(ev, whole)
                self._point(ev, after)

    def _point(self, ev: Evaluator, members: Sequence[Definition]) -> None:
        """Definitions at one point."""
        for member in members:
            self._give(ev, member, ev.value(member.value))

    def _give(self, ev: Evaluator, member: Definition, x: Register) -> None:
        """Store an element, and hold it for those who read it at this point."""
        ev.held[member.target] = x
        if self.nest.is_stored(member):
            ev.store(x, member.target, member.place)

    def _pass(self, ev: Evaluator, members: Sequence[Definition]) -> None:
        """One pass over the inner axes of a row."""
        folds = [m for m in members if m.folded and m.target not in self.sums]
        b, inner = self.b, list(range(self.nest.outer, len(self.nest.extents)))
        short = self.nest.extents[-1] < 2 * self.lanes
        count = _ACCUMULATORS if folds and not short else 1
        start = [
            registers.constant(b, registers.identity(str(m.combine), dtype), dtype, self.lanes)
            for m, dtype in ((m, m.value.dtype) for m in folds)
            for _ in range(count)
        ]
        found = self._inner(ev, inner, members, start)
        for i, member in enumerate(folds):
            combine = combiner(b, str(member.combine), member.value.dtype)
            total = found[i * count]
            for other in found[i * count + 1 : (i + 1) * count]:
                total = combine(total, other)
            self._give(ev, member, registers.fold_lanes(b, combine, total))

    def _inner(
        self, ev: Evaluator, axes: Sequence[int], members: Sequence[Definition], carried: Sequence[Register]
    ) -> Sequence[Register]:
        """Loops over all inner axes but the last, which is taken in vectors."""
        roots, places = _roots(members)
        axis, *rest = axes
        if not rest:
            return self._vectors(ev, axis, 0, self.nest.extents[axis], members, carried)
        with registers.loop(self.b, 0, self.nest.extents[axis], carried=carried) as loop:
            inside = ev.at({axis: opaque(self.b, loop.index)})
            inside.hoist(roots, places)
            loop.next(*self._inner(inside, rest, members, loop.carried))
        return loop.results

    def _vectors(
        self,
        ev: Evaluator,
        axis: int,
        start: Place,
        stop: Place,
        members: Sequence[Definition],
        carried: Sequence[Register],
    ) -> Sequence[Register]:
        """Elements along one axis, in vectors and what is left."""
        b, lanes = self.b, self.lanes
        folds = sum(bool(m.folded) and m.target not in self.sums for m in members)
        each = len(carried) // folds if folds else 1
        step = lanes * each
        if isinstance(start, int) and isinstance(stop, int):
            full: Place = start + (stop - start) // step * step
        else:
            length = b.plus(stop, b.times(start, -1))
            full = b.plus(stop, b.times(b.modulo(length, step), -1))
        if not isinstance(full, int) or not isinstance(start, int) or full > start:
            with registers.loop(b, start, full, step, carried) as loop:
                now, first = list(loop.carried), opaque(b, loop.index)
                for u in range(each):
                    at = ev.along(axis, b.plus(first, u * lanes), lanes)
                    self._vector(at, members, now, u, each)
                    if self.ahead is not None:
                        fetch(self.ahead.along(axis, b.plus(first, u * lanes), lanes), self.fetched)
                loop.next(*now)
            carried = loop.results
        return self._rest(ev, axis, full, stop, members, list(carried), each)

    def _rest(
        self,
        ev: Evaluator,
        axis: int,
        full: Place,
        stop: Place,
        members: Sequence[Definition],
        carried: list[Register],
        each: int,
    ) -> Sequence[Register]:
        """The last elements, fewer than a step: whole vectors and one that is masked."""
        b, lanes = self.b, self.lanes
        if isinstance(full, int) and isinstance(stop, int):
            for u, begin in enumerate(range(full, stop, lanes)):
                count = min(lanes, stop - begin)
                mask = None if count == lanes else b.first_lanes(count, lanes)
                self._vector(ev.along(axis, begin, lanes, mask), members, carried, u % each, each)
            return carried
        left = b.plus(stop, b.times(full, -1))
        with b.when(b.compare("gt", b.number(left), 0)):
            self._vector(ev.along(axis, full, lanes, b.first_lanes(left, lanes)), members, carried, 0, each)
        return carried

    def _vector(
        self, ev: Evaluator, members: Sequence[Definition], carried: list[Register], u: int, each: int
    ) -> None:
        """All definitions of a pass, at one vector of elements."""
        fold = 0
        for member in members:
            x = ev.value(member.value)
            if not member.folded:
                self._give(ev, member, x)
                continue
            if member.target in self.sums:
                so_far = ev.load(member.target, member.place)
                ev.store(self._folded(member, so_far, x, None), member.target, member.place)
                continue
            place = fold * each + u
            carried[place] = self._folded(member, carried[place], x, ev.mask)
            fold += 1

    def _folded(self, member: Definition, total: Register, x: Register, mask: Value | None) -> Register:
        b = self.b
        combine = combiner(b, str(member.combine), member.value.dtype)
        found: Register = combine(total, registers.splat(b, x, total.lanes))
        return found if mask is None else registers.select(b, mask, found, total)


def _ceiling(count: int, size: int) -> int:
    """How many parts of a size cover a count."""
    return -(-count // size)


def _roots(members: Sequence[Definition]) -> tuple[list[Any], list[Any]]:
    return [m.value for m in members], [m.place for m in members]


def _around(
    whole: Sequence[Definition], phase: Sequence[Definition]
) -> tuple[list[Definition], list[Definition]]:
    """Definitions of one element per row: those that come before a pass, and those that wait for it."""
    before: list[Definition] = []
    after: list[Definition] = []
    earlier: list[Definition] = []
    for member in phase:
        waits = member not in whole and _follows(member, earlier)
        if member not in whole:
            (after if waits else before).append(member)
        if member in whole or waits:
            earlier.append(member)
    return before, after


def _follows(member: Definition, others: Sequence[Definition]) -> bool:
    """Whether a definition reads what others make, or overwrites what they read."""
    made = {m.target for m in others}
    return bool(made & set(member.reads())) or any(member.target in m.reads() for m in others)


def _pieces(nest: Nest, lanes: int) -> int:
    """Into how many pieces the nest is cut, by its shape."""
    if not nest.extents or math.prod(nest.extents) == 0:
        return 1
    if nest.columns:
        rows = units_of_columns(nest, lanes)
    elif (tiles := turned_reads(nest)) is not None:
        axis, _ = tiles
        rows = math.prod(nest.extents[:-1]) // nest.extents[axis] * -(-nest.extents[axis] // lanes)
    elif (tiling := tiling_of(nest, lanes)) is not None:
        rows = math.prod(split.count for split in tiling)
    elif nest.outer == len(nest.extents) == 1:
        rows = -(-nest.extents[0] // lanes)
    elif nest.outer < len(nest.extents):
        return pieces_in_rows(nest)
    else:
        rows = math.prod(nest.extents[: nest.outer - 1])
    return pieces_of(nest.work, rows)
