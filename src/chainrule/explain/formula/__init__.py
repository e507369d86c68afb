"""Formulas as trees: read from the table's LaTeX, with letters replaced, written for any medium."""

from chainrule.explain.formula.latex import to_latex
from chainrule.explain.formula.mathml import to_mathml
from chainrule.explain.formula.nodes import (
    Atom,
    Cases,
    Frac,
    Mark,
    Matrix,
    Node,
    Root,
    Row,
    Script,
    elements,
    name,
    number,
    row,
    symbol,
    word,
)
from chainrule.explain.formula.parse import parse
from chainrule.explain.formula.substitute import fenced, fitted, substitute
from chainrule.explain.formula.text import to_text

__all__ = [
    "Atom",
    "Cases",
    "Frac",
    "Mark",
    "Matrix",
    "Node",
    "Root",
    "Row",
    "Script",
    "elements",
    "fenced",
    "fitted",
    "name",
    "number",
    "parse",
    "row",
    "substitute",
    "symbol",
    "to_latex",
    "to_mathml",
    "to_text",
    "word",
]
