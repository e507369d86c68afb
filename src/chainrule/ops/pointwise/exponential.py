"""Exponentials, logarithms and roots.

Outside their domain they give NaN, and at a pole infinity, as in NumPy. The derivative of `sqrt` at 0 is
infinite, and so is that of `cbrt`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.op import Op
from chainrule.core.sample import Domain
from chainrule.ops.pointwise.row import POSITIVE, pointwise
from chainrule.ops.types import REAL_FLOATS

_LN2, _LN10 = math.log(2), math.log(10)


def _sigmoid(x: np.ndarray) -> Any:
    """No power overflows, and of real numbers all bits are right, even where the result is small."""
    if np.iscomplexobj(x):
        return 0.5 * (np.tanh(0.5 * x) + 1)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


exp: Op = pointwise("exp", "e^{x}", np.exp, [lambda y, x: y], emit=lambda b, x: b.exp(x))
exp2 = pointwise("exp2", "2^{x}", np.exp2, [lambda y, x: _LN2 * y], emit=lambda b, x: b.exp2(x))
expm1 = pointwise("expm1", "e^{x} - 1", np.expm1, [lambda y, x: y + 1], emit=lambda b, x: b.expm1(x))
log: Op = pointwise(
    "log", r"\ln x", np.log, [lambda y, x: 1 / x], domain=POSITIVE, emit=lambda b, x: b.log(x)
)
log2 = pointwise(
    "log2",
    r"\log_{2} x",
    np.log2,
    [lambda y, x: 1 / (_LN2 * x)],
    domain=POSITIVE,
    emit=lambda b, x: b.log2(x),
)
log10 = pointwise(
    "log10",
    r"\log_{10} x",
    np.log10,
    [lambda y, x: 1 / (_LN10 * x)],
    domain=POSITIVE,
    emit=lambda b, x: b.log10(x),
)
log1p = pointwise(
    "log1p",
    r"\ln(1 + x)",
    np.log1p,
    [lambda y, x: 1 / (1 + x)],
    domain=Domain(-0.7, 2),
    emit=lambda b, x: b.log1p(x),
)
sqrt = pointwise(
    "sqrt", r"\sqrt{x}", np.sqrt, [lambda y, x: 0.5 / y], domain=POSITIVE, emit=lambda b, x: b.sqrt(x)
)
rsqrt = pointwise(
    "rsqrt",
    r"\frac{1}{\sqrt{x}}",
    lambda x: 1 / np.sqrt(x),
    [lambda y, x: -0.5 * y / x],
    domain=POSITIVE,
    flops=2,
    emit=lambda b, x: b.rsqrt(x),
)
cbrt = pointwise(
    "cbrt",
    r"\operatorname{cbrt} x",
    np.cbrt,
    [lambda y, x: 1 / (3 * (y * y))],
    dtype=REAL_FLOATS,
    domain=Domain(-2, 2, (0.0,), 0.3),
    emit=lambda b, x: b.cbrt(x),
)
sigmoid = pointwise(
    "sigmoid",
    r"\sigma(x)",
    _sigmoid,
    [lambda y, x: y * (1 - y)],
    flops=4,
    emit=lambda b, x: b.sigmoid(x),
)
logaddexp = pointwise(
    "logaddexp",
    r"\ln(e^{x} + e^{y})",
    np.logaddexp,
    [lambda z, x, y: exp(x - z), lambda z, x, y: exp(y - z)],
    args="x y",
    dtype=REAL_FLOATS,
    flops=4,
    emit=lambda b, x, y: b.logaddexp(x, y),
)
logaddexp2 = pointwise(
    "logaddexp2",
    r"\log_{2}(2^{x} + 2^{y})",
    np.logaddexp2,
    [lambda z, x, y: exp2(x - z), lambda z, x, y: exp2(y - z)],
    args="x y",
    dtype=REAL_FLOATS,
    flops=4,
    emit=lambda b, x, y: b.logaddexp2(x, y),
)
