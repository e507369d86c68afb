"""Contractions: both operands are read at affine places, so no transposition is ever carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.loops.expr import Buffer, Constant, Expr, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.lowering import Lowering, rule
from chainrule.compiler.loops.step import Opaque
from chainrule.core.spec import Shape
from chainrule.graph import Node
from chainrule.ops.contract import letters


@dataclass(frozen=True)
class Product:
    """A contraction of two buffers, and where in them it begins.

    Its result begins at the offset of ``place``. ``axes`` names for each loop of the result (batch, rows,
    columns in turn) the axis of the nest that its place is given in.
    """

    form: Contraction
    a_offset: int
    b_offset: int
    extents: Shape
    place: Form
    axes: tuple[int, ...]


@rule("contract")
def contract(lowering: Lowering, node: Node, a: Expr, b: Expr, spec: str) -> Expr:
    """A product by letters."""
    in_a, in_b, out = letters(spec)
    extents = dict(zip(in_a + in_b, (*node.inputs[0].shape, *node.inputs[1].shape), strict=True))
    result = node.outputs[0]
    if 0 in extents.values():
        return Constant(result.dtype.type(0), result.dtype)
    batch = [c for c in out if c in in_a and c in in_b]
    rows = [c for c in out if c in in_a and c not in in_b]
    columns = [c for c in out if c in in_b and c not in in_a]
    depth = [c for c in in_a if c in in_b and c not in out]
    left = as_read(lowering, a, node.inputs[0].shape)
    right = as_read(lowering, b, node.inputs[1].shape)
    of_a = dict(zip(in_a, left.form.coefs, strict=True))
    of_b = dict(zip(in_b, right.form.coefs, strict=True))
    # The result lies in the order of its letters, so that what follows meets it as it was written.
    of_c = dict(zip(out, row_major(result.shape), strict=True))

    def dims(group: list[str]) -> tuple[Dim, ...]:
        return tuple(Dim(extents[c], of_a.get(c, 0), of_b.get(c, 0), of_c.get(c, 0)) for c in group)

    form = Contraction(
        dims(batch), dims(rows), dims(columns), dims(depth), left.dtype, right.dtype, result.dtype
    )
    place = Form(0, tuple(of_c[c] for c in out))
    axes = tuple(out.index(c) for c in (*batch, *rows, *columns))
    return product(lowering, left, right, form, result.shape, place, axes)


def product(
    lowering: Lowering, left: Read, right: Read, form: Contraction, shape: Shape, place: Form, axes: Shape
) -> Read:
    """The step of a contraction, and its result over the axes of ``shape``."""
    target = lowering.buffer(form.c, int(np.prod(shape, dtype=np.int64)))
    product_into(lowering, target, left, right, form, shape, place, axes)
    return Read(target, place)


def product_into(
    lowering: Lowering,
    target: Buffer,
    left: Read,
    right: Read,
    form: Contraction,
    shape: Shape,
    place: Form,
    axes: Shape,
) -> None:
    """The step of a contraction whose results are a part of a buffer, or all of it."""
    if lowering.options.precision is not None:
        form = replace(form, in_pairs=True)
    detail = Product(form, left.form.offset, right.form.offset, shape, place, axes)
    lowering.add(Opaque("contraction", [left.buffer, right.buffer], [target], detail))


def as_read(lowering: Lowering, x: Expr, shape: Shape) -> Read:
    """A value that lies in memory, in any order."""
    return x if isinstance(x, Read) else lowering.define(x, shape)
