"""A recorded function as SymPy expressions: one more interpreter of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule.calculus.messages  # noqa: F401  (registers the messages used here)
from chainrule.calculus.exact import exact
from chainrule.core.derivative import Linear
from chainrule.errors import error

if TYPE_CHECKING:
    from chainrule.graph import Graph, Node

Array = np.ndarray[Any, Any]


def expressions(graph: Graph, inputs: Sequence[Array]) -> list[Array]:
    """The results of a graph, as arrays of expressions.

    Parameters
    ----------
    graph : Graph
        A recorded function.
    inputs : sequence of arrays
        SymPy symbols (or expressions) in the place of each input.

    Raises
    ------
    GraphError
        An operation of it has no counterpart in SymPy; names it and the user's line.
    """
    values: dict[Any, Array] = dict(zip(graph.inputs, inputs, strict=True))
    values.update({state.before: state.tensor.numpy() for state in graph.states})
    values.update(graph.constants)
    for node in graph.nodes:
        results = _interpreted(node, [values[x] for x in node.inputs])
        values.update(zip(node.outputs, results, strict=True))
    return [as_expressions(values[x]) for x in graph.outputs]


def as_expressions(array: Array) -> Array:
    """Numbers as SymPy's, exact where they look it; expressions as they are."""
    return array if array.dtype == object else elementwise(exact, array)


def elementwise(function: Callable[..., Any], *arrays: Array) -> Array:
    """A function of elements on arrays, broadcast to one shape."""
    spread = np.broadcast_arrays(*arrays)
    found = np.empty(spread[0].shape, object)
    for place in np.ndindex(found.shape):
        found[place] = function(*(a[place] for a in spread))
    return found


def _interpreted(node: Node, arrays: list[Array]) -> list[Array]:
    """The results of one operation; what depends on no symbol stays numbers."""
    from chainrule.calculus.sympy_rows import ARRAYS, POINTWISE

    op = node.op
    if all(a.dtype != object for a in arrays) and op.body is None:
        return _as_list(op.numpy(*arrays, **node.params), node)
    if op.family == "pointwise" and op.name in POINTWISE:
        rule = POINTWISE[op.name]
        return [elementwise(lambda *x: rule(*x, **node.params), *map(as_expressions, arrays))]
    given = [a if i in op.dtype.separate else as_expressions(a) for i, a in enumerate(arrays)]
    definition = ARRAYS.get(op.name, op.numpy if isinstance(op.derivative, Linear) else None)
    if definition is None or op.family == "pointwise":
        raise error("calculus.no_expression", op=op.name, line=node.line)
    try:
        return _as_list(definition(*given, **node.params), node)
    except (TypeError, ValueError, AttributeError) as problem:
        raise error("calculus.no_expression", op=op.name, line=node.line) from problem


def _as_list(result: Any, node: Node) -> list[Array]:
    parts = [result] if len(node.outputs) == 1 else result
    return [_sympified(np.asarray(part)) for part in parts]


def _sympified(array: Array) -> Array:
    """An array of expressions, where a definition has put zeros of its own among them."""
    from sympy import sympify

    return elementwise(sympify, array) if array.dtype == object else array
