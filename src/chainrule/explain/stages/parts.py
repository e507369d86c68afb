"""Parts of a graph as graphs of their own."""

from __future__ import annotations

from chainrule.explain.stages.kernels import is_derivative
from chainrule.graph import Graph


def gradient_graph(graph: Graph) -> Graph | None:
    """The operations that belong to derivatives; what they take from the forward pass are its inputs.

    Examples
    --------
    >>> import chainrule as cr
    >>> graph = cr.record(cr.grad(lambda x: cr.exp(x)), 1.0)
    >>> [node.op.name for node in gradient_graph(graph).nodes]
    ['multiply']
    """
    nodes = [node for node in graph.nodes if is_derivative(node)]
    if not nodes:
        return None
    made = {x for node in nodes for x in node.outputs}
    taken = dict.fromkeys(x for node in nodes for x in node.inputs if x not in made)
    used = {x for node in graph.nodes if not is_derivative(node) for x in node.inputs}
    used |= {*graph.outputs, *(s.after for s in graph.states if s.after is not None)}
    results = [x for node in nodes for x in node.outputs if x in used]
    constants = {x: array for x, array in graph.constants.items() if x in taken}
    inputs = [x for x in taken if x not in constants]
    return Graph(f"∂{graph.name}", inputs, [], constants, nodes, results)
