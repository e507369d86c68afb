"""Formulas as one line of plain text."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

from chainrule.explain.formula.levels import (
    CLOSING,
    OPENING,
    PRODUCTS,
    RELATIONS,
    SIGNS,
    Level,
    base,
    is_big,
    is_function,
)
from chainrule.explain.formula.nodes import Atom, Cases, Frac, Mark, Matrix, Node, Root, Row, Script
from chainrule.explain.formula.signs import character
from chainrule.explain.formula.substitute import fenced, fitted

_RAISED = {**dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)), "T": "ᵀ", "′": "′"}
_MARKS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "dot": "\u0307"}
_LEFT_BOUND = {",", ":", r"\,"}
_TIGHT = {r"\,", ":", r"\neg", r"\partial"}


def to_text(node: Node) -> str:
    r"""A formula in Unicode.

    >>> from chainrule.explain.formula import parse, to_text
    >>> to_text(parse(r"\sqrt{x^{2} + y_{1}} \cdot \ln x"))
    '√(x² + y_1) · ln x'
    """
    if isinstance(node, Atom):
        return character(node.text)
    if isinstance(node, Row):
        return _row(node)
    if isinstance(node, Script):
        return _script(node)
    if isinstance(node, Frac):
        return _fraction(to_text(fitted(node.top, Level.PRODUCT)), to_text(fitted(node.bottom, Level.POWER)))
    if isinstance(node, Root):
        return f"√{to_text(fitted(node.body, Level.ATOM))}"
    if isinstance(node, Mark):
        return normalize("NFC", f"{to_text(fitted(node.body, Level.ATOM))}{_MARKS[node.kind]}")
    if isinstance(node, Matrix):
        return _bracketed(_bracketed(map(to_text, cells)) for cells in node.rows)
    if isinstance(node, Cases):
        return f"{{{'; '.join(_case(cells) for cells in node.rows)}}}"
    raise TypeError(type(node).__name__)


def _bracketed(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _fraction(top: str, bottom: str) -> str:
    return f"{top} / {bottom}" if " " in top + bottom else f"{top}/{bottom}"


def _case(cells: tuple[Node, ...]) -> str:
    value, *condition = map(to_text, cells)
    if not condition:
        return value
    return f"{value} {condition[0]}" if condition[0] == "otherwise" else f"{value} if {condition[0]}"


def _script(node: Script) -> str:
    shown = to_text(node.base)
    if node.below is not None:
        below = fenced(node.below) if isinstance(node.below, Script) else fitted(node.below, Level.ATOM)
        shown += f"_{to_text(below)}"
    if node.above is not None:
        above = to_text(node.above)
        raised = "".join(_RAISED.get(c, "") for c in above)
        shown += raised if len(raised) == len(above) else f"^{to_text(fitted(node.above, Level.ATOM))}"
    return shown


def _row(node: Row) -> str:
    shown, tight, in_bars = "", True, False
    for before, item, after in zip((None, *node.items), node.items, (*node.items[1:], None), strict=False):
        sign, closes_bars = _symbol(item), in_bars
        in_bars ^= sign == "|"
        is_left = sign in OPENING or (sign == "|" and in_bars)
        is_right = sign in CLOSING | _LEFT_BOUND or (sign == "|" and closes_bars)
        shown += "" if tight or is_right or (is_left and _is_called(before)) else " "
        shown += f"({to_text(item)})" if _is_open_fraction(before, item, after) else to_text(item)
        tight = is_left or sign in _TIGHT or (sign in SIGNS and _is_unary(before))
    return shown


def _is_called(before: Node | None) -> bool:
    """Whether a bracket after this belongs to it, as in ``max(x, y)``."""
    return before is not None and not is_big(before) and _symbol(before) in {"", *CLOSING}


def _is_open_fraction(before: Node | None, item: Node, after: Node | None) -> bool:
    """Whether a fraction on one line would run into what stands beside it."""
    runs_on = after is not None and _symbol(after) in {"", *OPENING, "|"}
    return isinstance(item, Frac) and (runs_on or (before is not None and is_function(before)))


def _is_unary(before: Node | None) -> bool:
    return before is None or _symbol(before) in OPENING | RELATIONS | SIGNS | PRODUCTS


def _symbol(node: Node | None) -> str:
    """The sign of a symbol, perhaps with an exponent, as of a bracket; empty for all else."""
    sign = Atom("", "") if node is None else base(node)
    return sign.text if sign.kind == "symbol" else ""
