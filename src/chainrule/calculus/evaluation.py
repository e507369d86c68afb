"""SymPy expressions as functions of tensors, so that they can be differentiated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np

import chainrule.calculus.messages_integrals  # noqa: F401  (registers the messages used here)
from chainrule.errors import text
from chainrule.ops import TABLE
from chainrule.ops.pointwise import add, multiply, power, where

# SymPy's functions and relations, by the names of their classes, and the rows of the table that they are.
ROWS = {
    "exp": "exp",
    "log": "log",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
    "erf": "erf",
    "erfc": "erfc",
    "Abs": "absolute",
    "sign": "sign",
    "floor": "floor",
    "ceiling": "ceil",
    "Max": "maximum",
    "Min": "minimum",
    "Equality": "equal",
    "Unequality": "not_equal",
    "StrictLessThan": "less",
    "LessThan": "less_equal",
    "StrictGreaterThan": "greater",
    "GreaterThan": "greater_equal",
    "And": "logical_and",
    "Or": "logical_or",
    "Not": "logical_not",
}


class NoCounterpartError(Exception):
    """An expression contains what the table has no row for."""


def evaluate(expression: Any, values: Mapping[Any, Any]) -> Any:
    """An expression where its symbols have values.

    Parameters
    ----------
    expression : SymPy expression
        Of real numbers.
    values : mapping of symbol to tensor
        All of one shape, ``float64``.

    Raises
    ------
    NoCounterpartError
        There is something in it that the table has no row for.

    Examples
    --------
    >>> import sympy as sp
    >>> import chainrule as cr
    >>> x = sp.Symbol("x")
    >>> print(evaluate(sp.sin(x) ** 2 + 1, {x: cr.zeros((), dtype="float64")}).item())
    1.0
    """
    if expression in values:
        return values[expression]
    if expression.is_number and not expression.is_Boolean:
        return _number(expression)
    if expression.func.__name__ == "Piecewise":
        return _piecewise(expression.args, values)
    args = [evaluate(arg, values) for arg in expression.args]
    folds = {"Add": add, "Mul": multiply, "Pow": power}
    kind = expression.func.__name__
    row = folds.get(kind) or TABLE.get(ROWS.get(kind, ""))
    if row is None:
        raise NoCounterpartError(text("integral.no_row", name=kind))
    return reduce(row, args) if len(args) > 1 else row(*args)


def _number(expression: Any) -> Any:
    value = complex(expression.evalf(30))
    if value.imag or math.isnan(value.real):
        raise NoCounterpartError(text("integral.no_row", name=expression))
    # Of its own type, so that two numbers do not meet in float32.
    return np.float64(value.real)


def _piecewise(pieces: Any, values: Mapping[Any, Any]) -> Any:
    """Nested choices, the last piece innermost; no piece gives NaN."""
    result: Any = math.nan
    for value, condition in reversed(pieces):
        chosen = evaluate(value, values)
        if condition == True:  # noqa: E712 (SymPy's own true)
            result = chosen
        else:
            result = where(evaluate(condition, values), chosen, result)
    return result
