"""A recorded program: variables, and the operations between them in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule.graph.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.interpreter import Symbol, Value, lift
from chainrule.core.op import Op
from chainrule.errors import error

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


@dataclass(eq=False)
class Node:
    """One operation of a graph, with its place in the user's program.

    ``again`` says that it computes anew what was there before, so that it need not be kept.
    """

    op: Op
    inputs: tuple[Symbol, ...]
    params: dict[str, Any]
    outputs: tuple[Symbol, ...]
    scopes: tuple[str, ...] = ()
    line: str = ""
    again: bool = False

    @property
    def flops(self) -> int:
        """Floating-point operations, by the row's cost rule."""
        return self.op.cost(tuple(x.shape for x in self.inputs), self.outputs[0].shape, self.params)


@dataclass(eq=False)
class StateVariable:
    """State that a graph reads, and gives new elements if ``after`` is not None."""

    tensor: Tensor
    before: Symbol
    after: Symbol | None = None


@dataclass(eq=False)
class Graph:
    """A function as data.

    Attributes
    ----------
    inputs : list of Symbol
        Variables of the arguments, in order.
    states : list of StateVariable
        Parameters and other state that is read or assigned.
    constants : dict
        Arrays that are part of the program, by variable.
    nodes : list of Node
        Operations, each after those that it needs.
    outputs : list of Symbol
        The results, flattened; ``result`` is their nest.
    """

    name: str = "f"
    inputs: list[Symbol] = field(default_factory=list)
    states: list[StateVariable] = field(default_factory=list)
    constants: dict[Symbol, np.ndarray] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    outputs: list[Symbol] = field(default_factory=list)
    result: Any = None

    def __call__(self, *tensors: Any) -> tuple[Any, ...]:
        """Replay the operations on tensors, under whatever interpreters are at work."""
        given = [lift(x) for x in tensors]
        self._check_arguments(given)
        values: dict[Symbol, Any] = dict(zip(self.inputs, given, strict=True))
        values.update({state.before: state.tensor for state in self.states})
        values.update({symbol: lift(array) for symbol, array in self.constants.items()})
        for node in self.nodes:
            result: Any = node.op(*(values[x] for x in node.inputs), **node.params)
            results = result if isinstance(result, tuple) else (result,)
            values.update(zip(node.outputs, results, strict=True))
        # All new elements are taken before any is assigned: one state may get another's old ones.
        changes = [(s.tensor, values[s.after].detach()) for s in self.states if s.after is not None]
        for tensor, new in changes:
            tensor.assign(new)
        return tuple(values[x] for x in self.outputs)

    def _check_arguments(self, tensors: Sequence[Value]) -> None:
        if len(tensors) != len(self.inputs):
            raise error("graph.arguments", name=self.name, expected=len(self.inputs), got=len(tensors))
        for symbol, x in zip(self.inputs, tensors, strict=True):
            if symbol.spec != x.spec:
                values: dict[str, Any] = {"input": symbol.name, "expected": symbol.spec, "got": x.spec}
                raise error("graph.argument", name=self.name, **values)

    @property
    def flops(self) -> int:
        """Floating-point operations of one run."""
        return sum(node.flops for node in self.nodes)

    def verify(self) -> None:
        """Check that the graph is well formed.

        Every variable is defined once and before its use, and has the shape and type that its
        operation's rules give; states are assigned what fits them; constants are what is declared; and
        so it is in the bodies of loops and branches, which are given what they expect.

        Raises
        ------
        GraphError
            It is not.
        """
        from chainrule.graph.verify import verify

        verify(self)

    def same_as(self, other: object) -> bool:
        """Whether two graphs do the same operations on the same variables and constants, whatever the names.

        Parameters, specs, elements of constants (by their bits) and wiring count; names, scopes, lines and
        the elements that states have now do not.
        """
        from chainrule.graph.canonical import canonical

        return isinstance(other, Graph) and canonical(self) == canonical(other)

    def to_text(self, *, full: bool = False) -> str:
        """The graph as text; ``full`` writes out long constants too, so that `parse` can read it."""
        from chainrule.graph.text import to_text

        return to_text(self, full=full)

    @staticmethod
    def parse(text: str) -> Graph:
        """The graph that a text describes; see `chainrule.graph.parse`."""
        from chainrule.graph.parse import parse

        return parse(text)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return str(self)
