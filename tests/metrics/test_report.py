"""The report per class."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import classification_report as reference

from chainrule.errors import ShapeError
from chainrule.metrics import ConfusionMatrix, classification_report

NAMES = ["cat", "dog", "eel", "fox"]


def test_it_equals_scikit_learn(rng):
    predicted, target = rng.integers(4, size=50), rng.integers(4, size=50)
    report = classification_report(ConfusionMatrix().update(predicted, target), NAMES)
    expected = reference(target, predicted, target_names=NAMES, output_dict=True)
    assert report.accuracy == pytest.approx(expected["accuracy"], rel=1e-15)
    averages = {"macro avg": report.macro, "weighted avg": report.weighted}
    for name, row in ({row.name: row for row in report.classes} | averages).items():
        want = expected[name]
        got = (row.precision, row.recall, row.f1, row.support)
        wanted = (want["precision"], want["recall"], want["f1-score"], want["support"])
        np.testing.assert_allclose(got, wanted, rtol=1e-14)


def test_a_class_without_samples_has_a_row_of_zeros_outside_the_mean():
    report = classification_report([[2, 0, 0], [0, 0, 0], [1, 0, 1]])
    empty = report.classes[1]
    assert (empty.name, empty.precision, empty.recall, empty.f1, empty.support) == ("1", 0, 0, 0, 0)
    assert report.macro.recall == pytest.approx(3 / 4)


def test_a_matrix_of_zeros():
    report = classification_report(np.zeros((2, 2), int))
    assert report.accuracy == report.macro.f1 == report.weighted.f1 == 0


def test_it_goes_into_json():
    report = classification_report([[4, 1], [0, 5]], NAMES[:2])
    loaded = json.loads(json.dumps(report.as_dict()))
    assert loaded["accuracy"] == 0.9
    assert loaded["classes"][0] == {
        "name": "cat",
        "precision": 1.0,
        "recall": 0.8,
        "f1": pytest.approx(8 / 9),
        "support": 5,
    }
    assert loaded["macro"]["support"] == 10


@pytest.mark.parametrize(
    "matrix", [[[1, 2, 3]], [1, 2], [[1.5, 0], [0, 1]], [[1, -1], [0, 1]], np.zeros((0, 0), int)]
)
def test_what_is_no_confusion_matrix_is_refused(matrix):
    with pytest.raises(ShapeError, match="must be square"):
        classification_report(matrix)


def test_names_must_fit():
    with pytest.raises(ShapeError, match="must name all 2 classes, got 4 names"):
        classification_report([[1, 0], [0, 1]], NAMES)
