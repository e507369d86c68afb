"""Estimates from moments and other summaries: where a fit starts, and where it ends if they are exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.stats.bounded import Beta, Uniform
from chainrule.stats.continuous import Cauchy, Laplace, Normal, StudentT
from chainrule.stats.discrete import Bernoulli, Binomial, Categorical, Geometric, Poisson
from chainrule.stats.distribution import Distribution
from chainrule.stats.positive import Chi2, Exponential, Gamma, HalfNormal, LogNormal
from chainrule.stats.vectors import Dirichlet, Multinomial, MultivariateNormal

Rule = Callable[[np.ndarray, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Start:
    """How parameters are first guessed from data.

    Attributes
    ----------
    rule : callable
        ``(data, fixed parameters) -> parameters``.
    is_exact : bool
        Whether the guess is where the likelihood is largest.
    is_smooth : bool
        Whether the likelihood has a gradient there.
    """

    rule: Rule
    is_exact: bool
    is_smooth: bool


STARTS: dict[type[Distribution], Start] = {}


def start_of(cls: type[Distribution], *, exact: bool = False, smooth: bool = True) -> Callable[[Rule], Rule]:
    """Decorator: list a rule in `STARTS`."""

    def register(rule: Rule) -> Rule:
        STARTS[cls] = Start(rule, exact, smooth)
        return rule

    return register


def _deviation(x: np.ndarray) -> np.ndarray:
    """The standard deviation, but not 0."""
    return np.maximum(x.std(axis=0), 1e-12 * np.maximum(abs(x).max(axis=0), 1e-300))


@start_of(Normal, exact=True)
def _normal(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"loc": x.mean(axis=0), "scale": _deviation(x)}


@start_of(LogNormal, exact=True)
def _log_normal(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return _normal(np.log(x), fixed)


@start_of(HalfNormal, exact=True)
def _half_normal(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"scale": np.sqrt((x * x).mean(axis=0))}


@start_of(Laplace, exact=True, smooth=False)
def _laplace(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    middle = np.median(x, axis=0)
    return {"loc": middle, "scale": abs(x - middle).mean(axis=0)}


@start_of(Uniform, exact=True, smooth=False)
def _uniform(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"low": x.min(axis=0), "high": x.max(axis=0)}


@start_of(Cauchy)
def _cauchy(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    low, middle, high = np.quantile(x, (0.25, 0.5, 0.75), axis=0)
    return {"loc": middle, "scale": np.maximum((high - low) / 2, 1e-12)}


@start_of(StudentT)
def _student(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"df": np.full(x.shape[1:], 5.0), **_cauchy(x, fixed)}


@start_of(Exponential, exact=True)
def _exponential(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"rate": 1 / x.mean(axis=0)}


@start_of(Gamma)
def _gamma(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    mean, variance = x.mean(axis=0), _deviation(x) ** 2
    return {"concentration": mean * mean / variance, "rate": mean / variance}


@start_of(Chi2)
def _chi2(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"df": x.mean(axis=0)}


@start_of(Beta)
def _beta(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    mean = x.mean(axis=0)
    total = np.maximum(mean * (1 - mean) / _deviation(x) ** 2 - 1, 0.1)
    return {"concentration1": mean * total, "concentration0": (1 - mean) * total}


@start_of(Dirichlet)
def _dirichlet(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    mean = x.mean(axis=0)
    total = np.maximum((mean * (1 - mean)).sum(axis=-1) / (_deviation(x) ** 2).sum(axis=-1) - 1, 0.1)
    return {"concentration": mean * total[..., None]}


@start_of(Bernoulli, exact=True)
def _bernoulli(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"probs": x.mean(axis=0)}


@start_of(Geometric, exact=True)
def _geometric(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"probs": 1 / (1 + x.mean(axis=0))}


@start_of(Binomial, exact=True)
def _binomial(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"probs": x.mean(axis=0) / np.asarray(fixed.get("total_count", 1), np.float64)}


@start_of(Poisson, exact=True)
def _poisson(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"rate": x.mean(axis=0)}


@start_of(Categorical, exact=True)
def _categorical(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"probs": np.stack([(x == i).mean(axis=0) for i in range(int(x.max()) + 1)], axis=-1)}


@start_of(Multinomial, exact=True)
def _multinomial(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    return {"probs": x.sum(axis=0) / x.sum(axis=(0, -1), keepdims=True)[0]}


@start_of(MultivariateNormal, exact=True)
def _multivariate_normal(x: np.ndarray, fixed: dict[str, Any]) -> dict[str, Any]:
    centred = x - x.mean(axis=0)
    return {
        "loc": x.mean(axis=0),
        "covariance_matrix": np.einsum("n...i,n...j->...ij", centred, centred) / len(x),
    }
