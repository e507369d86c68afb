"""Which element to take: by a condition, by size; and elements taken as they are, or as another type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.derivative import Linear, unbroadcast
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import BOOLS, REALS, Distinct, Domain, sample
from chainrule.dtypes import is_stored_only, letter
from chainrule.ops.pointwise.comparison import equal
from chainrule.ops.pointwise.row import OFF_AXES, pointwise
from chainrule.ops.types import MOVED, ORDERED, REAL_FLOATS

where: Op = pointwise(
    "where",
    r"\begin{cases} x & c \\ y & \text{otherwise} \end{cases}",
    np.where,
    Linear(
        None,
        lambda g, c, x, y: unbroadcast(where(c, g, 0), x.shape),
        lambda g, c, x, y: unbroadcast(where(c, 0, g), y.shape),
    ),
    args="c x y",
    dtype=DTypeRule(MOVED.kinds, separate=(0,), separate_kinds="b", stores=True),
    domain=(BOOLS, REALS, REALS),
    emit=lambda b, c, x, y: b.select(c, x, y),
)

identity = pointwise(
    "identity", "x", lambda x: x, Linear(lambda g, x: g), dtype=MOVED, flops=0, emit=lambda b, x: x
)


def _cast(x: np.ndarray, dtype: Any) -> np.ndarray:
    """A complex number becomes real by its real part; NumPy would do the same with a warning."""
    if letter(x.dtype) == "c" and letter(np.dtype(dtype)) not in "cb":
        x = x.real
    if is_stored_only(x.dtype) and letter(x.dtype) in "iu":
        x = x.astype(np.int8)  # int4 and uint4 cannot be converted into each other directly
    return x.astype(dtype)


_DOUBLE, _COMPLEX = np.dtype("float64"), np.dtype("complex128")
cast: Op = pointwise(
    "cast",
    r"\mathrm{cast}(x)",
    _cast,
    # Real and complex numbers: taking the real part and adding a part of 0 are each other's adjoint.
    Linear(lambda g, x, dtype: cast(g, dtype=x.dtype)),
    dtype=DTypeRule(MOVED.kinds, output=lambda found, params: params["dtype"], stores=True),
    samples=(
        *(sample((2, 3), dtype=_DOUBLE), sample((0, 3), dtype=_DOUBLE), sample((2, 3), dtype=_COMPLEX)),
        sample((2, 3), domains=(OFF_AXES,), dtype=_DOUBLE),
    ),
    flops=0,
    emit=lambda b, x, dtype: b.cast(x, dtype),
)


def indicator(condition: Any, like: Any) -> Any:
    """1 where a condition holds and 0 elsewhere, of another tensor's type."""
    return cast(condition, dtype=like.dtype)


def without_zero(x: Any) -> Any:
    """``x`` with its zeros replaced by 1: to divide by, where the dividend is 0 too and so is the result."""
    return where(equal(x, 0), 1, x)


_HALF_AT_TIES: list[Callable[..., Any]] = [
    lambda z, x, y: indicator(equal(x, z), z) - 0.5 * indicator(equal(x, y), z),
    lambda z, x, y: indicator(equal(y, z), z) - 0.5 * indicator(equal(x, y), z),
]


def _extremum(name: str, formula: str, numpy: Callable[..., Any], emit: Callable[..., Any]) -> Op:
    domain = (Distinct(), Domain(0.05, 0.1))
    return pointwise(name, formula, numpy, _HALF_AT_TIES, args="x y", dtype=ORDERED, domain=domain, emit=emit)


# NaN wins in the first two, and loses in the other two.
maximum = _extremum("maximum", r"\max(x, y)", np.maximum, lambda b, x, y: b.maximum(x, y))
minimum = _extremum("minimum", r"\min(x, y)", np.minimum, lambda b, x, y: b.minimum(x, y))
fmax = _extremum("fmax", r"\operatorname{fmax}(x, y)", np.fmax, lambda b, x, y: b.fmax(x, y))
fmin = _extremum("fmin", r"\operatorname{fmin}(x, y)", np.fmin, lambda b, x, y: b.fmin(x, y))

heaviside = pointwise(
    "heaviside",
    r"\operatorname{heaviside}(x, y)",
    np.heaviside,
    [None, lambda z, x, y: indicator(equal(x, 0), z)],
    args="x y",
    dtype=REAL_FLOATS,
    domain=(Domain(-2, 2, (0.0,)), REALS),
    emit=lambda b, x, y: b.heaviside(x, y),
)
