"""How tightly the parts of a formula hold together: where parentheses are needed."""

from __future__ import annotations

from enum import IntEnum

from chainrule.explain.formula.nodes import Atom, Cases, Frac, Node, Row, Script


class Level(IntEnum):
    """From the loosest to the tightest."""

    RELATION = 0
    SUM = 1
    PRODUCT = 2
    MATRIX_PRODUCT = 3
    FUNCTION = 4
    POWER = 5
    ATOM = 6


OPENING = {"(", "[", r"\lfloor", r"\lceil", r"\{"}
CLOSING = {")", "]", r"\rfloor", r"\rceil", r"\}"}
RELATIONS = {"=", "<", ">", r"\le", r"\ge", r"\ne", r"\in", r"\sim", ":", r"\wedge", r"\vee", ","}
SIGNS = {"+", "-"}
PRODUCTS = {r"\cdot", r"\times", r"\,", r"\bmod", r"\odot", "/"}


def level(node: Node) -> Level:
    """How tightly a formula holds together as a whole."""
    if isinstance(node, Cases):
        return Level.RELATION
    if isinstance(node, Script):
        return Level.ATOM if node.above is None else Level.POWER
    if isinstance(node, Frac):
        return Level.FUNCTION
    return _level_of_row(node) if isinstance(node, Row) else Level.ATOM


def _level_of_row(node: Row) -> Level:
    outside = _outside_brackets(node)
    texts = {item.text for item in outside if isinstance(item, Atom) and item.kind == "symbol"}
    if texts & RELATIONS:
        return Level.RELATION
    if texts & SIGNS or any(is_big(item) for item in outside):
        return Level.SUM
    if texts & PRODUCTS:
        return Level.MATRIX_PRODUCT if texts & PRODUCTS == {r"\,"} else Level.PRODUCT
    if not outside or outside[0] == Atom("symbol", r"\partial"):
        return Level.ATOM
    return Level.FUNCTION if is_function(outside[0]) else Level.PRODUCT


def _outside_brackets(node: Row) -> list[Node]:
    """The items that stand in no bracket; the brackets themselves are left out."""
    depth, found, in_bars = 0, [], False
    for item in node.items:
        text = base(item).text if base(item).kind == "symbol" else ""
        depth -= text in CLOSING
        is_bracket = text in OPENING | CLOSING | {"|"}
        if depth == 0 and not in_bars and not (is_bracket and isinstance(item, Atom)):
            found.append(item)
        depth += text in OPENING
        in_bars ^= text == "|"
    return found


def is_function(node: Node) -> bool:
    """Whether a part is a function's name, perhaps with an index."""
    return base(node).kind == "function"


def is_big(node: Node) -> bool:
    """Whether a part is a sum sign or its like, perhaps with an index."""
    return base(node).kind == "big"


def base(node: Node) -> Atom:
    """The sign that a part is made around."""
    while isinstance(node, Script):
        node = node.base
    return node if isinstance(node, Atom) else Atom("", "")
