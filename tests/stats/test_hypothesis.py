"""Tests: SciPy's numbers, effect sizes by their definitions, and a wording that never proves a hypothesis."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

from chainrule import stats
from chainrule.errors import ConfigError, DataError, ShapeError

RNG = np.random.default_rng(4)
X, Y, Z = RNG.normal(0.0, 1.0, 30), RNG.normal(0.7, 1.4, 30), RNG.normal(0.2, 1.0, 25)
TABLE = np.array([[12, 25, 9], [20, 11, 15]])

# A test, and what SciPy says of the same data.
CASES = {
    "t_test": (lambda: stats.t_test(X, 0.3), scipy_stats.ttest_1samp(X, 0.3)),
    "t_test less": (
        lambda: stats.t_test(X, 0.3, alternative="less"),
        scipy_stats.ttest_1samp(X, 0.3, alternative="less"),
    ),
    "t_test_two": (lambda: stats.t_test_two(X, Z), scipy_stats.ttest_ind(X, Z, equal_var=False)),
    "t_test_two equal": (lambda: stats.t_test_two(X, Z, equal_variances=True), scipy_stats.ttest_ind(X, Z)),
    "t_test_paired": (lambda: stats.t_test_paired(X, Y), scipy_stats.ttest_rel(X, Y)),
    "anova": (lambda: stats.anova(X, Y, Z), scipy_stats.f_oneway(X, Y, Z)),
    "chi2_goodness": (lambda: stats.chi2_goodness([9, 14, 22]), scipy_stats.chisquare([9, 14, 22])),
    "chi2_goodness expected": (
        lambda: stats.chi2_goodness([9, 14, 22], [15, 15, 15]),
        scipy_stats.chisquare([9, 14, 22], [15, 15, 15]),
    ),
    "chi2_independence": (lambda: stats.chi2_independence(TABLE), scipy_stats.chi2_contingency(TABLE)),
    "mann_whitney": (lambda: stats.mann_whitney(X, Z), scipy_stats.mannwhitneyu(X, Z)),
    "wilcoxon": (lambda: stats.wilcoxon(X, Y), scipy_stats.wilcoxon(X, Y)),
    "ks_test": (lambda: stats.ks_test(X, stats.Normal(0.0, 1.0)), scipy_stats.kstest(X, "norm")),
    "ks_test two": (lambda: stats.ks_test(X, Y), scipy_stats.ks_2samp(X, Y)),
    "shapiro": (lambda: stats.shapiro(X), scipy_stats.shapiro(X)),
    "correlation_test": (lambda: stats.correlation_test(X, Y), scipy_stats.pearsonr(X, Y)),
    "correlation_test ranks": (
        lambda: stats.correlation_test(X, Y, method="spearman"),
        scipy_stats.spearmanr(X, Y),
    ),
    "proportion_test": (lambda: stats.proportion_test(38, 60, 0.4), scipy_stats.binomtest(38, 60, 0.4)),
}


@pytest.mark.parametrize("name", CASES)
def test_p_values_are_scipys(name):
    made, theirs = CASES[name]
    found = made()
    # Single precision in the parameters of the normal distribution costs some digits.
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    if not name.startswith("proportion"):
        assert found.statistic == pytest.approx(theirs.statistic, rel=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_results_speak_in_both_languages_and_never_for_the_hypothesis(name, monkeypatch):
    found = CASES[name][0]()
    english = str(found)
    assert english.startswith("hypothesis: ")
    assert "p = " in english
    assert not {"accept", "accepted", "true that the hypothesis", "proves"} & set(english.lower().split())
    for alpha in (1e-300, 1.0):
        reading = found.reading(alpha)
        against = found.p_value < alpha
        assert ("the data speak against the hypothesis" in reading) == against
        assert ("which is no proof of it" in reading) == (not against)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert str(found).startswith("假设：")
    assert "接受" not in str(found)


def test_effect_sizes():
    assert stats.t_test(X, 0.3).effect == pytest.approx((X.mean() - 0.3) / X.std(ddof=1))
    pooled = np.sqrt((29 * X.var(ddof=1) + 24 * Z.var(ddof=1)) / 53)
    assert stats.t_test_two(X, Z).effect == pytest.approx((X.mean() - Z.mean()) / pooled)
    assert stats.t_test_paired(X, Y).effect == pytest.approx((X - Y).mean() / (X - Y).std(ddof=1))
    more = np.sign(X[:, None] - Z[None, :]).mean()
    assert stats.mann_whitney(X, Z).effect == pytest.approx(more)
    assert stats.chi2_independence([[10, 0], [0, 10]]).effect == pytest.approx(1.0)
    assert stats.chi2_independence([[10, 20], [5, 10]]).effect == pytest.approx(0.0, abs=1e-12)
    assert stats.chi2_goodness([30, 10]).effect == pytest.approx(0.5)
    assert stats.wilcoxon([1.0, 2.0, 3.0, 4.0]).effect == 1.0
    assert stats.wilcoxon([1.0, -2.0, 3.0, 4.0]).effect == pytest.approx(0.6)
    assert stats.anova(X, X + 1e9).effect == pytest.approx(1.0)
    assert stats.proportion_test(38, 60, 0.4).effect == pytest.approx(38 / 60 - 0.4)
    assert stats.correlation_test(X, 2 * X + 1).effect == pytest.approx(1.0)


def test_intervals_are_turned_tests():
    found = stats.t_test(X, level=0.9)
    for end in found.interval:
        assert stats.t_test(X, mean=end).p_value == pytest.approx(0.1, rel=1e-6)


def test_under_the_hypothesis_p_values_are_evenly_distributed():
    rng = np.random.default_rng(2)
    p = [
        stats.t_test_two(rng.normal(size=12), rng.normal(size=9), equal_variances=True).p_value
        for _ in range(400)
    ]
    assert scipy_stats.kstest(p, "uniform").pvalue > 1e-4


def test_a_reading():
    reading = stats.proportion_test(62, 100).reading()
    assert reading == (
        "If it were true that the probability of success is 0.5, a result at least this far from it would "
        "come with probability 0.0210. That is below 0.05: the data speak against the hypothesis."
    )


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: stats.t_test([1.0]), DataError, "t_test: x needs at least 2 observations, got 1"),
        (lambda: stats.t_test([1.0, 1.0]), DataError, "x is the same number throughout"),
        (lambda: stats.t_test([1.0, np.nan]), DataError, "not finite"),
        (lambda: stats.t_test(X, alternative="both"), ConfigError, "alternative must be one of 'two-sided'"),
        (lambda: stats.t_test(X, level=2), ConfigError, "level must lie strictly between 0 and 1"),
        (lambda: stats.t_test(X.reshape(5, 6)), ShapeError, "x must have 1 axes"),
        (lambda: stats.t_test_paired(X, Z), ShapeError, "must hold equally many observations"),
        (lambda: stats.t_test_paired(X, X), DataError, "x - y is the same number throughout"),
        (lambda: stats.anova(X), DataError, "at least two groups are compared, got 1"),
        (lambda: stats.chi2_goodness([5, 5], [4, 4]), DataError, "the sums are 10 observed and 8 expected"),
        (lambda: stats.chi2_goodness([5, 5], [10, 0]), DataError, "expected counts must be positive"),
        (lambda: stats.chi2_independence([[1, 0], [1, 0]]), DataError, "no empty row or column"),
        (lambda: stats.chi2_independence([[1, 2]]), DataError, "at least two rows and two columns"),
        (lambda: stats.proportion_test(5, 3), DataError, "5 successes of 3 trials"),
        (lambda: stats.proportion_test(1.5, 3), ConfigError, "successes must be a whole number"),
        (lambda: stats.shapiro([1.0, 2.0]), DataError, "needs at least 3 observations"),
        (lambda: stats.wilcoxon([0.0, 0.0]), DataError, "the same number throughout"),
        (lambda: stats.correlation_test(X, Y[:5]), ShapeError, "must hold equally many observations"),
        (lambda: stats.correlation_test(X, np.ones(30)), DataError, "y is the same number throughout"),
    ],
)
def test_wrong_data_are_refused(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
