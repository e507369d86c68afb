"""What a model's predictions on a data set are worth, in plain numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from chainrule import metrics
from chainrule.metrics import ClassificationReport, ROCCurve

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Mistake:
    """One sample that was predicted wrongly.

    Parameters
    ----------
    index : int
        Its place in the data set.
    true, predicted : str
        Names of the classes.
    probability : float
        What the model gave to the class that it predicted.
    probability_of_true : float
        What it gave to the right one.
    """

    index: int
    true: str
    predicted: str
    probability: float
    probability_of_true: float


class Evaluation(ABC):
    """Predictions beside the truth. See `ClassEvaluation` and `ValueEvaluation`."""

    loss: float

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """All numbers, ready for JSON."""

    @property
    @abstractmethod
    def count(self) -> int:
        """Number of samples."""


@dataclass(frozen=True)
class ClassEvaluation(Evaluation):
    """Class probabilities beside the true classes.

    Parameters
    ----------
    targets : array of int (N,)
        True classes.
    probabilities : array (N, C)
        Of every class.
    classes : sequence of str
        Names of the C classes.
    loss : float
        Mean loss per sample.

    Examples
    --------
    >>> found = ClassEvaluation(np.array([0, 1]), np.array([[0.9, 0.1], [0.7, 0.3]]), ("cat", "dog"), 0.65)
    >>> found.accuracy, found.mistakes(5)[0].predicted
    (0.5, 'cat')
    """

    targets: Array
    probabilities: Array
    classes: Sequence[str]
    loss: float

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self.targets)

    @cached_property
    def predicted(self) -> Array:
        """The most probable class of every sample."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def matrix(self) -> Array:
        """The confusion matrix (C, C), true classes in rows."""
        metric = metrics.ConfusionMatrix(num_classes=len(self.classes))
        return metric.update(self.predicted, self.targets).compute()

    @cached_property
    def report(self) -> ClassificationReport:
        """Precision, recall and F1 of every class."""
        return metrics.classification_report(self.matrix, self.classes)

    @property
    def accuracy(self) -> float:
        """Share of the samples that are right."""
        return self.report.accuracy

    @cached_property
    def roc(self) -> tuple[ROCCurve, ...]:
        """ROC curve of every class against the rest."""
        return tuple(
            metrics.ROC().update(self.probabilities[:, label], self.targets == label).compute()
            for label in range(len(self.classes))
        )

    @cached_property
    def auc(self) -> tuple[float, ...]:
        """Area under every ROC curve; NaN for a class that has no, or all, samples."""
        return tuple(float(np.trapezoid(curve.tpr, curve.fpr)) for curve in self.roc)

    def mistakes(self, most: int) -> list[Mistake]:
        """The mistakes of which the model was most certain."""
        wrong = np.flatnonzero(self.predicted != self.targets)
        certainty = self.probabilities[wrong, self.predicted[wrong]]
        return [self._mistake(int(index)) for index in wrong[np.argsort(-certainty, kind="stable")][:most]]

    def _mistake(self, index: int) -> Mistake:
        true, predicted = int(self.targets[index]), int(self.predicted[index])
        probability = self.probabilities[index]
        names = self.classes[true], self.classes[predicted]
        return Mistake(index, *names, float(probability[predicted]), float(probability[true]))

    def confusions(self, most: int) -> list[tuple[str, str, int, int]]:
        """The most frequent pairs of true and wrongly predicted class: their count, and the row's."""
        wrong = self.matrix * ~np.eye(len(self.matrix), dtype=bool)
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = [tuple(map(int, np.unravel_index(place, wrong.shape))) for place in order]
        return [
            (
                self.classes[true],
                self.classes[predicted],
                int(wrong[true, predicted]),
                int(self.matrix[true].sum()),
            )
            for true, predicted in pairs
            if wrong[true, predicted]
        ]

    def as_dict(self) -> dict[str, Any]:
        """Accuracy, loss, per-class scores and the confusion matrix."""
        rows = self.report.as_dict()
        per_class = [
            row | {"auc": _or_none(area)} for row, area in zip(rows["classes"], self.auc, strict=True)
        ]
        return {
            "accuracy": self.accuracy,
            "loss": self.loss,
            "samples": self.count,
            "classes": per_class,
            "macro": rows["macro"],
            "weighted": rows["weighted"],
            "confusion_matrix": self.matrix.tolist(),
        }


@dataclass(frozen=True)
class ValueEvaluation(Evaluation):
    """Predicted numbers beside the true ones.

    Parameters
    ----------
    targets, predictions : array (N, K)
        K numbers for each sample, in the unit of the data.
    names : sequence of str
        Names of the K outputs.
    loss : float
        Mean loss per sample.

    Examples
    --------
    >>> found = ValueEvaluation(np.array([[1.0], [3.0]]), np.array([[1.0], [2.0]]), ("price",), 0.5)
    >>> found.as_dict()["mae"]
    0.5
    """

    targets: Array
    predictions: Array
    names: Sequence[str]
    loss: float

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self.targets)

    @cached_property
    def scores(self) -> dict[str, float]:
        """Mean absolute error, root of the mean squared error, and R² over all outputs."""
        return {
            name: float(metrics.get(name).update(self.predictions, self.targets).compute())
            for name in ("mae", "rmse", "r2")
        }

    def worst(self, most: int) -> Array:
        """Indices of the samples with the largest absolute error in any output."""
        return np.argsort(-np.abs(self.predictions - self.targets).max(axis=1), kind="stable")[:most]

    def as_dict(self) -> dict[str, Any]:
        """Errors and loss."""
        finite = {name: _or_none(value) for name, value in self.scores.items()}
        return {**finite, "loss": self.loss, "samples": self.count}


def _or_none(value: float) -> float | None:
    """JSON has no NaN."""
    return None if np.isnan(value) else value
