"""Borders of zeros that stand: written once, where nothing else is written."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.fuse import fused, needed
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.step import Step

# Larger buffers share memory with others, and their borders are zeroed at each call: that takes little beside
# the rest of them.
_LARGEST = 1 << 22


class Standing:
    """What is written once for the buffers of a program that have a border.

    Parameters
    ----------
    lowering : Lowering
        That of the program.

    Attributes
    ----------
    kernels : list of Step
        They write zeros.
    apart : dict
        The buffers that nobody may share memory with but those that have the same word beside them: with
        the same border, the same places hold its zeros.
    """

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self.kernels: list[Step] = []
        self.apart: dict[Buffer, Hashable] = {}

    def others(self, steps: Sequence[Step], kept: set[Buffer]) -> list[Step]:
        """The steps that are left when zeros are taken out; ``kept`` are buffers that outlive the program."""
        used, known = needed(steps, kept), set(self._lowering.zeros)
        zeros = {step: None for step in used if step in known and _is_small(step)}
        targets = [x for step in zeros for x in step.writes()]
        self.apart = {x: (self._lowering.borders[x], x.dtype) for x in targets}
        self.kernels = fused(list(zeros), set(targets))
        return [step for step in used if step not in zeros]


def _is_small(step: Step) -> bool:
    return all(x.nbytes <= _LARGEST for x in step.writes())
