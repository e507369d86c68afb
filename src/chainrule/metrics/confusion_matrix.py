"""The confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.metrics.base import Array
from chainrule.metrics.counting import LabelMetric
from chainrule.metrics.counts import grown
from chainrule.metrics.options import one_of, option
from chainrule.metrics.registry import register

SUMMED_AXES = {"true": (1,), "pred": (0,), "all": (0, 1)}


@register
@dataclass(kw_only=True, eq=False, repr=False)
class ConfusionMatrix(LabelMetric):
    r"""How many samples of each class (row) were predicted as each class (column).

    .. math:: M_{jk} = \sum_{i=1}^{N} [y_i = j]\,[\hat y_i = k]

    Predictions are as in `Accuracy`. The value is an array (C, C) of int64, or of float64 where
    it is normalised; shares of an empty row or column are 0.

    Parameters
    ----------
    threshold : float
        Scores (N,) of a float type above it mean class 1.
    num_classes : int, optional
        C. Without it, the number of columns of class scores, or the largest label seen plus one.
    normalize : {"true", "pred", "all"} or None
        Divide by the sum of each row, of each column, or of all.

    Examples
    --------
    >>> ConfusionMatrix().update([0, 2, 2, 1], [0, 1, 2, 1]).compute()
    array([[1, 0, 0],
           [0, 1, 1],
           [0, 0, 1]])
    """

    key = "confusion_matrix"
    most_classes = 2**12

    normalize: str | None = option(None, one_of(*SUMMED_AXES, None))

    def _reset(self) -> None:
        self._matrix = np.zeros((0, 0), np.int64)

    def _update(self, prediction: Array, target: Array) -> None:
        batch = self._read(prediction, target)
        self._matrix = grown(self._matrix, max(batch.classes, len(self._matrix)))
        np.add.at(self._matrix, (batch.target, batch.predicted), 1)

    def _merge(self, other: Any) -> None:
        classes = max(len(self._matrix), len(other._matrix))
        self._matrix = grown(self._matrix, classes) + grown(other._matrix, classes)

    def _compute(self) -> Array:
        if self.normalize is None:
            return self._matrix.copy()
        total = self._matrix.sum(axis=SUMMED_AXES[self.normalize], keepdims=True)
        return np.divide(self._matrix, np.maximum(total, 1))
