"""Class labels as targets."""

from __future__ import annotations

from typing import Any

from chainrule.core.interpreter import Value
from chainrule.core.spec import Shape
from chainrule.errors import error, text
from chainrule.nn.checks import first_place, known


def class_axis(scores: Value) -> int:
    """The axis of the scores that counts classes: 1, or 0 of a single sample's."""
    return 1 if len(scores.shape) > 1 else 0


def check_labels(name: str, scores: Value, labels: Value, ignore_index: int | None = None) -> None:
    """Refuse labels that do not fit the scores.

    Raises
    ------
    ShapeError
        There is not one label for each sample (and place).
    DTypeError
        Labels are not whole numbers.
    OutOfRangeError
        A label is not one of the classes; says which, and where.
    """
    if not scores.shape:
        raise error("nn.ndim", layer=name, expected="(N, C)", got=0, remedy="", shapes={"input": ()})
    axis = class_axis(scores)
    expected = (*scores.shape[:axis], *scores.shape[axis + 1 :])
    shapes = {"input": scores.shape, "target": labels.shape}
    if labels.shape != expected:
        remedy = _shape_remedy(labels, scores.shape, expected)
        raise error("nn.labels_shape", layer=name, expected=expected, remedy=remedy, shapes=shapes)
    if labels.dtype.kind not in "iu":
        raise error("nn.labels_dtype", layer=name, dtype=labels.dtype, remedy="", shapes=shapes)
    _check_range(name, labels, scores.shape[axis], ignore_index)


def _shape_remedy(labels: Value, scores: Shape, expected: Shape) -> str:
    if labels.shape == (*expected, 1):
        return text("nn.squeeze_labels")
    return text("nn.one_hot_labels") if labels.shape == scores else ""


def _check_range(name: str, labels: Value, classes: int, ignore_index: int | None) -> None:
    values = known(labels)
    if values is None or not values.size:
        return
    outside = (values < 0) | (values >= classes)
    if ignore_index is not None:
        outside &= values != ignore_index
    if outside.any():
        place = first_place(outside)
        found: dict[str, Any] = {"label": int(values[place]), "place": place}
        raise error("nn.label_range", layer=name, **found, classes=classes, last=classes - 1, remedy="")
