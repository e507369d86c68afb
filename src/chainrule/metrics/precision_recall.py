"""Precision, recall, and F-beta as their weighted harmonic mean."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from chainrule.metrics.base import Array
from chainrule.metrics.counting import CountMetric
from chainrule.metrics.counts import ClassCounts, averaged, f_beta, precision, recall
from chainrule.metrics.options import POSITIVE, one_of, option
from chainrule.metrics.registry import register

AVERAGES = one_of("micro", "macro", "weighted", "binary", None)


@dataclass(kw_only=True, eq=False, repr=False)
class AveragedMetric(CountMetric):
    r"""A score of each class, averaged over classes.

    A score with denominator 0 is 0. Predictions are as in `Accuracy`.

    Parameters
    ----------
    threshold : float
        Scores (N,) of a float type above it mean class 1.
    num_classes : int, optional
        C. Without it, the number of columns of class scores, or the largest label seen plus one.
    average : {"micro", "macro", "weighted", "binary"} or None
        ``"micro"`` counts all classes together; ``"macro"`` is the mean over the classes that
        occur as a prediction or a target; ``"weighted"`` weighs them by their number of targets;
        ``"binary"`` is the score of class 1 of two; None gives an array (C,).
    """

    higher_is_better = True

    average: str | None = option("macro", AVERAGES)

    @abstractmethod
    def _score(self, counts: ClassCounts) -> Array:
        """The score of each class."""

    def _known_classes(self) -> int | None:
        return 2 if self.average == "binary" else self.num_classes

    def _compute(self) -> Any:
        return averaged(self._score, self._counts, self.average)


@register
class Precision(AveragedMetric):
    r"""Share of the samples predicted as a class that are of that class.

    .. math:: \mathrm{precision}_c = \frac{TP_c}{TP_c + FP_c}

    A class that is never predicted has precision 0. Options and averages are those of
    `AveragedMetric`: ``threshold=0.5``, ``num_classes=None``, ``average="macro"``.

    Examples
    --------
    >>> Precision(average=None).update([0, 1, 1, 1], [0, 0, 1, 1]).compute().round(3)
    array([1.   , 0.667])
    """

    key = "precision"

    def _score(self, counts: ClassCounts) -> Array:
        return precision(counts)


@register
class Recall(AveragedMetric):
    r"""Share of the samples of a class that are predicted as it.

    .. math:: \mathrm{recall}_c = \frac{TP_c}{TP_c + FN_c}

    A class that is never true has recall 0. Options and averages are those of `AveragedMetric`:
    ``threshold=0.5``, ``num_classes=None``, ``average="macro"``.

    Examples
    --------
    >>> Recall(average=None).update([0, 1, 1, 1], [0, 0, 1, 1]).compute()
    array([0.5, 1. ])
    """

    key = "recall"

    def _score(self, counts: ClassCounts) -> Array:
        return recall(counts)


@register
@dataclass(kw_only=True, eq=False, repr=False)
class FBeta(AveragedMetric):
    r"""Harmonic mean of precision and recall, in which recall counts beta times as much.

    .. math:: F_{\beta,c} = \frac{(1 + \beta^2)\, TP_c}{(1 + \beta^2)\, TP_c + \beta^2\, FN_c + FP_c}

    Options and averages are those of `AveragedMetric`: ``threshold=0.5``, ``num_classes=None``,
    ``average="macro"``. Source: van Rijsbergen, Information Retrieval, 1979, chapter 7.

    Parameters
    ----------
    beta : float
        Above 1 for recall to matter more, below 1 for precision.

    Examples
    --------
    >>> round(FBeta(beta=2, average="binary").update([0, 1, 1, 1], [0, 0, 1, 1]).compute(), 4)
    0.9091
    """

    key = "fbeta"

    beta: float = option(1.0, POSITIVE)

    def _score(self, counts: ClassCounts) -> Array:
        return f_beta(counts, self.beta)


@register
class F1(AveragedMetric):
    r"""Harmonic mean of precision and recall.

    .. math:: F_{1,c} = \frac{2\, TP_c}{2\, TP_c + FN_c + FP_c}

    Options and averages are those of `AveragedMetric`: ``threshold=0.5``, ``num_classes=None``,
    ``average="macro"``.

    Examples
    --------
    >>> round(F1(average="binary").update([0.2, 0.9, 0.7, 0.8], [0, 0, 1, 1]).compute(), 4)
    0.8
    """

    key = "f1"

    def _score(self, counts: ClassCounts) -> Array:
        return f_beta(counts, 1.0)
