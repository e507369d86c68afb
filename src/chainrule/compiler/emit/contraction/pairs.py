r"""Products of complex numbers as products of pairs of real ones.

.. math:: (c_0 + i c_1) = \sum_k (a_0 + i a_1)(b_0 + i b_1)
   \quad\text{is}\quad c_q = \sum_{k, p} a_p B_{p q}, \qquad
   B = \begin{pmatrix} b_0 & b_1 \\ -b_1 & b_0 \end{pmatrix}

A and C are read and written where they lie, with one more loop over the two parts; B is written out first.
"""

from __future__ import annotations

import math

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.form import row_major
from chainrule.dtypes import letter, real_type


def is_complex(form: Contraction) -> bool:
    """Whether the form multiplies complex numbers."""
    return letter(form.c) == "c"


def written_out(form: Contraction) -> tuple[int, ...]:
    """The extents of B as it is written out: batch, depth, p, columns, q."""
    batch, depth, columns = ([dim.extent for dim in dims] for dims in (form.batch, form.depth, form.columns))
    return (*batch, *depth, 2, *columns, 2)


def pairs_of(form: Contraction) -> Contraction:
    """The form of real numbers."""
    steps = iter(row_major(written_out(form)))
    batch = tuple(Dim(d.extent, 2 * d.a, next(steps), 2 * d.c) for d in form.batch)
    depth = tuple(Dim(d.extent, 2 * d.a, next(steps)) for d in form.depth)
    part = Dim(2, a=1, b=next(steps))
    columns = tuple(Dim(d.extent, 0, next(steps), 2 * d.c) for d in form.columns)
    rows = tuple(Dim(d.extent, 2 * d.a, 0, 2 * d.c) for d in form.rows)
    real = real_type(form.c)
    return Contraction(
        batch, rows, (*columns, Dim(2, b=1, c=1)), (*depth, part), real_type(form.a), real_type(form.b), real
    )


def elements_of_b(form: Contraction) -> int:
    """How many complex numbers of B are written out."""
    return math.prod(written_out(form)) // 4


def write_out(b: Builder, form: Contraction, source: Pointer, target: Pointer, number: Value) -> None:
    """Write one number of B out, by its number."""
    dims = (*form.batch, *form.depth, *form.columns)
    places = b.unravel(number, [dim.extent for dim in dims])
    at = b.affine(0, [(x, 2 * dim.b) for x, dim in zip(places, dims, strict=True)])
    *steps, last = row_major(written_out(form))
    own = [*steps[: len(form.batch) + len(form.depth)], *steps[len(form.batch) + len(form.depth) + 1 :]]
    to = b.affine(0, list(zip(places, own, strict=True)))
    row = steps[len(form.batch) + len(form.depth)]
    real = real_type(form.b)

    def part(q: int) -> Value:
        return b.load(b.element(b.element(source, at, real), q, real), real)

    def put(x: Value, p: int, q: int) -> None:
        place: Index = b.plus(to, p * row + q * last)
        b.store(x, b.element(target, place, real))

    first, second = part(0), part(1)
    put(first, 0, 0)
    put(second, 0, 1)
    put(b.negative(second), 1, 0)
    put(first, 1, 1)
