"""Running folds along one axis.

Seen as (outer, steps, inner), the fold goes step by step, for a vector of inner elements at a time. Along
the last axis there is one inner element: then some rows are walked side by side, or, where the fold is
associative, vectors along the row are folded within themselves (`prefix`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chainrule.compiler.emit.irregular import elements
from chainrule.compiler.emit.irregular.elements import Elements, Fold, Number
from chainrule.compiler.emit.irregular.form import Irregular, Params, Phases, Rule, Specs, Task, irregular
from chainrule.compiler.emit.irregular.prefix import Prefix
from chainrule.compiler.emit.irregular.walk import in_vectors, share, whole
from chainrule.compiler.llvm import Builder
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.kernel import pieces_of
from chainrule.core.spec import Spec

# Independent chains hide how long one addition takes.
_VECTORS = 2
_ROWS = 8


@dataclass(frozen=True)
class Steps:
    """The axes of a running fold, as (outer, steps, inner)."""

    outer: int
    steps: int
    inner: int
    reverse: bool

    @classmethod
    def of(cls, spec: Spec, params: dict[str, Any]) -> Steps:
        """Those of an array that is folded along ``axis``."""
        axis, shape = params["axis"], spec.shape
        reverse = params.get("reverse", False)
        return cls(math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :]), reverse)

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.outer * self.steps * self.inner

    def place(self, b: Builder, outer: Index, step: Index, inner: Index) -> Index:
        """The element of a step; step 0 is the last in memory if the fold runs in reverse."""
        if self.reverse:
            step = b.plus(self.steps - 1, b.times(step, -1))
        return b.affine(inner, [(outer, self.steps * self.inner), (step, self.inner)])


# From what was folded so far (nothing at the first step), place and lanes: what is folded now.
Step = Callable[[Task, Number | None, Index, int], Number]


@dataclass(frozen=True)
class Running:
    """A running fold: the type in which it is folded and stored, and its step."""

    axes: Steps
    result: Elements
    step: Step

    def rows(self) -> Irregular:
        """Rows of one inner element each, some side by side."""
        axes = self.axes
        pieces = pieces_of(axes.size, -(-axes.outer // _ROWS))

        def write(task: Task) -> None:
            b = task.b

            def walk(outer: Index, count: int) -> None:
                self._walk(task, [(b.plus(outer, i), 0) for i in range(count)], 1)

            in_vectors(b, share(b, task.piece, pieces, axes.outer, _ROWS), _ROWS, walk)

        return irregular(write, pieces)

    def columns(self) -> Irregular:
        """Vectors of inner elements."""
        axes, lanes = self.axes, _VECTORS * self.result.lanes
        by_outer = axes.outer * lanes >= axes.inner
        pieces = pieces_of(axes.size, axes.outer if by_outer else -(-axes.inner // lanes))

        def write(task: Task) -> None:
            b = task.b
            outer = share(b, task.piece, pieces, axes.outer) if by_outer else whole(axes.outer)
            inner = whole(axes.inner) if by_outer else share(b, task.piece, pieces, axes.inner, lanes)
            with b.loop(outer.start, outer.stop) as loop:
                in_vectors(b, inner, lanes, lambda i, n: self._walk(task, [(loop.index, i)], n))

        return irregular(write, pieces)

    def _walk(self, task: Task, starts: Sequence[tuple[Index, Index]], lanes: int) -> None:
        """All steps of some chains, each of which begins at a place (outer, inner)."""
        b = task.b

        def step(number: Index, before: Sequence[Number | None]) -> list[Number]:
            found = []
            for (outer, inner), previous in zip(starts, before, strict=True):
                place = self.axes.place(b, outer, number, inner)
                found.append(self.step(task, previous, place, lanes))
                self.result.store(b, found[-1], task.outputs[0], place)
            return found

        first = step(0, [None] * len(starts))
        width = len(first[0])
        with b.loop(1, self.axes.steps, carried=[part for number in first for part in number]) as loop:
            before = [loop.carried[i : i + width] for i in range(0, len(loop.carried), width)]
            loop.next(*(part for number in step(loop.index, before) for part in number))


def _folding(fold: Fold, source: Elements, result: Elements) -> Step:
    """The step that folds the next element into what was folded so far."""

    def step(task: Task, before: Number | None, place: Index, lanes: int) -> Number:
        x = result.cast(task.b, source.load(task.b, task.inputs[0], place, lanes))
        return x if before is None else fold(task.b, before, x)

    return step


def _rule(fold: Fold, *, is_associative: bool) -> Rule:
    """The rule of a row that folds one argument; rounding or overflow may make an order matter."""

    def rule(inputs: Specs, outputs: Specs, params: Params) -> Phases:
        source, result = Elements(inputs[0].dtype), Elements(outputs[0].dtype)
        axes = Steps.of(outputs[0], params)
        if axes.size == 0:
            return ()
        running = Running(axes, result, _folding(fold, source, result))
        if axes.inner > 1:
            return (running.columns(),)
        if is_associative and not result.is_complex and axes.steps >= result.lanes:
            prefix = Prefix(source, result, fold, axes.outer, axes.steps, axes.reverse)
            return (prefix.irregular(),)
        return (running.rows(),)

    return rule


cumsum = _rule(elements.add, is_associative=True)
cummax = _rule(elements.maximum, is_associative=True)
cummin = _rule(elements.minimum, is_associative=True)
# A product of some factors in the middle may overflow where the running product does not.
cumprod = _rule(elements.multiply, is_associative=False)


def linear_scan(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """h[t] = a[t] · h[t-1] + b[t]."""
    kind, axes = Elements(outputs[0].dtype), Steps.of(outputs[0], params)
    if axes.size == 0:
        return ()

    def step(task: Task, before: Number | None, place: Index, lanes: int) -> Number:
        term = kind.load(task.b, task.inputs[1], place, lanes)
        if before is None:
            return term
        factor = kind.load(task.b, task.inputs[0], place, lanes)
        return elements.add(task.b, elements.multiply(task.b, factor, before), term)

    running = Running(axes, kind, step)
    return (running.columns() if axes.inner > 1 else running.rows(),)
