"""Formulas as LaTeX."""

from __future__ import annotations

import re

from chainrule.explain.formula.nodes import Atom, Cases, Frac, Mark, Matrix, Node, Root, Row, Script

_NUMBERED = re.compile(r"([A-Za-z])(\d+)")
_TALL = Frac | Cases | Matrix | Root


def to_latex(node: Node) -> str:
    r"""A formula as LaTeX.

    >>> from chainrule.explain.formula import parse, to_latex
    >>> to_latex(parse(r"\tfrac{1}{2} x^2"))
    '\\frac{1}{2} x^{2}'
    """
    if isinstance(node, Atom):
        return _atom(node)
    if isinstance(node, Row):
        return _row(node)
    if isinstance(node, Script):
        below = "" if node.below is None else f"_{{{to_latex(node.below)}}}"
        above = "" if node.above is None else f"^{{{to_latex(node.above)}}}"
        return f"{_script_base(node.base)}{below}{above}"
    if isinstance(node, Frac):
        return rf"\frac{{{to_latex(node.top)}}}{{{to_latex(node.bottom)}}}"
    if isinstance(node, Root):
        return rf"\sqrt{{{to_latex(node.body)}}}"
    if isinstance(node, Mark):
        return rf"\{node.kind}{{{to_latex(node.body)}}}"
    if isinstance(node, Cases | Matrix):
        kind = "cases" if isinstance(node, Cases) else "bmatrix"
        rows = r" \\ ".join(" & ".join(map(to_latex, cells)) for cells in node.rows)
        return rf"\begin{{{kind}}} {rows} \end{{{kind}}}"
    raise TypeError(type(node).__name__)


def _script_base(node: Node) -> str:
    """Braces keep an index of its own apart from those that follow."""
    shown = to_latex(node)
    return f"{{{shown}}}" if "_" in shown or "^" in shown else shown


def _atom(node: Atom) -> str:
    if node.kind == "word":
        return rf"\mathrm{{{_escaped(node.text)}}}"
    if node.kind == "function" and not node.text.startswith("\\"):
        return rf"\operatorname{{{_escaped(node.text)}}}"
    if node.kind == "name":
        return name_to_latex(node.text)
    return node.text


def name_to_latex(text: str) -> str:
    r"""A variable's name: ``v12`` is a letter with an index, a longer name is upright.

    >>> from chainrule.explain.formula.latex import name_to_latex
    >>> name_to_latex("v12"), name_to_latex("x"), name_to_latex("fc1.weight")
    ('v_{12}', 'x', '\\mathrm{fc1.weight}')
    """
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        return f"{numbered[1]}_{{{numbered[2]}}}"
    return text if len(text) == 1 else rf"\mathrm{{{_escaped(text)}}}"


def _escaped(text: str) -> str:
    return re.sub(r"([_%&#${}])", r"\\\1", text).replace(" ", r"\ ")


def _row(node: Row) -> str:
    parts = [to_latex(item) for item in node.items]
    for first, last in _tall_brackets(node):
        parts[first], parts[last] = rf"\left{parts[first]}", rf"\right{parts[last]}"
    return " ".join(parts)


def _tall_brackets(node: Row) -> list[tuple[int, int]]:
    """Pairs of parentheses around something tall."""
    opened: list[int] = []
    pairs = []
    for i, item in enumerate(node.items):
        if item == Atom("symbol", "("):
            opened.append(i)
        elif item == Atom("symbol", ")") and opened:
            first = opened.pop()
            if any(isinstance(inner, _TALL) for inner in node.items[first:i]):
                pairs.append((first, i))
    return pairs
