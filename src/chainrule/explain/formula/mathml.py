"""Formulas as MathML, which browsers show without any library."""

from __future__ import annotations

import re
from html import escape

from chainrule.explain.formula.latex import to_latex
from chainrule.explain.formula.nodes import Atom, Cases, Frac, Mark, Matrix, Node, Root, Row, Script
from chainrule.explain.formula.signs import character

_NUMBERED = re.compile(r"([A-Za-z])(\d+)")
_OVER = {"bar": "¯", "hat": "^", "tilde": "~", "dot": "˙"}
# Drawn, since without a mathematical font brackets and braces do not stretch.
_BRACE = "border: solid; border-width: 0 0 0 1px; border-radius: 0.6em; padding-left: 0.4em"
_TICK = "linear-gradient(currentColor 0 0) {} / 0.25em 1px no-repeat"
_CORNERS = ", ".join(map(_TICK.format, ("left top", "right top", "left bottom", "right bottom")))
_BRACKETS = f"border: solid; border-width: 0 1px; padding: 0 0.15em; margin: 0 0.1em; background: {_CORNERS}"
_SPACES = {r"\,": "0.17em", r"\;": "0.28em", r"\quad": "1em", r"\!": "-0.17em"}


def to_mathml(node: Node, *, block: bool = False) -> str:
    r"""A formula as a ``<math>`` element; its LaTeX is kept as the alternative text.

    >>> from chainrule.explain.formula import parse, to_mathml
    >>> to_mathml(parse("x^2"))
    '<math alttext="x^{2}"><msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    display = ' display="block"' if block else ""
    return f'<math{display} alttext="{escape(to_latex(node))}">{_element(node)}</math>'


def _element(node: Node) -> str:
    if isinstance(node, Atom):
        return _atom(node)
    if isinstance(node, Row):
        return f"<mrow>{''.join(map(_element, node.items))}</mrow>"
    if isinstance(node, Script):
        return _script(node)
    if isinstance(node, Frac):
        return f"<mfrac>{_element(node.top)}{_element(node.bottom)}</mfrac>"
    if isinstance(node, Root):
        return f"<msqrt>{_element(node.body)}</msqrt>"
    if isinstance(node, Mark):
        return f'<mover accent="true">{_element(node.body)}<mo>{_OVER[node.kind]}</mo></mover>'
    if isinstance(node, Cases):
        return _table(node, "left", _BRACE)
    if isinstance(node, Matrix):
        return _table(node, "right", _BRACKETS)
    raise TypeError(type(node).__name__)


def _atom(node: Atom) -> str:
    shown = escape(character(node.text))
    if node.kind == "number":
        return f"<mn>{shown}</mn>"
    if node.kind == "name":
        return _name(node.text)
    if node.kind == "letter":
        return f"<mi>{shown}</mi>"
    if node.kind == "word":
        return f'<mi mathvariant="normal">{shown}</mi>'
    if node.kind == "function":
        return f'<mi mathvariant="normal">{shown}</mi><mspace width="0.17em"/>'
    if node.text in _SPACES:
        return f'<mspace width="{_SPACES[node.text]}"/>'
    return f"<mo>{'−' if shown == '-' else shown}</mo>"


def _name(text: str) -> str:
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        return f"<msub><mi>{numbered[1]}</mi><mn>{numbered[2]}</mn></msub>"
    return f"<mi>{escape(text)}</mi>" if len(text) == 1 else f'<mi mathvariant="normal">{escape(text)}</mi>'


def _script(node: Script) -> str:
    is_under = isinstance(node.base, Atom) and node.base.kind == "big"
    base = _element(node.base)
    parts = [_element(part) for part in (node.below, node.above) if part is not None]
    if len(parts) == 2:
        kind = "munderover" if is_under else "msubsup"
    elif node.below is not None:
        kind = "munder" if is_under else "msub"
    else:
        kind = "mover" if is_under else "msup"
    return f"<{kind}>{_grouped(base)}{''.join(map(_grouped, parts))}</{kind}>"


def _grouped(element: str) -> str:
    """One element, as scripts need: a function's name brings a space along."""
    return f"<mrow>{element}</mrow>" if element.endswith('<mspace width="0.17em"/>') else element


def _table(node: Cases | Matrix, align: str, style: str = "") -> str:
    cell = f'<mtd style="text-align: {align}">'
    rows = (f"<mtr>{''.join(f'{cell}{_element(x)}</mtd>' for x in cells)}</mtr>" for cells in node.rows)
    styled = f' style="{style}"' if style else ""
    return f"<mtable{styled}>{''.join(rows)}</mtable>"
