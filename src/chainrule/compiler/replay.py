"""The reference backend: a graph's operations one by one, by their NumPy definitions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.compiler.backend import Counts
from chainrule.compiler.options import DEFAULT, Options
from chainrule.compiler.ownership import writable
from chainrule.core.interpreter import EAGER, Symbol, run, using_layers, wrap
from chainrule.errors import ChainruleError
from chainrule.graph import Graph, Node


class ReplayProgram:
    """Runs a graph as Python would have run the function.

    Parameters
    ----------
    graph : Graph
        What to run; it is not changed.

    Examples
    --------
    >>> import chainrule as cr
    >>> program = ReplayProgram(cr.record(lambda x: cr.exp(x) + 1.0, cr.zeros(2)))
    >>> program.run([np.zeros(2, np.float32)])
    [array([2., 2.], dtype=float32)]
    """

    def __init__(self, graph: Graph) -> None:
        start = time.perf_counter()
        self.graph = graph
        self._dying = _last_uses(graph)
        self.report = Counts(seconds={"building": time.perf_counter() - start})

    def run(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The outputs; every state is given its new elements after all have been computed."""
        graph = self.graph
        values: dict[Symbol, Any] = {x: wrap(array) for x, array in graph.constants.items()}
        values.update((x, wrap(array)) for x, array in zip(graph.inputs, inputs, strict=True))
        values.update((s.before, wrap(s.tensor.data)) for s in graph.states)
        with using_layers([EAGER]):
            for node, dying in zip(graph.nodes, self._dying, strict=True):
                results = _results(node, [values[x] for x in node.inputs])
                values.update(zip(node.outputs, results, strict=True))
                for symbol in dying:
                    del values[symbol]
        outputs = [values[y].data for y in graph.outputs]
        changes = [(s.tensor, values[s.after].data) for s in graph.states if s.after is not None]
        values.clear()
        for tensor, new in changes:
            np.copyto(writable(tensor), new)
        return outputs


def build(graph: Graph, options: Options = DEFAULT) -> ReplayProgram:
    """A program that replays a graph; options make no difference to it."""
    return ReplayProgram(graph)


def _results(node: Node, inputs: list[Any]) -> Any:
    """An operation's results; an error names the line that the operation was recorded at."""
    try:
        result = run(node.op, inputs, node.params, 0)
    except ChainruleError as problem:
        name_line(problem, node)
        raise
    return result if isinstance(result, tuple) else (result,)


def name_line(problem: ChainruleError, node: Node) -> None:
    """Let an error name the line that the operation was recorded at, in place of the one of the call."""
    if node.line:
        message = str(problem).partition("\n")[0]
        problem.args = (f"{message}\n  {node.line}",)


def _last_uses(graph: Graph) -> list[list[Symbol]]:
    """For each node, the variables that nothing after it needs."""
    needed = {*graph.outputs, *(s.after for s in graph.states if s.after is not None)}
    dying: list[list[Symbol]] = []
    for node in reversed(graph.nodes):
        here = [x for x in dict.fromkeys((*node.inputs, *node.outputs)) if x not in needed]
        needed.update(here)
        dying.append(here)
    return dying[::-1]
