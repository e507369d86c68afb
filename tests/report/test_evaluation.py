"""Numbers of an evaluation against small examples that can be checked by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chainrule import metrics
from chainrule.report import ClassEvaluation, ValueEvaluation

PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.9, 0.05, 0.05]])


@pytest.fixture
def three() -> ClassEvaluation:
    return ClassEvaluation(np.array([0, 1, 1, 2]), PROBABILITIES, ("a", "b", "c"), 1.5)


def test_counts(three):
    assert three.matrix.tolist() == [[1, 0, 0], [1, 1, 0], [1, 0, 0]]
    assert three.accuracy == 0.5
    assert [row.recall for row in three.report.classes] == [1.0, 0.5, 0.0]


def test_mistakes_begin_with_the_most_certain(three):
    found = three.mistakes(5)
    assert [(mistake.index, mistake.true, mistake.predicted) for mistake in found] == [
        (3, "c", "a"),
        (1, "b", "a"),
    ]
    assert found[0].probability == 0.9
    assert found[0].probability_of_true == 0.05
    assert len(three.mistakes(1)) == 1


def test_confusions_count_pairs(three):
    assert three.confusions(5) == [("b", "a", 1, 2), ("c", "a", 1, 1)]


def test_areas_equal_the_metric(rng):
    targets = np.arange(60) % 3
    scores = rng.dirichlet(np.ones(3), size=60).round(1)
    found = ClassEvaluation(targets, scores, ("a", "b", "c"), 0.0)
    expected = [metrics.AUC().update(scores[:, c], targets == c).compute() for c in range(3)]
    np.testing.assert_allclose(found.auc, expected)


def test_numbers_fit_into_json(three):
    absent = ClassEvaluation(np.zeros(2, int), np.eye(3)[[0, 0]], ("a", "b", "c"), 0.1)
    for found in (three, absent):
        read = json.loads(json.dumps(found.as_dict(), allow_nan=False))
        assert read["accuracy"] == found.accuracy
        assert [row["name"] for row in read["classes"]] == ["a", "b", "c"]
    assert absent.as_dict()["classes"][0]["auc"] is None


def test_values():
    found = ValueEvaluation(np.array([[0.0], [2.0]]), np.array([[1.0], [2.0]]), ("y",), 0.5)
    assert found.scores == {"mae": 0.5, "rmse": pytest.approx(0.5**0.5), "r2": 0.5}
    assert found.worst(1).tolist() == [0]
