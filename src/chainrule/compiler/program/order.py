"""The order of steps: states get their new elements when nothing can fail any more.

So a run that ends in an error (an index out of range, a singular matrix) leaves all states as they were.
"""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.step import Opaque, Repeat, Step


def can_fail(step: Step) -> bool:
    """Whether a step may end the run with an error; a signal may end any loop."""
    if isinstance(step, Repeat):
        return step.name != "cond" or any(can_fail(x) for part in step.parts.values() for x in part)
    return isinstance(step, Opaque) and step.name in ("irregular", "numpy")


def assigned(step: Step) -> list[Buffer]:
    """The states that a step gives new elements."""
    return [x for x in step.writes() if x.kind == "state"]


def states_last(steps: Sequence[Step]) -> tuple[list[Step], list[Buffer]]:
    """Steps that assign states moved behind all that can fail, and those states where that is not possible.

    Not possible it is where a later step needs something else that the same kernel computes.
    """
    last = max((i for i, step in enumerate(steps) if can_fail(step)), default=-1)
    staying: list[Step] = []
    moved: list[Step] = []
    read: set[Buffer] = set()
    written: set[Buffer] = set()
    for step in reversed(steps[: last + 1]):
        reads, writes = set(step.reads()), set(step.writes())
        is_free = writes.isdisjoint(read) and written.isdisjoint(reads | writes)
        if assigned(step) and is_free and not can_fail(step):
            moved.append(step)
            continue
        staying.append(step)
        read |= reads
        written |= writes
    staying.reverse()
    at_risk = list(dict.fromkeys(x for step in staying for x in assigned(step)))
    return [*staying, *reversed(moved), *steps[last + 1 :]], at_risk
