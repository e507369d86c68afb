"""The base of metrics made of per-class counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chainrule.errors import error
from chainrule.metrics.base import Array, Metric, Prediction
from chainrule.metrics.counts import ClassCounts
from chainrule.metrics.inputs import Labelled, check_below, predicted_labels
from chainrule.metrics.options import NUM_CLASSES, REAL, option


@dataclass(kw_only=True, eq=False, repr=False)
class LabelMetric(Metric):
    """A metric of predicted against true labels of a known or growing number of classes."""

    prediction = Prediction.LABELS
    # A stray label such as 10**9 must not ask for gigabytes: more classes than this are made only on request.
    most_classes = 2**22

    threshold: float = option(0.5, REAL)
    num_classes: int | None = option(None, NUM_CLASSES)

    def _read(self, prediction: Array, target: Array) -> Labelled:
        batch = predicted_labels(self.name, prediction, target, self.threshold)
        classes = self._known_classes()
        if classes is None:
            return self._within_limit(batch)
        if batch.scored and batch.classes != classes:
            key = "metrics.num_classes" if prediction.ndim > 1 else "metrics.binary_classes"
            raise error(key, metric=self.name, expected=classes, got=batch.classes)
        check_below(self.name, "prediction", batch.predicted, classes)
        check_below(self.name, "target", batch.target, classes)
        return batch._replace(classes=classes)

    def _known_classes(self) -> int | None:
        return self.num_classes

    def _within_limit(self, batch: Labelled) -> Labelled:
        if batch.classes > self.most_classes:
            classes, limit = batch.classes, self.most_classes
            raise error("metrics.too_many_classes", metric=self.name, classes=classes, limit=limit)
        return batch


@dataclass(kw_only=True, eq=False, repr=False)
class CountMetric(LabelMetric):
    """A label metric whose state is the `ClassCounts`, three whole numbers per class."""

    def _reset(self) -> None:
        self._counts = ClassCounts.zeros(0)

    def _update(self, prediction: Array, target: Array) -> None:
        self._counts += ClassCounts.of_labels(self._read(prediction, target))

    def _merge(self, other: Any) -> None:
        self._counts += other._counts

    def _plain(self, seen: dict[str, Any]) -> dict[str, Any]:
        return {**seen, "_counts": vars(self._counts)}

    def _restored(self, plain: dict[str, Any]) -> dict[str, Any]:
        return {**plain, "_counts": ClassCounts(**plain["_counts"])}
