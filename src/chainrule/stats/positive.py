"""Distributions of positive numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from chainrule.core.interpreter import Value
from chainrule.functions.elementwise import digamma
from chainrule.ops.pointwise import (
    absolute,
    erf,
    erfc,
    exp,
    expm1,
    gammainc,
    gammaincinv,
    lgamma,
    log,
    log1p,
    maximum,
    ndtri,
    square,
    xlogy,
)
from chainrule.random import simple
from chainrule.random.gammas import gamma
from chainrule.random.normals import standard_normal
from chainrule.stats.distribution import Distribution, Shape
from chainrule.stats.registry import distribution
from chainrule.stats.sets import NON_NEGATIVE, POSITIVE, REAL, Set
from chainrule.tensor import Tensor


@distribution(
    r"λ e^{-λ x}", "expon", lambda d: {"scale": 1 / d.rate}, {"rate": 2.0}, {"rate": [0.3, 1.0, 40.0]}
)
class Exponential(Distribution):
    """Waiting times for an event that comes ``rate`` times per unit of time.

    Examples
    --------
    >>> import chainrule as cr
    >>> wait = cr.stats.Exponential(0.5)
    >>> print(f"{float(wait.mean):.1f} {float(wait.cdf(2.0)):.4f}")
    2.0 0.6321
    """

    parameters: ClassVar[Mapping[str, Set]] = {"rate": POSITIVE}
    support = NON_NEGATIVE
    reparametrised = True
    rate: Tensor

    def __init__(self, rate: Any = 1.0) -> None:
        super().__init__(rate=rate)

    def _log_prob(self, x: Tensor) -> Tensor:
        return log(self.rate) - self.rate * x

    def _cdf(self, x: Tensor) -> Tensor:
        return -expm1(-self.rate * x)

    def _quantile(self, q: Tensor) -> Tensor:
        return -log1p(-q) / self.rate

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return simple.exponential(shape, dtype=self.dtype, key=key) / self.rate

    @property
    def mean(self) -> Tensor:
        """The inverse of the rate."""
        return 1 / self.rate

    @property
    def variance(self) -> Tensor:
        """The square of the mean."""
        return 1 / square(self.rate)

    @property
    def mode(self) -> Tensor:
        """0."""
        return 0 * self.rate

    def entropy(self) -> Tensor:
        r""":math:`1 - \ln λ`."""
        return 1 - log(self.rate)


@distribution(
    r"\frac{β^{α}}{Γ(α)} x^{α - 1} e^{-β x}",
    "gamma",
    lambda d: {"a": d.concentration, "scale": 1 / d.rate},
    {"concentration": 2.5, "rate": 2.0},
    {"concentration": [0.3, 1.0, 50.0], "rate": [0.5, 2.0, 3.0]},
)
class Gamma(Distribution):
    """The gamma distribution: the wait for ``concentration`` events of a ``rate``.

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.Gamma(3.0, 2.0)
    >>> float(d.mean), float(d.variance)
    (1.5, 0.75)
    >>> draws = d.rsample(4, key=cr.random.key(0))
    >>> draws.shape
    (4,)
    """

    parameters: ClassVar[Mapping[str, Set]] = {"concentration": POSITIVE, "rate": POSITIVE}
    support = NON_NEGATIVE
    reparametrised = True
    concentration: Tensor
    rate: Tensor

    def __init__(self, concentration: Any, rate: Any = 1.0) -> None:
        super().__init__(concentration=concentration, rate=rate)

    def _log_prob(self, x: Tensor) -> Tensor:
        a = self.concentration
        return a * log(self.rate) + xlogy(a - 1, x) - self.rate * x - lgamma(a)

    def _cdf(self, x: Tensor) -> Tensor:
        return gammainc(self.concentration, self.rate * x)

    def _quantile(self, q: Tensor) -> Tensor:
        return gammaincinv(self.concentration, q) / self.rate

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return gamma(self.concentration, self.rate, shape, dtype=self.dtype, key=key)

    @property
    def mean(self) -> Tensor:
        """Concentration by rate."""
        return self.concentration / self.rate

    @property
    def variance(self) -> Tensor:
        """Concentration by the square of the rate."""
        return self.concentration / square(self.rate)

    @property
    def mode(self) -> Tensor:
        """0 up to concentration 1."""
        return maximum(self.concentration - 1, 0) / self.rate

    def entropy(self) -> Tensor:
        r""":math:`α - \ln β + \ln Γ(α) + (1 - α) ψ(α)`."""
        a = self.concentration
        return a - log(self.rate) + lgamma(a) + (1 - a) * digamma(a)


@distribution(
    r"\frac{x^{\frac{ν}{2} - 1} e^{-\frac{x}{2}}}{2^{\frac{ν}{2}} Γ(\frac{ν}{2})}",
    "chi2",
    lambda d: {"df": d.df},
    {"df": 3.0},
    {"df": [1.0, 2.5, 40.0]},
)
class Chi2(Gamma):
    """The sum of the squares of ``df`` standard normal numbers.

    Examples
    --------
    >>> import chainrule as cr
    >>> print(f"{float(cr.stats.Chi2(1.0).quantile(0.95)):.2f}")
    3.84
    """

    parameters: ClassVar[Mapping[str, Set]] = {"df": POSITIVE}
    df: Tensor

    def __init__(self, df: Any) -> None:
        Distribution.__init__(self, df=df)
        self.concentration, self.rate = 0.5 * self.df, 0.5 + 0 * self.df


@distribution(
    r"\frac{\sqrt{2}}{σ \sqrt{π}} e^{-\frac{x^2}{2σ^2}}",
    "halfnorm",
    lambda d: {"scale": d.scale},
    {"scale": 2.0},
    {"scale": [0.3, 1.0]},
)
class HalfNormal(Distribution):
    """The distance of normally distributed numbers from their mean.

    Examples
    --------
    >>> import chainrule as cr
    >>> print(f"{float(cr.stats.HalfNormal(1.0).mean):.4f}")
    0.7979
    """

    parameters: ClassVar[Mapping[str, Set]] = {"scale": POSITIVE}
    support = NON_NEGATIVE
    reparametrised = True
    scale: Tensor

    def __init__(self, scale: Any = 1.0) -> None:
        super().__init__(scale=scale)

    def _log_prob(self, x: Tensor) -> Tensor:
        return 0.5 * math.log(2 / math.pi) - log(self.scale) - 0.5 * square(x / self.scale)

    def _cdf(self, x: Tensor) -> Tensor:
        return erf(math.sqrt(0.5) * x / self.scale)

    def _quantile(self, q: Tensor) -> Tensor:
        return -self.scale * ndtri(0.5 * (1 - q))

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return self.scale * absolute(standard_normal(key, shape, self.dtype))

    @property
    def mean(self) -> Tensor:
        r""":math:`σ \sqrt{2/π}`."""
        return math.sqrt(2 / math.pi) * self.scale

    @property
    def variance(self) -> Tensor:
        r""":math:`σ^2 (1 - 2/π)`."""
        return (1 - 2 / math.pi) * square(self.scale)

    @property
    def mode(self) -> Tensor:
        """0."""
        return 0 * self.scale

    def entropy(self) -> Tensor:
        r""":math:`½ \ln \frac{πσ^2}{2} + ½`."""
        return 0.5 * math.log(math.pi / 2) + 0.5 + log(self.scale)


@distribution(
    r"\frac{1}{x σ \sqrt{2π}} e^{-\frac{(\ln x - μ)^2}{2σ^2}}",
    "lognorm",
    lambda d: {"s": d.scale, "scale": exp(d.loc)},
    {"loc": 0.0, "scale": 1.0},
    {"loc": [0.5, -2.0], "scale": [0.8, 0.3]},
)
class LogNormal(Distribution):
    """Numbers whose logarithm is normally distributed, with mean ``loc`` and standard deviation ``scale``.

    Examples
    --------
    >>> import chainrule as cr
    >>> income = cr.stats.LogNormal(1.0, 0.5)
    >>> print(f"{float(income.quantile(0.5)):.3f} {float(income.mean):.3f}")
    2.718 3.080
    """

    parameters: ClassVar[Mapping[str, Set]] = {"loc": REAL, "scale": POSITIVE}
    support = POSITIVE
    reparametrised = True
    loc: Tensor
    scale: Tensor

    def __init__(self, loc: Any = 0.0, scale: Any = 1.0) -> None:
        super().__init__(loc=loc, scale=scale)

    def _z(self, x: Tensor) -> Tensor:
        return (log(x) - self.loc) / self.scale

    def _log_prob(self, x: Tensor) -> Tensor:
        return -0.5 * square(self._z(x)) - log(self.scale) - 0.5 * math.log(2 * math.pi) - log(x)

    def _cdf(self, x: Tensor) -> Tensor:
        return 0.5 * erfc(-math.sqrt(0.5) * self._z(x))

    def _quantile(self, q: Tensor) -> Tensor:
        return exp(self.loc + self.scale * ndtri(q))

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return exp(self.loc + self.scale * standard_normal(key, shape, self.dtype))

    @property
    def mean(self) -> Tensor:
        r""":math:`e^{μ + σ^2/2}`."""
        return exp(self.loc + 0.5 * square(self.scale))

    @property
    def variance(self) -> Tensor:
        r""":math:`(e^{σ^2} - 1)\, e^{2μ + σ^2}`."""
        return expm1(square(self.scale)) * square(self.mean)

    @property
    def mode(self) -> Tensor:
        r""":math:`e^{μ - σ^2}`."""
        return exp(self.loc - square(self.scale))

    def entropy(self) -> Tensor:
        r""":math:`μ + ½ \ln(2πeσ^2)`."""
        return self.loc + 0.5 * math.log(2 * math.pi * math.e) + log(self.scale)
