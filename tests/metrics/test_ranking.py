"""ROC, AUC and average precision equal scikit-learn's, and their definitions."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as reference
from scipy.special import expit, softmax

from chainrule.metrics import AUC, ROC, AveragePrecision

from .samples import CLASSES, fed, tied, tied_distributions

# What scikit-learn warns of is what is tested here: classes without samples.
pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning"),
    pytest.mark.filterwarnings("ignore:No positive class found"),
]

each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
each_average = pytest.mark.parametrize("average", ["macro", "weighted", None])


def binary_case(rng: np.random.Generator, dtype: type, count: int = 70) -> tuple[np.ndarray, np.ndarray]:
    """Scores with many ties, and labels that they tell something of."""
    target = rng.integers(2, size=count)
    target[:2] = 0, 1
    return (8 * tied(rng.normal(size=count) + target)).astype(dtype), target


@each_dtype
def test_binary_auc_and_average_precision(dtype, rng):
    score, target = binary_case(rng, dtype)
    auc = fed(AUC(), score, target, rng).compute()
    assert auc == pytest.approx(reference.roc_auc_score(target, score), rel=1e-14)
    average_precision = fed(AveragePrecision(), score, target, rng).compute()
    assert average_precision == pytest.approx(reference.average_precision_score(target, score), rel=1e-14)


def test_auc_is_its_definition(rng):
    score, target = binary_case(rng, np.float64)
    positive, negative = score[target == 1][:, None], score[target == 0]
    above = (positive > negative) + 0.5 * (positive == negative)
    assert AUC().update(score, target).compute() == pytest.approx(above.mean(), rel=1e-14)


@each_dtype
@pytest.mark.parametrize("drop_intermediate", [True, False])
@pytest.mark.parametrize("count", [2, 3, 70])
def test_roc(dtype, drop_intermediate, count, rng):
    score, target = binary_case(rng, dtype, count)
    curve = fed(ROC(drop_intermediate=drop_intermediate), score, target, rng).compute()
    expected = reference.roc_curve(target, score, drop_intermediate=drop_intermediate)
    for ours, theirs in zip(curve, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-15)


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("count", [1, 4])
def test_a_single_class(label, count):
    score, target = np.linspace(0, 1, count), np.full(count, label)
    assert np.isnan(AUC().update(score, target).compute())
    assert AveragePrecision().update(score, target).compute() == label
    assert reference.average_precision_score(target, score) == label
    curve = ROC().update(score, target).compute()
    expected = reference.roc_curve(target, score)
    for ours, theirs in zip(curve, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-15)


@each_average
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_against_the_rest(average, dtype, rng):
    score = tied_distributions(rng, 80).astype(dtype)
    target = rng.permutation(np.arange(80) % CLASSES)
    auc = fed(AUC(average=average), score, target, rng).compute()
    expected = reference.roc_auc_score(target, score, multi_class="ovr", average=average)
    np.testing.assert_allclose(auc, expected, rtol=1e-14)
    average_precision = fed(AveragePrecision(average=average), score, target, rng).compute()
    expected = reference.average_precision_score(target, score, average=average)
    np.testing.assert_allclose(average_precision, expected, rtol=1e-14)


def one_class_absent(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities, labels without class 2, and the same as one column per class."""
    target = np.arange(80) % CLASSES
    target[target == 2] = 0
    return tied_distributions(rng, 80), target, np.eye(CLASSES, dtype=int)[target]


@each_average
def test_average_precision_of_an_absent_class_is_0(average, rng):
    score, target, columns = one_class_absent(rng)
    value = fed(AveragePrecision(average=average), score, target, rng).compute()
    expected = reference.average_precision_score(columns, score, average=average)
    np.testing.assert_allclose(value, expected, rtol=1e-14)


def test_auc_of_an_absent_class_is_nan_and_left_out_of_averages(rng):
    score, target, columns = one_class_absent(rng)
    per_class = np.full(CLASSES, np.nan)
    for c in (0, 1, 3, 4, 5):
        per_class[c] = reference.roc_auc_score(columns[:, c], score[:, c])
    np.testing.assert_allclose(AUC(average=None).update(score, target).compute(), per_class, rtol=1e-14)
    macro = AUC().update(score, target).compute()
    assert macro == pytest.approx(np.nanmean(per_class), rel=1e-14)
    weighted = AUC(average="weighted").update(score, target).compute()
    assert weighted == pytest.approx(np.nansum(per_class * columns.mean(axis=0)), rel=1e-14)


def test_auc_of_classes_all_undefined_is_nan():
    metric = AUC().update([[0.2, 0.3, 0.5]], [1])
    assert np.isnan(metric.compute())


def test_roc_of_each_class(rng):
    score, target = tied_distributions(rng, 80), rng.integers(CLASSES, size=80)
    curves = fed(ROC(), score, target, rng).compute()
    assert len(curves) == CLASSES
    for c, curve in enumerate(curves):
        expected = reference.roc_curve(target == c, score[:, c])
        for ours, theirs in zip(curve, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-15)


@pytest.mark.parametrize("metric", [AUC, AveragePrecision])
def test_logits_of_classes_go_through_softmax(metric, rng):
    logits, target = 3 * rng.normal(size=(80, CLASSES)), np.arange(80) % CLASSES
    from_logits = fed(metric(from_logits=True), logits, target, rng).compute()
    expected = metric().update(softmax(logits, axis=1), target).compute()
    assert from_logits == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("metric", [AUC, AveragePrecision])
def test_logits_of_class_1_rank_as_their_probabilities(metric, rng):
    logits, target = binary_case(rng, np.float64)
    expected = metric().update(expit(logits / 8), target).compute()
    assert metric().update(logits, target).compute() == pytest.approx(expected, rel=1e-14)
    assert metric(from_logits=True).update(logits, target).compute() == pytest.approx(expected, rel=1e-14)


def test_infinite_scores_are_equal_to_each_other():
    score, target = np.array([np.inf, np.inf, 0.0, -np.inf, -np.inf]), np.array([1, 0, 1, 0, 1])
    finite = np.array([9.0, 9.0, 0.0, -9.0, -9.0])
    assert AUC().update(score, target).compute() == AUC().update(finite, target).compute()
