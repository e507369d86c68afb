"""Rows whose two sides are written as functions: ``lambda x: x * 1`` and ``lambda x: x``.

Both are made of the system's own operations. The left side is recorded once, and its graph is the pattern: an
argument stands for any tensor (for a bool where it is called ``c``), and for the same one wherever it
occurs; a number for a tensor that is known to be that number all over. The right side is simply called with
what the arguments stand for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol, wrap
from chainrule.core.spec import Spec
from chainrule.dtypes import bool_, float32
from chainrule.graph.graph import Graph, Node
from chainrule.graph.recorder import record
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, Example, Rewrite, family_of
from chainrule.graph.rewrites.workspace import Workspace

COMMUTATIVE = frozenset({"add", "multiply", "logical_and", "logical_or", "logical_xor", "equal", "not_equal"})

Binding = dict[Symbol, Symbol]
Condition = Callable[..., bool]


@dataclass(frozen=True)
class Pattern:
    """The left side of a law, as a graph whose inputs stand for any tensor."""

    graph: Graph

    @property
    def root(self) -> Node:
        """The operation that is computed last."""
        return self.graph.nodes[-1]

    def match(self, node: Node, work: Workspace) -> list[Any] | None:
        """What the arguments stand for if a node is computed as the pattern is; otherwise None."""
        for binding in self._nodes(self.root, node, {}, work):
            return [wrap(binding[x]) for x in self.graph.inputs]
        return None

    def _nodes(self, wanted: Node, node: Node, bound: Binding, work: Workspace) -> Iterator[Binding]:
        if wanted.op is not node.op or wanted.params != node.params:
            return
        orders = [node.inputs]
        if node.op.name in COMMUTATIVE:
            orders.append(node.inputs[::-1])
        for order in orders:
            yield from self._all(list(zip(wanted.inputs, order, strict=True)), bound, work)

    def _all(self, pairs: list[tuple[Symbol, Symbol]], bound: Binding, work: Workspace) -> Iterator[Binding]:
        """Ways in which several variables match at once."""
        if not pairs:
            yield bound
            return
        (wanted, found), *rest = pairs
        for binding in self._one(wanted, found, bound, work):
            yield from self._all(rest, binding, work)

    def _one(self, wanted: Symbol, found: Symbol, bound: Binding, work: Workspace) -> Iterator[Binding]:
        if wanted in self.graph.constants:
            if _is_number(self.graph.constants[wanted], work.value(found)):
                yield bound
        elif wanted in self.graph.inputs:
            if bound.get(wanted, found) is found and (wanted.dtype == bool_) <= (found.dtype == bool_):
                yield {**bound, wanted: found}
        elif found in work.makers:
            maker = next(node for node in self.graph.nodes if wanted in node.outputs)
            yield from self._nodes(maker, work.makers[found], bound, work)


def _is_number(wanted: np.ndarray, value: Any) -> bool:
    """Whether a known number is the wanted one; the two zeros are told apart."""
    if value is None or value != wanted:
        return False
    return wanted != 0 or value.dtype.kind in "iub" or bool(np.signbit(value.real) == np.signbit(wanted))


def pattern(
    name: str,
    law: str,
    before: Callable[..., Any],
    after: Callable[..., Any],
    *,
    when: Condition | None = None,
    exact: Exact = Exact.BITS,
    **fields: Any,
) -> Rewrite:
    """Add a row: where ``before`` is found, and ``when`` holds of its arguments, ``after`` is put.

    ``when`` is called with the node and the tensors. The left side itself, at shape (2, 3), is the row's
    first example.
    """
    names = list(inspect.signature(before).parameters)
    types = [bool_ if letter == "c" else float32 for letter in names]
    found = Pattern(record(before, *(Spec((), dtype) for dtype in types)))

    def rule(here: Here) -> Any:
        bound = found.match(here.node, here.work)
        if bound is None or not (when is None or when(here, *bound)):
            return None
        return after(*bound)

    first = Example(before, tuple(str(Spec((2, 3), dtype)) for dtype in types))
    examples = fields.pop("examples", (first,))
    family = family_of(before)
    return Rewrite(name, law, exact, rule, (found.root.op.name,), family=family, examples=examples, **fields)
