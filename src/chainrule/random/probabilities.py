r"""Logarithms of probabilities of counts, without the cancellation of large factorials.

With :math:`\ln k! = k \ln k - k + ½ \ln 2πk + δ(k)` all that is large joins in the deviance
:math:`D(k, m) = k \ln \frac{k}{m} + m - k`, which is computed from the difference of :math:`k` and :math:`m`
(C. Loader, "Fast and accurate computation of binomial probabilities", 2000).
"""

from __future__ import annotations

import math

from chainrule.ops.pointwise import equal, lgamma, log, log1p, logical_and, maximum, where, xlogy
from chainrule.tensor import Tensor

_SERIES_FROM = 16


def log_poisson(k: Tensor, rate: Tensor) -> Tensor:
    r"""Of :math:`k` events, where :math:`λ` are expected: :math:`\ln \frac{λ^k e^{-λ}}{k!}`."""
    n = maximum(k, 1)
    return where(equal(k, 0), -rate, -_deviance(n, rate) - _stirling_rest(n) - 0.5 * log(2 * math.pi * n))


def log_binomial(k: Tensor, n: Tensor, p: Tensor) -> Tensor:
    r"""Of :math:`k` successes in :math:`n` trials: :math:`\ln \binom{n}{k} p^k (1 - p)^{n - k}`."""
    inner = logical_and(k > 0, k < n)
    a = where(inner, k, 1)
    b = where(inner, n - k, 1)
    whole = where(inner, n, 2)
    q = where(inner, p, 0.5)
    rest = _stirling_rest(whole) - _stirling_rest(a) - _stirling_rest(b)
    deviance = _deviance(a, whole * q) + _deviance(b, whole * (1 - q))
    between = rest - deviance - 0.5 * log(2 * math.pi * a * (b / whole))
    none = equal(k, 0)
    at_ends = where(none, xlogy(n, 1 - where(none, p, 0.5)), xlogy(n, where(none, 0.5, p)))
    return where(inner, between, at_ends)


def _deviance(k: Tensor, m: Tensor) -> Tensor:
    return (m - k) - k * log1p((m - k) / k)


def _stirling_rest(k: Tensor) -> Tensor:
    r"""What Stirling's formula lacks, :math:`\frac{1}{12k} - \frac{1}{360k^3} + \dots`; :math:`k \ge 1`."""
    small = k < _SERIES_FROM
    n = where(small, k, 1)
    exact = lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * math.log(2 * math.pi)
    r = 1 / where(small, _SERIES_FROM, k)
    s = r * r
    return where(small, exact, r * (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))))
