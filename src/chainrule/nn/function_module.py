"""Modules without parameters, made from functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from chainrule.core.op import Op
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints, check_options
from chainrule.nn.registry import name_and_formula


class FunctionModule(Module):
    """A function of `nn.functional` with its options kept as attributes."""

    function: ClassVar[Callable[..., Any]]
    signature: ClassVar[inspect.Signature]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        check_options(type(self).__name__, bound.arguments, self.constraints)
        for name, value in bound.arguments.items():
            self._keep(name, value)

    def _keep(self, name: str, value: Any) -> None:
        setattr(self, name, value)

    def forward(self, *inputs: Any) -> Any:
        """The function of the inputs, with the options that were kept."""
        function = type(self).function
        return function(*inputs, **{name: getattr(self, name) for name in self.signature.parameters})


def options_of(function: Callable[..., Any], inputs: int) -> list[inspect.Parameter]:
    """The arguments of a function after its inputs."""
    return [] if isinstance(function, Op) else list(inspect.signature(function).parameters.values())[inputs:]


def function_module(
    name: str,
    base: type[FunctionModule],
    function: Callable[..., Any],
    options: list[inspect.Parameter],
    constraints: Constraints,
) -> type[Any]:
    """The module of a function: its constructor takes the options, its call the inputs."""
    positional = [p.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD) for p in options]
    signature = inspect.Signature(positional)
    fields = {
        "__doc__": _docstring(name, function, positional, constraints),
        "__module__": base.__module__,
        "__signature__": signature,
        "constraints": {p.name: constraints[p.name] for p in options if p.name in constraints},
        "function": staticmethod(function),
        "function_name": name_and_formula(function)[0],
        "signature": signature,
    }
    return type(name, (base,), fields)


def _docstring(
    name: str, function: Callable[..., Any], options: list[inspect.Parameter], constraints: Constraints
) -> str:
    function_name, formula = name_and_formula(function)
    summary = f"{name}." if isinstance(function, Op) else (function.__doc__ or "").strip().splitlines()[0]
    lines = [summary, "", f".. math:: {formula}", "", f"The module of `nn.functional.{function_name}`."]
    if options:
        lines += ["", "Parameters", "----------"]
    for option in options:
        allowed = f", in {constraints[option.name].allowed}" if option.name in constraints else ""
        lines += [f"{option.name} : default {option.default!r}{allowed}"]
    return "\n".join(lines)
