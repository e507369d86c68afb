"""Log loss equals scikit-learn's on probabilities, and stays exact on logits."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sklearn.metrics as reference
from scipy.special import expit, log_softmax, softmax

from chainrule.metrics import LogLoss

from .samples import CLASSES, fed, tied_distributions


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_probabilities_of_classes(dtype, rtol, rng):
    probability, target = tied_distributions(rng, 60).astype(dtype), rng.integers(CLASSES, size=60)
    value = fed(LogLoss(), probability, target, rng).compute()
    expected = reference.log_loss(target, probability, labels=range(CLASSES))
    assert value == pytest.approx(expected, rel=rtol)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-6), (np.float64, 1e-14), (np.int64, 1e-14)])
def test_probabilities_of_class_1(dtype, rtol, rng):
    probability, target = np.round(4 * rng.random(60)) / 4, rng.integers(2, size=60)
    probability = probability.astype(dtype)
    value = fed(LogLoss(), probability, target, rng).compute()
    assert value == pytest.approx(reference.log_loss(target, probability, labels=[0, 1]), rel=rtol)


def test_one_sample_and_a_single_class():
    assert LogLoss().update([0.25], [1]).compute() == pytest.approx(math.log(4), rel=1e-15)
    assert LogLoss().update([[0.5, 0.25, 0.25]] * 3, [1] * 3).compute() == pytest.approx(
        math.log(4), rel=1e-15
    )


def test_logits_of_classes(rng):
    logits, target = rng.normal(size=(60, CLASSES)), rng.integers(CLASSES, size=60)
    value = fed(LogLoss(from_logits=True), logits, target, rng).compute()
    expected = reference.log_loss(target, softmax(logits, axis=1), labels=range(CLASSES))
    assert value == pytest.approx(expected, rel=1e-13)


def test_logits_of_class_1(rng):
    logits, target = rng.normal(size=60), rng.integers(2, size=60)
    value = fed(LogLoss(from_logits=True), logits, target, rng).compute()
    assert value == pytest.approx(reference.log_loss(target, expit(logits)), rel=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_certain_and_right_is_clipped_as_in_scikit_learn(dtype):
    certain = np.eye(3, dtype=dtype)
    expected = reference.log_loss([0, 1, 2], certain)
    assert expected > 0
    assert LogLoss().update(certain, [0, 1, 2]).compute() == pytest.approx(expected, rel=1e-6)


def test_confident_mistakes_are_exact_from_logits():
    assert LogLoss(from_logits=True).update([1000.0], [0]).compute() == 1000
    assert LogLoss(from_logits=True).update([[0.0, 5000.0, 0.0]], [2]).compute() == 5000


def test_confident_mistakes_are_clipped_from_probabilities():
    for dtype in (np.float32, np.float64):
        value = LogLoss().update(np.array([1, 0], dtype), [0, 0]).compute()
        assert value == pytest.approx(-math.log(np.finfo(dtype).eps) / 2, rel=1e-6)


def test_large_logits_of_float32(rng):
    logits, target = (200 * rng.normal(size=(60, CLASSES))).astype(np.float32), rng.integers(CLASSES, size=60)
    expected = -log_softmax(logits.astype(np.float64), axis=1)[np.arange(60), target].mean()
    assert LogLoss(from_logits=True).update(logits, target).compute() == pytest.approx(expected, rel=1e-13)
