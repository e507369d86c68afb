"""Metrics of labels and scores equal scikit-learn's, on ties, empty classes and single samples."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as reference

from chainrule.metrics import F1, MCC, Accuracy, ConfusionMatrix, FBeta, Precision, Recall, TopKAccuracy

from .samples import CLASSES, class_scores, class_scores_of_pixels, fed, tied

AVERAGES = ["micro", "macro", "weighted", None]


def case(name: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Predicted and true labels."""
    predicted, target = rng.integers(CLASSES, size=(2, 60))
    return {
        "random": (predicted, target),
        "two classes": (predicted % 2, target % 2),
        "class 2 never predicted": (np.where(predicted == 2, 0, predicted), target),
        "class 2 never true": (predicted, np.where(target == 2, 0, target)),
        "class 2 absent": (np.where(predicted == 2, 0, predicted), np.where(target == 2, 0, target)),
        "last class never true": (predicted, target % (CLASSES - 1)),
        "one class": (np.full(60, 3), np.full(60, 3)),
        "nothing right": ((target + 1) % CLASSES, target),
        "one sample, right": (np.array([2]), np.array([2])),
        "one sample, wrong": (np.array([1]), np.array([2])),
    }[name]


CASES = [
    "random",
    "two classes",
    "class 2 never predicted",
    "class 2 never true",
    "class 2 absent",
    "last class never true",
    "one class",
    "nothing right",
    "one sample, right",
    "one sample, wrong",
]
each_case = pytest.mark.parametrize("name", CASES)


@each_case
@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize(
    ("metric", "score"),
    [
        (Precision, reference.precision_score),
        (Recall, reference.recall_score),
        (F1, reference.f1_score),
    ],
)
def test_precision_recall_f1(metric, score, name, average, rng):
    predicted, target = case(name, rng)
    value = fed(metric(average=average), predicted, target, rng).compute()
    known = None if average else range(max(predicted.max(), target.max()) + 1)
    expected = score(target, predicted, average=average, labels=known, zero_division=0)
    np.testing.assert_allclose(value, expected, rtol=1e-14)


@each_case
@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("beta", [0.5, 2, 3.7])
def test_f_beta(name, average, beta, rng):
    predicted, target = case(name, rng)
    value = fed(FBeta(beta=beta, average=average), predicted, target, rng).compute()
    known = None if average else range(max(predicted.max(), target.max()) + 1)
    expected = reference.fbeta_score(
        target, predicted, beta=beta, average=average, labels=known, zero_division=0
    )
    np.testing.assert_allclose(value, expected, rtol=1e-14)


@each_case
@pytest.mark.filterwarnings("ignore:A single label was found")
def test_accuracy_and_mcc(name, rng):
    predicted, target = case(name, rng)
    accuracy = fed(Accuracy(), predicted, target, rng).compute()
    assert accuracy == pytest.approx(reference.accuracy_score(target, predicted), rel=1e-15)
    mcc = fed(MCC(), predicted, target, rng).compute()
    assert mcc == pytest.approx(reference.matthews_corrcoef(target, predicted), rel=1e-12, abs=1e-15)


@each_case
@pytest.mark.parametrize("normalize", [None, "true", "pred", "all"])
def test_confusion_matrix(name, normalize, rng):
    predicted, target = case(name, rng)
    value = fed(ConfusionMatrix(num_classes=CLASSES, normalize=normalize), predicted, target, rng).compute()
    expected = reference.confusion_matrix(target, predicted, labels=range(CLASSES), normalize=normalize)
    assert value.dtype == expected.dtype
    np.testing.assert_allclose(value, expected, rtol=1e-15)


def test_the_matrix_grows_with_the_labels(rng):
    metric = ConfusionMatrix().update([0], [1])
    assert metric.compute().tolist() == [[0, 0], [1, 0]]
    assert metric.update([2], [0]).compute().tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 0]]


def test_the_width_of_scores_counts_classes():
    assert ConfusionMatrix().update([[0.9, 0.1, 0.0]], [0]).compute().shape == (3, 3)
    assert Recall(average=None).update([[0.9, 0.1, 0.0]], [0]).compute().tolist() == [1, 0, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_count_by_their_largest(dtype, rng):
    scores, target = class_scores(rng)
    scores = scores.astype(dtype)
    expected = reference.accuracy_score(target, scores.argmax(axis=1))
    assert fed(Accuracy(), scores, target, rng).compute() == pytest.approx(expected, rel=1e-15)


def test_of_equal_scores_the_first_is_predicted():
    assert Accuracy().update([[0.5, 0.5]], [0]).compute() == 1
    assert Accuracy().update([0.5], [0]).compute() == 1


def test_the_class_axis_is_axis_1(rng):
    scores, target = class_scores_of_pixels(rng)
    expected = reference.accuracy_score(target.ravel(), scores.argmax(axis=1).ravel())
    assert fed(Accuracy(), scores, target, rng).compute() == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("threshold", [0.25, 0.5, 0.8])
def test_binary_scores_and_threshold(threshold, rng):
    score, target = tied(rng.random(60)), rng.integers(2, size=60)
    value = fed(F1(threshold=threshold, average="binary"), score, target, rng).compute()
    expected = reference.f1_score(target, score > threshold, zero_division=0)
    assert value == pytest.approx(expected, rel=1e-14)


def test_binary_average_of_a_class_never_seen():
    assert Precision(average="binary").update([0, 0], [0, 0]).compute() == 0


def test_masked_classes_may_have_a_score_of_minus_infinity():
    assert Accuracy().update([[-np.inf, -1.0, -2.0]], [1]).compute() == 1


@pytest.mark.parametrize("k", [1, 2, 3, CLASSES])
@pytest.mark.filterwarnings("ignore:'k'")
def test_top_k_accuracy(k, rng):
    scores, target = class_scores(rng)
    value = fed(TopKAccuracy(k=k), scores, target, rng).compute()
    expected = reference.top_k_accuracy_score(target, scores, k=k, labels=range(CLASSES))
    assert value == pytest.approx(expected, rel=1e-15)


def test_top_k_accuracy_with_all_scores_equal():
    metric = TopKAccuracy(k=2).update(np.zeros((4, 4)), [0, 1, 2, 3])
    assert metric.compute() == 0.5
