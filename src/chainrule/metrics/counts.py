"""Per-class counts, and the ratios made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.metrics.inputs import Labelled

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """What precision, recall and their kin need to know of each class.

    Parameters
    ----------
    true_positive : array (C,)
        Samples of the class that were predicted as it.
    predicted : array (C,)
        Samples predicted as the class.
    support : array (C,)
        Samples of the class.
    """

    true_positive: Array
    predicted: Array
    support: Array

    @classmethod
    def zeros(cls, classes: int) -> ClassCounts:
        """Counts of no samples."""
        return cls(*(np.zeros(classes, np.int64) for _ in range(3)))

    @classmethod
    def of_labels(cls, batch: Labelled) -> ClassCounts:
        """Counts of one batch of labels."""
        right = batch.target[batch.predicted == batch.target]
        sets = (right, batch.predicted, batch.target)
        return cls(*(np.bincount(labels, minlength=batch.classes) for labels in sets))

    @classmethod
    def of_matrix(cls, matrix: Array) -> ClassCounts:
        """Counts of a confusion matrix with true classes in rows."""
        return cls(np.diagonal(matrix), matrix.sum(axis=0), matrix.sum(axis=1))

    def __add__(self, other: ClassCounts) -> ClassCounts:
        classes = max(len(self.support), len(other.support))
        a, b = self.padded(classes), other.padded(classes)
        return ClassCounts(
            a.true_positive + b.true_positive, a.predicted + b.predicted, a.support + b.support
        )

    def padded(self, classes: int) -> ClassCounts:
        """The same counts with further classes of no samples."""
        return ClassCounts(*(grown(c, classes) for c in (self.true_positive, self.predicted, self.support)))

    def total(self) -> ClassCounts:
        """All classes counted together, as one."""
        return ClassCounts(
            *(c.sum(keepdims=True) for c in (self.true_positive, self.predicted, self.support))
        )

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which classes occur at all, as a prediction or as a target."""
        return (self.predicted > 0) | (self.support > 0)


def grown(array: Array, extent: int) -> Array:
    """The array itself, or a copy with zeros appended where its axes are shorter than the extent."""
    if all(n == extent for n in array.shape):
        return array
    return np.pad(array, [(0, extent - n) for n in array.shape])


def ratio(numerator: Array, denominator: Array) -> Array:
    """Quotient in float64, 0 where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.zeros(len(numerator)), where=denominator > 0)


def precision(counts: ClassCounts) -> Array:
    """Precision of each class."""
    return ratio(counts.true_positive, counts.predicted)


def recall(counts: ClassCounts) -> Array:
    """Recall of each class."""
    return ratio(counts.true_positive, counts.support)


def f_beta(counts: ClassCounts, beta: float) -> Array:
    """F-beta of each class: recall counts beta times as much as precision."""
    weight = float(beta) ** 2
    return ratio((1 + weight) * counts.true_positive, weight * counts.support + counts.predicted)


def averaged(score: Callable[[ClassCounts], Array], counts: ClassCounts, average: str | None) -> Any:
    """One number out of the scores of classes, or all of them where the average is None."""
    if average == "micro":
        return float(score(counts.total())[0])
    per_class = score(counts)
    if average is None:
        return per_class
    if average == "binary":
        return float(per_class[1])
    weights = counts.support if average == "weighted" else counts.present
    return float(np.average(per_class, weights=weights)) if weights.any() else 0.0
