"""What `chainrule.explain` gives back for a compiled step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

import chainrule.explain.stages.messages  # noqa: F401  (registers the words used here)
from chainrule.compiler.compiled import Compiled, compile
from chainrule.compiler.program.program import Program
from chainrule.errors import error, hint
from chainrule.explain.stages.clock import RESOLUTION, Times, measured
from chainrule.explain.stages.kernels import Kernel, kernels_of
from chainrule.explain.stages.machine import Limits, limits
from chainrule.explain.stages.text import STAGES, to_text
from chainrule.files.atomic import write_atomically
from chainrule.graph import Graph


class StagesExplanation:
    """A compiled step, stage by stage.

    ``print`` shows its kernels with their times, `stage` one stage as a whole, a notebook the page.

    Parameters
    ----------
    graph : Graph
        What was recorded.
    program : Program
        What was made of it.
    arrays : sequence of array
        Arguments of a call, with which it is timed.
    stages : tuple of str
        Those that were asked for; all if empty.

    Attributes
    ----------
    graph, program, stages
        As above.

    Examples
    --------
    >>> import chainrule as cr
    >>> step = cr.compile(lambda x: cr.exp(x) / cr.sum(cr.exp(x)))
    >>> found = cr.explain(step, cr.ones(1000))
    >>> print(found.stage("loops"))  # doctest: +ELLIPSIS
    kernel 1: ...
    >>> found.kernels[0].kind
    'fold'
    """

    def __init__(
        self, graph: Graph, program: Program, arrays: Sequence[np.ndarray], stages: tuple[str, ...] = ()
    ) -> None:
        self.graph, self.program, self.stages = graph, program, stages
        self._arrays = list(arrays)

    @property
    def name(self) -> str:
        """Of the function."""
        return self.graph.name

    @cached_property
    def kernels(self) -> list[Kernel]:
        """The program's kernels in order, with the time that each takes."""
        found = kernels_of(self.program)
        if self.times is not None:
            for kernel in found:
                seconds, kernel.count = self.times.calls[kernel.place]
                kernel.seconds = seconds if kernel.count else None
        return found

    @cached_property
    def times(self) -> Times | None:
        """Measured times; None where the stage was not asked for."""
        if self.stages and "time" not in self.stages:
            return None
        times = measured(self.program, self._arrays)
        self._arrays.clear()
        return times

    @cached_property
    def limits(self) -> Limits:
        """What the machine can do at most."""
        return limits()

    def share_of_roofline(self, kernel: Kernel) -> float | None:
        """The least time that a kernel's work takes on this machine, by the time that it took.

        None for what was not timed, or is over too quickly for that.
        """
        if not kernel.seconds or kernel.seconds < RESOLUTION * kernel.count:
            return None
        least = self.limits.least_seconds(kernel.flops * kernel.count, kernel.nbytes * kernel.count)
        return least / kernel.seconds

    def stage(self, name: str) -> str:
        """One stage as text.

        Parameters
        ----------
        name : str
            graph, gradient graph, loops, llvm, asm, memory or time.

        Raises
        ------
        ConfigError
            There is no such stage, or it was not asked for.
        """
        check_stages([name])
        if self.stages and name not in self.stages:
            raise error("stages.not_taken", name=name, known=", ".join(self.stages))
        return STAGES[name](self)

    def text(self) -> str:
        """The stages that were asked for; without such, kernels with their times and the memory."""
        return to_text(self)

    def to_html(self) -> str:
        """The explanation as one HTML document that needs no network."""
        from chainrule.explain.stages.page import document

        return document(self)

    def save(self, path: str | Path) -> None:
        """Write the HTML document to a file."""
        write_atomically(Path(path), self.to_html().encode())

    def _repr_html_(self) -> str:
        from chainrule.explain.stages.page import fragment

        return fragment(self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<stages of {self.name}: {len(self.program.calls)} kernels>"


def explain_stages(
    f: Callable[..., Any], *args: Any, stages: Sequence[str] | str = (), **kwargs: Any
) -> StagesExplanation:
    """The stages of a compiled function, or of a function that is compiled for it.

    Its states are as before afterwards.
    """
    wanted = tuple(stages) if isinstance(stages, list | tuple | set | dict) else (stages,)
    check_stages(wanted)
    step: Compiled = f if isinstance(f, Compiled) else compile(f)
    recording, arrays = step.recording_for(*args, **kwargs)
    if recording.must_run_eagerly:
        raise error("stages.eager", name=step.__name__)
    program: Any = recording.program
    if not isinstance(program, Program):
        raise error("stages.not_native", name=step.__name__, backend=step.backend)
    return StagesExplanation(recording.graph, program, arrays, wanted)


def check_stages(names: Sequence[str]) -> None:
    """Refuse names of stages that there are not."""
    for name in names:
        if name not in STAGES:
            meant = hint("stages.did_you_mean", str(name), STAGES)
            raise error("stages.unknown", name=name, hint=meant, known=", ".join(STAGES))
