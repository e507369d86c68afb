"""The two great theorems of probability as experiments."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from chainrule.errors import ChainruleError, error, text
from chainrule.random import keys
from chainrule.stats import messages_results  # noqa: F401  (registers the texts used here)
from chainrule.stats.checks import whole_number
from chainrule.stats.distribution import Distribution

# Of the distribution of Kolmogorov's distance times √n, the value exceeded once in 20 times.
_KOLMOGOROV_95 = 1.358


@dataclass(frozen=True)
class LawOfLargeNumbers:
    r"""Running means of draws, and the band in which most of them must come to lie.

    Attributes
    ----------
    distribution : Distribution
        What was drawn.
    counts : numpy.ndarray
        1, 2, …, n.
    running_means : numpy.ndarray
        Of shape (paths, n): the mean of the first draws of each path.
    mean : float
        The expected value; NaN if there is none.
    band : numpy.ndarray
        :math:`2σ / \sqrt{n}` at each count.
    """

    distribution: Distribution
    counts: np.ndarray = field(repr=False)
    running_means: np.ndarray = field(repr=False)
    mean: float
    band: np.ndarray = field(repr=False)

    @property
    def inside(self) -> int:
        """How many running means end within the band."""
        return int((abs(self.running_means[:, -1] - self.mean) <= self.band[-1]).sum())

    def __str__(self) -> str:
        last = self.running_means[:, -1]
        values = {"paths": len(last), "n": len(self.counts), "distribution": repr(self.distribution)}
        if not math.isfinite(self.band[-1]):
            return text("stats.law_fails", low=last.min(), high=last.max(), **values)
        farthest = abs(last - self.mean).max()
        return text(
            "stats.law", mean=self.mean, inside=self.inside, band=self.band[-1], farthest=farthest, **values
        )


def law_of_large_numbers(d: Distribution, n: int = 1000, paths: int = 5, seed: int = 0) -> LawOfLargeNumbers:
    r"""Watch the mean of more and more draws settle at the expected value.

    Each running mean has the standard deviation :math:`σ / \sqrt{n}`, so that about 95 % of them lie within
    twice that. A distribution without a mean (`Cauchy`) never settles.

    Parameters
    ----------
    d : Distribution
        A single distribution of numbers.
    n : int
        Draws of each path.
    paths : int
        How many running means.
    seed : int
        Of the draws.

    Examples
    --------
    >>> import chainrule as cr
    >>> dice = cr.stats.Uniform(0.0, 1.0)
    >>> found = cr.stats.law_of_large_numbers(dice, n=400, paths=20, seed=1)
    >>> found.running_means.shape, found.mean
    ((20, 400), 0.5)
    """
    _check_single("law_of_large_numbers", d)
    length = whole_number("law_of_large_numbers", "n", n, 1)
    count = whole_number("law_of_large_numbers", "paths", paths, 1)
    draws = d.sample((count, length), key=keys.key(seed)).numpy().astype(np.float64)
    counts = np.arange(1, length + 1)
    mean, variance = moments(d)
    band = 2 * np.sqrt(variance / counts)
    return LawOfLargeNumbers(d, counts, np.cumsum(draws, axis=1) / counts, mean, band)


@dataclass(frozen=True)
class CentralLimit:
    r"""Standardised sums, and how near their distribution is to the normal one.

    Attributes
    ----------
    distribution : Distribution
        What was drawn.
    n : int
        Draws in each sum.
    sums : numpy.ndarray
        :math:`\frac{S_n - nμ}{σ\sqrt{n}}`, sorted.
    distance : float
        Largest distance of their distribution function from the normal one.
    """

    distribution: Distribution
    n: int
    sums: np.ndarray = field(repr=False)
    distance: float

    @property
    def noise(self) -> float:
        """A distance that sums of exactly normal numbers exceed once in 20 times."""
        return _KOLMOGOROV_95 / math.sqrt(len(self.sums))

    @property
    def skewness(self) -> float:
        """Of the sums; 0 for a normal distribution."""
        centred = self.sums - self.sums.mean()
        return float((centred**3).mean() / (centred**2).mean() ** 1.5)

    def __str__(self) -> str:
        values = {"mean": self.sums.mean(), "deviation": self.sums.std(), "skewness": self.skewness}
        shown = {"repeats": len(self.sums), "n": self.n, "distribution": repr(self.distribution)}
        return text("stats.limit", distance=self.distance, noise=self.noise, **values, **shown)


def central_limit(d: Distribution, n: int = 30, repeats: int = 10_000, seed: int = 0) -> CentralLimit:
    r"""Watch standardised sums become normally distributed, whatever is added up.

    .. math:: \frac{S_n - nμ}{σ \sqrt{n}} \to \mathcal{N}(0, 1)

    Parameters
    ----------
    d : Distribution
        A single distribution of numbers with finite variance.
    n : int
        Draws in each sum.
    repeats : int
        How many sums.
    seed : int
        Of the draws.

    Raises
    ------
    ConfigError
        The distribution has no finite mean and variance.

    Examples
    --------
    >>> import chainrule as cr
    >>> few = cr.stats.central_limit(cr.stats.Exponential(1.0), n=2, seed=1)
    >>> many = cr.stats.central_limit(cr.stats.Exponential(1.0), n=100, seed=1)
    >>> few.distance > many.distance
    True
    """
    _check_single("central_limit", d)
    length = whole_number("central_limit", "n", n, 1)
    count = whole_number("central_limit", "repeats", repeats, 2)
    mean, variance = moments(d)
    if not (math.isfinite(mean) and 0 < variance < math.inf):
        raise error("stats.no_variance", distribution=repr(d), mean=mean, variance=variance)
    draws = d.sample((count, length), key=keys.key(seed)).numpy().astype(np.float64)
    sums = np.sort((draws.sum(axis=1) - length * mean) / math.sqrt(length * variance))
    return CentralLimit(d, length, sums, _distance_from_normal(sums))


def _distance_from_normal(values: np.ndarray) -> float:
    """Kolmogorov's distance of sorted values."""
    from scipy.special import ndtr

    steps = np.arange(len(values) + 1) / len(values)
    expected = ndtr(values)
    return float(max((steps[1:] - expected).max(), (expected - steps[:-1]).max()))


def moments(d: Distribution) -> tuple[float, float]:
    """Mean and variance; NaN where they have no closed form or do not exist."""
    try:
        return float(d.mean), float(d.variance)
    except ChainruleError:
        return math.nan, math.nan


def _check_single(function: str, d: Distribution) -> None:
    if not isinstance(d, Distribution):
        raise error("stats.no_distribution", function=function, name="d", got=repr(d))
    if d.batch_shape or d.event_shape:
        raise error("stats.one_distribution", function=function, batch=d.batch_shape, event=d.event_shape)
