"""What metrics of ranking share: scores kept, and counts at every threshold."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from chainrule.errors import error
from chainrule.metrics.base import Array, Metric, Prediction
from chainrule.metrics.inputs import check_binary, rows
from chainrule.metrics.options import FLAG, one_of, option
from chainrule.metrics.probabilities import check_rows, log_softmax


class Cumulative(NamedTuple):
    """Samples scored at or above each distinct score, from the highest down."""

    true_positive: Array
    false_positive: Array
    threshold: Array


def cumulative(score: Array, positive: Array) -> Cumulative:
    """Counts at every threshold; samples with equal scores come in together."""
    order = np.argsort(score, kind="stable")[::-1]
    score, positive = score[order], positive[order]
    last_of_ties = np.append(np.flatnonzero(score[1:] != score[:-1]), len(score) - 1)
    true_positive = np.cumsum(positive, dtype=np.int64)[last_of_ties]
    return Cumulative(true_positive, 1 + last_of_ties - true_positive, score[last_of_ties])


@dataclass(kw_only=True, eq=False, repr=False)
class RankingMetric(Metric):
    """A metric of how scores order the samples, of class 1 or of each class against the rest.

    Its state is every score, since a rank depends on all of them.
    """

    prediction = Prediction.RANKING

    from_logits: bool = option(False, FLAG)

    @abstractmethod
    def _binary(self, score: Array, positive: Array) -> Any:
        """The value of scores (N,) and which samples are positive."""

    def _reset(self) -> None:
        self._scores: list[Array] = []
        self._targets: list[Array] = []

    def _update(self, prediction: Array, target: Array) -> None:
        score, target = rows(self.name, prediction, target)
        if score.ndim == 1:
            check_binary(self.name, target)
        else:
            score = self._probabilities(score)
        self._check_layout(score)
        self._scores.append(score.copy())
        self._targets.append(target)

    def _probabilities(self, score: Array) -> Array:
        if self.from_logits:
            return np.exp(log_softmax(self.name, score))
        check_rows(self.name, score)
        return score

    def _check_layout(self, score: Array) -> None:
        if self._scores and self._scores[0].shape[1:] != score.shape[1:]:
            expected, got = self._scores[0].shape[1:], score.shape[1:]
            raise error("metrics.layout_changed", metric=self.name, expected=expected, got=got)

    def _merge(self, other: Any) -> None:
        self._check_layout(other._scores[0])
        self._scores = self._scores + other._scores
        self._targets = self._targets + other._targets

    def _compute(self) -> Any:
        score, target = np.concatenate(self._scores), np.concatenate(self._targets)
        if score.ndim == 1:
            return self._binary(score, target == 1)
        return self._joined([self._binary(score[:, c], target == c) for c in range(score.shape[1])], target)

    @abstractmethod
    def _joined(self, values: list[Any], target: Array) -> Any:
        """The value made of the values of each class against the rest."""


@dataclass(kw_only=True, eq=False, repr=False)
class AveragedRanking(RankingMetric):
    """A ranking metric that is one number per class, averaged over those where it is defined."""

    higher_is_better = True

    average: str | None = option("macro", one_of("macro", "weighted", None))

    def _joined(self, values: list[Any], target: Array) -> Any:
        per_class = np.array(values)
        if self.average is None:
            return per_class
        defined = ~np.isnan(per_class)
        if not defined.any():
            return float("nan")
        support = np.bincount(target, minlength=len(per_class))
        weights = support if self.average == "weighted" else np.ones_like(support)
        return float(np.average(per_class[defined], weights=weights[defined]))
