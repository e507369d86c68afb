r"""Arithmetic, absolute value and sign.

The derivative of :math:`|x|` at 0 is 0, for real and for complex numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Rule, is_complex, zeros_like
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import REALS
from chainrule.ops.pointwise.comparison import equal
from chainrule.ops.pointwise.complex_parts import conj, to_real
from chainrule.ops.pointwise.exponential import log
from chainrule.ops.pointwise.row import OFF_AXES, OFF_ZERO, POSITIVE, pointwise
from chainrule.ops.pointwise.selection import where, without_zero
from chainrule.ops.types import NUMBERS

add = pointwise(
    "add",
    "x + y",
    np.add,
    [lambda z, x, y: 1, lambda z, x, y: 1],
    args="x y",
    dtype=NUMBERS,
    emit=lambda b, x, y: b.add(x, y),
)
subtract = pointwise(
    "subtract",
    "x - y",
    np.subtract,
    [lambda z, x, y: 1, lambda z, x, y: -1],
    args="x y",
    dtype=NUMBERS,
    emit=lambda b, x, y: b.subtract(x, y),
)
multiply = pointwise(
    "multiply",
    r"x \cdot y",
    np.multiply,
    [lambda z, x, y: y, lambda z, x, y: x],
    args="x y",
    dtype=NUMBERS,
    emit=lambda b, x, y: b.multiply(x, y),
)
divide = pointwise(
    "divide",
    r"\frac{x}{y}",
    np.divide,
    [lambda z, x, y: 1 / y, lambda z, x, y: -z / y],
    args="x y",
    domain=(REALS, POSITIVE),
    emit=lambda b, x, y: b.divide(x, y),
)
negative = pointwise(
    "negative", "-x", np.negative, [lambda y, x: -1], dtype=NUMBERS, emit=lambda b, x: b.negative(x)
)
reciprocal = pointwise(
    "reciprocal",
    r"\frac{1}{x}",
    np.reciprocal,
    [lambda y, x: -y * y],
    domain=OFF_ZERO,
    emit=lambda b, x: b.reciprocal(x),
)
square = pointwise(
    "square", "x^{2}", np.square, [lambda y, x: 2 * x], dtype=NUMBERS, emit=lambda b, x: b.multiply(x, x)
)
power: Op = pointwise(
    "power",
    "x^{y}",
    np.power,
    [
        # At x = 0 with exponent 0 the power is constant; y · x^(y-1) would be 0 · ∞ there.
        lambda z, x, y: where(equal(y, 0), 0 * y, y * power(x, y - 1)),
        lambda z, x, y: where(equal(x, 0), 0 * x, z * log(where(equal(x, 0), 1 + 0 * x, x))),
    ],
    args="x y",
    dtype=NUMBERS,
    domain=(POSITIVE, REALS),
    emit=lambda b, x, y: b.power(x, y),
)


def _turned(t: Any, y: Any, x: Any) -> Any:
    r"""How :math:`x / |x|` moves with ``x``: along the unit circle; that of a real number stands still."""
    if not is_complex(x):
        return zeros_like(t)
    across = conj(y) * t - y * conj(t)
    return 0.5 * y * across / without_zero(absolute(x))


sign: Op = pointwise(
    "sign",
    r"\mathrm{sign}(x)",
    np.sign,
    Rule(reverse=_turned, forward=_turned),
    dtype=NUMBERS,
    domain=OFF_AXES,
    emit=lambda b, x: b.sign(x),
)
absolute = pointwise(
    "absolute",
    "|x|",
    np.absolute,
    [lambda y, x: sign(x)],
    dtype=DTypeRule(NUMBERS.kinds, output=to_real),
    domain=OFF_ZERO,
    emit=lambda b, x: b.absolute(x),
)
