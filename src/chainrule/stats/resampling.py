"""Intervals from resampling the data themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.errors import error, text
from chainrule.random import keys
from chainrule.random.uniforms import integers
from chainrule.stats import messages_results  # noqa: F401  (registers the texts used here)
from chainrule.stats.checks import observations, one_of, open_share, whole_number

Statistic = Callable[[np.ndarray], Any]


@dataclass(frozen=True)
class BootstrapInterval:
    """An estimate and its confidence interval.

    Attributes
    ----------
    estimate : float
        The statistic of the data.
    low, high : float
        Ends of the interval.
    standard_error : float
        Standard deviation of the replicates.
    level : float
        How often such an interval holds the true value.
    method : str
        ``"bca"`` or ``"percentile"``.
    replicates : numpy.ndarray
        The statistic of each resample.
    """

    estimate: float
    low: float
    high: float
    standard_error: float
    level: float
    method: str
    replicates: np.ndarray = field(repr=False)

    def __str__(self) -> str:
        values = {"estimate": self.estimate, "low": self.low, "high": self.high, "level": self.level}
        return text("stats.bootstrap", method=self.method, repeats=len(self.replicates), **values)


def bootstrap(
    data: Any,
    statistic: Statistic = np.mean,
    *,
    level: float = 0.95,
    method: str = "bca",
    repeats: int = 2000,
    seed: int = 0,
) -> BootstrapInterval:
    """A confidence interval without a formula, from samples drawn of the data with replacement.

    Parameters
    ----------
    data : array
        Observations along axis 0; rows stay together.
    statistic : callable
        An array like ``data`` to one number.
    level : float
        Between 0 and 1.
    method : {"bca", "percentile"}
        Quantiles of the replicates, with or without correction for bias and for a spread that
        changes with the value (Efron, "Better bootstrap confidence intervals", 1987).
    repeats : int
        How many resamples.
    seed : int
        Of the resamples.

    Raises
    ------
    ConfigError
        The statistic is not one finite number.

    Examples
    --------
    >>> import chainrule as cr
    >>> import numpy as np
    >>> found = cr.stats.bootstrap([3.1, 4.7, 2.2, 5.9, 4.1, 3.8, 6.0, 2.9], np.median, seed=1)
    >>> found.low <= found.estimate <= found.high
    True
    """
    x = observations("bootstrap", "data", data, ndim=None, least=2)
    open_share("bootstrap", "level", level)
    one_of("bootstrap", "method", method, ("bca", "percentile"))
    count = whole_number("bootstrap", "repeats", repeats, 10)
    estimate = _number(statistic(x))
    places = integers(len(x), shape=(count, len(x)), key=keys.key(seed)).numpy()
    replicates = np.array([_number(statistic(x[rows])) for rows in places])
    shares = np.array([(1 - level) / 2, (1 + level) / 2])
    if method == "bca":
        shares = _corrected(shares, x, statistic, estimate, replicates)
    low, high = np.quantile(replicates, shares)
    return BootstrapInterval(
        estimate, float(low), float(high), float(replicates.std(ddof=1)), level, method, replicates
    )


def _number(value: Any) -> float:
    found = np.asarray(value, np.float64)
    if found.size != 1 or not np.isfinite(found).all():
        raise error("stats.statistic_number", got=repr(value))
    return float(found.reshape(()))


def _corrected(
    shares: np.ndarray, x: np.ndarray, statistic: Statistic, estimate: float, replicates: np.ndarray
) -> np.ndarray:
    """Efron's shares, by the bias :math:`z_0` and the acceleration of the jackknife."""
    from scipy.special import ndtr, ndtri

    below = (np.mean(replicates < estimate) + np.mean(replicates <= estimate)) / 2
    # With all replicates on one side there is no bias to be measured beyond the resolution.
    bias = ndtri(np.clip(below, 0.5 / len(replicates), 1 - 0.5 / len(replicates)))
    left_out = np.array([_number(statistic(np.delete(x, i, axis=0))) for i in range(len(x))])
    gaps = left_out.mean() - left_out
    spread = (gaps**2).sum() ** 1.5
    acceleration = (gaps**3).sum() / (6 * spread) if spread else 0.0
    z = bias + ndtri(shares)
    return np.asarray(ndtr(bias + z / (1 - acceleration * z)))
