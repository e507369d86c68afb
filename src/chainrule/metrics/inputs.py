"""Reading what users give to a metric: shapes, labels and numbers, checked before anything is counted."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

import chainrule.metrics.messages  # noqa: F401  (registers the messages)
from chainrule.errors import error

Array = NDArray[Any]
LARGEST_EXACT_FLOAT = 2.0**53


class Labelled(NamedTuple):
    """Predicted and true labels of a batch.

    ``classes`` is how many there are: fixed by scores, at least the largest label plus one where
    labels were given.
    """

    predicted: Array
    target: Array
    classes: int
    scored: bool


def read(metric: str, prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    """Both as arrays of numbers with equally many samples along axis 0."""
    prediction, target = _numbers(metric, "prediction", prediction), _numbers(metric, "target", target)
    if len(prediction) != len(target):
        shapes = {"prediction": prediction.shape, "target": target.shape}
        raise error(
            "metrics.lengths", shapes=shapes, metric=metric, got=len(prediction), expected=len(target)
        )
    return prediction, target


def _numbers(metric: str, which: str, values: ArrayLike) -> Array:
    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as e:
        raise error("metrics.not_an_array", metric=metric, which=which, got=type(values).__name__) from e
    if array.dtype.kind not in "biuf":
        raise error("metrics.not_numbers", metric=metric, which=which, got=array.dtype)
    if array.ndim == 0:
        raise error("metrics.no_axis", metric=metric, which=which, got=array)
    return array


def rows(metric: str, prediction: Array, target: Array) -> tuple[Array, Array]:
    """Predictions as (n,) or as rows (n, C), and labels (n,) below C; neither holds NaN.

    Beyond (N, C) for (N,), the class axis is axis 1 as it is for the losses: (N, C, d1, …) for
    targets (N, d1, …).
    """
    _check_layout(metric, prediction, target)
    refuse_nan(metric, "prediction", prediction)
    target = labels(metric, "target", target)
    if prediction.ndim == 1:
        return prediction, target
    classes = prediction.shape[1]
    check_below(metric, "target", target, classes)
    return np.moveaxis(prediction, 1, -1).reshape(-1, classes), target.reshape(-1)


def _check_layout(metric: str, prediction: Array, target: Array) -> None:
    shapes = {"prediction": prediction.shape, "target": target.shape}
    if prediction.ndim == target.ndim + 1 and prediction.shape[2:] == target.shape[1:]:
        if prediction.shape[1] < 2:
            raise error("metrics.one_column", shapes=shapes, metric=metric, got=prediction.shape[1])
    elif target.ndim > 1 and prediction.ndim <= target.ndim:
        raise error("metrics.target_axes", shapes=shapes, metric=metric, got=target.ndim)
    elif prediction.ndim != 1:
        raise error("metrics.layout", shapes=shapes, metric=metric)


def labels(metric: str, which: str, values: Array) -> Array:
    """Class labels as int64; they must be whole numbers from 0 up."""
    if values.dtype.kind == "f":
        whole = (np.floor(values) == values) & (np.abs(values) < LARGEST_EXACT_FLOAT)
        if not whole.all():
            raise error("metrics.not_whole", metric=metric, which=which, **first(which, values, ~whole))
    values = values.astype(np.int64)
    if values.min() < 0:
        raise error("metrics.negative", metric=metric, which=which, **first(which, values, values < 0))
    return values


def check_below(metric: str, which: str, values: Array, classes: int) -> None:
    """Refuse labels that are not less than the number of classes."""
    if values.max() >= classes:
        wrong = first(which, values, values >= classes)
        raise error("metrics.label", metric=metric, classes=classes, last=classes - 1, **wrong)


def check_binary(metric: str, target: Array) -> None:
    """Refuse labels other than 0 and 1, which scores (N,) of class 1 ask for."""
    if target.max() > 1:
        raise error("metrics.binary", metric=metric, **first("target", target, target > 1))


def predicted_labels(metric: str, prediction: Array, target: Array, threshold: float) -> Labelled:
    """Labels as given, of scores of class 1 above a threshold, or of the largest class score."""
    prediction, target = rows(metric, prediction, target)
    if prediction.ndim == 2:
        return Labelled(prediction.argmax(axis=1), target, prediction.shape[1], scored=True)
    if prediction.dtype.kind == "f":
        check_binary(metric, target)
        return Labelled((prediction > threshold).astype(np.int64), target, 2, scored=True)
    predicted = labels(metric, "prediction", prediction)
    classes = int(max(predicted.max(), target.max())) + 1
    return Labelled(predicted, target, classes, scored=False)


def refuse_nan(metric: str, which: str, values: Array) -> None:
    """Refuse NaN; infinities are in order."""
    if values.dtype.kind == "f":
        _refuse(metric, which, values, np.isnan(values))


def check_finite(metric: str, which: str, values: Array) -> None:
    """Refuse NaN and infinities."""
    if values.dtype.kind == "f":
        _refuse(metric, which, values, ~np.isfinite(values))


def _refuse(metric: str, which: str, values: Array, wrong: NDArray[np.bool_]) -> None:
    if wrong.any():
        count, place = int(wrong.sum()), first(which, values, wrong)
        raise error("metrics.not_finite", metric=metric, count=count, total=wrong.size, **place)


def first(which: str, values: Array, wrong: NDArray[np.bool_]) -> dict[str, Any]:
    """The first wrong value and its place, such as ``target[3]``, for a message."""
    index = tuple(np.argwhere(wrong)[0].tolist())
    return {"place": f"{which}[{', '.join(map(str, index))}]", "got": values[index]}
