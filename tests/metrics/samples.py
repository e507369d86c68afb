"""Made-up predictions and targets of every kind that a metric may take."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.metrics import Metric, Prediction

CLASSES = 6
COUNT = 41

Batch = tuple[NDArray, NDArray]


def tied(values: NDArray) -> NDArray:
    """Values rounded so coarsely that many are equal."""
    return np.round(values * 8) / 8


def tied_distributions(rng: np.random.Generator, count: int, classes: int = CLASSES) -> NDArray:
    """Rows (count, classes) of eighths that sum to 1, with many ties and zeros."""
    return rng.multinomial(8, np.full(classes, 1 / classes), size=count) / 8


def class_scores(rng: np.random.Generator) -> Batch:
    return tied(rng.normal(size=(COUNT, CLASSES))), rng.integers(CLASSES, size=COUNT)


def class_scores_of_pixels(rng: np.random.Generator) -> Batch:
    return tied(rng.normal(size=(COUNT, CLASSES, 2, 3))), rng.integers(CLASSES, size=(COUNT, 2, 3))


def labels(rng: np.random.Generator) -> Batch:
    return rng.integers(CLASSES, size=COUNT), rng.integers(CLASSES, size=COUNT)


def scores_of_class_1(rng: np.random.Generator) -> Batch:
    return tied(rng.random(COUNT)), rng.integers(2, size=COUNT)


def distributions(rng: np.random.Generator) -> Batch:
    return tied_distributions(rng, COUNT), rng.integers(CLASSES, size=COUNT)


def values(rng: np.random.Generator) -> Batch:
    return rng.normal(size=COUNT), rng.normal(size=COUNT)


def values_of_outputs(rng: np.random.Generator) -> Batch:
    return rng.normal(size=(COUNT, 2, 3)), rng.normal(size=(COUNT, 2, 3))


MAKERS = {
    Prediction.LABELS: (labels, scores_of_class_1, class_scores, class_scores_of_pixels),
    Prediction.CLASS_SCORES: (class_scores, class_scores_of_pixels),
    Prediction.RANKING: (scores_of_class_1, distributions),
    Prediction.PROBABILITIES: (scores_of_class_1, distributions),
    Prediction.VALUES: (values, values_of_outputs),
}


def perfect(kind: Prediction) -> Batch:
    """Targets of every class, and predictions that are right."""
    target = np.arange(COUNT) % CLASSES
    if kind is Prediction.VALUES:
        return target.astype(float), target.astype(float)
    return np.eye(CLASSES)[target], target


def fed(metric: Metric, prediction: NDArray, target: NDArray, rng: np.random.Generator) -> Metric:
    """The metric after batches of random sizes, an empty one among them."""
    cuts = np.sort(rng.integers(len(target) + 1, size=4)).tolist()
    for start, stop in zip([0, *cuts, 0], [*cuts, len(target), 0], strict=True):
        metric.update(prediction[start:stop], target[start:stop])
    return metric
