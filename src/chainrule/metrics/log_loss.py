"""Log loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.metrics.base import Array, Metric, Prediction
from chainrule.metrics.inputs import check_binary, check_finite, rows
from chainrule.metrics.options import FLAG, option
from chainrule.metrics.probabilities import check_range, check_rows, log_softmax, resolution
from chainrule.metrics.registry import register


@register
@dataclass(kw_only=True, eq=False, repr=False)
class LogLoss(Metric):
    r"""Mean negative logarithm of the probability given to the true class, in nats.

    .. math:: \mathrm{loss} = -\frac{1}{N} \sum_{i=1}^{N} \log p_{i, y_i}

    Also called cross-entropy. Predictions are probabilities (N, C), each row summing to 1, or
    probabilities (N,) of class 1. Probabilities are clipped to :math:`[\varepsilon,
    1 - \varepsilon]`, with the machine epsilon of their type, so that one confident mistake does
    not make the loss infinite; logits are not clipped, the loss being computed from them
    directly.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, the output of a network before softmax or sigmoid.

    Examples
    --------
    >>> round(LogLoss().update([[0.9, 0.1], [0.2, 0.8]], [0, 1]).compute(), 4)
    0.1643
    >>> round(LogLoss(from_logits=True).update([0.0, 3.0], [0, 1]).compute(), 4)
    0.3709
    """

    key = "log_loss"
    prediction = Prediction.PROBABILITIES
    higher_is_better = False

    from_logits: bool = option(False, FLAG)

    def _reset(self) -> None:
        self._sum, self._total = 0.0, 0

    def _update(self, prediction: Array, target: Array) -> None:
        prediction, target = rows(self.name, prediction, target)
        log_probability = self._log_probability(self._two_columns(prediction, target))
        self._sum -= float(np.take_along_axis(log_probability, target[:, None], axis=1).sum())
        self._total += len(target)

    def _two_columns(self, prediction: Array, target: Array) -> Array:
        if prediction.ndim == 2:
            return prediction
        check_binary(self.name, target)
        if self.from_logits:
            check_finite(self.name, "prediction", prediction)
            return np.stack([np.zeros_like(prediction), prediction], axis=1)
        check_range(self.name, prediction)
        return np.stack([1 - prediction, prediction], axis=1)

    def _log_probability(self, prediction: Array) -> Array:
        if self.from_logits:
            return log_softmax(self.name, prediction)
        check_rows(self.name, prediction)
        epsilon = resolution(prediction)
        return np.log(np.clip(prediction.astype(np.float64), epsilon, 1 - epsilon))

    def _merge(self, other: Any) -> None:
        self._sum += other._sum
        self._total += other._total

    def _compute(self) -> float:
        return self._sum / self._total
