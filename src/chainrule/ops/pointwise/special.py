r"""Special functions: SciPy's definitions, with derivatives in closed form.

Families are rows with the order as an argument ``n``, so that derivatives of any order stay among the rows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import REALS, Domain, Integers
from chainrule.ops.pointwise.arithmetic import square
from chainrule.ops.pointwise.comparison import equal, logical_and
from chainrule.ops.pointwise.exponential import exp, log, log1p
from chainrule.ops.pointwise.row import POSITIVE, pointwise
from chainrule.ops.pointwise.scipy_functions import scipy_function
from chainrule.ops.pointwise.selection import maximum, where
from chainrule.ops.types import REAL_FLOATS

_SLOPE = 2 / math.sqrt(math.pi)
# The order comes first, and is a whole number.
ORDERED_BY_N = DTypeRule("f", lift_to_float=True, separate=(0,))
_FIRST_ORDERS = Integers(0, 3)

erf = pointwise(
    "erf",
    r"\operatorname{erf} x",
    # Networks use it, and run without SciPy.
    lambda x: np.vectorize(math.erf, otypes=[x.dtype])(x),
    [lambda y, x: _SLOPE * exp(-x * x)],
    dtype=REAL_FLOATS,
    emit=lambda b, x: b.erf(x),
)
erfc = pointwise(
    "erfc",
    r"\operatorname{erfc} x",
    scipy_function("erfc"),
    [lambda y, x: -(_SLOPE * exp(-x * x))],
    dtype=REAL_FLOATS,
    emit=lambda b, x: b.erfc(x),
)
erfinv = pointwise(
    "erfinv",
    r"\operatorname{erfinv} x",
    scipy_function("erfinv"),
    [lambda y, x: (1 / _SLOPE) * exp(square(y))],
    dtype=REAL_FLOATS,
    domain=Domain(-0.8, 0.8),
    emit=lambda b, x: b.erfinv(x),
)

polygamma: Op = pointwise(
    "polygamma",
    r"\operatorname{ψ}_{n}(x)",
    scipy_function("polygamma"),
    [None, lambda y, n, x: polygamma(n + 1, x)],
    args="n x",
    dtype=ORDERED_BY_N,
    domain=(_FIRST_ORDERS, Domain(0.6, 3.0)),
    emit=lambda b, n, x: b.polygamma_of_any(n, x),
)
lgamma = pointwise(
    "lgamma",
    r"\ln |\operatorname{Γ}(x)|",
    scipy_function("gammaln"),
    [lambda y, x: polygamma(0, x)],
    dtype=REAL_FLOATS,
    domain=Domain(0.4, 3.0),
    emit=lambda b, x: b.lgamma(x),
)


def _off_pole(x: Any, y: Any, pole: float) -> Any:
    """``y``, moved off the logarithm's pole where ``x`` is 0: the product counts as constant there."""
    return where(logical_and(equal(x, 0), equal(y, pole)), pole + 1, y)


xlogy = pointwise(
    "xlogy",
    r"x \cdot \ln y",
    scipy_function("xlogy"),
    [lambda z, x, y: log(_off_pole(x, y, 0)), lambda z, x, y: x / _off_pole(x, y, 0)],
    args="x y",
    dtype=REAL_FLOATS,
    domain=(REALS, POSITIVE),
    flops=2,
    emit=lambda b, x, y: b.xlogy(x, y),
)
xlog1py = pointwise(
    "xlog1py",
    r"x \cdot \ln(1 + y)",
    scipy_function("xlog1py"),
    [lambda z, x, y: log1p(_off_pole(x, y, -1)), lambda z, x, y: x / (1 + _off_pole(x, y, -1))],
    args="x y",
    dtype=REAL_FLOATS,
    domain=(REALS, Domain(-0.7, 2)),
    flops=2,
    emit=lambda b, x, y: b.xlog1py(x, y),
)

bessel_i: Op = pointwise(
    "bessel_i",
    r"\operatorname{I}_{n}(x)",
    # Beyond 1e4 the result has long overflowed, where SciPy gives NaN.
    lambda n, x: scipy_function("iv")(n, np.clip(x, -1e4, 1e4)),
    [None, lambda y, n, x: 0.5 * (bessel_i(n - 1, x) + bessel_i(n + 1, x))],
    args="n x",
    dtype=ORDERED_BY_N,
    domain=(_FIRST_ORDERS, REALS),
    emit=lambda b, n, x: b.bessel_i(n, x),
)
spherical_bessel: Op = pointwise(
    "spherical_bessel",
    r"\operatorname{j}_{n}(x)",
    scipy_function("spherical_jn"),
    [None, lambda y, n, x: _spherical_slope(n, x)],
    args="n x",
    dtype=ORDERED_BY_N,
    domain=(_FIRST_ORDERS, REALS),
    emit=lambda b, n, x: b.spherical_bessel(n, x),
)


def _spherical_slope(n: Any, x: Any) -> Any:
    r""":math:`\frac{n\, j_{n-1}(x) - (n+1)\, j_{n+1}(x)}{2n + 1}`, which unlike other forms holds at 0."""
    below, above = spherical_bessel(maximum(n - 1, 0), x), spherical_bessel(n + 1, x)
    return (n * below - (n + 1) * above) / (2 * n + 1)
