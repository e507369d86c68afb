"""What a lowered program does, step by step: definitions of buffers by loops, and what is not a loop nest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chainrule.compiler.loops.expr import Buffer, Expr
from chainrule.compiler.loops.form import Form
from chainrule.core.spec import Shape
from chainrule.dtypes import int64
from chainrule.graph import Node

# What a call says of an index out of range: whether there was one, which, and the extent.
RECORD = 3


def record_of(name: str) -> Buffer:
    """Where a call notes an index out of range."""
    return Buffer(f"{name}.record", int64, RECORD, "record")


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
        return list(self.value.buffers)

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
    scratch : list of Buffer
        What it works with on the way.
    """

    name: str
    inputs: list[Buffer]
    outputs: list[Buffer]
    detail: Any
    scratch: list[Buffer] = field(default_factory=list)

    def reads(self) -> list[Buffer]:
        """Its inputs."""
        return self.inputs

    def writes(self) -> list[Buffer]:
        """Its outputs and its scratch."""
        return [*self.outputs, *self.scratch]


@dataclass(eq=False)
class Window(Buffer):
    """A part of another buffer, that the steps of a scan work on.

    It begins at ``start``, ``stride`` elements further at every step, and ``share`` elements further for
    every share of the rows.
    """

    base: Buffer | None = None
    stride: int = 0
    share: int = 0
    start: int = 0


@dataclass(eq=False)
class Repeat(Step):
    """Steps that are run again and again, or perhaps not at all.

    Parameters
    ----------
    name : str
        scan, while_loop or cond.
    inputs, outputs : list of Buffer
        What its parts read and write outside of themselves.
    parts : dict
        Steps by name: ``body``; ``going`` and ``body``; ``true`` and ``false``.
    windows : list of Window
        What a scan's steps see of sequences, and each share of its rows of other buffers.
    predicate : Buffer, optional
        One bool, which says whether to go on, or which part to run.
    length, reverse
        Steps of a scan, and whether they go from the last to the first.
    shares : int
        Into how many parts the rows of a scan are cut, each of which makes all steps by itself.
    """

    name: str
    inputs: list[Buffer]
    outputs: list[Buffer]
    parts: dict[str, list[Step]]
    windows: list[Window] = field(default_factory=list)
    predicate: Buffer | None = None
    length: int = 0
    reverse: bool = False
    shares: int = 1

    def reads(self) -> list[Buffer]:
        """What its parts read from outside."""
        return self.inputs

    def writes(self) -> list[Buffer]:
        """What its parts leave."""
        return self.outputs
