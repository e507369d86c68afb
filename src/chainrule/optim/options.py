"""Options of optimizers and schedules, declared once: name, default, constraint."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import chainrule.optim.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.constraint import Constraint
from chainrule.errors import error

REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True)
class Option:
    """One option.

    Parameters
    ----------
    default : object
        Its value unless one is given; `REQUIRED` if one must be.
    constraint : Constraint
        The values it may take.
    scheduled : bool
        Whether schedules may change it: then it is held in a `State`, which recorded graphs
        read anew at every call. Others are constants of a recorded graph.
    """

    default: Any
    constraint: Constraint
    scheduled: bool = False


Options = Mapping[str, Option]


def options(base: Options = MappingProxyType({}), /, **rows: Option) -> Options:
    """A table of options in the order of positional arguments: those of a base, then new ones."""
    return MappingProxyType({**base, **rows})


def check(owner: str, table: Options, name: str, value: Any) -> None:
    """Refuse an option that is not in the table, or a value outside its constraint."""
    if name not in table:
        raise error("optim.unknown_option", owner=owner, option=name, known=", ".join(table))
    constraint = table[name].constraint
    if not constraint.holds(value):
        raise error("optim.option", owner=owner, option=name, allowed=constraint.allowed, got=repr(value))


def bind(owner: str, table: Options, args: tuple[Any, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """All options by name: positional and named ones as they were given, defaults for the rest.

    Raises
    ------
    ConfigError
        An option is unknown, given twice, missing, or outside its constraint.
    """
    if len(args) > len(table):
        raise error("optim.too_many", owner=owner, got=len(args), known=", ".join(table))
    positional = dict(zip(table, args, strict=False))
    twice = positional.keys() & given.keys()
    if twice:
        raise error("optim.twice", owner=owner, option=min(twice))
    chosen = {**positional, **given}
    for name, value in chosen.items():
        check(owner, table, name, value)
    for name, row in table.items():
        if row.default is REQUIRED and name not in chosen:
            raise error("optim.missing", owner=owner, option=name, allowed=row.constraint.allowed)
    return {name: chosen.get(name, row.default) for name, row in table.items()}


def signature(first: str, table: Options) -> inspect.Signature:
    """What ``help`` shows of a class: its first argument, then its options."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    rows = [inspect.Parameter(name, kind, default=row.default) for name, row in table.items()]
    return inspect.Signature([inspect.Parameter(first, kind), *rows])
