"""Trivial simplifications, made while a formula is built: of 1 · x, x + 0, x · x, -(-x) and their like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.explain.formula import Atom, Cases, Node, Row, Script, fitted, number, parse, row, substitute
from chainrule.explain.formula.levels import Level

_ZERO, _ONE = {number(0), number(0.0)}, {number(1), number(1.0)}


def is_zero(x: Node) -> bool:
    """Whether a formula is the number 0."""
    return x in _ZERO


def is_one(x: Node) -> bool:
    """Whether a formula is the number 1."""
    return x in _ONE


def negated(x: Node) -> Node | None:
    """What a formula is the negative of, if it begins with a minus that is about all of it."""
    if isinstance(x, Row) and x.items[0] == Atom("symbol", "-"):
        rest = row(*x.items[1:])
        if fitted(rest, Level.PRODUCT) is rest:
            return rest
    return None


def negative(x: Node) -> Node:
    """The negative of a formula."""
    if is_zero(x):
        return x
    positive = negated(x)
    return positive if positive is not None else substitute(parse("-x"), {"x": x})


def times(x: Node, y: Node) -> Node:
    """The product of two formulas."""
    if is_zero(x) or is_zero(y):
        return number(0)
    if is_one(x) or is_one(y):
        return y if is_one(x) else x
    for one, other in ((x, y), (y, x)):
        positive = negated(one)
        if positive is not None:
            return negative(times(positive, other) if one is x else times(other, positive))
    if x == y:
        return Script(fitted(x, Level.ATOM), above=number(2))
    return substitute(parse(r"x \cdot y"), {"x": x, "y": y})


def plus(x: Node, y: Node) -> Node:
    """The sum of two formulas."""
    if is_zero(x) or is_zero(y):
        return y if is_zero(x) else x
    subtracted = negated(y)
    return substitute(parse("x + y"), {"x": x, "y": y}) if subtracted is None else minus(x, subtracted)


def minus(x: Node, y: Node) -> Node:
    """The difference of two formulas."""
    if is_zero(x):
        return negative(y)
    return x if is_zero(y) else substitute(parse("x - y"), {"x": x, "y": y})


def over(x: Node, y: Node) -> Node:
    """The quotient of two formulas."""
    if is_zero(x) or is_one(y):
        return x
    positive = negated(x)
    if positive is not None:
        return negative(over(positive, y))
    return substitute(parse(r"\frac{x}{y}"), {"x": x, "y": y})


def _power(x: Node, y: Node) -> Node | None:
    return x if is_one(y) else None


def _where(c: Node, x: Node, y: Node) -> Node | None:
    """The same condition again, in a branch where it is known to fail, picks the other value."""
    if x == y:
        return x
    known = _without_condition(y, c)
    return None if known is y else substitute(parse(_CASES), {"c": c, "x": x, "y": known})


_CASES = r"\begin{cases} x & c \\ y & \text{otherwise} \end{cases}"


def _without_condition(x: Node, c: Node) -> Node:
    """A formula in which cases under a condition that fails are replaced by what else holds."""
    if isinstance(x, Cases):
        return x.rows[1][0] if x.rows[0][1] == c else x
    if not isinstance(x, Row):
        return x
    items = list(x.items)
    for i, item in enumerate(items):
        inner = _without_condition(item, c)
        if inner is not item:
            return _replaced(items, i, inner)
    return x


def _replaced(items: list[Node], i: int, new: Node) -> Node:
    """A row with one item replaced; brackets around it go if it needs none."""
    bracketed = items[i - 1 : i + 2 : 2] == [Atom("symbol", "("), Atom("symbol", ")")]
    if bracketed and isinstance(new, Atom):
        return row(*items[: i - 1], new, *items[i + 2 :])
    return row(*items[:i], new, *items[i + 1 :])


def _kept_zero(x: Node) -> Node | None:
    """Moving the elements of 0 leaves it 0."""
    return x if is_zero(x) else None


def _product(a: Node, b: Node) -> Node | None:
    return number(0) if is_zero(a) or is_zero(b) else None


SIMPLER: dict[str, Callable[..., Any]] = {
    "multiply": times,
    "add": plus,
    "subtract": minus,
    "divide": over,
    "negative": negative,
    "power": _power,
    "where": _where,
    "identity": lambda x: x,
    "contract": _product,
    **dict.fromkeys(("reshape", "transpose", "conj"), _kept_zero),
}
