"""Which operations of the graph a kernel stands for, and so which lines of the user's program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Step
from chainrule.compiler.program.program import Program
from chainrule.core.interpreter import Symbol
from chainrule.graph import Graph, Node
from chainrule.graph.bodies import bodies


def nodes_of(program: Program) -> dict[Step, list[Node]]:
    """For every step its operations, those too that have become part of its expressions."""
    steps = list(dict.fromkeys(call.step for call in program.calls))
    made = {x: node for node in all_nodes(program.graph) for x in node.outputs}
    own = {step: [*step.nodes, *_assigned(step, program, made)] for step in steps}
    owned = {node for nodes in own.values() for node in nodes}
    return {step: _with_absorbed(nodes, owned, made) for step, nodes in own.items()}


def all_nodes(graph: Graph) -> list[Node]:
    """Operations of a graph and of the bodies inside it."""
    found = []
    for node in graph.nodes:
        found.append(node)
        for _, body in bodies(node):
            found += all_nodes(body)
    return found


def _assigned(step: Step, program: Program, made: dict[Symbol, Node]) -> list[Node]:
    """The operations that end in a result or a state, which the step writes under that name."""
    results = dict(zip(program.outputs, program.graph.outputs, strict=True))
    for buffer, state in zip(program.states, program.graph.states, strict=True):
        if state.after is not None:
            results[buffer] = state.after
    written = step.writes() if isinstance(step, Nest | Anchor) else []
    last = [made[results[x]] for x in written if x in results and results[x] in made]
    return [node for node in last if node not in step.nodes]


def _with_absorbed(nodes: Sequence[Node], owned: set[Node], made: dict[Symbol, Node]) -> list[Node]:
    """The operations, and those before them that no kernel calls its own."""
    found: dict[Node, None] = {}
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if node in found:
            continue
        found[node] = None
        stack += [before for before in _before(node, made) if before not in owned]
    order = {node: place for place, node in enumerate(made.values())}
    return sorted(found, key=lambda node: order.get(node, 0))


def _before(node: Node, made: dict[Symbol, Node]) -> Iterable[Node]:
    return (made[x] for x in node.inputs if x in made)
