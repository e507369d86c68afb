"""The steps of a trainer as programs."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from chainrule.compiler.backend import DEFAULT
from chainrule.compiler.compiled import Compiled
from chainrule.compiler.compiled import compile as compiled
from chainrule.compiler.options import DEFAULT as NO_OPTIONS
from chainrule.compiler.options import Options
from chainrule.compiler.report import Report
from chainrule.errors import FallbackWarning, GraphError, OutOfRangeError, text
from chainrule.nn import Module
from chainrule.train.callbacks import Callback
from chainrule.train.checks import add_note

Step = Callable[..., Any]


class CompiledSteps:
    """Compiled forms of a trainer's methods, made when they are first run.

    Parameters
    ----------
    wanted : bool or str
        Whether to compile; or by which backend. With True, what cannot be recorded runs as Python, after a
        warning; with a backend it is an error.
    options : Options
        As for `chainrule.compile`.
    """

    def __init__(self, wanted: bool | str, options: Options = NO_OPTIONS) -> None:
        self._backend = DEFAULT if wanted is True else wanted
        self._options = asdict(options)
        self._may_do_without = wanted is True
        self._steps: dict[str, Compiled] = {}

    def of(self, step: Step, model: Module, again: Step) -> Step:
        """A step, compiled if that is wanted and the model has no hooks.

        Where a program stops for an index out of range, ``again`` is called: the same without effects, run
        by Python, which knows the layer and the label.
        """
        if not self._backend or any(module.has_hooks for module in model.modules()):
            return step
        name = step.__name__
        if name not in self._steps:
            self._steps[name] = compiled(step, backend=self._backend, **self._options)
        return lambda *args: self._run(step, again, args)

    def _run(self, step: Step, again: Step, args: tuple[Any, ...]) -> Any:
        if not self._backend:
            return step(*args)
        try:
            return self._steps[step.__name__](*args)
        except GraphError as problem:
            if not self._may_do_without:
                add_note(problem, text("train.without_compiling"))
                raise
            self._give_up(problem)
        except OutOfRangeError:
            again(*args)
            raise
        return step(*args)

    def _give_up(self, problem: GraphError) -> None:
        """Run everything by Python from now on, which the user is told once."""
        self._backend = False
        self._steps.clear()
        warnings.warn(text("train.not_compiled", problem=problem), FallbackWarning, stacklevel=2)

    def reports(self) -> dict[str, Report]:
        """What was compiled, by the name of the step."""
        return {name: step.report() for name, step in self._steps.items()}

    @property
    def seconds(self) -> float:
        """Time of compiling so far."""
        return sum(step.seconds for step in self._steps.values())


def measures(callback: Callback) -> bool:
    """Whether a callback measures anything."""
    return getattr(callback.measure, "__func__", None) is not Callback.measure
