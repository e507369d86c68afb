"""What a rule sees of a graph: one node, and what its inputs are made of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import wrap
from chainrule.core.spec import Shape, Spec
from chainrule.graph.graph import Node
from chainrule.tensor import Tensor

if TYPE_CHECKING:
    from chainrule.graph.rewrites.workspace import Workspace


class Here:
    """One node, its inputs as tensors: what a rule computes with them becomes the replacement.

    Attributes
    ----------
    node : Node
        The node itself.
    work : Workspace
        The whole graph.
    also : dict
        What a rule gives besides: results that take the place of other nodes'.
    """

    def __init__(self, node: Node, work: Workspace) -> None:
        self.node, self.work = node, work
        self.also: dict[Node, list[Any]] = {}

    @property
    def name(self) -> str:
        """Name of the operation."""
        return self.node.op.name

    @property
    def params(self) -> dict[str, Any]:
        """Its parameters."""
        return self.node.params

    @cached_property
    def inputs(self) -> tuple[Tensor, ...]:
        """Its inputs."""
        return tuple(map(wrap, self.node.inputs))

    @property
    def x(self) -> Tensor:
        """Its first input."""
        return self.inputs[0]

    @property
    def y(self) -> Tensor:
        """Its first result."""
        return wrap(self.node.outputs[0])

    @property
    def shape(self) -> Shape:
        """Shape of its first result."""
        return self.node.outputs[0].shape

    @property
    def spec(self) -> Spec:
        """Spec of its first result."""
        return self.node.outputs[0].spec

    def made_by(self, x: Tensor, *names: str) -> Here | None:
        """Where a tensor is computed, if it is by one of these operations (any, if none is named)."""
        maker = self.work.makers.get(x.data)
        if maker is None or (names and maker.op.name not in names):
            return None
        return Here(maker, self.work)

    def constant(self, x: Tensor) -> np.ndarray | None:
        """The elements of a constant."""
        return self.work.constants.get(x.data)

    def value(self, x: Tensor) -> Any:
        """The number that all elements of a tensor are known to be, or None."""
        return self.work.value(x.data)

    def lasts(self, x: Tensor) -> bool:
        """Whether a tensor depends on constants and states alone, in a graph that assigns no state."""
        return self.work.lasts(x.data)

    def uses(self, x: Tensor) -> int:
        """How often a tensor is used, as an input or as a result of the graph."""
        return self.work.uses(x.data)

    def users(self, x: Tensor) -> list[Here]:
        """The nodes that use a tensor."""
        return [Here(node, self.work) for node in self.work.users.get(x.data, ())]

    def is_only_user(self, x: Tensor) -> bool:
        """Whether nothing but this node uses a tensor."""
        return self.work.uses(x.data) == sum(used is x.data for used in self.node.inputs)

    def again(self, *inputs: Any, **params: Any) -> Any:
        """The same operation on other inputs, with some of the parameters changed."""
        return self.node.op(*inputs, **{**self.node.params, **params})
