"""Wrong input: a table of calls and the exact messages they get."""

from __future__ import annotations

import string
from typing import Any

import numpy as np
import pytest

from chainrule.errors import (
    ConfigError,
    DTypeError,
    NonFiniteError,
    OutOfRangeError,
    ShapeError,
    messages,
    text,
)
from chainrule.metrics import get

SCORES = np.zeros((3, 4))
NAN = float("nan")

# Metric and options, prediction, target, kind of error, first line of the message.
TABLE = [
    (
        ("accuracy", {}),
        SCORES,
        [0, 1],
        ShapeError,
        "accuracy: axis 0 of prediction is 3 but that of target is 2 (prediction (3, 4), target (2,)). "
        "Give one target per prediction",
    ),
    (
        ("accuracy", {}),
        [[0.1], [0.9]],
        [0, 1],
        ShapeError,
        "accuracy: axis 1 of prediction counts classes and must be at least 2, got 1 "
        "(prediction (2, 1), target (2,)). If the column holds scores of class 1, write prediction[:, 0]",
    ),
    (
        ("precision", {}),
        SCORES,
        np.eye(4)[:3],
        ShapeError,
        "precision: target must be class labels (N,), got 2 axes (prediction (3, 4), target (3, 4)). "
        "Write target[:, 0] for a column, target.argmax(axis=1) for one-hot rows, "
        "reshape(-1) on both for labels of any other shape; and mind the order, update(prediction, target)",
    ),
    (
        ("recall", {}),
        np.zeros((3, 5, 4)),
        np.zeros((3, 5), int),
        ShapeError,
        "recall: prediction must be (N,), or have its classes on axis 1 and be otherwise shaped as target "
        "(prediction (3, 5, 4), target (3, 5)). "
        "Move the class axis with np.moveaxis(prediction, -1, 1) if it is the last one",
    ),
    (
        ("accuracy", {}),
        SCORES,
        [0, 4, 1],
        OutOfRangeError,
        "accuracy: target[1] is 4, but there are 4 classes, 0 to 3. "
        "Count classes from 0, or check the width of the last layer and num_classes",
    ),
    (
        ("f1", {"num_classes": 3}),
        [0, 1, 3],
        [0, 1, 2],
        OutOfRangeError,
        "f1: prediction[2] is 3, but there are 3 classes, 0 to 2. "
        "Count classes from 0, or check the width of the last layer and num_classes",
    ),
    (
        ("f1", {"average": "binary"}),
        [0, 1, 1],
        [0, 1, 2],
        OutOfRangeError,
        "f1: target[2] is 2, but there are 2 classes, 0 to 1. "
        "Count classes from 0, or check the width of the last layer and num_classes",
    ),
    (
        ("mcc", {}),
        SCORES,
        [0, -1, 1],
        OutOfRangeError,
        "mcc: target must hold class labels 0, 1, 2, …, but target[1] is -1. "
        "Leave out samples that are to be ignored, and count classes from 0",
    ),
    (
        ("accuracy", {}),
        SCORES,
        [0, 0.5, 1],
        DTypeError,
        "accuracy: target must hold class labels 0, 1, 2, …, but target[1] is 0.5. "
        "Take argmax(axis=1) of scores, or round what is nearly whole",
    ),
    (
        ("accuracy", {}),
        SCORES,
        [0, 1, NAN],
        DTypeError,
        "accuracy: target must hold class labels 0, 1, 2, …, but target[2] is nan. "
        "Take argmax(axis=1) of scores, or round what is nearly whole",
    ),
    (
        ("accuracy", {}),
        [0.2, 1.0],
        [0, 2],
        OutOfRangeError,
        "accuracy: predictions (N,) of a float type are scores of class 1, so targets must be 0 or 1; "
        "target[1] is 2. Give scores (N, C) for C classes, or predicted labels as integers",
    ),
    (
        ("f1", {"num_classes": 3}),
        [0.2, 1.0],
        [0, 1],
        ConfigError,
        "f1: predictions (N,) of a float type are scores of class 1 of two, but num_classes is 3. "
        "Give scores (N, 3), or predicted labels as integers",
    ),
    (
        ("confusion_matrix", {"num_classes": 3}),
        SCORES,
        [0, 1, 2],
        ShapeError,
        "confusion_matrix: axis 1 of prediction must be 3, the number of classes, got 4. "
        "Pass num_classes=4, or give the last layer 3 outputs",
    ),
    (
        ("confusion_matrix", {}),
        [0, 1],
        [0, 10**9],
        OutOfRangeError,
        "confusion_matrix: the largest label makes 1000000001 classes; "
        "more than 4096 are made only on request. "
        "Check that these are labels, or pass num_classes=1000000001",
    ),
    (
        ("accuracy", {}),
        [[0.5, 0.5], [NAN, NAN]],
        [0, 1],
        NonFiniteError,
        "accuracy: prediction[1, 0] is nan (2 of 4 values are not finite numbers). "
        "chainrule.debug.nan() names the operation that made the first one",
    ),
    (
        ("mse", {}),
        [1.0, np.inf],
        [0.0, 1.0],
        NonFiniteError,
        "mse: prediction[1] is inf (1 of 2 values are not finite numbers). "
        "chainrule.debug.nan() names the operation that made the first one",
    ),
    (
        ("r2", {}),
        [1.0, 2.0],
        [0.0, NAN],
        NonFiniteError,
        "r2: target[1] is nan (1 of 2 values are not finite numbers). "
        "chainrule.debug.nan() names the operation that made the first one",
    ),
    (
        ("mae", {}),
        [[1.0], [2.0]],
        [1.0, 2.0],
        ShapeError,
        "mae: prediction and target must have the same shape (prediction (2, 1), target (2,)). "
        "They are not broadcast, since (N, 1) against (N,) would compare every sample with every other; "
        "use reshape or prediction[:, 0]",
    ),
    (
        ("top_k_accuracy", {}),
        [0, 1],
        [0, 1],
        ShapeError,
        "top_k_accuracy: prediction must hold a score for every class, (N, C), got 1 axis. "
        "Give the output of the last layer, not the labels made of it",
    ),
    (
        ("top_k_accuracy", {}),
        SCORES,
        [0, 1, 2],
        ConfigError,
        "top_k_accuracy: k must be at most the number of classes, got k = 5 with 4 classes "
        "(axis 1 of prediction). Choose k < 4",
    ),
    (
        ("log_loss", {}),
        [0.5, 1.5],
        [0, 1],
        OutOfRangeError,
        "log_loss: prediction must hold probabilities in [0, 1], but prediction[1] is 1.5. "
        "Pass from_logits=True if these are logits, the output of a network without softmax or sigmoid",
    ),
    (
        ("auc", {}),
        [[0.5, 0.5], [0.5, 0.75]],
        [0, 1],
        ConfigError,
        "auc: the probabilities of each sample must sum to 1 over axis 1, got 1.25 in row 1. "
        "Pass from_logits=True if these are logits, the output of a network without softmax",
    ),
    (
        ("log_loss", {"from_logits": True}),
        [0.5, np.inf],
        [0, 1],
        NonFiniteError,
        "log_loss: prediction[1] is inf (1 of 2 values are not finite numbers). "
        "chainrule.debug.nan() names the operation that made the first one",
    ),
    (
        ("accuracy", {}),
        ["cat", "dog"],
        [0, 1],
        DTypeError,
        "accuracy: prediction must hold real numbers, got elements of type <U3. "
        "Encode class names as labels 0, 1, 2, … first",
    ),
    (
        ("accuracy", {}),
        [[0.1, 0.9], [0.5]],
        [0, 1],
        DTypeError,
        "accuracy: prediction of type list cannot be read as an array of numbers. "
        "Give an array, a tensor, or lists of equal length",
    ),
    (
        ("mse", {}),
        1.5,
        [1.0],
        ShapeError,
        "mse: prediction must have samples along axis 0, got the single number 1.5. "
        "Write [1.5] for one sample",
    ),
    (
        ("top_k_accuracy", {"k": 0}),
        SCORES,
        [0, 1, 2],
        ConfigError,
        "top_k_accuracy: k must be in {1, 2, 3, …}, got 0",
    ),
]


@pytest.mark.parametrize(("metric", "prediction", "target", "kind", "message"), TABLE)
def test_the_message(metric, prediction, target, kind, message):
    key, options = metric
    with pytest.raises(kind) as caught:
        get(key, **options).update(prediction, target)
    assert str(caught.value).splitlines()[0] == message
    assert "test_messages.py" in str(caught.value).splitlines()[1]


def test_batches_of_another_layout():
    metric = get("auc").update([[0.5, 0.5]], [0])
    with pytest.raises(
        ShapeError, match=r"samples of this batch are shaped \(3,\), those before were \(2,\)"
    ):
        metric.update([[0.5, 0.25, 0.25]], [0])
    with pytest.raises(ShapeError, match="samples of this batch are shaped"):
        get("r2").update([[1.0, 2.0]], [[1.0, 2.0]]).update([1.0], [1.0])
    with pytest.raises(ShapeError, match="samples of this batch are shaped"):
        metric.merge(get("auc").update([0.5], [0]))


def test_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(OutOfRangeError, match=r"accuracy:target\[0\] 是 4,但只有 4 个类别\(0 到 3\)"):
        get("accuracy").update(SCORES, [4, 0, 0])


OWN = [key for key in messages() if key.startswith("metrics.")]


def places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.mark.parametrize("key", OWN)
def test_both_languages_say_the_same(key, monkeypatch):
    row = messages()[key]
    assert places(row.en) == places(row.zh)
    values: dict[str, Any] = {name: f"<{name}>" for name in places(row.en)}
    for language in ("en", "zh"):
        monkeypatch.setenv("CHAINRULE_LANG", language)
        message = text(key, **values)
        assert all(value in message for value in values.values())
