"""Replacing letters of a formula by other formulas, with parentheses where they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chainrule.explain.formula.levels import PRODUCTS, RELATIONS, SIGNS, Level, is_big, is_function, level
from chainrule.explain.formula.nodes import Atom, Cases, Frac, Mark, Node, Root, Row, Script, row


def substitute(formula: Node, operands: Mapping[str, Node]) -> Node:
    r"""The formula with each letter that is a key replaced.

    >>> from chainrule.explain.formula import parse, substitute, to_text
    >>> to_text(substitute(parse(r"x \cdot y"), {"x": parse("a + b"), "y": parse("-c")}))
    '(a + b) · (-c)'
    """
    if isinstance(formula, Atom):
        return operands.get(formula.text, formula) if formula.kind == "letter" else formula
    if isinstance(formula, Row):
        return _in_row(formula, operands)
    if isinstance(formula, Script):
        return _in_script(formula, operands)
    if isinstance(formula, Frac):
        return Frac(substitute(formula.top, operands), substitute(formula.bottom, operands))
    if isinstance(formula, Root | Mark):
        return replace(formula, body=substitute(formula.body, operands))
    if isinstance(formula, Cases):
        return Cases(tuple(tuple(substitute(cell, operands) for cell in cells) for cells in formula.rows))
    return formula


def fenced(node: Node) -> Node:
    """In parentheses."""
    return row("(", node, ")")


def fitted(node: Node, needed: Level) -> Node:
    """In parentheses if it does not hold together tightly enough."""
    return node if level(node) >= needed else fenced(node)


def _in_row(formula: Row, operands: Mapping[str, Node]) -> Node:
    items: list[Node] = []
    for i, item in enumerate(formula.items):
        new = substitute(item, operands)
        if new is not item and isinstance(item, Atom):
            before = formula.items[i - 1] if i else None
            after = formula.items[i + 1] if i + 1 < len(formula.items) else None
            new = fitted(new, max(_needed_after(before), _needed_before(after)))
            new = fenced(new) if _text(before) in SIGNS and _starts_with_minus(new) else new
        items += new.items if isinstance(new, Row) else [new]
    return Row(tuple(items))


def _in_script(formula: Script, operands: Mapping[str, Node]) -> Node:
    base = fitted(substitute(formula.base, operands), Level.ATOM)
    if isinstance(base, Script):
        base = fenced(base)
    scripts = [
        None if part is None else substitute(part, operands) for part in (formula.below, formula.above)
    ]
    return Script(base, *scripts)


def _needed_after(left: Node | None) -> Level:
    """How tightly a part must hold together at the right of another."""
    if left is not None and is_function(left):
        return Level.ATOM
    if left is not None and (is_big(left) or _text(left) == "-"):
        return Level.PRODUCT
    return _needed_before(left)


def _needed_before(right: Node | None) -> Level:
    """How tightly a part must hold together at the left of another."""
    if right is None:
        return Level.RELATION
    text = _text(right)
    if text in PRODUCTS:
        return Level.PRODUCT
    if text in SIGNS or text in RELATIONS - {","}:
        return Level.SUM
    return Level.RELATION if text else Level.POWER


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Atom) and node.kind == "symbol" else ""


def _starts_with_minus(node: Node) -> bool:
    return isinstance(node, Row) and _text(node.items[0]) == "-"
