"""Scans: steps in order, whose slices of sequences are windows that move on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chainrule.compiler.loops.expr import Buffer, Expr, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.lowering import Lowering, rule
from chainrule.compiler.loops.rules.control import Body, carried, in_memory, read_whole
from chainrule.compiler.loops.shares import in_shares
from chainrule.compiler.loops.step import Definition, Repeat, Step, Window
from chainrule.core.interpreter import Symbol
from chainrule.graph import Graph, Node


@dataclass
class Trail:
    """A state whose values before all steps are a result, one behind the other: each step leaves the next.

    Attributes
    ----------
    base : Buffer
        As many values as there are steps, and one more.
    before, after : Window
        What a step reads and what it writes.
    first, last : int
        Where the values before the first step and after the last one begin.
    """

    base: Buffer
    before: Window
    after: Window
    first: int
    last: int


class Scan:
    """A scan while it is lowered.

    Parameters
    ----------
    lowering : Lowering
        Of the program around it.
    node : Node
        The operation.
    inputs : sequence of Expr
        First states, sequences, and what the body captured.
    """

    def __init__(self, lowering: Lowering, node: Node, inputs: Sequence[Expr]) -> None:
        self.lowering, self.node = lowering, node
        self.body: Graph = node.params["body"]
        self.carries: int = node.params["carries"]
        self.length: int = node.params["length"]
        self.reverse: bool = node.params["reverse"]
        results = set(self.body.outputs[self.carries :])
        # Without steps nothing is written between the first value and the last.
        kept = [bool(self.length) and x in results for x in self.body.inputs[: self.carries]]
        self.trails = {i: self._trail(i, inputs[i]) for i, is_kept in enumerate(kept) if is_kept}
        self.plain = [i for i, is_kept in enumerate(kept) if not is_kept]
        of_plain = [node.inputs[i] for i in self.plain]
        self.state = carried(lowering, of_plain, [inputs[i] for i in self.plain])
        last = self.carries + int(node.params["sequences"])
        self.xs = [self._steps_of(inputs[i], i) for i in range(self.carries, last)]
        self.captured = in_memory(lowering, node, inputs)[last:]
        self.ys = {
            i: self._series(node.outputs[i], self.body.outputs[i])
            for i in range(self.carries, len(node.outputs))
            if self._on_trail(self.body.outputs[i]) is None
        }

    def _trail(self, i: int, value: Expr) -> Trail:
        symbol, size = self.node.inputs[i], self.node.inputs[i].spec.size
        base = self.lowering.buffer(symbol.dtype, (self.length + 1) * size, "trail")
        low, high = (self._window(base, symbol, start, size) for start in (0, size))
        ends = (0, self.length * size)
        trail = Trail(base, high, low, *ends[::-1]) if self.reverse else Trail(base, low, high, *ends)
        first = Form(trail.first, row_major(symbol.shape))
        self.lowering.add(Definition(base, first, symbol.shape, value))
        return trail

    def _window(self, base: Buffer, of_step: Symbol, start: int, stride: int) -> Window:
        size = of_step.spec.size
        return Window(f"{base.name}[t]", base.dtype, size, "window", None, base, stride, start=start)

    def _steps_of(self, x: Expr, i: int) -> Window:
        """What a step sees of a sequence: where it lies, if each of its steps lies there row by row."""
        shape, slot = self.node.inputs[i].shape, self.body.inputs[i]
        if isinstance(x, Read):
            (stride, *coefs), rows = x.form.coefs, row_major(slot.shape)
            if all(c == r for c, r, n in zip(coefs, rows, slot.shape, strict=True) if n != 1):
                return self._window(x.buffer, slot, x.form.offset, stride)
        base = self.lowering.define(x, shape, in_rows=True).buffer
        return self._window(base, slot, 0, slot.spec.size)

    def _series(self, y: Symbol, of_step: Symbol) -> Window:
        """What a step sees of a result that has a buffer of its own."""
        base = self.lowering.buffer(y.dtype, y.spec.size, "steps")
        return self._window(base, of_step, 0, of_step.spec.size)

    def _on_trail(self, symbol: Symbol) -> tuple[Trail, Window] | None:
        """The trail on which a variable of the body lies at each step, and where a step sees it there."""
        for i, trail in self.trails.items():
            if symbol is self.body.inputs[i]:
                return trail, trail.before
            if symbol is self.body.outputs[i]:
                return trail, trail.after
        return None

    def lower(self) -> tuple[Read, ...]:
        """Add the loop; its results."""
        if self.length:
            self.lowering.add(self._loop())
        last = dict(zip(self.plain, self.state, strict=True))
        return tuple(self._result(i, symbol, last) for i, symbol in enumerate(self.node.outputs))

    def _result(self, i: int, symbol: Symbol, last: dict[int, Buffer]) -> Read:
        if i in last:
            return self.lowering.whole(last[i], symbol.shape)
        if i in self.trails:
            trail = self.trails[i]
            return Read(trail.base, Form(trail.last, row_major(symbol.shape)))
        found = self._on_trail(self.body.outputs[i])
        window = self.ys[i] if found is None else found[1]
        assert window.base is not None
        return Read(window.base, Form(window.start, row_major(symbol.shape)))

    def _loop(self) -> Repeat:
        part = self._body()
        trails = [x.base for x in self.trails.values()]
        windows = [*self.xs, *self.ys.values()]
        of_xs, of_ys = ([x.base for x in w if x.base] for w in (self.xs, self.ys.values()))
        windows += [x for trail in self.trails.values() for x in (trail.before, trail.after)]
        used = [x for x in part.inputs if not isinstance(x, Window)]
        inputs, outputs = [*used, *of_xs, *self.state, *trails], [*self.state, *trails, *of_ys]
        loop = Repeat("scan", inputs, outputs, {}, windows, None, self.length, self.reverse)
        rows = self.body.inputs[0].shape[0] if self.carries and self.body.inputs[0].shape else 0
        kept = {*self.state, *windows}
        loop.parts["body"] = _in_shares(loop, part, rows, kept) or part.steps(kept)
        return loop

    def _body(self) -> Body:
        """The body, with each new value where the next step, or whoever reads the results, looks for it."""
        body, carries, trails = self.body, self.carries, self.trails
        before = dict(zip(self.plain, self.state, strict=True))
        states = [before[i] if i in before else trails[i].before for i in range(carries)]
        symbols = body.inputs[: carries + len(self.xs)]
        given = read_whole(self.lowering, [*states, *self.xs], symbols)
        part = Body(self.lowering, body, [*given, *self.captured])
        part.give([body.outputs[i] for i in trails], [trail.after for trail in trails.values()])
        part.give([body.outputs[i] for i in self.ys], list(self.ys.values()))
        part.inner.assign([(buffer, body.outputs[i]) for i, buffer in before.items()])
        return part


@rule("scan")
def scan(lowering: Lowering, node: Node, *inputs: Expr, **params: Any) -> Any:
    """Steps in order, in a loop of the program's native entry."""
    return Scan(lowering, node, inputs).lower()


def _in_shares(loop: Repeat, part: Body, rows: int, kept: set[Buffer]) -> list[Step]:
    """The body's kernels for one share of the rows, if the scan is cut into shares; else none."""
    found = in_shares(part.inner.steps, rows, loop.length) if rows else None
    if found is None:
        return []
    loop.shares = found.count
    loop.windows = list(
        dict.fromkeys([*(found.parts.get(x, x) for x in loop.windows), *found.parts.values()])
    )
    # What steps use on the way is needed until the last share ends.
    made = [x for step in part.inner.steps for x in step.writes() if not isinstance(x, Window)]
    loop.outputs = list(dict.fromkeys([*loop.outputs, *made]))
    # Constants of the body among them, which are bound where they are read.
    bases = [x.base for x in found.parts.values() if x.base is not None and x.base not in loop.outputs]
    loop.inputs = list(dict.fromkeys([*loop.inputs, *bases]))
    return fused(found.steps, {found.parts[x] for x in kept if x in found.parts})
