"""The row of a rewrite, and the table of all rows."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chainrule.graph.graph import Graph
from chainrule.graph.parse import parse
from chainrule.graph.recorder import record
from chainrule.graph.rewrites.here import Here
from chainrule.graph.tokens import Tokens
from chainrule.graph.values import spec

Rule = Callable[[Here], Any]


class Exact(enum.Enum):
    """How much a rewritten graph may differ from the graph it was made of.

    In none of them is the sign of a NaN, or what else is in its bits, kept.
    """

    BITS = "the same bits"
    ZERO_SIGN = "equal; a zero may change its sign"
    ROUNDING = "up to rounding"


@dataclass(frozen=True)
class Example:
    """A graph: its text, or a function and the shapes and types to record it at.

    ``example(exp, "f32[2, 3]")`` is short for the latter.
    """

    source: str | Callable[..., Any]
    specs: tuple[str, ...] = ()

    def record(self) -> Graph:
        """The graph itself."""
        if isinstance(self.source, str):
            return parse(self.source)
        return record(self.source, *(spec(Tokens(text)) for text in self.specs), name="example")


def example(source: str | Callable[..., Any], *specs: str) -> Example:
    """Shorthand for an `Example`."""
    return Example(source, specs)


@dataclass(frozen=True)
class Rewrite:
    """One way to write a part of a graph anew.

    Parameters
    ----------
    name : str
        Its key in `REWRITES`.
    law : str
        What is equal to what, as LaTeX where it starts with a backslash or has one in it, or in words.
    exact : Exact
        How far the two may differ in floating point.
    rule : callable
        ``rule(here)`` gives what replaces the node: a tensor, a list with one for each result, or None
        where it does not apply. A result that nothing uses may be None in the list.
    ops : tuple of str
        The operations at which it is tried; all if empty.
    bound : str
        Where it rounds differently: by how much.
    ulps : float
        The same as a number, for the tests: at most so many units in the last place, relative to the largest
        result, on positive numbers of like size.
    default : bool
        Whether the compiler uses it unless told otherwise.
    family : str
        The module it is stated in.
    needs : tuple of str
        Rows without which it never applies.
    examples, refusals : tuple of Example
        Graphs to which it applies, and graphs that it must leave alone.
    """

    name: str
    law: str
    exact: Exact
    rule: Rule
    ops: tuple[str, ...] = ()
    bound: str = ""
    ulps: float = 0.0
    default: bool = True
    family: str = ""
    needs: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    refusals: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        if self.name in REWRITES:
            raise KeyError(f"the table already has a rewrite named {self.name!r}")
        REWRITES[self.name] = self


REWRITES: dict[str, Rewrite] = {}


def family_of(function: Callable[..., Any]) -> str:
    """The module that a function is written in."""
    return function.__module__.rpartition(".")[2]


def rewrites(
    name: str, law: str, *ops: str, exact: Exact = Exact.BITS, **fields: Any
) -> Callable[[Rule], Rule]:
    """Add a row whose rule is the function below."""

    def add(rule: Rule) -> Rule:
        Rewrite(name, law, exact, rule, ops, family=family_of(rule), **fields)
        return rule

    return add
