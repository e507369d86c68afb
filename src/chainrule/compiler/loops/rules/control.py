"""Loops and branches: bodies are lowered like programs of their own, and run by the native entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.compiler.loops.expr import Buffer, Constant, Expr, Read, rebuilt, walk
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.lowering import Lowering, rule
from chainrule.compiler.loops.step import Definition, Opaque, Repeat, Step
from chainrule.core.interpreter import Symbol
from chainrule.core.spec import Shape
from chainrule.graph import Graph, Node


class Body:
    """A body while it is lowered.

    Parameters
    ----------
    outer : Lowering
        Of the program around it.
    graph : Graph
        The body.
    given : sequence of Expr
        What its inputs are: places in memory, or constants.
    """

    def __init__(self, outer: Lowering, graph: Graph, given: Sequence[Expr]) -> None:
        self.inner = Lowering(graph, outer.options)
        self.inner.values.update(zip(graph.inputs, given, strict=True))
        self.inner.lower_nodes()
        self.inputs = [x.buffer for value in given for x in walk(value) if isinstance(x, Read)]

    def give(self, symbols: Sequence[Symbol], targets: Sequence[Buffer]) -> None:
        """Write results to buffers."""
        for symbol, target in zip(symbols, targets, strict=True):
            value = self.inner.values[symbol]
            if isinstance(value, Read) and self._is_made_here(value, symbol.shape):
                self._make_in(value.buffer, target)
            else:
                self.inner.define(value, symbol.shape, target=target)

    def _is_made_here(self, x: Read, shape: Shape) -> bool:
        """Whether a value is all of a buffer that is the body's own, and simple steps alone work on it."""
        users = [step for step in self.inner.steps if x.buffer in (*step.reads(), *step.writes())]
        is_made = any(x.buffer in step.writes() for step in users) and x.buffer.kind == "arena"
        are_simple = all(
            isinstance(step, Definition) or (isinstance(step, Opaque) and step.name == "contraction")
            for step in users
        )
        return is_made and are_simple and self.inner.is_whole(x, shape)

    def _make_in(self, old: Buffer, new: Buffer) -> None:
        """Let steps work on another buffer of the same size."""

        def change(x: Expr) -> Expr:
            return Read(new, x.form) if isinstance(x, Read) and x.buffer is old else x

        for step in self.inner.steps:
            if isinstance(step, Definition):
                step.target = new if step.target is old else step.target
                step.value = rebuilt(step.value, change)
            elif isinstance(step, Opaque):
                step.inputs = [new if x is old else x for x in step.inputs]
                step.outputs = [new if x is old else x for x in step.outputs]
        self.inner.values.update({symbol: rebuilt(x, change) for symbol, x in self.inner.values.items()})

    def steps(self, kept: set[Buffer]) -> list[Step]:
        """The body's kernels; ``kept`` are buffers that are used outside of it."""
        return fused(self.inner.steps, kept)


def in_memory(lowering: Lowering, node: Node, inputs: Sequence[Expr]) -> list[Expr]:
    """Values that bodies may read again and again."""
    return [
        x if isinstance(x, Read | Constant) else lowering.define(x, symbol.shape)
        for x, symbol in zip(inputs, node.inputs, strict=True)
    ]


def carried(lowering: Lowering, symbols: Sequence[Symbol], values: Sequence[Expr]) -> list[Buffer]:
    """A state in buffers of its own."""
    found = []
    for symbol, value in zip(symbols, values, strict=True):
        buffer = lowering.buffer(symbol.dtype, symbol.spec.size, "carry")
        lowering.define(value, symbol.shape, target=buffer)
        found.append(buffer)
    return found


def read_whole(lowering: Lowering, buffers: Sequence[Buffer], symbols: Sequence[Symbol]) -> list[Read]:
    """All elements of buffers that hold the first of some variables."""
    return [
        lowering.whole(buffer, symbol.shape)
        for buffer, symbol in zip(buffers, symbols[: len(buffers)], strict=True)
    ]


@rule("while_loop")
def while_loop(
    lowering: Lowering,
    node: Node,
    *inputs: Expr,
    going: Graph,
    body: Graph,
    carries: int,
    cond_captures: int,
) -> Any:
    """A state is carried on as long as a condition on it holds."""
    state = carried(lowering, node.inputs[:carries], inputs[:carries])
    captured = in_memory(lowering, node, inputs)
    end = carries + cond_captures
    predicate = lowering.buffer(going.outputs[0].dtype, 1, "going")
    test = Body(lowering, going, [*read_whole(lowering, state, going.inputs), *captured[carries:end]])
    test.give(going.outputs, [predicate])
    part = Body(lowering, body, [*read_whole(lowering, state, body.inputs), *captured[end:]])
    part.inner.assign(list(zip(state, body.outputs, strict=True)))
    kept = {*state, predicate}
    steps = {"going": test.steps(kept), "body": part.steps(kept)}
    used = [*test.inputs, *part.inputs]
    lowering.add(Repeat("while_loop", used, [*state, predicate], steps, predicate=predicate))
    return tuple(read_whole(lowering, state, node.outputs))


@rule("cond")
def cond(
    lowering: Lowering,
    node: Node,
    pred: Expr,
    *inputs: Expr,
    true: Graph,
    false: Graph,
    operands: int,
    true_captures: int,
) -> Any:
    """One of two bodies is run; both write their results to the same places."""
    _, *given = in_memory(lowering, node, (pred, *inputs))
    shared, end = given[:operands], operands + true_captures
    predicate = lowering.buffer(pred.dtype, 1, "chosen")
    lowering.define(pred, (), target=predicate)
    results = [lowering.buffer(y.dtype, y.spec.size, "branch") for y in node.outputs]
    parts, used = {}, []
    for name, graph, own in (("true", true, given[operands:end]), ("false", false, given[end:])):
        part = Body(lowering, graph, [*shared, *own])
        part.give(graph.outputs, results)
        parts[name] = part.steps(set(results))
        used += part.inputs
    lowering.add(Repeat("cond", [*used, predicate], results, parts, predicate=predicate))
    return tuple(read_whole(lowering, results, node.outputs))
