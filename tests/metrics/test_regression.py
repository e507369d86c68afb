"""Errors of real predictions equal scikit-learn's, and stay accurate far from zero."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sklearn.metrics as reference

from chainrule.metrics import MAE, MSE, R2, RMSE

from .samples import fed

PAIRS = [
    (MSE, reference.mean_squared_error),
    (RMSE, reference.root_mean_squared_error),
    (MAE, reference.mean_absolute_error),
    (R2, reference.r2_score),
]


@pytest.mark.parametrize(("metric", "score"), PAIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_they_equal_scikit_learn(metric, score, dtype, rng):
    target = (10 * rng.normal(size=70)).astype(dtype)
    prediction = (target + 3 * rng.normal(size=70)).astype(dtype)
    value = fed(metric(), prediction, target, rng).compute()
    expected = score(target.astype(np.float64), prediction.astype(np.float64))
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("metric", "score"), [pair for pair in PAIRS if pair[0] is not RMSE])
def test_several_outputs(metric, score, rng):
    target = rng.normal(size=(70, 3)) * [1, 10, 100]
    prediction = target + rng.normal(size=(70, 3))
    value = fed(metric(), prediction, target, rng).compute()
    assert value == pytest.approx(score(target, prediction), rel=1e-12)


def test_rmse_of_several_outputs_is_over_all_elements(rng):
    prediction, target = rng.normal(size=(2, 70, 3))
    expected = reference.root_mean_squared_error(target.ravel(), prediction.ravel())
    assert RMSE().update(prediction, target).compute() == pytest.approx(expected, rel=1e-13)


def test_one_sample():
    assert MSE().update([3.0], [1.0]).compute() == 4
    assert RMSE().update([3.0], [1.0]).compute() == 2
    assert MAE().update([3.0], [1.0]).compute() == 2
    assert np.isnan(R2().update([3.0], [1.0]).compute())


def test_r2_of_a_constant_target(rng):
    constant = np.full(30, 0.1)
    assert fed(R2(), constant, constant, rng).compute() == 1
    assert fed(R2(), constant + 1, constant, rng).compute() == 0
    assert fed(R2(), constant, constant, rng).compute() == reference.r2_score(constant, constant)


def test_r2_far_from_zero(rng):
    """Sums of squares would lose every digit here; the exact value is computed in fractions."""
    target = 1e9 + rng.normal(size=200)
    prediction = target + 0.3 * rng.normal(size=200)
    value = fed(R2(), prediction, target, rng).compute()
    assert value == pytest.approx(exact_r2(prediction, target), rel=1e-12)


def exact_r2(prediction: np.ndarray, target: np.ndarray) -> float:
    t, p = ([Fraction(x) for x in values.tolist()] for values in (target, prediction))
    mean = sum(t) / len(t)
    residual = sum((a - b) ** 2 for a, b in zip(t, p, strict=True))
    return float(1 - residual / sum((a - mean) ** 2 for a in t))


@pytest.mark.parametrize(("metric", "score"), PAIRS)
def test_many_small_batches_of_float32(metric, score, rng):
    target = (1000 + rng.normal(size=20_000)).astype(np.float32)
    prediction = (target + rng.normal(size=20_000)).astype(np.float32)
    streamed = metric()
    for start in range(0, len(target), 10):
        streamed.update(prediction[start : start + 10], target[start : start + 10])
    expected = score(target.astype(np.float64), prediction.astype(np.float64))
    assert streamed.compute() == pytest.approx(expected, rel=1e-11)
