r"""Reading the LaTeX of the table's formulas.

The part of LaTeX that formulas need: letters, numbers, symbols, ``{…}``, ``_``, ``^``, ``\frac``,
``\sqrt``, marks such as ``\bar``, ``\mathrm`` and its kin, ``\text``, ``\left`` and ``\right``, and
``cases``.
"""

from __future__ import annotations

import functools
import re

from chainrule.explain.formula.nodes import Atom, Cases, Frac, Mark, Node, Root, Row, Script, row

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_TEXT_COMMANDS = {
    r"\mathrm": "word",
    r"\text": "word",
    r"\mathcal": "word",
    r"\mathit": "word",
    r"\operatorname": "function",
}
_FRACTIONS = {r"\frac", r"\tfrac", r"\dfrac"}
_MARKS = {r"\bar": "bar", r"\hat": "hat", r"\tilde": "tilde", r"\dot": "dot"}
_SIZES = {r"\left", r"\right"}
FUNCTIONS = {
    rf"\{f}"
    for f in ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "exp")
}
FENCED_FUNCTIONS = {r"\max", r"\min"}
BIG = {r"\sum", r"\prod", r"\bigvee", r"\bigwedge"}


@functools.lru_cache(maxsize=1024)
def parse(latex: str) -> Node:
    r"""The tree of a formula.

    >>> from chainrule.explain.formula import parse, to_text
    >>> to_text(parse(r"\frac{1}{1 + e^{-x}}"))
    '1 / (1 + e^(-x))'
    """
    reader = _Reader(latex)
    node = reader.row(end=None)
    reader.expect_end()
    return node


class _Reader:
    """A walk through the tokens of a formula."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.tokens = [token for token in _TOKEN.findall(latex) if not token.isspace()]
        self.at = 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self) -> str:
        token = self.peek()
        if token is None:
            raise ValueError(f"formula ends too early: {self.latex}")
        self.at += 1
        return token

    def take(self, token: str) -> None:
        if self.next() != token:
            raise ValueError(f"formula needs a {token} at token {self.at}: {self.latex}")

    def expect_end(self) -> None:
        if self.peek() is not None:
            raise ValueError(f"formula has a stray {self.peek()}: {self.latex}")

    def row(self, end: str | None, *stops: str) -> Node:
        """Items up to (not including) one of the tokens at which it ends."""
        items: list[Node] = []
        while self.peek() is not None and self.peek() != end and self.peek() not in stops:
            items.append(self.scripted())
        return row(*items) if items else Row(())

    def scripted(self) -> Node:
        """One item with what is written below and above it."""
        base = self.item()
        below = above = None
        while self.peek() in ("_", "^", "'"):
            sign = self.next()
            if sign == "_":
                below = self.group()
            else:
                above = self.group() if sign == "^" else Atom("symbol", r"\prime")
        return base if below is None and above is None else Script(base, below, above)

    def group(self) -> Node:
        """A braced row, or a single item."""
        if self.peek() != "{":
            return self.item()
        self.take("{")
        inside = self.row("}")
        self.take("}")
        return inside

    def item(self) -> Node:
        token = self.next()
        if token == "}":
            raise ValueError(f"formula has a stray }}: {self.latex}")
        if token == "{":
            self.at -= 1
            return self.group()
        if token in _SIZES:
            return self.item()
        if token in _FRACTIONS:
            return Frac(self.group(), self.group())
        if token == r"\sqrt":
            return Root(self.group())
        if token in _MARKS:
            return Mark(_MARKS[token], self.group())
        if token in _TEXT_COMMANDS:
            return Atom(_TEXT_COMMANDS[token], self.plain_text())
        if token == r"\begin":
            return self.cases()
        return Atom(_kind(token), token)

    def plain_text(self) -> str:
        r"""What stands between braces, as it is (``\,`` is a space)."""
        self.take("{")
        parts = []
        while self.peek() != "}":
            token = self.next()
            parts.append(" " if token == r"\," else token.lstrip("\\"))
        self.take("}")
        return "".join(parts)

    def cases(self) -> Node:
        self.plain_text()
        rows: list[tuple[Node, ...]] = []
        cells: list[Node] = []
        while True:
            cells.append(self.row(r"\end", "&", r"\\"))
            sign = self.next()
            if sign != "&":
                rows.append(tuple(cells))
                cells = []
            if sign == r"\end":
                self.plain_text()
                return Cases(tuple(rows))


def _kind(token: str) -> str:
    if token[0].isdigit():
        return "number"
    if token in FUNCTIONS | FENCED_FUNCTIONS:
        return "function"
    if token in BIG:
        return "big"
    return "letter" if token.isalpha() or token in _GREEK else "symbol"


_GREEK = {rf"\{name}" for name in ("alpha", "beta", "gamma", "sigma", "mu", "lambda", "epsilon", "pi")}
