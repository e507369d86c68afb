"""Distributions of counts and of categories."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from chainrule.core.interpreter import Value
from chainrule.functions import reductions
from chainrule.functions.activations import log_sigmoid, log_softmax, softmax, softplus
from chainrule.functions.shaping import expand_dims
from chainrule.ops.pointwise import (
    betainc,
    cast,
    equal,
    exp,
    expm1,
    floor,
    gammainc,
    log,
    log1p,
    maximum,
    minimum,
    sigmoid,
    square,
    where,
    xlog1py,
    xlogy,
)
from chainrule.random import categories, counts
from chainrule.random.probabilities import log_binomial, log_poisson
from chainrule.random.words import open_unit, unit
from chainrule.stats.distribution import Distribution, Shape
from chainrule.stats.registry import distribution
from chainrule.stats.search import known_or_refused, smallest_reaching
from chainrule.stats.sets import BINARY, POSITIVE, REAL, SIMPLEX, UNIT, VECTORS, WHOLE, Set, interval
from chainrule.tensor import Tensor

_EITHER: Mapping[str, Set] = {"probs": UNIT, "logits": REAL}


class OfChance(Distribution):
    """A distribution with one probability, given by ``probs`` or by its ``logits``, and the other follows."""

    parameters: ClassVar[Mapping[str, Set]] = _EITHER
    alternatives = (("probs", "logits"),)

    @property
    def probs(self) -> Tensor:
        """The probability of success."""
        return self.given["probs"] if "probs" in self.given else sigmoid(self.given["logits"])

    @property
    def logits(self) -> Tensor:
        r""":math:`\ln \frac{p}{1 - p}`."""
        if "logits" in self.given:
            return self.given["logits"]
        return log(self.probs) - log1p(-self.probs)

    def _quantile(self, q: Tensor) -> Tensor:
        return smallest_reaching(self, q)


@distribution(
    r"p^{x} (1 - p)^{1 - x}",
    "bernoulli",
    lambda d: {"p": d.probs},
    {"probs": 0.3},
    {"probs": [0.0, 0.2, 1.0]},
    {"logits": [-2.0, 0.5]},
)
class Bernoulli(OfChance):
    """1 with probability ``probs``, else 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> coin = cr.stats.Bernoulli(probs=0.25)
    >>> [round(p, 4) for p in coin.prob([0, 1, 2]).tolist()]
    [0.75, 0.25, 0.0]
    """

    support = BINARY

    def __init__(self, probs: Any = None, logits: Any = None) -> None:
        super().__init__(probs=probs, logits=logits)

    def _log_prob(self, x: Tensor) -> Tensor:
        if "logits" in self.given:
            return x * self.logits - softplus(self.logits)
        return xlogy(x, self.probs) + xlog1py(1 - x, -self.probs)

    def _cdf(self, x: Tensor) -> Tensor:
        return where(x < 1, 1 - self.probs, 1)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return cast(unit(key, shape, self.dtype) < self.probs, dtype=self.dtype)

    @property
    def mean(self) -> Tensor:
        """The probability of 1."""
        return self.probs

    @property
    def variance(self) -> Tensor:
        r""":math:`p (1 - p)`."""
        return self.probs * (1 - self.probs)

    @property
    def mode(self) -> Tensor:
        """The likelier of both, 0 if they are equally likely."""
        return cast(self.probs > 0.5, dtype=self.dtype)

    def entropy(self) -> Tensor:
        r""":math:`-p \ln p - (1 - p) \ln(1 - p)`."""
        if "logits" in self.given:
            return -self.probs * log_sigmoid(self.logits) - (1 - self.probs) * log_sigmoid(-self.logits)
        return -xlogy(self.probs, self.probs) - xlog1py(1 - self.probs, -self.probs)


@distribution(
    r"(1 - p)^{x} p",
    "geom",
    lambda d: {"p": d.probs, "loc": -1},
    {"probs": 0.3},
    {"probs": [0.02, 0.9]},
    {"logits": [-2.0, 0.5]},
)
class Geometric(OfChance):
    """The number of failures before the first success.

    Examples
    --------
    >>> import chainrule as cr
    >>> print(f"{float(cr.stats.Geometric(probs=0.2).mean):.1f}")
    4.0
    """

    support = WHOLE

    def __init__(self, probs: Any = None, logits: Any = None) -> None:
        super().__init__(probs=probs, logits=logits)

    def _log_prob(self, x: Tensor) -> Tensor:
        return xlog1py(x, -self.probs) + log(self.probs)

    def _cdf(self, x: Tensor) -> Tensor:
        return -expm1(xlog1py(x + 1, -self.probs))

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        certain = equal(self.probs, 1)
        step = log1p(-where(certain, 0.5, self.probs))
        return where(certain, 0, floor(log(open_unit(key, shape, self.dtype)) / step))

    @property
    def mean(self) -> Tensor:
        r""":math:`\frac{1 - p}{p}`."""
        return (1 - self.probs) / self.probs

    @property
    def variance(self) -> Tensor:
        r""":math:`\frac{1 - p}{p^2}`."""
        return (1 - self.probs) / square(self.probs)

    @property
    def mode(self) -> Tensor:
        """0."""
        return 0 * self.probs

    def entropy(self) -> Tensor:
        """That of one trial, by the probability of success."""
        p = self.probs
        return -(xlogy(p, p) + xlog1py(1 - p, -p)) / p


@distribution(
    r"\binom{n}{x} p^{x} (1 - p)^{n - x}",
    "binom",
    lambda d: {"n": d.total_count, "p": d.probs},
    {"total_count": 10, "probs": 0.3},
    {"total_count": [1, 40, 1000], "probs": [0.7, 0.5, 0.01]},
    {"total_count": 7, "probs": [0.0, 1.0]},
    {"total_count": 12, "logits": [-2.0, 0.5]},
)
class Binomial(OfChance):
    """The number of successes in ``total_count`` independent trials.

    Examples
    --------
    >>> import chainrule as cr
    >>> heads = cr.stats.Binomial(10, probs=0.5)
    >>> print(f"{float(heads.prob(5)):.4f} {float(heads.quantile(0.975)):.0f}")
    0.2461 8
    """

    parameters: ClassVar[Mapping[str, Set]] = {"total_count": WHOLE, **_EITHER}
    total_count: Tensor

    def __init__(self, total_count: Any = 1, probs: Any = None, logits: Any = None) -> None:
        super().__init__(total_count=total_count, probs=probs, logits=logits)

    @property
    def support(self) -> Set:  # type: ignore[override]
        """0, 1, … up to the number of trials."""
        return interval(0, self.total_count, whole=True)

    def _log_prob(self, x: Tensor) -> Tensor:
        return log_binomial(x, self.total_count, self.probs)

    def _cdf(self, x: Tensor) -> Tensor:
        # Below the number of trials, where the base class asks.
        return betainc(maximum(self.total_count - x, 1e-3), x + 1, 1 - self.probs)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return counts.binomial(self.total_count, self.probs, shape, dtype=self.dtype, key=key)

    @property
    def mean(self) -> Tensor:
        r""":math:`n p`."""
        return self.total_count * self.probs

    @property
    def variance(self) -> Tensor:
        r""":math:`n p (1 - p)`."""
        return self.mean * (1 - self.probs)

    @property
    def mode(self) -> Tensor:
        r""":math:`\lfloor (n + 1) p \rfloor`, but not above :math:`n`."""
        return minimum(floor((self.total_count + 1) * self.probs), self.total_count)

    def entropy(self) -> Tensor:
        """Summed over all values."""
        most = int(known_or_refused(self.total_count).max(initial=0))
        return summed(self, most, lambda x: -self.log_prob(x))


@distribution(
    r"\frac{λ^{x} e^{-λ}}{x!}",
    "poisson",
    lambda d: {"mu": d.rate},
    {"rate": 2.5},
    {"rate": [0.1, 9.0, 400.0]},
)
class Poisson(Distribution):
    """The number of events where ``rate`` are expected.

    Examples
    --------
    >>> import chainrule as cr
    >>> calls = cr.stats.Poisson(2.0)
    >>> print(f"{float(calls.prob(0)):.4f} {float(calls.cdf(3)):.4f}")
    0.1353 0.8571
    """

    parameters: ClassVar[Mapping[str, Set]] = {"rate": POSITIVE}
    support = WHOLE
    rate: Tensor

    def __init__(self, rate: Any) -> None:
        super().__init__(rate=rate)

    def _log_prob(self, x: Tensor) -> Tensor:
        return log_poisson(x, self.rate)

    def _cdf(self, x: Tensor) -> Tensor:
        return 1 - gammainc(x + 1, self.rate)

    def _quantile(self, q: Tensor) -> Tensor:
        return smallest_reaching(self, q)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return counts.poisson(self.rate, shape, dtype=self.dtype, key=key)

    @property
    def mean(self) -> Tensor:
        """The rate."""
        return self.rate

    @property
    def variance(self) -> Tensor:
        """The rate."""
        return self.rate

    @property
    def mode(self) -> Tensor:
        """The rate, rounded down."""
        return floor(self.rate)

    def entropy(self) -> Tensor:
        """Summed over all values that are not beyond double precision."""
        most = known_or_refused(self.rate).max(initial=0)
        return summed(self, int(most + 12 * math.sqrt(most) + 40), lambda x: -self.log_prob(x))


def summed(d: Distribution, most: int, f: Callable[[Tensor], Tensor]) -> Tensor:
    """The expected value of a function of counts from 0 to ``most``, term by term."""
    values = Tensor(np.arange(most + 1, dtype=d.dtype).reshape(-1, *(1,) * len(d.batch_shape)))
    logs = d.log_prob(values)
    possible = logs > -math.inf
    at = where(possible, values, d._inner_point())
    return reductions.sum(where(possible, exp(logs) * f(at), 0), axis=0)


@distribution(
    r"p_{x}",
    "rv_discrete",
    lambda d: {"values": (np.arange(d.probs.shape[-1]), np.asarray(d.probs))},
    {"probs": [0.2, 0.5, 0.3]},
    {"probs": [0.0, 1.0]},
    {"logits": [0.5, -1.0, 2.0, 0.0]},
)
class Categorical(OfChance):
    """The numbers 0 … K-1 of K categories, with probabilities along the last axis.

    Moments are those of the numbers.

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.Categorical(probs=[0.5, 0.25, 0.25])
    >>> print(f"{float(d.log_prob(1)):.4f} {float(d.entropy()):.4f}")
    -1.3863 1.0397
    """

    parameters: ClassVar[Mapping[str, Set]] = {"probs": SIMPLEX, "logits": VECTORS}

    def __init__(self, probs: Any = None, logits: Any = None) -> None:
        super().__init__(probs=probs, logits=logits)

    @property
    def support(self) -> Set:  # type: ignore[override]
        """The numbers of the categories."""
        return interval(0, self._count - 1, whole=True)

    @property
    def _count(self) -> int:
        return next(iter(self.given.values())).shape[-1]

    @property
    def probs(self) -> Tensor:
        """The probability of each category."""
        return self.given["probs"] if "probs" in self.given else softmax(self.given["logits"])

    @property
    def logits(self) -> Tensor:
        """Logarithms of the probabilities, which add up to 1."""
        return log(self.probs) if "probs" in self.given else log_softmax(self.given["logits"])

    @property
    def _numbers(self) -> np.ndarray:
        return np.arange(self._count, dtype=self.dtype)

    def _log_prob(self, x: Tensor) -> Tensor:
        hit = equal(expand_dims(x, -1), self._numbers)
        if "logits" in self.given:
            return reductions.sum(where(hit, self.logits, 0), axis=-1)
        return log(reductions.sum(where(hit, self.probs, 0), axis=-1))

    def _cdf(self, x: Tensor) -> Tensor:
        return reductions.sum(where(self._numbers <= expand_dims(x, -1), self.probs, 0), axis=-1)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        logits, probs = self.given.get("logits"), self.given.get("probs")
        return cast(categories.categorical(logits, shape, probs=probs, key=key), dtype=self.dtype)

    @property
    def mean(self) -> Tensor:
        """The expected number."""
        return reductions.sum(self.probs * self._numbers, axis=-1)

    @property
    def variance(self) -> Tensor:
        """Of the number."""
        distance = self._numbers - expand_dims(self.mean, -1)
        return reductions.sum(self.probs * square(distance), axis=-1)

    @property
    def mode(self) -> Tensor:
        """The likeliest category, the first if there are several."""
        return cast(reductions.argmax(self.probs, axis=-1), dtype=self.dtype)

    def entropy(self) -> Tensor:
        r""":math:`-\sum_i p_i \ln p_i`."""
        if "logits" in self.given:
            return -reductions.sum(self.probs * self.logits, axis=-1)
        return -reductions.sum(xlogy(self.probs, self.probs), axis=-1)

    def _inner_point(self) -> Tensor:
        return self.mode.detach()
