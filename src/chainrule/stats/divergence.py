r"""Kullback and Leibler's divergence, :math:`\mathrm{KL}(p \| q) = \mathrm{E}_p[\ln p(x) - \ln q(x)]`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chainrule.errors import error, text
from chainrule.functions import reductions
from chainrule.functions.elementwise import digamma
from chainrule.functions.shaping import broadcast_to, expand_dims, squeeze
from chainrule.ops.linalg.solve import triangular_solve
from chainrule.ops.pointwise import (
    absolute,
    exp,
    lgamma,
    log,
    logical_and,
    sqrt,
    square,
    where,
    xlog1py,
    xlogy,
)
from chainrule.random.generator import Generator
from chainrule.stats import messages_results  # noqa: F401  (registers the texts used here)
from chainrule.stats.bounded import Beta, Uniform
from chainrule.stats.checks import whole_number
from chainrule.stats.continuous import Cauchy, Laplace, Normal
from chainrule.stats.discrete import Bernoulli, Binomial, Categorical, Geometric, Poisson, summed
from chainrule.stats.distribution import Distribution
from chainrule.stats.positive import Exponential, Gamma, HalfNormal, LogNormal
from chainrule.stats.search import known_or_refused
from chainrule.stats.vectors import Dirichlet, MultivariateNormal
from chainrule.tensor import Tensor

Rule = Callable[[Any, Any], Tensor]

# Closed forms, by the classes of both distributions; a subclass is served by its base's rule.
DIVERGENCES: dict[tuple[type[Distribution], type[Distribution]], Rule] = {}


def divergence(p: type[Distribution], q: type[Distribution]) -> Callable[[Rule], Rule]:
    """Decorator: list a closed form in `DIVERGENCES`."""

    def register(rule: Rule) -> Rule:
        DIVERGENCES[p, q] = rule
        return rule

    return register


@dataclass(frozen=True)
class Divergence:
    """A divergence and how it was found.

    Attributes
    ----------
    value : Tensor
        In nats, of the common batch shape; differentiable.
    standard_error : Tensor or None
        Of a Monte Carlo estimate; None for a closed form.
    samples : int
        How many draws it was estimated from; 0 for a closed form.
    """

    value: Tensor
    standard_error: Tensor | None = None
    samples: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether it is a closed form."""
        return self.standard_error is None

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        if self.standard_error is None:
            return text("stats.kl_exact", value=self.value.tolist())
        values = {
            "value": self.value.tolist(),
            "error": self.standard_error.tolist(),
            "samples": self.samples,
        }
        return text("stats.kl_estimate", **values)


def kl_divergence(
    p: Distribution,
    q: Distribution,
    *,
    samples: int = 10_000,
    key: Any = None,
    generator: Generator | None = None,
) -> Divergence:
    r"""How much is lost, in nats, where ``q`` stands in for ``p``.

    .. math:: \mathrm{KL}(p \| q) = \mathrm{E}_p[\ln p(x) - \ln q(x)]

    In closed form where `DIVERGENCES` has one; otherwise the mean over draws of ``p``, with its standard
    error. The estimate is differentiable by ``q``, and by ``p`` where its draws are reparametrised.

    Parameters
    ----------
    samples : int
        How many draws an estimate is made of.
    key, generator
        Of those draws, as for `chainrule.random.uniform`.

    Examples
    --------
    >>> import chainrule as cr
    >>> s = cr.stats
    >>> print(f"{float(s.kl_divergence(s.Normal(0.0, 1.0), s.Normal(1.0, 1.0))):.2f}")
    0.50
    >>> estimate = s.kl_divergence(s.StudentT(5.0), s.Normal(0.0, 1.0), key=cr.random.key(0))
    >>> estimate.is_exact, estimate.samples
    (False, 10000)
    """
    for name, d in (("p", p), ("q", q)):
        if not isinstance(d, Distribution):
            raise error("stats.no_distribution", function="kl_divergence", name=name, got=repr(d))
    rule = _rule(type(p), type(q))
    if rule is not None:
        return Divergence(rule(p, q))
    count = whole_number("kl_divergence", "samples", samples, 2)
    draw = p.rsample if p.reparametrised else p.sample
    x = draw((count,), key=key, generator=generator)
    gaps = p.log_prob(x) - q.log_prob(x)
    error_of_mean = reductions.std(gaps.detach(), axis=0, ddof=1) / math.sqrt(count)
    return Divergence(reductions.mean(gaps, axis=0), error_of_mean, count)


def _rule(p: type[Distribution], q: type[Distribution]) -> Rule | None:
    """The closed form for two classes or, failing that, for their bases."""
    pairs = [(a, b) for a in p.__mro__ for b in q.__mro__]
    return next((DIVERGENCES[pair] for pair in pairs if pair in DIVERGENCES), None)


@divergence(Normal, Normal)
@divergence(LogNormal, LogNormal)
def _normal(p: Any, q: Any) -> Tensor:
    ratio = square(p.scale / q.scale)
    return 0.5 * (ratio + square((p.loc - q.loc) / q.scale) - 1 - log(ratio))


@divergence(HalfNormal, HalfNormal)
def _half_normal(p: Any, q: Any) -> Tensor:
    ratio = square(p.scale / q.scale)
    return 0.5 * (ratio - 1 - log(ratio))


@divergence(Laplace, Laplace)
def _laplace(p: Any, q: Any) -> Tensor:
    distance = absolute(p.loc - q.loc)
    return log(q.scale / p.scale) + (p.scale * exp(-distance / p.scale) + distance) / q.scale - 1


@divergence(Cauchy, Cauchy)
def _cauchy(p: Any, q: Any) -> Tensor:
    r"""Chyzak & Nielsen (2019): :math:`\ln \frac{(γ_1 + γ_2)^2 + (μ_1 - μ_2)^2}{4 γ_1 γ_2}`."""
    return log((square(p.scale + q.scale) + square(p.loc - q.loc)) / (4 * p.scale * q.scale))


@divergence(Exponential, Exponential)
def _exponential(p: Any, q: Any) -> Tensor:
    ratio = q.rate / p.rate
    return ratio - 1 - log(ratio)


@divergence(Gamma, Gamma)
def _gamma(p: Any, q: Any) -> Tensor:
    a, b = p.concentration, q.concentration
    shape = (a - b) * digamma(a) - lgamma(a) + lgamma(b)
    return shape + b * log(p.rate / q.rate) + a * (q.rate / p.rate - 1)


@divergence(Exponential, Gamma)
def _exponential_gamma(p: Any, q: Any) -> Tensor:
    return _gamma(Gamma(1 + 0 * p.rate, p.rate), q)


@divergence(Gamma, Exponential)
def _gamma_exponential(p: Any, q: Any) -> Tensor:
    return _gamma(p, Gamma(1 + 0 * q.rate, q.rate))


@divergence(Beta, Beta)
def _beta(p: Any, q: Any) -> Tensor:
    pairs = [(p.concentration1, q.concentration1), (p.concentration0, q.concentration0)]
    total_p, total_q = (pairs[0][i] + pairs[1][i] for i in (0, 1))
    own = [(a - b) * digamma(a) - lgamma(a) + lgamma(b) for a, b in pairs]
    return own[0] + own[1] - (total_p - total_q) * digamma(total_p) + lgamma(total_p) - lgamma(total_q)


@divergence(Dirichlet, Dirichlet)
def _dirichlet(p: Any, q: Any) -> Tensor:
    a, b = p.concentration, q.concentration
    total_a, total_b = reductions.sum(a, axis=-1), reductions.sum(b, axis=-1)
    own = reductions.sum((a - b) * digamma(a) - lgamma(a) + lgamma(b), axis=-1)
    return own - (total_a - total_b) * digamma(total_a) + lgamma(total_a) - lgamma(total_b)


@divergence(Uniform, Uniform)
def _uniform(p: Any, q: Any) -> Tensor:
    covered = logical_and(q.low <= p.low, p.high <= q.high)
    return where(covered, log((q.high - q.low) / (p.high - p.low)), math.inf)


@divergence(Uniform, Normal)
def _uniform_normal(p: Any, q: Any) -> Tensor:
    distance = p.variance + square(p.mean - q.loc)
    return log(sqrt(2 * math.pi * square(q.scale)) / (p.high - p.low)) + 0.5 * distance / square(q.scale)


@divergence(Bernoulli, Bernoulli)
def _bernoulli(p: Any, q: Any) -> Tensor:
    a, b = p.probs, q.probs
    own = xlogy(a, a) + xlog1py(1 - a, -a)
    return own - xlogy(a, b) - xlog1py(1 - a, -b)


@divergence(Geometric, Geometric)
def _geometric(p: Any, q: Any) -> Tensor:
    return _bernoulli(p, q) / p.probs


@divergence(Binomial, Binomial)
def _binomial(p: Any, q: Any) -> Tensor:
    """Summed over all values; infinite where ``p`` may give more successes than ``q`` has trials."""
    most = int(known_or_refused(p.total_count).max(initial=0))
    return summed(p, most, lambda x: p.log_prob(x) - q.log_prob(x))


@divergence(Poisson, Poisson)
def _poisson(p: Any, q: Any) -> Tensor:
    return p.rate * log(p.rate / q.rate) - p.rate + q.rate


@divergence(Categorical, Categorical)
def _categorical(p: Any, q: Any) -> Tensor:
    return reductions.sum(xlogy(p.probs, p.probs) - xlogy(p.probs, q.probs), axis=-1)


@divergence(MultivariateNormal, MultivariateNormal)
def _multivariate_normal(p: Any, q: Any) -> Tensor:
    shape = (p.loc - q.loc).shape
    factor = broadcast_to(q.scale_tril, (*shape, shape[-1]))
    within = triangular_solve(factor, broadcast_to(p.scale_tril, (*shape, shape[-1])), lower=True, unit=False)
    between = triangular_solve(factor, expand_dims(p.loc - q.loc, -1), lower=True, unit=False)
    spread = reductions.sum(square(within), axis=(-2, -1)) + reductions.sum(
        square(squeeze(between, -1)), axis=-1
    )
    return 0.5 * (spread - shape[-1]) + q._log_det() - p._log_det()
