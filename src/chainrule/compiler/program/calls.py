"""What a program calls: native functions with their buffers, and operations that are left to NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.step import Repeat, Step
from chainrule.graph import Node


@dataclass(eq=False)
class KernelCall:
    """A call of a native function on buffers, piece by piece.

    Attributes
    ----------
    function : str
        Its name.
    text : str
        Its module; equal kernels have equal texts and names, and are compiled once.
    buffers : list of Buffer
        Whose addresses it is given, in order.
    pieces : int
        Independent parts of its work.
    step : Step
        What it computes.
    passes : str
        What LLVM optimises in it.
    record : Buffer, optional
        Where it notes an index out of range.
    once : bool
        Whether a loop calls it before its first step only, or a program when what it depends on has changed.
    """

    function: str
    text: str
    buffers: list[Buffer]
    pieces: int
    step: Step
    passes: str = "none"
    record: Buffer | None = None
    once: bool = False


@dataclass(eq=False)
class NumpyCall:
    """A row that is run by its NumPy definition."""

    node: Node
    inputs: list[Buffer]
    outputs: list[Buffer]
    step: Step


@dataclass(eq=False)
class RepeatCall:
    """Calls that are run again and again, or perhaps not at all."""

    step: Repeat
    parts: dict[str, list[Call]]


Call: TypeAlias = "KernelCall | NumpyCall | RepeatCall"


def flat(calls: Sequence[Call]) -> Iterator[Call]:
    """All calls, those inside others too."""
    for call in calls:
        yield call
        if isinstance(call, RepeatCall):
            for part in call.parts.values():
                yield from flat(part)
