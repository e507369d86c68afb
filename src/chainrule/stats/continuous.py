"""Distributions of numbers on the whole line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from chainrule.core.interpreter import Value
from chainrule.functions.elementwise import digamma
from chainrule.ops.pointwise import (
    absolute,
    arctan,
    betainc,
    betaincinv,
    equal,
    erfc,
    exp,
    lgamma,
    log,
    log1p,
    minimum,
    ndtri,
    sqrt,
    square,
    tan,
    where,
)
from chainrule.random import keys, simple
from chainrule.random.gammas import gamma
from chainrule.random.normals import standard_normal
from chainrule.stats.distribution import Distribution, Shape
from chainrule.stats.registry import distribution
from chainrule.stats.sets import POSITIVE, REAL, Set
from chainrule.tensor import Tensor

_LOCATED: Mapping[str, Set] = {"loc": REAL, "scale": POSITIVE}
_TWO = ({"loc": 0.0, "scale": 1.0}, {"loc": [0.5, -2.0], "scale": [2.0, 0.3]})


class Located(Distribution):
    """A distribution that is shifted and stretched: everything is asked of :math:`z = (x - μ) / σ`."""

    parameters: ClassVar[Mapping[str, Set]] = _LOCATED
    reparametrised = True
    loc: Tensor
    scale: Tensor

    def __init__(self, loc: Any = 0.0, scale: Any = 1.0) -> None:
        super().__init__(loc=loc, scale=scale)

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale

    @property
    def mean(self) -> Tensor:
        """The location."""
        return self.loc

    @property
    def mode(self) -> Tensor:
        """The location."""
        return self.loc


@distribution(
    r"\frac{1}{σ \sqrt{2π}} e^{-\frac{(x - μ)^2}{2σ^2}}",
    "norm",
    lambda d: {"loc": d.loc, "scale": d.scale},
    *_TWO,
)
class Normal(Located):
    """The normal distribution, of mean ``loc`` and standard deviation ``scale``.

    Examples
    --------
    >>> import chainrule as cr
    >>> height = cr.stats.Normal(170.0, 10.0)
    >>> print(f"{float(height.cdf(180.0)):.4f} {float(height.quantile(0.975)):.1f}")
    0.8413 189.6
    """

    def _log_prob(self, x: Tensor) -> Tensor:
        return -0.5 * square(self._z(x)) - log(self.scale) - 0.5 * math.log(2 * math.pi)

    def _cdf(self, x: Tensor) -> Tensor:
        return 0.5 * erfc(-math.sqrt(0.5) * self._z(x))

    def _quantile(self, q: Tensor) -> Tensor:
        return self.loc + self.scale * ndtri(q)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return self.loc + self.scale * standard_normal(key, shape, self.dtype)

    @property
    def variance(self) -> Tensor:
        """The square of the scale."""
        return square(self.scale)

    def entropy(self) -> Tensor:
        r""":math:`½ \ln(2πeσ^2)`."""
        return 0.5 * math.log(2 * math.pi * math.e) + log(self.scale)


@distribution(
    r"\frac{1}{2b} e^{-\frac{|x - μ|}{b}}", "laplace", lambda d: {"loc": d.loc, "scale": d.scale}, *_TWO
)
class Laplace(Located):
    """Laplace's distribution: two exponential tails about ``loc``.

    Examples
    --------
    >>> import chainrule as cr
    >>> print(f"{float(cr.stats.Laplace(0.0, 2.0).variance):.1f}")
    8.0
    """

    def _log_prob(self, x: Tensor) -> Tensor:
        return -absolute(self._z(x)) - log(2 * self.scale)

    def _cdf(self, x: Tensor) -> Tensor:
        z = self._z(x)
        below = z < 0
        return where(below, 0.5 * exp(where(below, z, 0)), 1 - 0.5 * exp(-where(below, 0, z)))

    def _quantile(self, q: Tensor) -> Tensor:
        tail = log(2 * minimum(q, 1 - q))
        return self.loc + self.scale * where(q < 0.5, tail, -tail)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return self.loc + self.scale * simple.laplace(shape, dtype=self.dtype, key=key)

    @property
    def variance(self) -> Tensor:
        """Twice the square of the scale."""
        return 2 * square(self.scale)

    def entropy(self) -> Tensor:
        r""":math:`1 + \ln 2b`."""
        return 1 + log(2 * self.scale)


@distribution(
    r"\frac{1}{π γ \left(1 + \frac{(x - μ)^2}{γ^2}\right)}",
    "cauchy",
    lambda d: {"loc": d.loc, "scale": d.scale},
    *_TWO,
)
class Cauchy(Located):
    """Cauchy's distribution, whose tails are so heavy that it has neither mean nor variance (NaN).

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.Cauchy(1.0, 2.0)
    >>> float(d.quantile(0.75)), float(d.mean)
    (3.0, nan)
    """

    def _log_prob(self, x: Tensor) -> Tensor:
        return -log1p(square(self._z(x))) - log(math.pi * self.scale)

    def _cdf(self, x: Tensor) -> Tensor:
        return arctan(self._z(x)) / math.pi + 0.5

    def _quantile(self, q: Tensor) -> Tensor:
        ends = where(equal(q, 0), -math.inf, where(equal(q, 1), math.inf, tan(math.pi * (q - 0.5))))
        return self.loc + self.scale * ends

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return self.loc + self.scale * simple.cauchy(shape, dtype=self.dtype, key=key)

    @property
    def mean(self) -> Tensor:
        """NaN: the integral does not exist."""
        return self.loc * math.nan

    @property
    def variance(self) -> Tensor:
        """NaN: the integral does not exist."""
        return self.loc * math.nan

    def entropy(self) -> Tensor:
        r""":math:`\ln 4πγ`."""
        return log(4 * math.pi * self.scale)


@distribution(
    r"\frac{Γ(\frac{ν + 1}{2})}{Γ(\frac{ν}{2}) \sqrt{νπ} σ}"
    r" \left(1 + \frac{(x - μ)^2}{ν σ^2}\right)^{-\frac{ν + 1}{2}}",
    "t",
    lambda d: {"df": d.df, "loc": d.loc, "scale": d.scale},
    {"df": 5.0},
    {"df": [1.0, 2.0, 30.0], "loc": 0.5, "scale": [0.3, 2.0, 1.0]},
)
class StudentT(Located):
    """Student's t distribution with ``df`` degrees of freedom.

    Examples
    --------
    >>> import chainrule as cr
    >>> print(f"{float(cr.stats.StudentT(9.0).quantile(0.975)):.3f}")
    2.262
    """

    parameters: ClassVar[Mapping[str, Set]] = {"df": POSITIVE, **_LOCATED}
    df: Tensor

    def __init__(self, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> None:
        Distribution.__init__(self, df=df, loc=loc, scale=scale)

    def _log_prob(self, x: Tensor) -> Tensor:
        half = 0.5 * (self.df + 1)
        norm = lgamma(half) - lgamma(0.5 * self.df) - 0.5 * log(math.pi * self.df) - log(self.scale)
        return norm - half * log1p(square(self._z(x)) / self.df)

    def _cdf(self, x: Tensor) -> Tensor:
        z = self._z(x)
        # At 0 the derivative is 0 · ∞; so little beside it the value is the same.
        z = z + where(equal(z, 0), 1e-12, 0)
        ratio = square(z) / self.df
        # From the tail, or from the middle, whichever keeps its digits.
        outer = ratio > 1
        tail = 0.5 * betainc(0.5 * self.df, 0.5, where(outer, 1 / (1 + ratio), 0.5))
        middle = 0.5 * betainc(0.5, 0.5 * self.df, where(outer, 0.5, ratio / (1 + ratio)))
        share = where(outer, tail, 0.5 - middle)
        return where(z < 0, share, 1 - share)

    def _quantile(self, q: Tensor) -> Tensor:
        tail = minimum(q, 1 - q)
        outer = tail < 0.25
        x = betaincinv(0.5 * self.df, 0.5, where(outer, 2 * tail, 0.5))
        y = betaincinv(0.5, 0.5 * self.df, where(outer, 0.5, 1 - 2 * tail))
        z = sqrt(self.df) * sqrt(where(outer, (1 - x) / x, y / (1 - y)))
        return self.loc + self.scale * where(q < 0.5, -z, z)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        of_normal, of_gamma = keys.split(key)
        spread = gamma(0.5 * self.df, 0.5 * self.df, shape, dtype=self.dtype, key=of_gamma)
        return self.loc + self.scale * standard_normal(of_normal, shape, self.dtype) / sqrt(spread)

    @property
    def mean(self) -> Tensor:
        """The location; NaN up to 1 degree of freedom."""
        return where(self.df > 1, self.loc, math.nan)

    @property
    def variance(self) -> Tensor:
        """Infinite up to 2 degrees of freedom, NaN up to 1."""
        wide = self.df > 2
        finite = square(self.scale) * self.df / (where(wide, self.df, 3) - 2)
        return where(wide, finite, where(self.df > 1, math.inf, math.nan))

    def entropy(self) -> Tensor:
        r""":math:`\frac{ν+1}{2}(ψ(\frac{ν+1}{2}) - ψ(\frac{ν}{2})) + \ln(\sqrt{ν} B(\frac{ν}{2}, ½) σ)`."""
        a, b = 0.5 * self.df, 0.5 * (self.df + 1)
        log_beta = lgamma(a) + 0.5 * math.log(math.pi) - lgamma(b)
        return b * (digamma(b) - digamma(a)) + 0.5 * log(self.df) + log_beta + log(self.scale)
