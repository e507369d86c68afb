"""Describing data and resampling them."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

import chainrule as cr
from chainrule.errors import ConfigError, DataError, ShapeError
from chainrule.stats import bootstrap, correlation, covariance, describe

RNG = np.random.default_rng(0)
ROWS = RNG.standard_normal((40, 3)) @ np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -0.4], [0.0, 0.0, 2.0]])
SKEWED = RNG.exponential(2.0, 60)


@pytest.mark.parametrize("ddof", [0, 1])
def test_covariance_is_numpys(ddof):
    np.testing.assert_allclose(covariance(ROWS, ddof=ddof).numpy(), np.cov(ROWS.T, ddof=ddof), rtol=1e-12)
    two = covariance(ROWS[:, 0], ROWS[:, 1], ddof=ddof).numpy()
    np.testing.assert_allclose(two, np.cov(ROWS[:, 0], ROWS[:, 1], ddof=ddof), rtol=1e-12)


def test_correlation_is_numpys_and_scipys():
    np.testing.assert_allclose(correlation(ROWS).numpy(), np.corrcoef(ROWS.T), rtol=1e-12)
    ranked = correlation(ROWS, method="spearman").numpy()
    np.testing.assert_allclose(ranked, scipy_stats.spearmanr(ROWS).statistic, rtol=1e-12)


def test_both_are_differentiable_and_single_precision_stays_single():
    cr.check_gradients(covariance, ROWS[:6], seed=0)
    cr.check_gradients(correlation, ROWS[:6], seed=0)
    assert correlation(ROWS.astype("float32")).dtype == "float32"
    assert covariance([1, 2, 4], [3, 5, 1]).dtype == "float32"
    graph = cr.record(correlation, cr.tensor(ROWS))
    np.testing.assert_allclose(graph(cr.tensor(ROWS))[0].numpy(), correlation(ROWS).numpy(), rtol=1e-14)


def test_description(monkeypatch):
    found = describe(SKEWED)
    assert found.count == 60
    assert found.mean == pytest.approx(SKEWED.mean())
    assert found.std == pytest.approx(SKEWED.std(ddof=1))
    assert (found.q1, found.median, found.q3) == pytest.approx(tuple(np.quantile(SKEWED, [0.25, 0.5, 0.75])))
    assert found.skewness == pytest.approx(scipy_stats.skew(SKEWED))
    assert found.kurtosis == pytest.approx(scipy_stats.kurtosis(SKEWED))
    assert str(found).splitlines()[0] == "count: 60"
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert str(found).splitlines()[-1].startswith("超额峰度")


@pytest.mark.parametrize("method", ["bca", "percentile"])
@pytest.mark.parametrize("statistic", [np.mean, np.median, np.std])
def test_bootstrap_intervals_are_scipys(method, statistic):
    found = bootstrap(SKEWED, statistic, method=method, repeats=8000, seed=3)
    theirs = scipy_stats.bootstrap(
        (SKEWED,), statistic, method=method, n_resamples=8000, rng=np.random.default_rng(1), vectorized=False
    )
    # Ends of intervals from 8000 resamples vary by a few hundredths of a standard error.
    tolerance = 0.12 * found.standard_error
    assert found.low == pytest.approx(theirs.confidence_interval.low, abs=tolerance)
    assert found.high == pytest.approx(theirs.confidence_interval.high, abs=tolerance)
    assert found.standard_error == pytest.approx(theirs.standard_error, rel=0.05)
    assert found.estimate == pytest.approx(statistic(SKEWED))


def test_bootstrap_is_repeatable_and_keeps_rows_together():
    def slope(rows):
        return np.polyfit(rows[:, 0], rows[:, 1], 1)[0]

    first, again = (bootstrap(ROWS, slope, repeats=200, seed=5) for _ in range(2))
    assert (first.low, first.high) == (again.low, again.high)
    assert first.low < 0.5 < first.high
    assert bootstrap(ROWS, slope, repeats=200, seed=6).low != first.low


def test_bootstrap_intervals_hold_the_mean_about_as_often_as_they_say():
    d = cr.stats.Exponential(1.0)
    held = 0
    for i, key in enumerate(cr.random.split(cr.random.key(1), 150)):
        found = bootstrap(d.sample(40, key=key), repeats=300, level=0.9, seed=i)
        held += found.low <= 1.0 <= found.high
    # 135 of 150 are expected, with a standard deviation of 3.7.
    assert 121 <= held <= 147


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: covariance([[1.0, 2.0]]), DataError, "needs at least 2 observations"),
        (lambda: covariance([1.0, 2.0], [1.0, 2.0, 3.0]), ShapeError, "must hold equally many observations"),
        (lambda: covariance(np.zeros((2, 2, 2))), ShapeError, "must have 2 axes"),
        (lambda: correlation([[1.0, 2.0], [1.0, 3.0]]), DataError, "column 0 is the same number throughout"),
        (
            lambda: correlation(ROWS, method="kendall"),
            ConfigError,
            "one of 'pearson', 'spearman'",
        ),
        (lambda: describe([1.0]), DataError, "needs at least 2 observations, got 1"),
        (lambda: describe([1.0, np.inf]), DataError, "not finite"),
        (lambda: bootstrap([1.0, 2.0], level=1.0), ConfigError, "level must lie strictly between 0 and 1"),
        (
            lambda: bootstrap([1.0, 2.0], repeats=3),
            ConfigError,
            "a whole number of at least 10",
        ),
        (lambda: bootstrap([1.0, 2.0], lambda x: x), ConfigError, "must give one finite number"),
        (lambda: bootstrap([1.0, 2.0], lambda x: np.nan), ConfigError, "must give one finite number"),
        (lambda: bootstrap([1.0, 2.0], method="t"), ConfigError, "method must be one of 'bca', 'percentile'"),
    ],
)
def test_wrong_data_are_refused(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_data_without_spread_have_an_interval_without_width():
    found = bootstrap([2.0, 2.0, 2.0])
    assert (found.low, found.high) == (2.0, 2.0)
