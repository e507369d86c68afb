"""Memory of programs; where there is not enough, the error says what asks for so much."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Step
from chainrule.compiler.native.arrays import aligned_empty, readable_size
from chainrule.compiler.program import messages  # noqa: F401  (registers the messages used here)
from chainrule.compiler.program.arena import Arena
from chainrule.compiler.program.calls import Call
from chainrule.core.interpreter import Symbol
from chainrule.errors import error, text
from chainrule.graph import Graph, Node

# So many of the largest buffers are named.
_NAMED = 3


def arena_memory(arena: Arena, calls: Sequence[Call], name: str) -> np.ndarray:
    """The block that a program's buffers lie in.

    Raises
    ------
    OutOfMemoryError
        There is not so much memory; the largest buffers are named with operation and line.
    """
    try:
        return aligned_empty((max(arena.size, 1),), np.dtype(np.uint8))
    except MemoryError as problem:
        size, largest = readable_size(arena.size), _largest(arena, calls)
        raise error("program.memory", name=name, size=size, largest=largest) from problem


def _largest(arena: Arena, calls: Sequence[Call]) -> str:
    """The largest buffers: size, operation and line of each."""
    nodes = {buffer: node for call in calls for buffer, node in _made(call.step)}
    buffers = sorted(arena.offsets, key=lambda buffer: -buffer.nbytes)[:_NAMED]
    return "; ".join(_wanted(buffer.nbytes, nodes.get(buffer), buffer.name) for buffer in buffers)


def _made(step: Step) -> Iterator[tuple[Buffer, Node]]:
    """Buffers that a step writes, and the operations that they are for."""
    parts = [step, *step.members] if isinstance(step, Nest | Anchor) else [step]
    for part in parts:
        yield from ((buffer, part.nodes[0]) for buffer in part.writes() if part.nodes)


def _wanted(size: int, node: Node | None, name: str) -> str:
    values = {"size": readable_size(size), "op": name if node is None else node.op.name}
    return text("program.buffer", line="?" if node is None else node.line or "?", **values)


def result_memory(graph: Graph, symbol: Symbol) -> np.ndarray:
    """A new array for a result.

    Raises
    ------
    OutOfMemoryError
        There is not so much memory.
    """
    try:
        return np.empty(symbol.shape, symbol.dtype)
    except (MemoryError, ValueError) as problem:
        node = next((node for node in graph.nodes if symbol in node.outputs), None)
        size = math.prod(symbol.shape) * symbol.dtype.itemsize
        wanted = _wanted(size, node, symbol.name)
        raise error("program.result_memory", name=graph.name, spec=symbol.spec, wanted=wanted) from problem
