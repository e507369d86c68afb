r"""Running folds along contiguous rows, a vector at a time.

Within a vector of :math:`2^k` lanes, k steps fold into each lane what lies 1, 2, 4, … lanes before it (Hillis
and Steele, "Data parallel algorithms", 1986). Then what was folded before the vector is folded into
all lanes: one operation per vector is all that must wait for the vector before.
"""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.compiler.emit.irregular.elements import Elements, Fold
from chainrule.compiler.emit.irregular.form import Irregular, Task, irregular
from chainrule.compiler.emit.irregular.walk import share, shorter
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.kernel import pieces_of


@dataclass(frozen=True)
class Prefix:
    """A running fold of real numbers along rows.

    Attributes
    ----------
    source, result : Elements
        Types of argument and result.
    fold : callable
        An associative operation.
    rows, steps : int
        Number of rows, and of elements in each; at least one vector.
    reverse : bool
        Whether to run from the last element to the first.
    """

    source: Elements
    result: Elements
    fold: Fold
    rows: int
    steps: int
    reverse: bool

    def irregular(self) -> Irregular:
        """The kernel: pieces share the rows."""
        pieces = pieces_of(self.rows * self.steps, self.rows)

        def write(task: Task) -> None:
            b = task.b
            span = share(b, task.piece, pieces, self.rows)
            with b.loop(span.start, span.stop) as loop:
                self._row(b, task.inputs[0], task.outputs[0], b.times(loop.index, self.steps))

        return irregular(write, pieces)

    def _row(self, b: Builder, x: Pointer, y: Pointer, row: Index) -> None:
        lanes = self.result.lanes
        full = self.steps // lanes * lanes
        last = self._vector(b, x, y, row, 0, lanes, None)
        with b.loop(lanes, full, lanes, carried=[last]) as loop:
            loop.next(self._vector(b, x, y, row, loop.index, lanes, loop.carried[0]))
        last = loop.results[0]
        for at, count in shorter(full, self.steps):
            if count < last.lanes:
                last = b.shuffle(last, range(count)) if count > 1 else b.lane(last, 0)
            last = self._vector(b, x, y, row, at, count, last)

    def _vector(
        self, b: Builder, x: Pointer, y: Pointer, row: Index, step: Index, lanes: int, before: Value | None
    ) -> Value:
        """Some steps; gives what is folded up to the last of them, in all lanes."""
        if self.reverse:
            step = b.plus(self.steps - lanes, b.times(step, -1))
        place = b.plus(row, step)
        (found,) = self.result.cast(b, self.source.load(b, x, place, lanes))
        found = self._within(b, found)
        last = 0 if self.reverse else lanes - 1
        total = b.shuffle(found, [last] * lanes) if lanes > 1 else found
        if before is not None:
            (total,) = self.fold(b, (before,), (total,))
            (found,) = self.fold(b, (before,), (found,))
        self.result.store(b, (found,), y, place)
        return total

    def _within(self, b: Builder, x: Value) -> Value:
        """Each lane with all before it folded in."""
        lanes, distance = x.lanes, 1
        while distance < lanes:
            away = distance if self.reverse else -distance
            inside = [0 <= i + away < lanes for i in range(lanes)]
            moved = b.shuffle(x, [i + away if ok else i for i, ok in enumerate(inside)])
            (folded,) = self.fold(b, (moved,), (x,))
            x = b.shuffle(x, [i + lanes if ok else i for i, ok in enumerate(inside)], folded)
            distance *= 2
        return x
