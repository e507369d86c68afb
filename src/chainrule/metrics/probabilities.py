"""Probabilities of classes: checked, or computed from logits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import error
from chainrule.metrics.inputs import check_finite, first

Array = NDArray[Any]


def resolution(values: Array) -> float:
    """Machine epsilon of a float type; that of float64 for whole numbers."""
    return float(np.finfo(values.dtype if values.dtype.kind == "f" else np.float64).eps)


def check_range(metric: str, probability: Array) -> None:
    """Refuse values outside [0, 1], but for rounding."""
    check_finite(metric, "prediction", probability)
    slack = np.sqrt(resolution(probability))
    outside = (probability < -slack) | (probability > 1 + slack)
    if outside.any():
        raise error("metrics.probability", metric=metric, **first("prediction", probability, outside))


def check_rows(metric: str, probability: Array) -> None:
    """Refuse rows (N, C) which are not distributions over the classes, but for rounding."""
    check_range(metric, probability)
    total = probability.sum(axis=1, dtype=np.float64)
    wrong = np.abs(total - 1) > np.sqrt(resolution(probability))
    if wrong.any():
        index = int(np.argmax(wrong))
        raise error("metrics.probability_row", metric=metric, got=total[index], index=index)


def log_softmax(metric: str, logits: Array) -> Array:
    r"""Row by row :math:`z_c - \log \sum_j e^{z_j}` in float64, shifted so that nothing overflows."""
    check_finite(metric, "prediction", logits)
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result
