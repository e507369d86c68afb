r"""One element of each row, as a loss picks the score of the right class: a comparison instead of a search.

.. math:: y_n = x_{n, i_n} = \sum_j [j = i_n] \\, x_{n j}

So it takes part in the loops around it. What the index must not be is checked beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.compiler.emit.irregular.form import Fail, Irregular
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value
from chainrule.compiler.llvm.types import BOOL
from chainrule.compiler.loops.expr import Apply, Constant, Expr, Index, Read
from chainrule.compiler.loops.lowering import Lowering, rule, unit
from chainrule.compiler.loops.rules import irregular
from chainrule.compiler.loops.step import Opaque, record_of
from chainrule.core.interpreter import Symbol
from chainrule.core.spec import Shape
from chainrule.dtypes import int64
from chainrule.graph import Node
from chainrule.ops.pointwise import cast, equal, where


@rule("gather")
def gather(lowering: Lowering, node: Node, x: Expr, *indices: Expr, axes: Shape) -> Any:
    """The sum over a row of what stands at the index, all else taken as 0."""
    shape = node.inputs[0].shape
    if not _one_of_each_row(node, indices, axes, shape):
        return irregular.lower(lowering, node, x, *indices, axes=axes)
    chosen = _is_chosen(lowering, node, indices[1], shape)
    zero = Constant(x.dtype.type(0), x.dtype)
    value = Apply(where, (chosen, x, zero), {}, x.dtype)
    found = lowering.define(value, shape, combine="add", folded=(1,))
    return lowering.substituted(found, [unit(0, 2)], 2)


@rule("scatter_add")
def scatter_add(lowering: Lowering, node: Node, g: Expr, *indices: Expr, axes: Shape, shape: Shape) -> Any:
    """In each row the element at the index, and 0 elsewhere."""
    if not _one_of_each_row(node, indices, axes, shape):
        return irregular.lower(lowering, node, g, *indices, axes=axes, shape=shape)
    chosen = _is_chosen(lowering, node, indices[1], shape)
    wide = lowering.broadcast(g, node.inputs[0].shape, tuple(shape))
    return Apply(where, (chosen, wide, Constant(g.dtype.type(0), g.dtype)), {}, g.dtype)


def _one_of_each_row(node: Node, indices: Sequence[Expr], axes: Shape, shape: Shape) -> bool:
    """Whether there is a matrix, and one index for each of its rows."""
    if len(shape) != 2 or tuple(axes) != (0, 1) or 0 in shape or node.outputs[0].dtype.kind not in "biuf":
        return False
    rows = (shape[0], 1)
    symbols = node.inputs[1:]
    return all(symbol.shape == rows for symbol in symbols) and _counts_rows(indices[0], symbols[0])


def _counts_rows(index: Expr, symbol: Symbol) -> bool:
    """Whether an index tensor is 0, 1, 2, … down its rows."""
    if isinstance(index, Constant):
        return symbol.spec.size == 1 and index.value == 0
    if not isinstance(index, Read) or index.buffer.content is None or index.form.coefs[0] != 1:
        return False
    return bool(np.array_equal(index.buffer.content.ravel(), np.arange(symbol.spec.size)))


def _is_chosen(lowering: Lowering, node: Node, index: Expr, shape: Shape) -> Expr:
    """Whether a column is the one that its row's index names, which is counted from the end if negative."""
    rows, columns = shape
    symbol = node.inputs[2]
    number = index if symbol.dtype == int64 else Apply(cast, (index,), {"dtype": int64}, int64)
    given = lowering.in_rows(number, symbol.shape)
    checked, record = lowering.buffer(int64, rows, "index"), record_of("index")
    phase = Irregular(_checking(rows, columns), optimise=False)
    lowering.add(Opaque("irregular", [given], [checked], (phase,), [record]))
    place = lowering.broadcast(lowering.whole(checked, (rows, 1)), (rows, 1), (rows, columns))
    return Apply(equal, (place, Index(unit(1, 2), int64)), {}, BOOL)


def _checking(rows: int, columns: int) -> Any:
    """Indices counted from the start; one out of range fails."""

    def write(
        b: Builder,
        piece: Value,
        given: Sequence[Pointer],
        made: Sequence[Pointer],
        scratch: Pointer,
        fail: Fail,
    ) -> None:
        with b.loop(0, rows) as loop:
            index = b.load(b.element(given[0], loop.index, INDEX), INDEX)
            negative = b.compare("lt", index, 0)
            place = b.select(negative, b.add(index, columns), index)
            outside = b.bits_or(b.compare("lt", place, 0), b.compare("ge", place, columns))
            fail(b, outside, index, columns)
            b.store(place, b.element(made[0], loop.index, INDEX))

    return write
