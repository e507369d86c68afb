"""Operands of matrix products and convolutions rounded to ``bfloat16``, where a program was asked to.

The rounding is an operation of the graph, and so becomes part of the kernel that makes the operand: what is
read by products alone is never stored in ``float32``. Products of rounded numbers are added up in that type.
"""

from __future__ import annotations

from dataclasses import replace

from chainrule.core.interpreter import Symbol
from chainrule.core.spec import Spec
from chainrule.dtypes import DType, extended, float32
from chainrule.graph import Graph, Node
from chainrule.ops.pointwise import cast

# A slice of fewer elements than one in so many is rounded by itself, not with what it is cut from.
_SMALL_PART = 8


def with_rounded_operands(graph: Graph, precision: str) -> Graph:
    """The graph with its products' ``float32`` operands rounded; those inside of loops stay as they are.

    Parameters
    ----------
    graph : Graph
        It is not changed.
    precision : str
        The element type that is rounded to.
    """
    return _Rounding(graph, extended(precision)).graph()


class _Rounding:
    """A graph while it is written anew."""

    def __init__(self, graph: Graph, dtype: DType) -> None:
        self.original, self.dtype = graph, dtype
        self.makers = {x: node for node in graph.nodes for x in node.outputs}
        self.nodes: list[Node] = []
        self.rounded: dict[Symbol, Symbol] = {}

    def graph(self) -> Graph:
        """The new graph."""
        for node in self.original.nodes:
            self.nodes.append(self._with_operands(node) if _is_product(node) else node)
        return replace(self.original, nodes=self.nodes)

    def _with_operands(self, node: Node) -> Node:
        return replace(node, inputs=tuple([self._of(x, node) for x in node.inputs]))

    def _of(self, x: Symbol, reader: Node) -> Symbol:
        """A variable rounded. What only moves elements is done after rounding: it takes part in no kernel."""
        path = [x]
        while path[-1] not in self.rounded and self._is_moved(path[-1]):
            path.append(self.makers[path[-1]].inputs[0])
        root = path.pop()
        if root not in self.rounded:
            self._add(replace(reader, op=cast, inputs=(root,), params={"dtype": self.dtype}), root)
        for moved in reversed(path):
            maker = self.makers[moved]
            self._add(replace(maker, inputs=(self.rounded[maker.inputs[0]],)), moved)
        return self.rounded[x]

    def _is_moved(self, x: Symbol) -> bool:
        maker = self.makers.get(x)
        if maker is None or maker.op.family != "move" or len(maker.inputs) != 1:
            return False
        return maker.op.name != "slice" or _SMALL_PART * x.spec.size >= maker.inputs[0].spec.size

    def _add(self, node: Node, x: Symbol) -> None:
        """A node that makes the rounded form of a variable."""
        self.rounded[x] = Symbol(Spec(x.shape, self.dtype), f"{x.name}.{self.dtype.name}")
        self.nodes.append(replace(node, outputs=(self.rounded[x],)))


def _is_product(node: Node) -> bool:
    """Whether a node multiplies matrices: in outer products, and of channels alone, nothing is shared."""
    if any(x.dtype != float32 for x in (*node.inputs, *node.outputs)):
        return False
    if node.op.name == "conv":
        return not 1 < node.params["groups"] == node.outputs[0].shape[1]
    return node.op.name == "contract" and node.flops > 2 * node.outputs[0].spec.size
