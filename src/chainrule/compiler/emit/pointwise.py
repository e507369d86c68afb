"""Pointwise rows in registers: what happens around the rule of a row.

A row's rule writes the code of its definition (`Op.emit`). 16-bit floats are widened, computed in ``float32``
and rounded once, as the eager interpreter does; complex numbers are pairs, which rules do not notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule import dtypes
from chainrule.compiler.emit.complex import ComplexBuilder, Pair, Register
from chainrule.compiler.llvm import Builder, Value
from chainrule.core.op import Op
from chainrule.dtypes import DType, computed_in


def can_emit(op: Op, inputs: Sequence[Any], output: Any) -> bool:
    """Whether the rule of a row serves these element types."""
    return has_rule(op, [*(x.dtype for x in inputs), output.dtype])


def has_rule(op: Op, types: Sequence[DType]) -> bool:
    """Whether the rule of a row serves these element types; nothing is computed in those for storage."""
    stored = any(dtypes.is_stored_only(t) for t in types)
    return op.emit is not None and (not stored or op.dtype.stores)


def apply(b: Builder, op: Op, params: dict[str, Any], values: Sequence[Any], dtype: DType) -> Any:
    """A row on values.

    Parameters
    ----------
    b : Builder
        Where the code goes.
    op : Op
        The row.
    params : dict
        Its parameters.
    values : sequence of Value or Pair
        Inputs as the node of a graph has them: the row's type rule has brought them together.
    dtype : dtype
        The result's element type.

    Returns
    -------
    Value or Pair
        The result in its element type.
    """
    assert op.emit is not None, f"{op.name} has no rule"
    given = [x if op.dtype.stores else _computed(b, x) for x in _alike(b, values)]
    is_complex = dtypes.letter(dtype) == "c" or any(isinstance(x, Pair) for x in given)
    writer = ComplexBuilder(b) if is_complex else b
    found: Register = op.emit(writer, *given, **params)
    return found if found.dtype == dtype else _cast(b, found, dtype)


def _computed(b: Builder, x: Register) -> Register:
    return x if isinstance(x, Pair) else b.cast(x, computed_in(x.dtype))


def _cast(b: Builder, x: Register, dtype: DType) -> Register:
    return b.cast(x, dtype) if isinstance(x, Value) else ComplexBuilder(b).cast(x, dtype)


def _alike(b: Builder, values: Sequence[Register]) -> list[Register]:
    """Values with equally many lanes."""
    lanes = max((x.lanes for x in values), default=1)
    return [
        Pair(b.splat(x.real, lanes), b.splat(x.imag, lanes)) if isinstance(x, Pair) else b.splat(x, lanes)
        for x in values
    ]
