"""The tree of a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.core import display


class Node:
    """A part of a formula."""


@dataclass(frozen=True)
class Atom(Node):
    r"""One sign or word that cannot be taken apart.

    ``kind`` says what it is: ``letter``, ``number``, ``symbol`` (an operator, relation, bracket
    or LaTeX command such as ``\cdot``), ``function`` (``\sin``), ``big`` (``\sum``), ``word``
    (upright text) or ``name`` (of a variable).
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Row(Node):
    """Parts side by side."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Script(Node):
    """A part with something below, above, or both, at its right."""

    base: Node
    below: Node | None = None
    above: Node | None = None


@dataclass(frozen=True)
class Frac(Node):
    """A fraction."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Root(Node):
    """A square root."""

    body: Node


@dataclass(frozen=True)
class Mark(Node):
    """A part with a mark over it: ``bar``, ``hat`` or ``tilde``."""

    kind: str
    body: Node


@dataclass(frozen=True)
class Matrix(Node):
    """A table of numbers."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Cases(Node):
    """Values and their conditions."""

    rows: tuple[tuple[Node, ...], ...]


def row(*items: Node | str) -> Node:
    """Parts side by side; strings are symbols."""
    parts = tuple(symbol(item) if isinstance(item, str) else item for item in items)
    return parts[0] if len(parts) == 1 else Row(parts)


def symbol(text: str) -> Atom:
    """An operator, relation or bracket."""
    return Atom("symbol", text)


def word(text: str) -> Atom:
    """Upright text."""
    return Atom("word", text)


def name(text: str) -> Atom:
    """A variable of a program."""
    return Atom("name", text)


def elements(values: np.ndarray) -> Node:
    """All elements of an array: a number, a matrix, or else nested brackets."""
    if values.ndim == 0:
        return number(values.item())
    if values.ndim != 2:
        return word(display.array(values))
    return Matrix(tuple(tuple(number(x.item()) for x in of_row) for of_row in values))


def number(value: Any) -> Node:
    """A number; a negative one is a row that begins with a minus, a complex one a sum."""
    if isinstance(value, complex):
        sign = "-" if np.signbit(value.imag) else "+"
        return row(number(value.real), sign, number(abs(value.imag)), Atom("letter", "i"))
    shown = display.number(value)
    return row("-", Atom("number", shown[1:])) if shown.startswith("-") else Atom("number", shown)
