"""Recorded graphs as formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from chainrule.core.interpreter import Symbol
from chainrule.explain.forms import brief_formula_of, formula_of
from chainrule.explain.formula import Node, Script, fitted, name, number, parse
from chainrule.explain.formula.levels import Level
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
_MATRICES: dict[str, Callable[..., np.ndarray]] = {
    "0": lambda i, j: 0 * i,
    r"\mathrm{I}": lambda i, j: i == j,
    "[i > j]": lambda i, j: i > j,
    r"[i \ge j]": lambda i, j: i >= j,
    "[i < j]": lambda i, j: i < j,
    r"[i \le j]": lambda i, j: i <= j,
    r"([i > j] + \frac{1}{2} \mathrm{I})": lambda i, j: (i > j) + 0.5 * (i == j),
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
        known.update(zip(node.outputs, _results(node, _node_formula(node, known, form)), strict=True))
    return [known[symbol] for symbol in graph.outputs]


def _results(node: GraphNode, formula: Node) -> list[Node]:
    """The formula of a call, or with an index for each of several results."""
    if len(node.outputs) == 1:
        return [formula]
    return [Script(fitted(formula, Level.ATOM), number(slot)) for slot in range(len(node.outputs))]


def _node_formula(node: GraphNode, known: Mapping[Symbol, Node], form: Callable[..., Node]) -> Node:
    """The formula of one call, simplified where that is trivial."""
    operands = [known[x] for x in node.inputs]
    simpler = SIMPLER.get(node.op.name)
    simplified: Node | None = simpler(*operands) if simpler else None
    if simplified is not None:
        return simplified
    return form(node.op, node.params, operands, [x.spec for x in node.inputs])


def constant(array: np.ndarray, fallback: str) -> Node:
    """A constant as a number, or as a matrix with a name, if it is one."""
    if array.size != 1:
        return _matrix(array) or name(fallback)
    value = array.item()
    if isinstance(value, complex) and value.imag == 0:
        value = value.real
    if value == 1j:
        return parse(r"\mathrm{i}")
    for exact, latex in _KNOWN.items():
        if isinstance(value, float) and math.isclose(value, exact, rel_tol=1e-7):
            return parse(latex)
    return number(int(value) if isinstance(value, float) and value.is_integer() else value)


def _matrix(array: np.ndarray) -> Node | None:
    """Zero, the identity, and what holds above or below the diagonal."""
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        return None
    i, j = np.indices(array.shape)
    for latex, elements in _MATRICES.items():
        if np.array_equal(array, elements(i, j)):
            return parse(latex)
    return None
