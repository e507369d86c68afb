"""Tests that use the order of the data, or their distribution as a whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.stats.checks import equally_many, observations, one_of, open_share, varying
from chainrule.stats.distribution import Distribution
from chainrule.stats.hypothesis import HypothesisTest
from chainrule.stats.means import ALTERNATIVES


def mann_whitney(x: Any, y: Any, *, alternative: str = "two-sided") -> HypothesisTest:
    r"""Mann and Whitney's test of whether two independent groups have the same distribution.

    Returns
    -------
    HypothesisTest
        With the rank-biserial correlation :math:`\frac{2U}{nm} - 1`: how much more often an element of ``x``
        exceeds one of ``y`` than the other way round.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.mann_whitney([1.1, 2.3, 2.9, 3.3], [3.1, 4.2, 4.8, 5.0])
    >>> print(f"{found.p_value:.4f} {found.effect:.3f}")
    0.0571 -0.875
    """
    from scipy import stats

    a, b = (observations("mann_whitney", name, data) for name, data in (("x", x), ("y", y)))
    one_of("mann_whitney", "alternative", alternative, ALTERNATIVES)
    found = stats.mannwhitneyu(a, b, alternative=alternative)
    effect = 2 * found.statistic / (len(a) * len(b)) - 1
    return HypothesisTest(
        "mann_whitney",
        {"U": float(found.statistic)},
        float(found.pvalue),
        "rank_biserial",
        float(effect),
        len(a) + len(b),
        alternative,
    )


def wilcoxon(x: Any, y: Any = None, *, alternative: str = "two-sided") -> HypothesisTest:
    """Wilcoxon's signed-rank test of whether differences are symmetric about 0.

    Parameters
    ----------
    x, y : array
        Paired observations; or ``x`` alone, the differences.

    Returns
    -------
    HypothesisTest
        With the rank-biserial correlation: the share of the ranks of positive differences, less that of
        negative ones.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.wilcoxon([0.8, 1.3, -0.2, 0.9, 1.1, 0.4, 0.7])
    >>> print(f"{found.p_value:.4f} {found.effect:.3f}")
    0.0312 0.929
    """
    from scipy import stats

    first = observations("wilcoxon", "x", x)
    gaps = first
    if y is not None:
        second = observations("wilcoxon", "y", y)
        equally_many("wilcoxon", x=first, y=second)
        gaps = first - second
    one_of("wilcoxon", "alternative", alternative, ALTERNATIVES)
    varying("wilcoxon", "x" if y is None else "x - y", np.append(gaps, 0.0))
    found = stats.wilcoxon(gaps, alternative=alternative)
    ranks = stats.rankdata(abs(gaps[gaps != 0]))
    effect = (ranks * np.sign(gaps[gaps != 0])).sum() / ranks.sum()
    return HypothesisTest(
        "wilcoxon",
        {"W": float(found.statistic)},
        float(found.pvalue),
        "rank_biserial",
        float(effect),
        len(gaps),
        alternative,
    )


def ks_test(x: Any, other: Any) -> HypothesisTest:
    r"""Kolmogorov and Smirnov's test of whether data come from a distribution, or two samples from the same.

    .. math:: D = \sup_x |F_n(x) - F(x)|

    Parameters
    ----------
    x : array
        Independent observations.
    other : Distribution or array
        A continuous distribution whose parameters were not estimated from ``x``, or a second sample.

    Examples
    --------
    >>> import chainrule as cr
    >>> draws = cr.stats.Exponential(2.0).sample(200, key=cr.random.key(0))
    >>> cr.stats.ks_test(draws, cr.stats.Exponential(2.0)).p_value > 0.05
    True
    """
    from scipy import stats

    data = observations("ks_test", "x", x)
    if isinstance(other, Distribution):
        found = stats.kstest(data, lambda at: other.cdf(at).numpy())
        name, count = "ks_test", len(data)
    else:
        second = observations("ks_test", "other", other)
        found = stats.ks_2samp(data, second)
        name, count = "ks_test_two", len(data) + len(second)
    places: dict[str, object] = {"distribution": repr(other)}
    distance = float(found.statistic)
    return HypothesisTest(
        name, {"D": distance}, float(found.pvalue), "distance", distance, count, places=places
    )


def shapiro(x: Any) -> HypothesisTest:
    """Shapiro and Wilk's test of whether data come from a normal distribution.

    Examples
    --------
    >>> import chainrule as cr
    >>> skewed = cr.stats.Exponential(1.0).sample(100, key=cr.random.key(0))
    >>> cr.stats.shapiro(skewed).p_value < 0.001
    True
    """
    from scipy import stats

    data = varying("shapiro", "x", observations("shapiro", "x", x, least=3))
    found = stats.shapiro(data)
    w = float(found.statistic)
    return HypothesisTest("shapiro", {"W": w}, float(found.pvalue), "w", w, len(data))


def correlation_test(
    x: Any, y: Any, *, method: str = "pearson", alternative: str = "two-sided", level: float = 0.95
) -> HypothesisTest:
    """Whether two quantities are correlated: by their numbers (Pearson), or by their ranks (Spearman).

    Pearson's has a confidence interval.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.correlation_test([1.0, 2.0, 3.0, 4.0, 5.0], [2.1, 3.9, 6.2, 7.8, 10.1])
    >>> print(f"{found.effect:.4f} {found.p_value:.1e}")
    0.9987 5.9e-05
    """
    from scipy import stats

    a, b = (observations("correlation_test", name, data, least=3) for name, data in (("x", x), ("y", y)))
    equally_many("correlation_test", x=a, y=b)
    for name, data in (("x", a), ("y", b)):
        varying("correlation_test", name, data)
    one_of("correlation_test", "method", method, ("pearson", "spearman"))
    one_of("correlation_test", "alternative", alternative, ALTERNATIVES)
    share = open_share("correlation_test", "level", level)
    function = stats.pearsonr if method == "pearson" else stats.spearmanr
    found = function(a, b, alternative=alternative)
    ends = None
    if method == "pearson" and len(a) > 3:
        interval = found.confidence_interval(share)
        ends = (float(interval.low), float(interval.high))
    r = float(found.statistic)
    values = ("correlation", r, len(a), alternative, ends, level)
    return HypothesisTest("correlation_test", {"r": r}, float(found.pvalue), *values)
