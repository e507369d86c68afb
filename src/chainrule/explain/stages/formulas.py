"""Expressions of the compiler's middle form as formulas in the names of buffers."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from chainrule.compiler.loops.expr import (
    Apply,
    Buffer,
    Constant,
    Expr,
    Guard,
    Guarded,
    Index,
    Read,
    used,
    walk,
)
from chainrule.compiler.loops.form import Form
from chainrule.core.spec import Shape, Spec
from chainrule.explain.expressions import constant
from chainrule.explain.forms import formula_of
from chainrule.explain.formula import Node, fitted, name, row, to_text, word
from chainrule.explain.formula.levels import Level

_LETTERS = "ijklmnopqrstuvw"
SIGNS = {"add": "Σ", "multiply": "Π", "maximum": "max", "minimum": "min", "or": "any", "and": "all"}


def letters(count: int) -> list[str]:
    """Names of axes: i, j, k, and with numbers where the alphabet ends.

    >>> letters(3)
    ['i', 'j', 'k']
    """
    rounds = itertools.count()
    names = (f"{letter}{number}" if number else letter for number in rounds for letter in _LETTERS)
    return list(itertools.islice(names, count))


def place_text(form: Form, extents: Shape, axes: Sequence[str]) -> str:
    """Where an element lies: ``i, j`` where it is row by row, else the affine form itself.

    >>> place_text(Form(0, (10, 1)), (64, 10), ["i", "j"])
    'i, j'
    >>> place_text(Form(3, (10, -1)), (64, 10), ["i", "j"])
    '3 + 10·i - j'
    """
    moving = sorted(used(form), key=lambda axis: -form.coefs[axis])
    if not moving and form.offset:
        return str(form.offset)
    step = 1
    for axis in reversed(moving):
        if form.coefs[axis] != step or form.offset:
            return affine_text(form, axes)
        step *= extents[axis]
    return ", ".join(axes[axis] for axis in moving)


def affine_text(form: Form, axes: Sequence[str]) -> str:
    """A form as a sum."""
    terms = [(form.offset, "")] if form.offset else []
    terms += [(form.coefs[axis], axes[axis]) for axis in sorted(used(form))]
    words = "".join(f" {'-' if c < 0 else '+'} {_term(abs(c), letter)}" for c, letter in terms)
    return words.removeprefix(" + ").replace(" - ", "-", 1 if words.startswith(" - ") else 0) or "0"


def _term(coef: int, letter: str) -> str:
    return str(coef) if not letter else letter if coef == 1 else f"{coef}·{letter}"


def element_text(buffer: Buffer, form: Form, extents: Shape, axes: Sequence[str]) -> str:
    """``x[i, j]``; a number that does not depend on the axes is its name alone."""
    place = place_text(form, extents, axes)
    return f"{buffer.name}[{place}]" if place else buffer.name


class Formulas:
    """Writes the expressions of one nest; parts that are used again get names of their own.

    Parameters
    ----------
    extents : tuple of int
        The axes.
    axes : sequence of str
        Their names.
    known : mapping, optional
        What stands for elements of some buffers.
    """

    def __init__(
        self, extents: Shape, axes: Sequence[str], known: Mapping[Buffer, Node] | None = None
    ) -> None:
        self.extents, self.axes = extents, axes
        self.known = {} if known is None else known
        self._named: dict[int, Node] = {}
        self._kept: list[Expr] = []  # identities stay unique as long as these live

    def lines(self, root: Expr) -> Iterator[tuple[str, str]]:
        """Names and formulas of parts that are used more than once, and last an empty name and the whole."""
        uses = Counter(id(child) for node in walk(root) for child in node.children())
        for node in walk(root):
            if isinstance(node, Apply) and uses[id(node)] > 1 and id(node) not in self._named:
                letter = f"t{len(self._named) + 1}"
                yield letter, to_text(self.node(node))
                self._named[id(node)] = name(letter)
                self._kept.append(node)
        yield "", to_text(self.node(root))

    def node(self, root: Expr) -> Node:
        """The formula of an expression."""
        found: dict[int, Node] = dict(self._named)
        for expr in walk(root):
            if id(expr) not in found:
                found[id(expr)] = self._one(expr, found)
        return found[id(root)]

    def _one(self, expr: Expr, known: Mapping[int, Node]) -> Node:
        if isinstance(expr, Read):
            if expr.buffer in self.known:
                return self.known[expr.buffer]
            return name(element_text(expr.buffer, expr.form, self.extents, self.axes))
        if isinstance(expr, Index):
            return row("(", name(affine_text(expr.form, self.axes)), ")")
        if isinstance(expr, Constant):
            return constant(np.asarray(expr.value), "c")
        if isinstance(expr, Apply):
            operands = [known[id(x)] for x in expr.args]
            specs = [Spec((), x.dtype) for x in expr.args]
            return formula_of(expr.op, expr.params, operands, specs)
        assert isinstance(expr, Guarded)
        return self._guarded(expr, known[id(expr.value)])

    def _guarded(self, expr: Guarded, value: Node) -> Node:
        condition = " and ".join(map(self._guard, expr.guards))
        otherwise = constant(np.asarray(expr.otherwise), "c")
        inside = fitted(value, Level.ATOM)
        return row("(", inside, word(f"if {condition} else"), otherwise, ")")

    def _guard(self, guard: Guard) -> str:
        low, high = guard.form.span(self.extents)
        place = affine_text(guard.form, self.axes)
        if low >= 0:
            return f"{place} < {guard.extent}"
        return f"{place} ≥ 0" if high < guard.extent else f"0 ≤ {place} < {guard.extent}"
