"""Distributions of the numbers of an interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.functions.elementwise import digamma
from chainrule.ops.pointwise import (
    betainc,
    betaincinv,
    lgamma,
    log,
    logical_and,
    minimum,
    square,
    where,
    xlog1py,
    xlogy,
)
from chainrule.random.arguments import known
from chainrule.random.gammas import beta
from chainrule.random.words import unit
from chainrule.stats.distribution import Distribution, Shape
from chainrule.stats.registry import distribution
from chainrule.stats.sets import POSITIVE, REAL, UNIT, Set, interval
from chainrule.tensor import Tensor


@distribution(
    r"\frac{1}{b - a}",
    "uniform",
    lambda d: {"loc": d.low, "scale": d.high - d.low},
    {"low": 0.0, "high": 1.0},
    {"low": [-3.0, 0.5], "high": [2.0, 0.75]},
)
class Uniform(Distribution):
    """All numbers from ``low`` to ``high``, equally likely.

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.Uniform(2.0, 6.0)
    >>> d.prob([1.0, 3.0, 7.0]).tolist(), float(d.quantile(0.25))
    ([0.0, 0.25, 0.0], 3.0)
    """

    parameters: ClassVar[Mapping[str, Set]] = {"low": REAL, "high": REAL}
    reparametrised = True
    low: Tensor
    high: Tensor

    def __init__(self, low: Any = 0.0, high: Any = 1.0) -> None:
        super().__init__(low=low, high=high)
        ends = known(self.low), known(self.high)
        if ends[0] is not None and ends[1] is not None and not (ends[0] < ends[1]).all():
            wrong = ~(ends[0] < ends[1])
            low, high = (end[wrong].flat[0] for end in ends if end is not None)
            raise error("stats.order", distribution=self.name, low=low, high=high)

    @property
    def support(self) -> Set:  # type: ignore[override]
        """From low to high, both included."""
        return interval(self.low, self.high)

    def _log_prob(self, x: Tensor) -> Tensor:
        return -log(self.high - self.low) + 0 * x

    def _cdf(self, x: Tensor) -> Tensor:
        return (x - self.low) / (self.high - self.low)

    def _quantile(self, q: Tensor) -> Tensor:
        return self.low + q * (self.high - self.low)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return self._quantile(unit(key, shape, self.dtype))

    @property
    def mean(self) -> Tensor:
        """Half-way between the ends."""
        return 0.5 * (self.low + self.high)

    @property
    def variance(self) -> Tensor:
        r""":math:`\frac{(b - a)^2}{12}`."""
        return square(self.high - self.low) / 12

    def entropy(self) -> Tensor:
        r""":math:`\ln(b - a)`."""
        return log(self.high - self.low)


@distribution(
    r"\frac{Γ(α + β)}{Γ(α) Γ(β)} x^{α - 1} (1 - x)^{β - 1}",
    "beta",
    lambda d: {"a": d.concentration1, "b": d.concentration0},
    {"concentration1": 2.0, "concentration0": 3.5},
    {"concentration1": [0.5, 1.0, 20.0], "concentration0": [0.5, 3.0, 7.0]},
)
class Beta(Distribution):
    """Probabilities, after ``concentration1 - 1`` successes and ``concentration0 - 1`` failures were seen.

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.Beta(8.0, 4.0)
    >>> print(f"{float(d.mean):.3f} {float(d.mode):.1f} {float(d.cdf(0.5)):.4f}")
    0.667 0.7 0.1133
    """

    parameters: ClassVar[Mapping[str, Set]] = {"concentration1": POSITIVE, "concentration0": POSITIVE}
    support = UNIT
    reparametrised = True
    concentration1: Tensor
    concentration0: Tensor

    def __init__(self, concentration1: Any, concentration0: Any) -> None:
        super().__init__(concentration1=concentration1, concentration0=concentration0)
        self._total = self.concentration1 + self.concentration0

    def _log_norm(self) -> Tensor:
        """The logarithm of the beta function."""
        return lgamma(self.concentration1) + lgamma(self.concentration0) - lgamma(self._total)

    def _log_prob(self, x: Tensor) -> Tensor:
        return xlogy(self.concentration1 - 1, x) + xlog1py(self.concentration0 - 1, -x) - self._log_norm()

    def _cdf(self, x: Tensor) -> Tensor:
        return betainc(self.concentration1, self.concentration0, x)

    def _quantile(self, q: Tensor) -> Tensor:
        return betaincinv(self.concentration1, self.concentration0, q)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return beta(self.concentration1, self.concentration0, shape, dtype=self.dtype, key=key)

    @property
    def mean(self) -> Tensor:
        r""":math:`\frac{α}{α + β}`."""
        return self.concentration1 / self._total

    @property
    def variance(self) -> Tensor:
        r""":math:`\frac{αβ}{(α + β)^2 (α + β + 1)}`."""
        return self.concentration1 * self.concentration0 / (square(self._total) * (self._total + 1))

    @property
    def mode(self) -> Tensor:
        r""":math:`\frac{α - 1}{α + β - 2}`; NaN where a concentration is below 1, or both are 1."""
        a, b = self.concentration1, self.concentration0
        exists = logical_and(minimum(a, b) >= 1, self._total > 2)
        return where(exists, (a - 1) / where(exists, self._total - 2, 1), math.nan)

    def entropy(self) -> Tensor:
        r""":math:`\ln B(α, β) - (α - 1) ψ(α) - (β - 1) ψ(β) + (α + β - 2) ψ(α + β)`."""
        a, b = self.concentration1, self.concentration0
        spread = (a - 1) * digamma(a) + (b - 1) * digamma(b) - (self._total - 2) * digamma(self._total)
        return self._log_norm() - spread
