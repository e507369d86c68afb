"""Distributions of vectors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.functions import reductions
from chainrule.functions.activations import softmax
from chainrule.functions.diagonals import diagonal
from chainrule.functions.elementwise import digamma
from chainrule.functions.products import matmul
from chainrule.functions.shaping import broadcast_to, expand_dims, squeeze, swapaxes
from chainrule.ops.linalg.factor import cholesky
from chainrule.ops.linalg.solve import triangular_solve
from chainrule.ops.pointwise import exp, lgamma, log, logical_and, square, where, xlogy
from chainrule.random import counts
from chainrule.random.gammas import dirichlet
from chainrule.random.normals import standard_normal
from chainrule.random.probabilities import log_binomial
from chainrule.stats.distribution import Distribution, Shape
from chainrule.stats.registry import distribution
from chainrule.stats.search import known_or_refused
from chainrule.stats.sets import (
    POSITIVE_DEFINITE,
    POSITIVE_VECTORS,
    SIMPLEX,
    TRIANGLES,
    VECTORS,
    WHOLE,
    Set,
    counts_of,
)
from chainrule.tensor import Tensor

_COVARIANCE = [[2.0, 0.6], [0.6, 0.5]]


@distribution(
    r"\frac{1}{\sqrt{(2π)^n \det Σ}} e^{-\frac{1}{2} (x - μ)^{T} Σ^{-1} (x - μ)}",
    "multivariate_normal",
    lambda d: {"mean": d.loc, "cov": d.covariance_matrix},
    {"loc": [0.5, -1.0], "covariance_matrix": _COVARIANCE},
    {"loc": [0.5, -1.0, 2.0], "scale_tril": [[1.0, 0.0, 0.0], [0.5, 2.0, 0.0], [-0.3, 0.2, 0.4]]},
)
class MultivariateNormal(Distribution):
    """Normally distributed vectors.

    Parameters
    ----------
    loc : Tensor
        The mean, of shape ``(…, n)``.
    covariance_matrix : Tensor
        Symmetric and positive definite, of shape ``(…, n, n)``; or
    scale_tril : Tensor
        its Cholesky factor :math:`L`, :math:`Σ = L L^T`.

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.MultivariateNormal([0.0, 1.0], covariance_matrix=[[2.0, 1.0], [1.0, 2.0]])
    >>> print(f"{float(d.log_prob([0.0, 1.0])):.4f}")
    -2.3872
    >>> d.sample(3, key=cr.random.key(0)).shape
    (3, 2)
    """

    parameters: ClassVar[Mapping[str, Set]] = {
        "loc": VECTORS,
        "covariance_matrix": POSITIVE_DEFINITE,
        "scale_tril": TRIANGLES,
    }
    alternatives = (("covariance_matrix", "scale_tril"),)
    support = VECTORS
    reparametrised = True
    loc: Tensor

    def __init__(self, loc: Any, covariance_matrix: Any = None, scale_tril: Any = None) -> None:
        super().__init__(loc=loc, covariance_matrix=covariance_matrix, scale_tril=scale_tril)
        name = next(name for name in self.given if name != "loc")
        _check_sizes(self, ("loc", self.loc, -1), (name, self.given[name], -1))
        self.event_shape = self.loc.shape[-1:]
        self._factor = self.given["scale_tril"] if name == "scale_tril" else cholesky(self.given[name])

    @property
    def scale_tril(self) -> Tensor:
        """The Cholesky factor of the covariance."""
        return self._factor

    @property
    def covariance_matrix(self) -> Tensor:
        """The covariance of each pair of components."""
        if "covariance_matrix" in self.given:
            return self.given["covariance_matrix"]
        return matmul(self._factor, swapaxes(self._factor, -1, -2))

    def _log_det(self) -> Tensor:
        """Half of the logarithm of the covariance's determinant."""
        return reductions.sum(log(diagonal(self._factor, axis1=-2, axis2=-1)), axis=-1)

    def _log_prob(self, x: Tensor) -> Tensor:
        distance = expand_dims(x - self.loc, -1)
        front = distance.shape[:-2]
        factor = broadcast_to(self._factor, front + self._factor.shape[-2:])
        z = squeeze(triangular_solve(factor, distance, lower=True, unit=False), -1)
        norm = 0.5 * x.shape[-1] * math.log(2 * math.pi)
        return -0.5 * reductions.sum(square(z), axis=-1) - self._log_det() - norm

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        z = standard_normal(key, shape, self.dtype)
        return self.loc + squeeze(matmul(self._factor, expand_dims(z, -1)), -1)

    @property
    def mean(self) -> Tensor:
        """The location."""
        return self.loc

    @property
    def mode(self) -> Tensor:
        """The location."""
        return self.loc

    @property
    def variance(self) -> Tensor:
        """Of each component: the diagonal of the covariance."""
        return reductions.sum(square(self._factor), axis=-1)

    def entropy(self) -> Tensor:
        r""":math:`½ \ln \det(2πe Σ)`."""
        return self._log_det() + 0.5 * self.event_shape[0] * math.log(2 * math.pi * math.e)


def _check_sizes(d: Distribution, first: tuple[str, Tensor, int], second: tuple[str, Tensor, int]) -> None:
    (one, a, i), (other, b, j) = first, second
    if a.shape[i] != b.shape[j]:
        values = {"first": one, "second": other, "a": a.shape[i], "b": b.shape[j]}
        raise error("stats.event_sizes", distribution=d.name, **values, shapes={one: a.shape, other: b.shape})


@distribution(
    r"\frac{Γ(\sum_i α_i)}{\prod_i Γ(α_i)} \prod_i x_i^{α_i - 1}",
    "dirichlet",
    lambda d: {"alpha": d.concentration},
    {"concentration": [0.5, 2.0, 3.5]},
    {"concentration": [1.0, 1.0]},
)
class Dirichlet(Distribution):
    """Vectors of probabilities, after ``concentration - 1`` of each category were seen.

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.Dirichlet([1.0, 2.0, 5.0])
    >>> d.mean
    tensor([0.125, 0.25 , 0.625])
    """

    parameters: ClassVar[Mapping[str, Set]] = {"concentration": POSITIVE_VECTORS}
    support = SIMPLEX
    reparametrised = True
    concentration: Tensor

    def __init__(self, concentration: Any) -> None:
        super().__init__(concentration=concentration)
        self.event_shape = self.concentration.shape[-1:]
        self._total = reductions.sum(self.concentration, axis=-1)

    def _log_norm(self) -> Tensor:
        return reductions.sum(lgamma(self.concentration), axis=-1) - lgamma(self._total)

    def _log_prob(self, x: Tensor) -> Tensor:
        return reductions.sum(xlogy(self.concentration - 1, x), axis=-1) - self._log_norm()

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return dirichlet(self.concentration, shape, dtype=self.dtype, key=key)

    @property
    def mean(self) -> Tensor:
        r""":math:`\frac{α_i}{\sum_j α_j}`."""
        return self.concentration / expand_dims(self._total, -1)

    @property
    def variance(self) -> Tensor:
        r"""Of each component, with its mean :math:`m`: :math:`\frac{m (1 - m)}{1 + \sum_j α_j}`."""
        return self.mean * (1 - self.mean) / expand_dims(self._total + 1, -1)

    @property
    def mode(self) -> Tensor:
        r""":math:`\frac{α_i - 1}{\sum_j α_j - n}`; NaN where a concentration is below 1."""
        spare = expand_dims(self._total - self.event_shape[0], -1)
        least = reductions.min(self.concentration, axis=-1, keepdims=True)
        exists = logical_and(least >= 1, spare > 0)
        return where(exists, (self.concentration - 1) / where(exists, spare, 1), math.nan)

    def entropy(self) -> Tensor:
        r""":math:`\ln B(α) + (\sum_i α_i - n) ψ(\sum_i α_i) - \sum_i (α_i - 1) ψ(α_i)`."""
        own = reductions.sum((self.concentration - 1) * digamma(self.concentration), axis=-1)
        return self._log_norm() + (self._total - self.event_shape[0]) * digamma(self._total) - own


@distribution(
    r"\frac{n!}{\prod_i x_i!} \prod_i p_i^{x_i}",
    "multinomial",
    lambda d: {"n": d.total_count, "p": d.probs},
    {"total_count": 8, "probs": [0.2, 0.5, 0.3]},
    {"total_count": 5, "logits": [0.5, -1.0]},
)
class Multinomial(Distribution):
    """How often each category comes in ``total_count`` independent trials.

    Examples
    --------
    >>> import chainrule as cr
    >>> d = cr.stats.Multinomial(4, probs=[0.5, 0.25, 0.25])
    >>> print(f"{float(d.prob([2, 1, 1])):.4f}")
    0.1875
    """

    parameters: ClassVar[Mapping[str, Set]] = {"total_count": WHOLE, "probs": SIMPLEX, "logits": VECTORS}
    alternatives = (("probs", "logits"),)
    total_count: Tensor

    def __init__(self, total_count: Any = 1, probs: Any = None, logits: Any = None) -> None:
        super().__init__(total_count=total_count, probs=probs, logits=logits)
        self.event_shape = self.probs.shape[-1:]

    @property
    def support(self) -> Set:  # type: ignore[override]
        """Counts whose sum is the number of trials."""
        return counts_of(self.total_count)

    @property
    def probs(self) -> Tensor:
        """The probability of each category."""
        return self.given["probs"] if "probs" in self.given else softmax(self.given["logits"])

    def _log_prob(self, x: Tensor) -> Tensor:
        ways = lgamma(self.total_count + 1) - reductions.sum(lgamma(x + 1), axis=-1)
        return ways + reductions.sum(xlogy(x, self.probs), axis=-1)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        return counts.multinomial(self.total_count, self.probs, shape, dtype=self.dtype, key=key)

    @property
    def mean(self) -> Tensor:
        r""":math:`n p_i`."""
        return expand_dims(self.total_count, -1) * self.probs

    @property
    def variance(self) -> Tensor:
        r"""Of each count: :math:`n p_i (1 - p_i)`."""
        return self.mean * (1 - self.probs)

    def entropy(self) -> Tensor:
        r""":math:`-\ln n! - n \sum_i p_i \ln p_i + \sum_i \mathrm{E}[\ln x_i!]`, binomial :math:`x_i`."""
        most = int(known_or_refused(self.total_count).max(initial=0))
        values = np.arange(most + 1, dtype=self.dtype).reshape(-1, *(1,) * len(self.probs.shape))
        n = expand_dims(self.total_count, -1)
        inside = values <= n
        logs = log_binomial(where(inside, values, 0 * n), n, self.probs)
        possible = inside & (logs > -math.inf)
        expected = where(possible, exp(where(possible, logs, 0)) * lgamma(values + 1), 0)
        own = reductions.sum(xlogy(self.probs, self.probs), axis=-1)
        return (
            reductions.sum(reductions.sum(expected, axis=0), axis=-1)
            - lgamma(self.total_count + 1)
            - self.total_count * own
        )
