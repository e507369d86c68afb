"""Mean loss and metrics over the batches of an epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from chainrule.errors import error
from chainrule.metrics import Metric, get

LOSS, VALIDATION = "loss", "val_"


class Meter:
    """Adds up the loss, weighted by samples, and metrics.

    Parameters
    ----------
    metrics : sequence of Metric
        Copies of them are used.
    """

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = [deepcopy(metric).reset() for metric in metrics]
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.loss_sum, self.samples = 0.0, 0
        for metric in self.metrics:
            metric.reset()

    def add_loss(self, loss: float, samples: int) -> None:
        """Take in the mean loss of a batch."""
        self.loss_sum += loss * samples
        self.samples += samples

    def add_batch(self, prediction: np.ndarray, target: np.ndarray) -> None:
        """Take in the predictions of a batch."""
        for metric in self.metrics:
            metric.update(prediction, target)

    @property
    def loss(self) -> float:
        """The mean over samples so far; NaN before the first."""
        return self.loss_sum / self.samples if self.samples else math.nan

    def compute(self) -> dict[str, Any]:
        """Loss and metrics by name."""
        return {LOSS: self.loss, **{metric.name: metric.compute() for metric in self.metrics}}

    def state_dict(self) -> dict[str, Any]:
        """All that was added up."""
        seen = {metric.name: metric.state_dict() for metric in self.metrics}
        return {"loss_sum": self.loss_sum, "samples": self.samples, "metrics": seen}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state."""
        self.loss_sum, self.samples = state["loss_sum"], state["samples"]
        for metric in self.metrics:
            metric.load_state_dict(state["metrics"][metric.name])


def named_metrics(given: Any) -> list[Metric]:
    """Metrics from names, classes and instances; no two may have one name."""
    metrics = [get(item) for item in ([given] if isinstance(given, str | Metric) else given)]
    names = [LOSS, *(metric.name for metric in metrics)]
    for name in names:
        if names.count(name) > 1:
            raise error("train.same_name", name=name)
    return metrics


def scalars(values: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Those values that are one number, as a row of the history holds them."""
    return {
        prefix + name: float(value)
        for name, value in values.items()
        if isinstance(value, int | float | np.number)
    }
