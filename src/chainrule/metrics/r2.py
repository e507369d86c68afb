"""Coefficient of determination."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainrule.errors import error
from chainrule.metrics.base import Array, Metric, Prediction
from chainrule.metrics.registry import register
from chainrule.metrics.regression import real_values


class Spread(NamedTuple):
    """Sums over samples, for each output: squared errors, and squared distances from the mean.

    The mean is kept as its distance from an origin, the first sample, so that targets far from
    zero lose no digits and a constant target has a scatter of exactly 0.
    """

    samples: int
    origin: Array
    mean: Array
    scatter: Array
    residual: Array


def joined(a: Spread, b: Spread) -> Spread:
    r"""The spread of two parts together, :math:`S = S_a + S_b + \delta^2 n_a n_b / n`.

    :math:`\delta` is the distance between the means of the parts. Source: Chan, Golub and LeVeque,
    Algorithms for computing the sample variance, 1983, equation 2.1.
    """
    samples, delta = a.samples + b.samples, (b.origin - a.origin) + (b.mean - a.mean)
    mean = a.mean + delta * (b.samples / samples)
    scatter = a.scatter + b.scatter + delta**2 * (a.samples * b.samples / samples)
    return Spread(samples, a.origin, mean, scatter, a.residual + b.residual)


@register
class R2(Metric):
    r"""Coefficient of determination: the share of the target's variance that is predicted.

    .. math:: R^2 = 1 - \frac{\sum_i (y_i - \hat y_i)^2}{\sum_i (y_i - \bar y)^2}

    1 is perfect, 0 as good as the mean, negative worse. Targets (N, …) of several outputs give
    the mean over outputs. A constant target has 1 where it is predicted exactly and 0 otherwise;
    with fewer than two samples the value is NaN; both as in scikit-learn.

    Examples
    --------
    >>> round(R2().update([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0]).compute(), 4)
    0.9486
    """

    key = "r2"
    prediction = Prediction.VALUES
    higher_is_better = True

    def _reset(self) -> None:
        self._spread: Spread | None = None

    def _update(self, prediction: Array, target: Array) -> None:
        prediction, target = real_values(self.name, prediction, target)
        distance = target - target[0]
        mean = distance.mean(axis=0)
        scatter, residual = ((distance - mean) ** 2).sum(axis=0), ((target - prediction) ** 2).sum(axis=0)
        self._add(Spread(len(target), target[0].copy(), mean, scatter, residual))

    def _merge(self, other: Any) -> None:
        self._add(other._spread)

    def _plain(self, seen: dict[str, Any]) -> dict[str, Any]:
        return {"_spread": None if self._spread is None else self._spread._asdict()}

    def _restored(self, plain: dict[str, Any]) -> dict[str, Any]:
        spread = plain["_spread"]
        return {**plain, "_spread": None if spread is None else Spread(**spread)}

    def _add(self, spread: Spread) -> None:
        if self._spread is None:
            self._spread = spread
            return
        if self._spread.mean.shape != spread.mean.shape:
            expected, got = self._spread.mean.shape, spread.mean.shape
            raise error("metrics.layout_changed", metric=self.name, expected=expected, got=got)
        self._spread = joined(self._spread, spread)

    def _compute(self) -> float:
        assert self._spread is not None
        if self._spread.samples < 2:
            return float("nan")
        scatter, residual = np.atleast_1d(self._spread.scatter), np.atleast_1d(self._spread.residual)
        unexplained = np.divide(residual, scatter, out=(residual > 0).astype(np.float64), where=scatter > 0)
        return float(1 - unexplained.mean())
