"""What a hand-written kernel is: parts of work that may run in any order, and the code of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.core.spec import Spec

# Called as fail(b, condition, index, size): where the condition holds, the program stops with an
# error that names the index and the extent of the axis it was meant for.
Fail = Callable[[Builder, Value, Value, Value | int], None]
Write = Callable[[Builder, Value, Sequence[Pointer], Sequence[Pointer], Pointer, Fail], None]


@dataclass(frozen=True)
class Irregular:
    """One phase of an operation that is no loop nest.

    Parameters
    ----------
    write : callable
        ``(builder, piece, inputs, outputs, scratch, fail)`` writes the code of one piece. Inputs and outputs
        are contiguous row-major arrays, aligned to their elements; scratch is aligned to 8 bytes.
    pieces : int
        Into how many independent pieces the work is cut. The number depends on the shapes alone, and no
        result on the order of the pieces.
    scratch : int
        Bytes of working memory per piece.
    optimise : bool
        Whether LLVM's passes are worth their time: for loops over windows and digits, and for branches.
    """

    write: Write
    pieces: int = 1
    scratch: int = 0
    optimise: bool = False


Specs = tuple[Spec, ...]
Params = dict[str, Any]
# Run one after the other; none where there is nothing to do.
Phases = tuple[Irregular, ...]
# Specs of inputs and outputs, and the row's parameters, to the phases of its work.
Rule = Callable[[Specs, Specs, Params], Phases]


@dataclass(frozen=True)
class Task:
    """What the code of a piece is written with; the arguments of `Irregular.write` by name."""

    b: Builder
    piece: Value
    inputs: Sequence[Pointer]
    outputs: Sequence[Pointer]
    scratch: Pointer
    fail: Fail


def irregular(
    write: Callable[[Task], None], pieces: int = 1, *, scratch: int = 0, optimise: bool = False
) -> Irregular:
    """An `Irregular` whose code is written by a function of one `Task`."""
    return Irregular(lambda *arguments: write(Task(*arguments)), pieces, scratch, optimise)
