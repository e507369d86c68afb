"""Composites: functions made of table rows, named so that every view can show them as one block."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from chainrule.core.interpreter import state

Function = TypeVar("Function", bound=Callable[..., Any])

COMPOSITES: dict[str, Composite] = {}


@dataclass(frozen=True)
class Composite:
    """A registered composite: its name, formula (LaTeX) and the function."""

    name: str
    formula: str
    function: Callable[..., Any]


def composite(formula: str) -> Callable[[Function], Function]:
    """Register a function under its name; what it computes is recorded in a scope of that name."""

    def register(function: Function) -> Function:
        name = function.__name__

        @functools.wraps(function)
        def scoped(*args: Any, **kwargs: Any) -> Any:
            before = state.scopes
            state.scopes = (*before, name)
            try:
                return function(*args, **kwargs)
            finally:
                state.scopes = before

        COMPOSITES[name] = Composite(name, formula, scoped)
        return cast("Function", scoped)

    return register
