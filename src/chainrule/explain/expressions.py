"""Recorded graphs as formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from chainrule.core.interpreter import Symbol
from chainrule.explain.forms import brief_formula_of, formula_of
from chainrule.explain.formula import Node, name, number, parse
from chainrule.explain.simplify import SIMPLER
from chainrule.graph import Graph
from chainrule.graph.graph import Node as GraphNode

_KNOWN = {
    math.pi: r"\pi",
    2 * math.pi: r"2 \pi",
    math.sqrt(2): r"\sqrt{2}",
    1 / math.sqrt(2): r"\frac{1}{\sqrt{2}}",
    2 / math.sqrt(math.pi): r"\frac{2}{\sqrt{\pi}}",
    math.sqrt(2 / math.pi): r"\sqrt{\frac{2}{\pi}}",
    math.sqrt(math.pi) / 2: r"\frac{\sqrt{\pi}}{2}",
    math.sqrt(2 * math.pi): r"\sqrt{2 \pi}",
    math.log(2): r"\ln 2",
    math.log(10): r"\ln 10",
}


def graph_formulas(graph: Graph, inputs: Sequence[Node], *, brief: bool = False) -> list[Node]:
    """What each result of a graph is, in terms of its inputs.

    Parameters
    ----------
    graph : Graph
        A recorded function.
    inputs : sequence of Node
        What stands for each of its inputs.
    brief : bool
        Leave out reshapes and the like, except at the end.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule.explain.expressions import graph_formulas
    >>> from chainrule.explain.formula import name, to_text
    >>> graph = cr.record(lambda x, y: cr.exp(-x * 1.0) / (y + y), cr.ones(()), cr.ones(()))
    >>> [to_text(y) for y in graph_formulas(graph, [name("x"), name("y")])]
    ['e^(-x) / (y + y)']
    """
    known: dict[Symbol, Node] = dict(zip(graph.inputs, inputs, strict=True))
    known.update({symbol: constant(array, symbol.name) for symbol, array in graph.constants.items()})
    known.update({state.before: name(state.before.name) for state in graph.states})
    for node in graph.nodes:
        is_last = node.outputs[0] in graph.outputs and len(graph.nodes) == 1
        form = brief_formula_of if brief and not is_last else formula_of
        formula = _node_formula(node, known, form)
        known.update(dict.fromkeys(node.outputs, formula))
    return [known[symbol] for symbol in graph.outputs]


def _node_formula(node: GraphNode, known: Mapping[Symbol, Node], form: Callable[..., Node]) -> Node:
    """The formula of one call, simplified where that is trivial."""
    operands = [known[x] for x in node.inputs]
    simpler = SIMPLER.get(node.op.name)
    simplified: Node | None = simpler(*operands) if simpler else None
    if simplified is not None:
        return simplified
    return form(node.op, node.params, operands, [x.spec for x in node.inputs])


def constant(array: np.ndarray, fallback: str) -> Node:
    """A constant as a number, if it is one."""
    if array.size != 1:
        return name(fallback)
    value = array.item()
    if isinstance(value, complex) and value.imag == 0:
        value = value.real
    if value == 1j:
        return parse(r"\mathrm{i}")
    for exact, latex in _KNOWN.items():
        if isinstance(value, float) and math.isclose(value, exact, rel_tol=1e-7):
            return parse(latex)
    return number(int(value) if isinstance(value, float) and value.is_integer() else value)
