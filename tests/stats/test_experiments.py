"""The law of large numbers and the central limit theorem, watched."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

from chainrule import stats
from chainrule.errors import ConfigError
from chainrule.stats import central_limit, law_of_large_numbers


def test_running_means_settle_within_the_band():
    d = stats.Gamma(2.0, 0.5)
    found = law_of_large_numbers(d, n=2000, paths=200, seed=1)
    assert found.mean == 4.0
    np.testing.assert_allclose(found.band, 2 * np.sqrt(8.0 / found.counts))
    assert found.running_means.shape == (200, 2000)
    spread = found.running_means.std(axis=0)
    for n in (10, 100, 2000):
        # The standard deviation of 200 running means has a relative standard error of 5 %.
        assert spread[n - 1] == pytest.approx((8 / n) ** 0.5, rel=0.25)
    # 191 of 200 are expected within two standard deviations, give or take 3.
    assert 176 <= found.inside <= 200
    assert "The mean is 4" in str(found)


def test_first_running_means_are_the_draws_themselves():
    found = law_of_large_numbers(stats.Bernoulli(probs=0.5), n=3, paths=4, seed=0)
    assert set(found.running_means[:, 0]) <= {0.0, 1.0}
    again = law_of_large_numbers(stats.Bernoulli(probs=0.5), n=3, paths=4, seed=0)
    assert (found.running_means == again.running_means).all()


def test_without_a_mean_nothing_settles(monkeypatch):
    found = law_of_large_numbers(stats.Cauchy(0.0, 1.0), n=5000, paths=100, seed=2)
    quartiles = np.quantile(found.running_means[:, -1], [0.25, 0.75])
    # The mean of Cauchy's numbers has the same distribution as one of them: quartiles -1 and 1.
    assert 0.5 < -quartiles[0] < 2
    assert 0.5 < quartiles[1] < 2
    assert "which has no mean or no finite variance" in str(found)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert "没有均值" in str(found)


@pytest.mark.parametrize(
    "d",
    [
        stats.Uniform(0.0, 1.0),
        stats.Exponential(3.0),
        stats.Poisson(2.0),
        stats.Mixture([0.5, 0.5], [stats.Normal(-3.0, 0.5), stats.Normal(3.0, 0.5)]),
    ],
    ids=["uniform", "exponential", "poisson", "mixture"],
)
def test_standardised_sums_become_normal(d):
    found = central_limit(d, n=400, repeats=4000, seed=3)
    assert found.sums.mean() == pytest.approx(0, abs=5 / 4000**0.5)
    assert found.sums.std() == pytest.approx(1, abs=5 / 8000**0.5)
    assert found.distance == pytest.approx(scipy_stats.kstest(found.sums, "norm").statistic, rel=1e-12)
    assert found.distance < 0.04


def test_skewness_falls_with_the_square_root_of_the_number():
    few, many = (central_limit(stats.Exponential(1.0), n=n, repeats=20_000, seed=4) for n in (4, 100))
    # The skewness of one draw is 2, that of a sum of n is 2 / √n.
    assert few.skewness == pytest.approx(1.0, abs=0.15)
    assert many.skewness == pytest.approx(0.2, abs=0.1)
    assert few.distance > 3 * many.distance
    assert many.noise == pytest.approx(1.358 / 20_000**0.5)


def test_printed_in_both_languages(monkeypatch):
    found = central_limit(stats.Uniform(0.0, 1.0), n=12, repeats=500)
    assert str(found).startswith("500 standardised sums of 12 draws of Uniform(low=0.0, high=1.0)")
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert "标准化和" in str(found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: central_limit(stats.Cauchy(0.0, 1.0)), "has no finite mean and variance"),
        (lambda: central_limit(stats.StudentT(2.0)), "has no finite mean and variance"),
        (lambda: central_limit(stats.Normal([0.0, 1.0], 1.0)), r"got batch shape \(2,\)"),
        (lambda: law_of_large_numbers(stats.Dirichlet([1.0, 2.0])), r"event shape \(2,\)"),
        (lambda: law_of_large_numbers(stats.Normal(0.0, 1.0), n=0), "n must be a whole number of at least 1"),
        (lambda: law_of_large_numbers(3.0), "d must be a distribution"),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(ConfigError, match=message):
        call()
