"""What the code of a kernel depends on, apart from which buffers it works on: to be compared and hashed.

A network repeats its layers, and so its kernels. Two whose structures are equal have the same text; it is
written once.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from chainrule.compiler.loops.expr import Buffer, Expr, walk
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.step import Step
from chainrule.core.op import Op
from chainrule.graph.canonical import frozen

# What is compared as it is, which saves looking for what it might be else.
_PLAIN = frozenset({int, str, type(None), frozenset, Form, Op})


def structure(step: Step) -> Hashable:
    """A step without its nodes; buffers and expressions are numbered as they are met."""
    return _Structure().of(step)


class _Structure:
    """Numbers of buffers and of expressions."""

    def __init__(self) -> None:
        self.numbers: dict[Buffer | Expr, int] = {}

    def of(self, value: Any) -> Hashable:
        """A part of a step."""
        if type(value) in _PLAIN:
            return value
        if isinstance(value, Buffer):
            return self.numbers.setdefault(value, len(self.numbers)), value.dtype
        if isinstance(value, Expr):
            return self._expression(value)
        if isinstance(value, Step):
            return type(value).__name__, *[self.of(part) for part in _fields(value)]
        if isinstance(value, list | tuple):
            return tuple([self.of(part) for part in value])
        if isinstance(value, set):
            return frozenset(map(self.of, value))
        return frozen(value)

    def _expression(self, root: Expr) -> Hashable:
        """Parts that were not met before, each after its own parts, and the number of the whole."""
        new = [node for node in walk(root) if node not in self.numbers]
        return tuple([self._node(node) for node in new]), self.numbers[root]

    def _node(self, node: Expr) -> Hashable:
        parts = tuple([self.numbers[child] for child in node.children()])
        self.numbers[node] = len(self.numbers)
        own = [self.of(value) for value in _fields(node) if not _holds_expressions(value)]
        return type(node).__name__, parts, *own


def _holds_expressions(value: Any) -> bool:
    return isinstance(value, Expr) or (isinstance(value, tuple) and any(isinstance(x, Expr) for x in value))


def _fields(x: Any) -> list[Any]:
    """The fields that matter; which nodes a step stands for is for readers only."""
    return [getattr(x, name) for name in x.__dataclass_fields__ if name != "nodes"]
