"""Top-k accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.errors import error
from chainrule.metrics.base import Array, Metric, Prediction
from chainrule.metrics.inputs import rows
from chainrule.metrics.options import COUNT, option
from chainrule.metrics.registry import register


@register
@dataclass(kw_only=True, eq=False, repr=False)
class TopKAccuracy(Metric):
    r"""Share of samples whose true class is among the k with the largest scores.

    .. math:: \mathrm{accuracy}_k = \frac{1}{N} \sum_{i=1}^{N} [\mathrm{rank}_i(y_i) < k]

    The rank of a class is the number of classes with a larger score. Of equal scores the class
    with the higher index ranks first, as in scikit-learn; this differs from `Accuracy`, which
    takes the first of equal scores.

    Parameters
    ----------
    k : int
        How many classes may be named; at most C.

    Raises
    ------
    ConfigError
        From `update`, if there are fewer than k classes.

    Examples
    --------
    >>> scores = [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]
    >>> TopKAccuracy(k=2).update(scores, [1, 0]).compute()
    0.5
    """

    key = "top_k_accuracy"
    prediction = Prediction.CLASS_SCORES
    higher_is_better = True

    k: int = option(5, COUNT)

    def _reset(self) -> None:
        self._correct = self._total = 0

    def _update(self, prediction: Array, target: Array) -> None:
        scores, target = rows(self.name, prediction, target)
        self._check(scores)
        self._correct += int((rank(scores, target) < self.k).sum())
        self._total += len(target)

    def _check(self, scores: Array) -> None:
        if scores.ndim == 1:
            raise error("metrics.class_scores", metric=self.name, got=1)
        if scores.shape[1] < self.k:
            raise error("metrics.top_k", metric=self.name, k=self.k, classes=scores.shape[1])

    def _merge(self, other: Any) -> None:
        self._correct += other._correct
        self._total += other._total

    def _compute(self) -> float:
        return self._correct / self._total


def rank(scores: Array, target: Array) -> Array:
    """How many classes come before the true one, row by row; equal scores go by the higher index."""
    own = np.take_along_axis(scores, target[:, None], axis=1)
    later = np.arange(scores.shape[1]) > target[:, None]
    ahead = (scores > own) | ((scores == own) & later)
    return np.count_nonzero(ahead, axis=1)
