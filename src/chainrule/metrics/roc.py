"""The ROC curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from chainrule.metrics.base import Array
from chainrule.metrics.options import FLAG, option
from chainrule.metrics.ranking import RankingMetric, cumulative
from chainrule.metrics.registry import register


class ROCCurve(NamedTuple):
    """False and true positive rate at thresholds from infinity down, three arrays of equal length."""

    fpr: Array
    tpr: Array
    thresholds: Array


@register
@dataclass(kw_only=True, eq=False, repr=False)
class ROC(RankingMetric):
    r"""Receiver operating characteristic: true against false positive rate at every threshold.

    .. math:: \mathrm{TPR}(\tau) = \frac{TP(\tau)}{P}, \quad \mathrm{FPR}(\tau) = \frac{FP(\tau)}{N - P}

    A sample counts as positive where its score is at least the threshold. Scores (N,) of class 1
    give one `ROCCurve`; class probabilities (N, C) give a tuple of C, each class against the
    rest. A rate whose denominator is 0 is NaN. Source: Fawcett, An introduction to ROC analysis,
    2006, algorithm 2.

    Parameters
    ----------
    from_logits : bool
        Whether predictions (N, C) are logits, to be put through softmax. Scores (N,) may be
        either, for only their order counts.
    drop_intermediate : bool
        Leave out points on a straight line between their neighbours.

    Examples
    --------
    >>> fpr, tpr, thresholds = ROC().update([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]).compute()
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    >>> thresholds
    array([ inf, 0.8 , 0.4 , 0.35, 0.1 ])
    """

    key = "roc"

    drop_intermediate: bool = option(True, FLAG)

    def _binary(self, score: Array, positive: Array) -> ROCCurve:
        counts = cumulative(score, positive)
        corner = self._corners(counts.false_positive, counts.true_positive)
        fpr = _rates(counts.false_positive[corner], len(positive) - positive.sum())
        tpr = _rates(counts.true_positive[corner], positive.sum())
        return ROCCurve(fpr, tpr, np.append(np.inf, counts.threshold[corner]))

    def _corners(self, x: Array, y: Array) -> Array:
        keep = np.ones(len(x), bool)
        if self.drop_intermediate:
            keep[1:-1] = (np.diff(x, 2) != 0) | (np.diff(y, 2) != 0)
        return keep

    def _joined(self, values: list[Any], target: Array) -> tuple[ROCCurve, ...]:
        return tuple(values)


def _rates(count: Array, total: int) -> Array:
    from_zero = np.append(0, count)
    return from_zero / total if total else np.full(len(from_zero), np.nan)
