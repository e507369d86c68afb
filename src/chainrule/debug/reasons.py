"""Why an operation gives a value that is not finite: a table by operation.

The first row that holds gives the reason. Its condition sees the operands: for pointwise
operations those at the offending place, for others whole arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.debug.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.display import number
from chainrule.core.op import Op
from chainrule.errors import text
from chainrule.interop import finfo


@dataclass(frozen=True)
class Reason:
    """One reason: the operations it is about, when it holds, and its message."""

    ops: tuple[str, ...]
    holds: Callable[..., bool]
    key: str


def _opposite_infinities(*operands: Any) -> bool:
    signs = [np.sign(x[np.isinf(x)]) for x in map(np.atleast_1d, operands)]
    return len(np.unique(np.concatenate(signs))) == 2


def _zero_and_infinity(x: Any, y: Any) -> bool:
    return bool((np.any(x == 0) and np.any(np.isinf(y))) or (np.any(np.isinf(x)) and np.any(y == 0)))


def _overflows_exp(x: Any) -> bool:
    return bool(x > exp_limit(x.dtype))


def exp_limit(dtype: Any) -> float:
    """Above this the exponential is larger than the largest number of a type."""
    return math.log(finfo(dtype).max)


def _is_pole_of_gamma(*operands: Any) -> bool:
    x = operands[-1]
    return bool(x <= 0 and x == np.rint(x))


REASONS = (
    Reason(("log", "log2", "log10"), lambda x: x < 0, "log_negative"),
    Reason(("log", "log2", "log10"), lambda x: x == 0, "log_zero"),
    Reason(("log1p",), lambda x: x < -1, "log1p_negative"),
    Reason(("log1p",), lambda x: x == -1, "log1p_zero"),
    Reason(("sqrt", "rsqrt"), lambda x: x < 0, "sqrt_negative"),
    Reason(("rsqrt", "reciprocal"), lambda x: x == 0, "pole"),
    Reason(("arctanh", "erfinv"), lambda x: abs(x) == 1, "pole"),
    Reason(("lgamma", "polygamma"), _is_pole_of_gamma, "pole"),
    Reason(("divide",), lambda x, y: x == 0 and y == 0, "zero_by_zero"),
    Reason(("divide", "floor_divide"), lambda x, y: y == 0, "by_zero"),
    Reason(("divide",), lambda x, y: np.isinf(x) and np.isinf(y), "inf_by_inf"),
    Reason(("remainder",), lambda x, y: y == 0, "remainder_by_zero"),
    Reason(("power",), lambda x, y: x == 0 and y < 0, "zero_to_negative"),
    Reason(("power",), lambda x, y: x < 0 and y != np.rint(y), "negative_to_fraction"),
    Reason(("exp", "expm1", "sinh", "cosh"), _overflows_exp, "exp_overflow"),
    Reason(("multiply", "contract", "conv"), _zero_and_infinity, "zero_times_inf"),
    Reason(("add",), lambda x, y: np.isinf(x) and x == -y, "inf_minus_inf"),
    Reason(("subtract",), lambda x, y: np.isinf(x) and x == y, "inf_minus_inf"),
    Reason(("sum", "sum_pool", "contract", "conv"), _opposite_infinities, "inf_minus_inf"),
    Reason(("cast",), np.isfinite, "cast_overflow"),
)


def reason_for(op: Op, operands: Sequence[Any], value: float, dtype: Any) -> str:
    """Why an operation gave NaN or an infinity, in the current language.

    Parameters
    ----------
    op : Op
        The operation.
    operands : sequence of array
        Its inputs: at the offending place, or whole.
    value : float
        What it gave there.
    dtype : dtype
        Type of the result.
    """
    names = op.arg_names(len(operands))
    named = dict(zip(names, operands, strict=True))
    unknown = next((name for name, x in named.items() if np.any(np.isnan(x))), None)
    if unknown is not None:
        return text("reason.already", name=unknown, value="nan")
    for row in REASONS:
        if op.name in row.ops and row.holds(*operands):
            return text(f"reason.{row.key}", **_places(named, dtype))
    return _general_reason(op, named, value, dtype)


def _general_reason(op: Op, named: Mapping[str, Any], value: Any, dtype: Any) -> str:
    infinite = next((name for name, x in named.items() if np.any(np.isinf(x))), None)
    if infinite is not None:
        return text("reason.infinite_input", name=infinite)
    if np.isinf(value):
        return text("reason.overflow", dtype=dtype, largest=number(finfo(dtype).max))
    if op.family == "pointwise":
        given = ", ".join(f"{name} = {number(x)}" for name, x in named.items())
        return text("reason.outside", op=op.name, given=given)
    return text("reason.unknown")


def _places(named: Mapping[str, Any], dtype: Any) -> dict[str, Any]:
    """What the messages may be filled with."""
    shown = {name: number(x) for name, x in named.items() if np.ndim(x) == 0}
    largest, limit = number(finfo(dtype).max), f"{exp_limit(dtype):.1f}"
    return {**shown, "dtype": dtype, "largest": largest, "limit": limit}
