"""Comparison, logic and tests of elements; their derivative is zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import BOOLS
from chainrule.ops.pointwise.row import ZERO, pointwise
from chainrule.ops.types import COMPARED, TESTED


def _comparison(
    name: str, symbol: str, numpy: Callable[..., Any], how: str, dtype: DTypeRule = COMPARED
) -> Op:
    return pointwise(
        name,
        f"x {symbol} y",
        numpy,
        ZERO,
        args="x y",
        dtype=dtype,
        emit=lambda b, x, y: b.compare(how, x, y),
    )


def _logic(
    name: str, formula: str, numpy: Callable[..., Any], emit: Callable[..., Any], args: str = "x y"
) -> Op:
    """The rule ``emit`` is given bools."""
    return pointwise(
        name,
        formula,
        numpy,
        ZERO,
        args=args,
        dtype=TESTED,
        domain=BOOLS,
        emit=lambda b, *xs: emit(b, *map(b.truth, xs)),
    )


equal = _comparison("equal", "=", np.equal, "eq", TESTED)
not_equal = _comparison("not_equal", r"\ne", np.not_equal, "ne", TESTED)
less = _comparison("less", "<", np.less, "lt")
less_equal = _comparison("less_equal", r"\le", np.less_equal, "le")
greater = _comparison("greater", ">", np.greater, "gt")
greater_equal = _comparison("greater_equal", r"\ge", np.greater_equal, "ge")

logical_and = _logic("logical_and", r"x \wedge y", np.logical_and, lambda b, x, y: b.bits_and(x, y))
logical_or = _logic("logical_or", r"x \vee y", np.logical_or, lambda b, x, y: b.bits_or(x, y))
logical_xor = _logic(
    "logical_xor", r"\operatorname{xor}(x, y)", np.logical_xor, lambda b, x, y: b.bits_xor(x, y)
)
logical_not = _logic("logical_not", r"\neg x", np.logical_not, lambda b, x: b.bits_not(x), args="x")

isfinite = pointwise(
    "isfinite", r"|x| < \infty", np.isfinite, ZERO, dtype=TESTED, emit=lambda b, x: b.isfinite(x)
)
isinf = pointwise("isinf", r"|x| = \infty", np.isinf, ZERO, dtype=TESTED, emit=lambda b, x: b.isinf(x))
isnan = pointwise("isnan", r"x \ne x", np.isnan, ZERO, dtype=TESTED, emit=lambda b, x: b.isnan(x))
signbit = pointwise(
    "signbit", r"\operatorname{signbit}(x)", np.signbit, ZERO, dtype=COMPARED, emit=lambda b, x: b.signbit(x)
)
