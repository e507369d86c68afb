"""Precision, recall, F1 and support of every class, from a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from chainrule.errors import error
from chainrule.metrics.base import Array
from chainrule.metrics.confusion_matrix import ConfusionMatrix
from chainrule.metrics.counts import ClassCounts, averaged, f_beta, precision, recall


@dataclass(frozen=True)
class ClassRow:
    """One row of the report: a class, or an average over classes."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ClassificationReport:
    """What `classification_report` found.

    Attributes
    ----------
    accuracy : float
        Share of all samples that are right; 0 where there is none.
    classes : tuple of ClassRow
        One row per class, in the order of labels.
    macro, weighted : ClassRow
        Mean over the classes that occur, and mean weighted by support.
    """

    accuracy: float
    classes: tuple[ClassRow, ...]
    macro: ClassRow
    weighted: ClassRow

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and dictionaries, ready for JSON."""
        return asdict(self) | {"classes": [asdict(row) for row in self.classes]}

    def __str__(self) -> str:
        rows = (*self.classes, self.macro, self.weighted)
        width = max(len(row.name) for row in rows)
        head = f"{'':{width}}  precision  recall      f1  support"
        body = [
            f"{row.name:{width}}  {row.precision:9.3f}  {row.recall:6.3f}  {row.f1:6.3f}  {row.support:7d}"
            for row in rows
        ]
        return "\n".join([head, *body, f"accuracy {self.accuracy:.3f}"])


def classification_report(
    matrix: ArrayLike | ConfusionMatrix, class_names: Sequence[str] | None = None
) -> ClassificationReport:
    r"""Precision, recall, F1 and support of every class, and their averages.

    .. math::
        P_c = \frac{M_{cc}}{\sum_j M_{jc}}, \quad R_c = \frac{M_{cc}}{\sum_k M_{ck}}, \quad
        F_{1,c} = \frac{2 P_c R_c}{P_c + R_c}

    A ratio with denominator 0 is 0.

    Parameters
    ----------
    matrix : array_like (C, C) or ConfusionMatrix
        Counts, true classes in rows, predicted classes in columns.
    class_names : sequence of str, optional
        Names of the C classes; ``"0"``, ``"1"``, … by default.

    Raises
    ------
    ShapeError
        If the matrix is not a square of counts, or there is not one name per class.

    Examples
    --------
    >>> print(classification_report([[4, 1], [0, 5]], ["cat", "dog"]))
              precision  recall      f1  support
    cat           1.000   0.800   0.889        5
    dog           0.833   1.000   0.909        5
    macro         0.917   0.900   0.899       10
    weighted      0.917   0.900   0.899       10
    accuracy 0.900
    """
    matrix = _counts_matrix(matrix)
    names = [str(label) for label in range(len(matrix))] if class_names is None else list(class_names)
    if len(names) != len(matrix):
        raise error("metrics.class_names", expected=len(matrix), got=len(names))
    return _report(ClassCounts.of_matrix(matrix), names)


def _counts_matrix(matrix: ArrayLike | ConfusionMatrix) -> Array:
    array = matrix._matrix if isinstance(matrix, ConfusionMatrix) else np.asarray(matrix)
    square = array.ndim == 2 and array.shape[0] == array.shape[1] > 0
    if not square or array.dtype.kind not in "iu" or array.min() < 0:
        raise error("metrics.matrix", got=array.shape, dtype=array.dtype)
    return array


def _f1(counts: ClassCounts) -> Array:
    return f_beta(counts, 1.0)


SCORES = {"precision": precision, "recall": recall, "f1": _f1}


def _report(counts: ClassCounts, names: list[str]) -> ClassificationReport:
    total = int(counts.support.sum())
    columns = [score(counts).tolist() for score in SCORES.values()]
    classes = tuple(ClassRow(*row) for row in zip(names, *columns, counts.support.tolist(), strict=True))
    accuracy = int(counts.true_positive.sum()) / total if total else 0.0
    return ClassificationReport(accuracy, classes, _mean(counts, "macro"), _mean(counts, "weighted"))


def _mean(counts: ClassCounts, average: str) -> ClassRow:
    scores = {name: averaged(score, counts, average) for name, score in SCORES.items()}
    return ClassRow(name=average, support=int(counts.support.sum()), **scores)
