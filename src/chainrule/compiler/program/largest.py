"""The largest buffers of a program, for the error that says that there is not enough memory."""

from __future__ import annotations

from collections.abc import Iterator

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Step
from chainrule.compiler.program.making import Making
from chainrule.compiler.program.memory import wanted
from chainrule.graph import Node

# So many of the largest buffers are named.
_NAMED = 3


def largest(making: Making) -> str:
    """The largest buffers: size, operation and line of each."""
    nodes = {buffer: node for call in making.calls for buffer, node in _made(call.step)}
    buffers = sorted(making.arena.offsets, key=lambda buffer: -buffer.nbytes)[:_NAMED]
    return "; ".join(wanted(buffer.nbytes, nodes.get(buffer), buffer.name) for buffer in buffers)


def _made(step: Step) -> Iterator[tuple[Buffer, Node]]:
    """Buffers that a step writes, and the operations that they are for."""
    parts = [step, *step.members] if isinstance(step, Nest | Anchor) else [step]
    for part in parts:
        yield from ((buffer, part.nodes[0]) for buffer in part.writes() if part.nodes)
