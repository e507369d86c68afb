"""Matthews correlation coefficient."""

from __future__ import annotations

import math

import numpy as np

from chainrule.metrics.counting import CountMetric
from chainrule.metrics.registry import register


@register
class MCC(CountMetric):
    r"""Matthews correlation coefficient, for any number of classes.

    .. math:: \mathrm{MCC} = \frac{s c - \sum_k p_k t_k}{\sqrt{(s^2 - \sum_k p_k^2)(s^2 - \sum_k t_k^2)}}

    s samples, c of them right, :math:`p_k` predicted as class k, :math:`t_k` of class k. It is 1
    for perfect, 0 for random and negative for inverted predictions; 0 where all predictions or
    all targets are of one class. Options: ``threshold=0.5``, ``num_classes=None``, as in
    `Precision`. Source: Matthews, 1975; for many classes Gorodkin, 2004, equation 8.

    Examples
    --------
    >>> round(MCC().update([0, 1, 1, 1], [0, 0, 1, 1]).compute(), 4)
    0.5774
    """

    key = "mcc"
    higher_is_better = True

    def _compute(self) -> float:
        p, t = (c.astype(np.float64) for c in (self._counts.predicted, self._counts.support))
        s, c = t.sum(), float(self._counts.true_positive.sum())
        spread = (s**2 - p @ p) * (s**2 - t @ t)
        return float((s * c - p @ t) / math.sqrt(spread)) if spread > 0 else 0.0
