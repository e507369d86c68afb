"""Inverses of distribution functions, differentiable by all their arguments.

Of :math:`F(a, x) = q` follow :math:`∂x/∂q = 1 / p(x)` and :math:`∂x/∂a = -(∂F/∂a) / p(x)`.
"""

from __future__ import annotations

import math
from typing import Any

from chainrule.core.op import Op
from chainrule.core.sample import Domain
from chainrule.ops.pointwise.exponential import exp
from chainrule.ops.pointwise.incomplete import beta_integral, gamma_integral
from chainrule.ops.pointwise.row import pointwise
from chainrule.ops.pointwise.scipy_functions import scipy_function
from chainrule.ops.pointwise.special import lgamma, polygamma, xlog1py, xlogy
from chainrule.ops.types import REAL_FLOATS

_SHAPE, _PROBABILITY = Domain(0.5, 3.0), Domain(0.1, 0.9)

ndtri = pointwise(
    "ndtri",
    r"\operatorname{ndtri} q",
    scipy_function("ndtri"),
    [lambda y, q: math.sqrt(2 * math.pi) * exp(0.5 * y * y)],
    args="q",
    dtype=REAL_FLOATS,
    domain=_PROBABILITY,
    flops=20,
    emit=lambda b, q: b.ndtri(q),
)


def _gamma_width(a: Any, x: Any) -> Any:
    """The inverse of the density."""
    return exp(x + lgamma(a) - xlogy(a - 1, x))


gammaincinv: Op = pointwise(
    "gammaincinv",
    r"\operatorname{gammaincinv}(a, q)",
    scipy_function("gammaincinv"),
    [
        lambda x, a, q: (polygamma(0, a) * q - gamma_integral(1, a, x)) * _gamma_width(a, x),
        lambda x, a, q: _gamma_width(a, x),
    ],
    args="a q",
    dtype=REAL_FLOATS,
    domain=(_SHAPE, _PROBABILITY),
    flops=400,
    emit=lambda b, a, q: b.gammaincinv(a, q),
)


def _beta_width(a: Any, b: Any, x: Any) -> Any:
    return exp(lgamma(a) + lgamma(b) - lgamma(a + b) - xlogy(a - 1, x) - xlog1py(b - 1, -x))


def _gap(a: Any, b: Any) -> Any:
    return polygamma(0, a) - polygamma(0, a + b)


betaincinv: Op = pointwise(
    "betaincinv",
    r"\operatorname{betaincinv}(a, b, q)",
    scipy_function("betaincinv"),
    [
        lambda x, a, b, q: (_gap(a, b) * q - beta_integral(1, 0, a, b, x)) * _beta_width(a, b, x),
        lambda x, a, b, q: (_gap(b, a) * q - beta_integral(0, 1, a, b, x)) * _beta_width(a, b, x),
        lambda x, a, b, q: _beta_width(a, b, x),
    ],
    args="a b q",
    dtype=REAL_FLOATS,
    domain=(_SHAPE, _SHAPE, _PROBABILITY),
    flops=800,
    emit=lambda builder, a, b, q: builder.betaincinv(a, b, q),
)
