"""Where the largest or the smallest element stands: the first of equal ones, and NaN before all numbers.

The last axis is taken in vectors, whether it is folded or kept; where it is folded, the lanes' best are
compared at the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chainrule.compiler.emit.irregular.elements import Elements, highest, lowest
from chainrule.compiler.emit.irregular.form import Irregular, Params, Phases, Rule, Specs, Task, irregular
from chainrule.compiler.emit.irregular.walk import Dim, in_vectors, merged, share, whole
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.form import row_major
from chainrule.compiler.loops.kernel import pieces_of
from chainrule.core.spec import Shape
from chainrule.dtypes import DType, int32, int64

# Independent chains hide how long one comparison takes.
_CHAINS = 4
# Best element so far and its place, numbers or vectors.
Best = tuple[Value, ...]


@dataclass(frozen=True)
class Extreme:
    """How elements compete.

    Attributes
    ----------
    kind : Elements
        Their type.
    beats : str
        ``gt`` for the largest, ``lt`` for the smallest.
    place : dtype
        Type of places.
    """

    kind: Elements
    beats: str
    place: DType

    def better(self, b: Builder, x: Best, y: Best) -> Best:
        """Of two candidates of which the second stands further on, the better one."""
        return self._chosen(b, self.is_better(b, y[0], x[0]), y, x)

    def best(self, b: Builder, x: Best, y: Best) -> Best:
        """Of two candidates the better one, or the first of equal ones."""
        wins = self.is_better(b, y[0], x[0])
        ties = b.bits_not(b.bits_or(wins, self.is_better(b, x[0], y[0])))
        is_first = b.compare("lt", y[1], x[1])
        return self._chosen(b, b.bits_or(wins, b.bits_and(ties, is_first)), y, x)

    def is_better(self, b: Builder, x: Value, y: Value) -> Value:
        """Whether one element beats another."""
        if x.kind != "f":
            return b.compare(self.beats, x, y)
        # Not beaten by y: larger, or one of both is NaN; then x must be that one alone.
        is_new = b.bits_not(b.compare({"gt": "le", "lt": "ge"}[self.beats], x, y))
        return b.bits_and(is_new, b.bits_not(b.is_nan(y)))

    @staticmethod
    def _chosen(b: Builder, condition: Value, x: Best, y: Best) -> Best:
        return b.select(condition, x[0], y[0]), b.select(condition, x[1], y[1])

    def across_lanes(self, b: Builder, best: Best) -> Best:
        """The best of all lanes."""
        x, place = best
        while x.lanes > 1:
            low, high = range(x.lanes // 2), range(x.lanes // 2, x.lanes)
            if len(low) == 1:
                return self.best(b, (b.lane(x, 0), b.lane(place, 0)), (b.lane(x, 1), b.lane(place, 1)))
            halves = [(b.shuffle(x, part), b.shuffle(place, part)) for part in (low, high)]
            x, place = self.best(b, *halves)
        return x, place


class Axes:
    """The axes of an array of which some are folded, as few as possible.

    Strides lead through the array, through the result, and through the folded elements of one result.
    """

    def __init__(self, shape: Shape, folded: Sequence[int]) -> None:
        kept = [a for a in range(len(shape)) if a not in folded]
        inside = row_major(shape)
        to_result = dict(zip(kept, row_major(tuple(shape[a] for a in kept)), strict=True))
        to_place = dict(zip(folded, row_major(tuple(shape[a] for a in folded)), strict=True))
        axes = [Dim(n, (inside[a], to_result.get(a, 0), to_place.get(a, 0))) for a, n in enumerate(shape)]
        dims = merged(axes)
        self.kept = [dim for dim in dims if dim.strides[1]]
        self.folded = [dim for dim in dims if not dim.strides[1]]
        self.last_is_kept = bool(dims) and dims[-1].strides[1] != 0
        self.results = math.prod(shape[a] for a in kept)
        self.size = math.prod(shape)


class Search:
    """Writes the search for the places of extremes.

    Parameters
    ----------
    axes : Axes
        What is folded.
    extreme : Extreme
        Who wins.
    start : number
        What no element loses against.
    """

    def __init__(self, axes: Axes, extreme: Extreme, start: Any) -> None:
        self.axes, self.extreme, self.start = axes, extreme, start

    def irregular(self) -> Irregular:
        """The kernel."""
        return self._columns() if self.axes.last_is_kept else self._rows()

    def _rows(self) -> Irregular:
        """The last axis is folded: pieces share the results."""
        axes = self.axes
        pieces = pieces_of(axes.size, axes.results)

        def write(task: Task) -> None:
            b = task.b
            span = share(b, task.piece, pieces, axes.results)
            with b.loop(span.start, span.stop) as loop:
                x, y = self._starts(b, loop.index, axes.kept)
                self._store(b, self._of_row(b, task.inputs[0], x), task.outputs[0], y)

        return irregular(write, pieces, optimise=True)

    def _columns(self) -> Irregular:
        """The last axis is kept: vectors of results."""
        axes, (*rows, last) = self.axes, self.axes.kept
        lanes, count = self._together(last.extent), math.prod(dim.extent for dim in rows)
        by_rows = count * lanes >= last.extent
        pieces = pieces_of(axes.size, count if by_rows else -(-last.extent // lanes))

        def write(task: Task) -> None:
            b = task.b
            outer = share(b, task.piece, pieces, count) if by_rows else whole(count)
            inner = whole(last.extent) if by_rows else share(b, task.piece, pieces, last.extent, lanes)
            with b.loop(outer.start, outer.stop) as loop:
                x, y = self._starts(b, loop.index, rows)

                def search(i: Index, lanes: int) -> None:
                    found = self._of_columns(b, task.inputs[0], b.plus(x, i), lanes)
                    self._store(b, found, task.outputs[0], b.plus(y, i))

                in_vectors(b, inner, lanes, search)

        return irregular(write, pieces, optimise=True)

    def _together(self, extent: int) -> int:
        """How many elements of an axis are looked at together, if there are as many."""
        one = self.extreme.kind.lanes
        return _CHAINS * one if extent >= _CHAINS * one else one

    @staticmethod
    def _starts(b: Builder, row: Index, dims: Sequence[Dim]) -> tuple[Index, Index]:
        """Where a row begins in the array and in the result."""
        at = b.unravel(row, [dim.extent for dim in dims])
        x, y = (b.affine(0, [(i, d.strides[k]) for i, d in zip(at, dims, strict=True)]) for k in (0, 1))
        return x, y

    def _store(self, b: Builder, best: Best, y: Pointer, at: Index) -> None:
        b.store(b.cast(best[1], int64), b.element(y, at, int64))

    def _begin(self, b: Builder, lanes: int) -> Best:
        extreme = self.extreme
        return b.constant(self.start, extreme.kind.register, lanes), b.constant(0, extreme.place, lanes)

    def _of_columns(self, b: Builder, x: Pointer, start: Index, lanes: int) -> Best:
        """Results that lie side by side, each in its lane."""

        def look(x_at: Index, place: Index, best: Best) -> Best:
            return self._against(b, x, x_at, b.splat(self._place(b, place), lanes), best)

        return _folded(b, self.axes.folded, (start, 0), self._begin(b, lanes), look)

    def _of_row(self, b: Builder, x: Pointer, start: Index) -> Best:
        """One result, of elements that lie side by side; of a last vector some are seen twice."""
        *outer, run = self.axes.folded or [Dim(1, (1, 0, 1))]
        lanes = self._together(run.extent)
        lanes = lanes if lanes <= run.extent else 1
        numbers = b.constants(range(lanes), self.extreme.place)

        def look(x_at: Index, place: Index, best: Best) -> Best:
            def vector(i: Index, now: Best) -> Best:
                first = self._place(b, b.plus(place, i))
                places = first if lanes == 1 else b.add(first, numbers)
                return self._against(b, x, b.plus(x_at, i), places, now)

            with b.loop(0, run.extent // lanes * lanes, lanes, best) as loop:
                loop.next(*vector(loop.index, loop.carried))
            if run.extent % lanes:
                return vector(run.extent - lanes, loop.results)
            return loop.results

        return self.extreme.across_lanes(b, _folded(b, outer, (start, 0), self._begin(b, lanes), look))

    def _place(self, b: Builder, place: Index) -> Value:
        return b.cast(b.number(place), self.extreme.place)

    def _against(self, b: Builder, x: Pointer, at: Index, places: Value, best: Best) -> Best:
        (elements,) = self.extreme.kind.load(b, x, at, places.lanes)
        return self.extreme.better(b, best, (elements, places))


def _folded(
    b: Builder,
    dims: Sequence[Dim],
    at: tuple[Index, Index],
    best: Best,
    look: Callable[[Index, Index, Best], Best],
) -> Best:
    """Loops over folded axes, which hand on the best so far."""
    if not dims:
        return look(*at, best)
    dim, *inner = dims
    with b.loop(0, dim.extent, carried=best) as loop:
        x, place = (
            b.plus(start, b.times(loop.index, dim.strides[k])) for start, k in zip(at, (0, 2), strict=True)
        )
        loop.next(*_folded(b, inner, (x, place), loop.carried, look))
    return loop.results


def _rule(beats: str, start: Callable[[DType], Any]) -> Rule:
    def rule(inputs: Specs, outputs: Specs, params: Params) -> Phases:
        axes, kind = Axes(inputs[0].shape, params["axis"]), Elements(inputs[0].dtype)
        if axes.results == 0:
            return ()
        place = int32 if kind.register.itemsize < 8 and axes.size < 1 << 31 else int64
        return (Search(axes, Extreme(kind, beats, place), start(kind.register)).irregular(),)

    return rule


argmax = _rule("gt", lowest)
argmin = _rule("lt", highest)
