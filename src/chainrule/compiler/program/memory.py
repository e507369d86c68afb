"""Memory of programs; where there is not enough, the error says what asks for so much."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.compiler.native.arrays import ALIGNMENT, aligned_empty, readable_size
from chainrule.compiler.program import messages  # noqa: F401  (registers the messages used here)
from chainrule.compiler.program.results import maker_of
from chainrule.core.interpreter import Symbol
from chainrule.errors import error, text
from chainrule.graph import Graph, Node

if TYPE_CHECKING:
    from chainrule.compiler.program.making import Making


def arena_memory(nbytes: int, name: str, make: Callable[[], Making]) -> np.ndarray:
    """The block that a program's buffers lie in; ``make`` tells how the program came to be.

    Raises
    ------
    OutOfMemoryError
        There is not so much memory; the largest buffers are named with operation and line.
    """
    try:
        return aligned_empty((max(nbytes, 1),), np.dtype(np.uint8))
    except MemoryError as problem:
        from chainrule.compiler.program.largest import largest

        size = readable_size(nbytes)
        raise error("program.memory", name=name, size=size, largest=largest(make())) from problem


def parts_of_a_block(sizes: Sequence[int]) -> list[np.ndarray]:
    """Arrays of bytes, one behind the other in one block.

    The system gives a large block large pages; a processor knows the places of many megabytes of those.
    """
    begins = np.cumsum([0, *(-(-size // ALIGNMENT) * ALIGNMENT for size in sizes)]).tolist()
    block = aligned_empty((begins[-1],), np.dtype(np.uint8))
    return [block[begin : begin + size] for begin, size in zip(begins, sizes, strict=False)]


def wanted(size: int, node: Node | None, name: str) -> str:
    """What asks for so much memory: size, operation and line."""
    values = {"size": readable_size(size), "op": name if node is None else node.op.name}
    return text("program.buffer", line="?" if node is None else node.line or "?", **values)


def result_memory(graph: Graph, symbol: Symbol) -> np.ndarray:
    """A new array for a result.

    Raises
    ------
    OutOfMemoryError
        There is not so much memory.
    """
    try:
        return maker_of(symbol.shape, symbol.dtype)()
    except (MemoryError, ValueError) as problem:
        node = next((node for node in graph.nodes if symbol in node.outputs), None)
        size = math.prod(symbol.shape) * symbol.dtype.itemsize
        said = wanted(size, node, symbol.name)
        raise error("program.result_memory", name=graph.name, spec=symbol.spec, wanted=said) from problem
