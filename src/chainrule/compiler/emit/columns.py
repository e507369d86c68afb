"""Folds along the axes before the last: a result for every element of the last axis, in vectors.

A block of columns is as wide as its sums fit in registers. Where rows are wider than a block, and more of
them are folded than a cache holds, they are taken in runs: every block passes over a run while it is in the
cache, and its sums wait in memory between runs. So what is folded is read once, in order.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chainrule.compiler.emit import registers
from chainrule.compiler.emit.contraction.opaque import opaque
from chainrule.compiler.emit.expression import Evaluator
from chainrule.compiler.emit.registers import Register
from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.core import Index as Place
from chainrule.compiler.loops.expr import Apply, cost, walk
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.loops.step import Definition

# Vectors of four-byte sums that are held at a time: the longer a run of a row is read, the quicker memory is.
# Narrow vectors come with fewer registers.
_MOST_TOTALS, _FEWER_TOTALS, _WIDE = 20, 8, 16

# Pointwise rows that a block may consist of: beyond that LLVM takes long, and caches of code are too small. A
# block that is a whole row, and so reads memory in order, is worth more.
_MOST_ROWS, _MOST_ROWS_OF_A_WHOLE = 160, 250

# Bytes that a run of rows may read; fewer where blocks are a single vector, which must follow each other
# closely for what is read to come in the order in which it lies.
_RUN, _RUN_OF_SINGLE_VECTORS = 1 << 15, 1 << 11

# Vectors that are written one after the other where the innermost axes are short; and how many operations
# make an axis one of those, since its rows share them.
_MOST_UNROLLED, _WORTH_SHARING = 8, 4

# Computes members at a vector: ``vector(evaluator, members, sums, number of the vector, vectors)``.
Vector = Callable[[Evaluator, Sequence[Definition], list[Register], int, int], None]


@dataclass(frozen=True)
class Run:
    """Folded rows that are taken at a time: ``count`` steps along ``axis``, and all of the axes behind it."""

    axis: int
    count: int


class Columns:
    """Writes the loops of a nest of columns.

    Parameters
    ----------
    b : Builder
        Where code goes.
    nest : Nest
        Of columns.
    lanes : int
        Elements of a vector.
    vector : callable
        Computes members at one vector.
    """

    def __init__(self, b: Builder, nest: Nest, lanes: int, vector: Vector) -> None:
        self.b, self.nest, self.lanes, self.vector = b, nest, lanes, vector
        self.last, self.width = len(nest.extents) - 1, nest.extents[-1]
        self.count = side_by_side(nest, lanes)
        self.blocks = -(-self.width // (self.count * lanes))
        self.run = run_of(nest, lanes)
        self.folds = [member for member in nest.members if member.folded]
        self.roots = [m.value for m in nest.members], [m.place for m in nest.members]

    def write(self, base: Evaluator, start: Place, stop: Place) -> None:
        """A part of the rows, or of the blocks of all rows."""
        b, rows = self.b, self.nest.extents[: self.nest.outer]
        base.hoist(*self.roots)
        units = rows if self.run is not None else (*rows, self.blocks)
        with b.loop(start, stop) as loop:
            at = b.unravel(opaque(b, loop.index), units)
            ev = base.at(dict(enumerate(at[: len(rows)])))
            ev.hoist(*self.roots)
            if self.run is None:
                self._whole(ev, at[-1])
            else:
                self._in_runs(ev, self.run)

    def _whole(self, ev: Evaluator, block: Place) -> None:
        """A block with its sums in registers from the first row to the last."""
        axes = self._in_order(range(self.nest.outer, self.last))
        vectors = self._vectors(block)
        extent = self.nest.extents[axes[0]]
        self._store(ev, vectors, self._down(ev, axes, 0, extent, self._beginning(), vectors))

    def _in_runs(self, ev: Evaluator, run: Run) -> None:
        """Runs of rows, and in each run all blocks."""
        b = self.b
        with b.loop(0, self.blocks) as loop:
            self._store(ev, self._vectors(opaque(b, loop.index)), self._beginning())
        self._each_run(ev, list(range(self.nest.outer, run.axis)), run)

    def _each_run(self, ev: Evaluator, before: Sequence[int], run: Run) -> None:
        b = self.b
        if before:
            axis, *rest = before
            with b.loop(0, self.nest.extents[axis]) as loop:
                inside = ev.at({axis: opaque(b, loop.index)})
                inside.hoist(*self.roots)
                self._each_run(inside, rest, run)
            return
        extent = self.nest.extents[run.axis]
        with b.loop(0, extent, run.count) as first, b.loop(0, self.blocks) as block:
            begin, which = opaque(b, first.index), opaque(b, block.index)
            stop = b.minimum(b.number(b.plus(begin, run.count)), extent)
            vectors, axes = self._vectors(which), [run.axis, *self._in_order(range(run.axis + 1, self.last))]
            sums = self._load(ev, vectors)
            self._store(ev, vectors, self._down(ev, axes, begin, stop, sums, vectors))

    def _vectors(self, block: Place) -> list[tuple[Place, Value | None]]:
        """Where the vectors of a block begin, and which of their lanes lie inside; None if all surely do."""
        b, lanes = self.b, self.lanes
        begin = b.times(block, self.count * lanes)
        starts = [b.plus(begin, v * lanes) for v in range(self.count)]
        if self.width % (self.count * lanes) == 0:
            return [(start, None) for start in starts]
        left = [b.plus(self.width, b.times(start, -1)) for start in starts]
        return [(start, b.first_lanes(n, lanes)) for start, n in zip(starts, left, strict=True)]

    def _beginning(self) -> list[Register]:
        """What sums begin with."""
        b, lanes = self.b, self.lanes
        return [
            registers.constant(b, registers.identity(str(m.combine), m.value.dtype), m.value.dtype, lanes)
            for m in self.folds
            for _ in range(self.count)
        ]

    def _load(self, ev: Evaluator, vectors: Sequence[tuple[Place, Value | None]]) -> list[Register]:
        """Sums as they were left."""
        along = [ev.along(self.last, start, self.lanes, mask) for start, mask in vectors]
        return [at.load(member.target, member.place) for member in self.folds for at in along]

    def _store(
        self, ev: Evaluator, vectors: Sequence[tuple[Place, Value | None]], sums: Sequence[Register]
    ) -> None:
        for i, member in enumerate(self.folds):
            for v, (start, mask) in enumerate(vectors):
                at = ev.along(self.last, start, self.lanes, mask)
                at.store(sums[i * self.count + v], member.target, member.place)

    def _down(
        self,
        ev: Evaluator,
        axes: Sequence[int],
        start: Place,
        stop: Place,
        sums: Sequence[Register],
        vectors: Sequence[tuple[Place, Value | None]],
    ) -> Sequence[Register]:
        """Loops over folded axes, of the first from ``start`` to ``stop``."""
        axis, *rest = axes
        if isinstance(start, int) and isinstance(stop, int) and self._is_short(axes):
            return self._unrolled(ev, axes, range(start, stop), sums, vectors)
        with registers.loop(self.b, start, stop, carried=sums) as loop:
            loop.next(*self._inside(ev.at({axis: opaque(self.b, loop.index)}), rest, loop.carried, vectors))
        return loop.results

    def _is_short(self, axes: Sequence[int]) -> bool:
        """Whether what is left of the axes is a few rows, which are then written one after the other."""
        return math.prod(self.nest.extents[a] for a in axes) * self.count <= _MOST_UNROLLED

    def _inside(
        self,
        ev: Evaluator,
        rest: Sequence[int],
        sums: Sequence[Register],
        vectors: Sequence[tuple[Place, Value | None]],
    ) -> Sequence[Register]:
        """What is done at each step of an axis: further axes, or one row of the block."""
        ev.hoist(*self.roots)
        if rest:
            return self._down(ev, rest, 0, self.nest.extents[rest[0]], sums, vectors)
        now = list(sums)
        for v, (start, mask) in enumerate(vectors):
            self.vector(ev.along(self.last, start, self.lanes, mask), self.nest.members, now, v, self.count)
        return now

    def _unrolled(
        self,
        ev: Evaluator,
        axes: Sequence[int],
        first: range,
        sums: Sequence[Register],
        vectors: Sequence[tuple[Place, Value | None]],
    ) -> Sequence[Register]:
        """A few rows of the block, one after the other; of each vector, what they share is computed once."""
        now = list(sums)
        points = list(itertools.product(first, *(range(self.nest.extents[a]) for a in axes[1:])))
        for v, (start, mask) in enumerate(vectors):
            along = ev.along(self.last, start, self.lanes, mask)
            along.hoist(*self.roots)
            for point in points:
                at = along.at(dict(zip(axes, point, strict=True)))
                self.vector(at, self.nest.members, now, v, self.count)
        return now

    def _in_order(self, axes: Sequence[int]) -> list[int]:
        """Folded axes from the outermost to the innermost.

        Short ones come last where much of the work does not depend on them, as on the place in a window of
        what the window's largest element is: their rows share it.
        """
        inside: list[int] = []
        for a in sorted(axes, key=self._shared_along, reverse=True):
            rows = math.prod(self.nest.extents[x] for x in (*inside, a))
            if self._shared_along(a) >= _WORTH_SHARING and rows * self.count <= _MOST_UNROLLED:
                inside.append(a)
        return [*(a for a in axes if a not in inside), *sorted(inside)]

    def _shared_along(self, axis: int) -> int:
        """Operations on vectors that other folded axes change, but not this one."""
        others = set(range(self.nest.outer, self.last)) - {axis}
        found = [x.axes for x in walk(*self.roots[0]) if isinstance(x, Apply) and axis not in x.axes]
        return sum(self.last in axes and not others.isdisjoint(axes) for axes in found)


def side_by_side(nest: Nest, lanes: int) -> int:
    """Vectors of columns that are folded at a time, as many in each block if that is possible."""
    vectors, most = -(-nest.extents[-1] // lanes), _MOST_TOTALS if lanes >= _WIDE else _FEWER_TOTALS
    size = sum(max(member.value.dtype.itemsize, 4) for member in nest.members if member.folded)
    rows = sum(1 + cost(member.value) for member in nest.members)
    held = 4 * most // size
    if vectors <= min(held, _MOST_ROWS_OF_A_WHOLE // rows):
        return vectors
    blocks = -(-vectors // max(1, min(held, _MOST_ROWS // rows)))
    count = -(-vectors // blocks)
    return next((n for n in range(count, (count - 1) // 2, -1) if vectors % n == 0), count)


def run_of(nest: Nest, lanes: int) -> Run | None:
    """The rows that all blocks take at a time; None if there is one block, or rows are few."""
    extents, last, count = nest.extents, len(nest.extents) - 1, side_by_side(nest, lanes)
    if not nest.outer or count * lanes >= extents[-1]:
        return None
    most = _RUN if count > 1 else _RUN_OF_SINGLE_VECTORS
    bytes_of_row = extents[-1] * sum(x.dtype.itemsize for x in nest.buffers())
    inner = [bytes_of_row * math.prod(extents[axis + 1 : last]) for axis in range(last)]
    axis = next((a for a in range(nest.outer, last) if inner[a] <= most), last - 1)
    steps = min(max(1, most // inner[axis]), extents[axis])
    return None if axis == nest.outer and steps == extents[axis] else Run(axis, steps)


def units_of_columns(nest: Nest, lanes: int) -> int:
    """How many parts there are that need nothing of each other."""
    rows = math.prod(nest.extents[: nest.outer])
    return rows if run_of(nest, lanes) else rows * -(-nest.extents[-1] // (side_by_side(nest, lanes) * lanes))
