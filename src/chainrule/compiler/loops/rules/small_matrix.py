"""A small constant matrix times elements, as additions that share what rows have in common.

Where two rows differ in signs alone, one is the sum and the other the difference of what they agree in and
what they do not; where two columns do, the sum and the difference of their elements serve all rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

from chainrule.compiler.loops.expr import Apply, Constant, Expr
from chainrule.core.op import Op
from chainrule.ops import pointwise as ops

Row = tuple[Fraction, ...]
Matrix = tuple[Row, ...]
Name = Callable[[Expr], Expr]


def applied(matrix: Matrix, elements: Sequence[Expr], name: Name) -> list[Expr]:
    """The elements of the product; ``name(x)`` gives an expression that is used twice a place of its own."""
    matrix, elements = _with_paired_columns(matrix, elements, name)
    found: dict[int, Expr] = {}
    for i, j in _pairs(matrix):
        same = tuple(a if a == b else Fraction(0) for a, b in zip(matrix[i], matrix[j], strict=True))
        other = tuple(a if a != b else Fraction(0) for a, b in zip(matrix[i], matrix[j], strict=True))
        even, odd = name(combined(same, elements)), name(combined(other, elements))
        found[i], found[j] = _of(ops.add, even, odd), _of(ops.subtract, even, odd)
    return [found[i] if i in found else combined(row, elements) for i, row in enumerate(matrix)]


def _with_paired_columns(
    matrix: Matrix, elements: Sequence[Expr], name: Name
) -> tuple[Matrix, Sequence[Expr]]:
    """A matrix on sums and differences of elements whose columns differ in signs alone."""
    columns, elements = [*zip(*matrix, strict=True)], list(elements)
    for i, j in _pairs(tuple(columns)):
        pairs = list(zip(columns[i], columns[j], strict=True))
        x, y = elements[i], elements[j]
        elements[i], elements[j] = name(_of(ops.add, x, y)), name(_of(ops.subtract, x, y))
        columns[i] = tuple(a if a == b else Fraction(0) for a, b in pairs)
        columns[j] = tuple(a if a != b else Fraction(0) for a, b in pairs)
    return tuple(zip(*columns, strict=True)), elements


def _pairs(rows: Matrix) -> list[tuple[int, int]]:
    """Rows that differ in some signs, not in all, and in nothing else; each in one pair at most."""
    found: list[tuple[int, int]] = []
    taken: set[int] = set()
    for i, j in itertools.combinations(range(len(rows)), 2):
        kinds = {a == b for a, b in zip(rows[i], rows[j], strict=True) if a or b}
        alike = all(abs(a) == abs(b) for a, b in zip(rows[i], rows[j], strict=True))
        if alike and kinds == {True, False} and not taken & {i, j}:
            found.append((i, j))
            taken |= {i, j}
    return found


def combined(row: Row, elements: Sequence[Expr]) -> Expr:
    """The sum of elements times the numbers of a row, one of which is not zero."""
    terms = [(c, x) for c, x in zip(row, elements, strict=True) if c]
    terms.sort(key=lambda term: term[0] < 0)
    (first, x), *others = terms
    return reduce(lambda total, term: _added(total, *term), others, _times(first, x))


def _added(total: Expr, c: Fraction, x: Expr) -> Expr:
    return _of(ops.add if c > 0 else ops.subtract, total, _times(abs(c), x))


def _times(c: Fraction, x: Expr) -> Expr:
    return x if c == 1 else _of(ops.multiply, Constant(x.dtype.type(float(c)), x.dtype), x)


def _of(op: Op, x: Expr, y: Expr) -> Expr:
    return Apply(op, (x, y), {}, x.dtype)
