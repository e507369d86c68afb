"""Mean errors of real predictions."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any

import numpy as np

from chainrule.errors import error
from chainrule.metrics.base import Array, Metric, Prediction
from chainrule.metrics.inputs import check_finite
from chainrule.metrics.registry import register


def real_values(metric: str, prediction: Array, target: Array) -> tuple[Array, Array]:
    """Both in float64, once they are found to be finite and of one shape."""
    if prediction.shape != target.shape:
        shapes = {"prediction": prediction.shape, "target": target.shape}
        raise error("metrics.same_shape", shapes=shapes, metric=metric)
    check_finite(metric, "prediction", prediction)
    check_finite(metric, "target", target)
    return prediction.astype(np.float64), target.astype(np.float64)


class ElementMean(Metric):
    """The mean of an error over all elements, added up in float64."""

    prediction = Prediction.VALUES
    higher_is_better = False

    @abstractmethod
    def _error(self, difference: Array) -> Array:
        """The error of each element, from prediction minus target."""

    def _reset(self) -> None:
        self._sum, self._count = 0.0, 0

    def _update(self, prediction: Array, target: Array) -> None:
        prediction, target = real_values(self.name, prediction, target)
        self._sum += float(self._error(prediction - target).sum())
        self._count += target.size

    def _merge(self, other: Any) -> None:
        self._sum += other._sum
        self._count += other._count

    def _compute(self) -> float:
        return self._sum / self._count


@register
class MSE(ElementMean):
    r"""Mean squared error over all elements, in squared units of the target.

    .. math:: \mathrm{MSE} = \frac{1}{N} \sum_{i=1}^{N} (\hat y_i - y_i)^2

    Examples
    --------
    >>> MSE().update([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0]).compute()
    0.375
    """

    key = "mse"

    def _error(self, difference: Array) -> Array:
        return difference**2


@register
class RMSE(MSE):
    r"""Root of the mean squared error over all elements, in units of the target.

    .. math:: \mathrm{RMSE} = \sqrt{\frac{1}{N} \sum_{i=1}^{N} (\hat y_i - y_i)^2}

    Examples
    --------
    >>> RMSE().update([2.0, 0.0], [5.0, 3.0]).compute()
    3.0
    """

    key = "rmse"

    def _compute(self) -> float:
        return math.sqrt(super()._compute())


@register
class MAE(ElementMean):
    r"""Mean absolute error over all elements, in units of the target.

    .. math:: \mathrm{MAE} = \frac{1}{N} \sum_{i=1}^{N} |\hat y_i - y_i|

    Examples
    --------
    >>> MAE().update([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0]).compute()
    0.5
    """

    key = "mae"

    def _error(self, difference: Array) -> Array:
        return np.abs(difference)
