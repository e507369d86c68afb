"""Pointwise rows in registers: what happens around the rule of a row.

A row's rule is the builder's method of its name, unless the row states another (`Op.emit`). 16-bit floats are
widened, computed in ``float32`` and rounded once, as the eager interpreter does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chainrule import dtypes
from chainrule.compiler.llvm import Builder, Value
from chainrule.core.op import Op
from chainrule.dtypes import DType, computed_in

# Division with remainder of floats is exact: it takes as many steps as the quotient has bits.
_OF_INTEGERS = ("floor_divide", "remainder", "fmod")

Rule = Callable[..., Value]


def rule_of(op: Op) -> Rule | None:
    """The code-generation rule of a pointwise row: ``(builder, *values, **params) -> value``."""
    if op.emit is not None:
        return op.emit
    if op.name == "cast":
        return _cast
    return getattr(Builder, op.name, None)


def _cast(b: Builder, x: Value, dtype: DType) -> Value:
    return b.cast(x, dtype)


def can_emit(op: Op, inputs: Sequence[Any], output: Any) -> bool:
    """Whether a row has a rule for these element types."""
    types = [*(x.dtype for x in inputs), output.dtype]
    if any(dtypes.letter(t) == "c" or dtypes.is_stored_only(t) for t in types):
        return False
    if op.name in _OF_INTEGERS and dtypes.letter(output.dtype) == "f":
        return False
    return rule_of(op) is not None


def apply(b: Builder, op: Op, params: dict[str, Any], values: Sequence[Value], dtype: DType) -> Value:
    """A row on values; the result in its element type."""
    given = [x if op.dtype.stores else b.cast(x, computed_in(x.dtype)) for x in values]
    rule = rule_of(op)
    assert rule is not None
    found = rule(b, *_alike(b, given), **params)
    return b.cast(found, dtype)


def _alike(b: Builder, values: Sequence[Value]) -> list[Value]:
    """Values with equally many lanes."""
    lanes = max((x.lanes for x in values), default=1)
    return [b.splat(x, lanes) for x in values]
