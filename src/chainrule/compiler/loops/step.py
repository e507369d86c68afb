"""What a lowered program does, step by step: definitions of buffers by loops, and what is not a loop nest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chainrule.compiler.loops.expr import Buffer, Expr, Read, walk
from chainrule.compiler.loops.form import Form
from chainrule.core.spec import Shape
from chainrule.graph import Node


@dataclass(eq=False)
class Step:
    """One thing that a program does.

    Attributes
    ----------
    nodes : list of Node
        The operations it stands for, and so the user's lines.
    """

    nodes: list[Node] = field(default_factory=list, kw_only=True)

    def reads(self) -> list[Buffer]:
        """Buffers whose elements it needs."""
        raise NotImplementedError

    def writes(self) -> list[Buffer]:
        """Buffers that it gives elements."""
        raise NotImplementedError


@dataclass(eq=False)
class Definition(Step):
    """Elements of a buffer as an expression, folded along some axes.

    Parameters
    ----------
    target : Buffer
        What is defined.
    place : Form
        Where the element of each point lies; folded axes do not move it.
    extents : tuple of int
        The axes of the nest.
    value : Expr
        The element, or what is folded.
    combine : str, optional
        add, multiply, maximum, minimum, or, and.
    folded : frozenset of int
        The axes along which it folds.
    """

    target: Buffer
    place: Form
    extents: Shape
    value: Expr
    combine: str | None = None
    folded: frozenset[int] = frozenset()

    def reads(self) -> list[Buffer]:
        """Buffers in its expression."""
        found = [node.buffer for node in walk(self.value) if isinstance(node, Read)]
        return list(dict.fromkeys(found))

    def writes(self) -> list[Buffer]:
        """Its target."""
        return [self.target]


@dataclass(eq=False)
class Opaque(Step):
    """A step on whole buffers: a contraction, an irregular kernel, a fill, an operation left to NumPy.

    Parameters
    ----------
    name : str
        What it is.
    inputs, outputs : list of Buffer
        In the order in which its code takes them.
    detail : object
        What its emitter needs to know.
    """

    name: str
    inputs: list[Buffer]
    outputs: list[Buffer]
    detail: Any

    def reads(self) -> list[Buffer]:
        """Its inputs."""
        return self.inputs

    def writes(self) -> list[Buffer]:
        """Its outputs."""
        return self.outputs


@dataclass(eq=False)
class Repeat(Step):
    """Steps that are run again and again: the body of a scan or of a while loop, or one branch of a choice."""

    name: str
    inputs: list[Buffer]
    outputs: list[Buffer]
    detail: Any
    bodies: list[Any]

    def reads(self) -> list[Buffer]:
        """What its bodies read from outside."""
        return self.inputs

    def writes(self) -> list[Buffer]:
        """What its bodies leave."""
        return self.outputs


Rule = Callable[..., Any]
