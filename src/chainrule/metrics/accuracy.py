"""Accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chainrule.metrics.base import Array, Metric, Prediction
from chainrule.metrics.inputs import predicted_labels
from chainrule.metrics.options import REAL, option
from chainrule.metrics.registry import register


@register
@dataclass(kw_only=True, eq=False, repr=False)
class Accuracy(Metric):
    r"""Share of samples whose predicted class is the true one.

    .. math:: \mathrm{accuracy} = \frac{1}{N} \sum_{i=1}^{N} [\hat y_i = y_i]

    Predictions are class scores (N, C), probabilities or logits alike, of which the largest
    counts (the first of equal ones); scores (N,) of class 1 in a float type, which are compared
    with the threshold; or predicted labels (N,) in an integer type. Further axes are allowed
    behind the class axis: (N, C, d1, …) for targets (N, d1, …).

    Parameters
    ----------
    threshold : float
        Scores (N,) above it mean class 1. 0.5 suits probabilities, 0 suits logits.

    Examples
    --------
    >>> Accuracy().update([[0.1, 0.9], [0.8, 0.2]], [1, 1]).compute()
    0.5
    >>> Accuracy(threshold=0).update([-1.5, 0.3, 2.0, -0.1], [0, 1, 1, 0]).compute()
    1.0
    """

    key = "accuracy"
    prediction = Prediction.LABELS
    higher_is_better = True

    threshold: float = option(0.5, REAL)

    def _reset(self) -> None:
        self._correct = self._total = 0

    def _update(self, prediction: Array, target: Array) -> None:
        batch = predicted_labels(self.name, prediction, target, self.threshold)
        self._correct += int((batch.predicted == batch.target).sum())
        self._total += len(batch.target)

    def _merge(self, other: Any) -> None:
        self._correct += other._correct
        self._total += other._total

    def _compute(self) -> float:
        return self._correct / self._total
