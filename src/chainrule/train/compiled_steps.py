"""The steps of a trainer as programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.compiler.backend import DEFAULT
from chainrule.compiler.compiled import Compiled
from chainrule.compiler.compiled import compile as compiled
from chainrule.compiler.report import Report
from chainrule.errors import GraphError, text
from chainrule.nn import Module
from chainrule.train.callbacks import Callback
from chainrule.train.checks import add_note

Step = Callable[..., Any]


class CompiledSteps:
    """Compiled forms of a trainer's methods, made when they are first run.

    Parameters
    ----------
    wanted : bool or str
        Whether to compile; or by which backend.
    """

    def __init__(self, wanted: bool | str) -> None:
        self._backend = DEFAULT if wanted is True else wanted
        self._steps: dict[str, Compiled] = {}

    def of(self, step: Step, model: Module) -> Step:
        """A step, compiled if that is wanted and the model has no hooks."""
        if not self._backend or any(module.has_hooks for module in model.modules()):
            return step
        name = step.__name__
        if name not in self._steps:
            self._steps[name] = compiled(step, backend=self._backend)
        return _with_remedy(self._steps[name])

    def reports(self) -> dict[str, Report]:
        """What was compiled, by the name of the step."""
        return {name: step.report() for name, step in self._steps.items()}

    @property
    def seconds(self) -> float:
        """Time of compiling so far."""
        return sum(step.seconds for step in self._steps.values())


def _with_remedy(step: Compiled) -> Step:
    """A step whose errors of recording say how to do without."""

    def run(*args: Any) -> Any:
        try:
            return step(*args)
        except GraphError as problem:
            add_note(problem, text("train.without_compiling"))
            raise

    return run


def measures(callback: Callback) -> bool:
    """Whether a callback measures anything."""
    return getattr(callback.measure, "__func__", None) is not Callback.measure
