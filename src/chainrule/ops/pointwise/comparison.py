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


def _comparison(name: str, symbol: str, numpy: Callable[..., Any], dtype: DTypeRule = COMPARED) -> Op:
    return pointwise(name, f"x {symbol} y", numpy, ZERO, args="x y", dtype=dtype)


def _logic(name: str, formula: str, numpy: Callable[..., Any], args: str = "x y") -> Op:
    return pointwise(name, formula, numpy, ZERO, args=args, dtype=TESTED, domain=BOOLS)


equal = _comparison("equal", "=", np.equal, TESTED)
not_equal = _comparison("not_equal", r"\ne", np.not_equal, TESTED)
less = _comparison("less", "<", np.less)
less_equal = _comparison("less_equal", r"\le", np.less_equal)
greater = _comparison("greater", ">", np.greater)
greater_equal = _comparison("greater_equal", r"\ge", np.greater_equal)

logical_and = _logic("logical_and", r"x \wedge y", np.logical_and)
logical_or = _logic("logical_or", r"x \vee y", np.logical_or)
logical_xor = _logic("logical_xor", r"\operatorname{xor}(x, y)", np.logical_xor)
logical_not = _logic("logical_not", r"\neg x", np.logical_not, args="x")

isfinite = pointwise("isfinite", r"|x| < \infty", np.isfinite, ZERO, dtype=TESTED)
isinf = pointwise("isinf", r"|x| = \infty", np.isinf, ZERO, dtype=TESTED)
isnan = pointwise("isnan", r"x \ne x", np.isnan, ZERO, dtype=TESTED)
signbit = pointwise("signbit", r"\operatorname{signbit}(x)", np.signbit, ZERO, dtype=COMPARED)
