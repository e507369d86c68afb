"""Tests about means: Student's, Welch's and the analysis of variance."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.errors import error
from chainrule.stats.checks import equally_many, observations, one_of, open_share, varying
from chainrule.stats.hypothesis import HypothesisTest

ALTERNATIVES = ("two-sided", "less", "greater")


def t_test(
    x: Any, mean: float = 0.0, *, alternative: str = "two-sided", level: float = 0.95
) -> HypothesisTest:
    """Student's test of whether data come from a distribution with a given mean.

    Parameters
    ----------
    x : array
        Independent observations, nearly normally distributed or many.
    mean : float
        What the hypothesis says.
    alternative : {"two-sided", "less", "greater"}
        In which direction the mean may differ.
    level : float
        Of the confidence interval.

    Returns
    -------
    HypothesisTest
        With Cohen's d, the distance of the means in standard deviations.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.t_test([5.1, 4.9, 5.6, 5.8, 5.2, 5.4], mean=5.0)
    >>> print(found)
    hypothesis: the mean is 5
    t = 2.454, df = 5, p = 0.0576
    Cohen's d: 1.002
    95% confidence interval: 4.98422 to 5.68244
    If it were true that the mean is 5, a result at least this far from it would come with probability
    0.0576. That is not below 0.05: the data do not speak against the hypothesis, which is no proof of it: an
    effect may be too small to be seen in 6 observations.
    """
    from scipy import stats

    data = varying("t_test", "x", observations("t_test", "x", x, least=2))
    one_of("t_test", "alternative", alternative, ALTERNATIVES)
    found = stats.ttest_1samp(data, mean, alternative=alternative)
    effect = (data.mean() - mean) / data.std(ddof=1)
    return _of_means("t_test", found, effect, len(data), alternative, level, mean=float(mean))


def t_test_two(
    x: Any,
    y: Any,
    *,
    equal_variances: bool = False,
    alternative: str = "two-sided",
    level: float = 0.95,
) -> HypothesisTest:
    """Welch's test of whether two independent groups have the same mean; with equal variances, Student's.

    The interval is that of the difference of the means. Parameters as for `t_test`.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.t_test_two([5.1, 4.9, 5.6, 5.8], [6.1, 6.4, 5.9, 6.8])
    >>> print(f"{found.p_value:.4f} {found.effect:.2f}")
    0.0164 -2.34
    """
    from scipy import stats

    a, b = (observations("t_test_two", name, data, least=2) for name, data in (("x", x), ("y", y)))
    varying("t_test_two", "x, y", np.concatenate([a - a.mean(), b - b.mean()]))
    one_of("t_test_two", "alternative", alternative, ALTERNATIVES)
    found = stats.ttest_ind(a, b, equal_var=equal_variances, alternative=alternative)
    within = ((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2)
    effect = (a.mean() - b.mean()) / np.sqrt(within)
    return _of_means("t_test_two", found, effect, len(a) + len(b), alternative, level)


def t_test_paired(x: Any, y: Any, *, alternative: str = "two-sided", level: float = 0.95) -> HypothesisTest:
    """Student's test of whether the differences of paired observations have the mean 0.

    Parameters as for `t_test`; Cohen's d is in standard deviations of the differences.

    Examples
    --------
    >>> import chainrule as cr
    >>> before, after = [7.2, 6.8, 7.9, 8.1, 7.0], [6.9, 6.1, 7.7, 7.2, 6.8]
    >>> print(f"{cr.stats.t_test_paired(before, after).p_value:.4f}")
    0.0327
    """
    from scipy import stats

    a, b = (observations("t_test_paired", name, data, least=2) for name, data in (("x", x), ("y", y)))
    equally_many("t_test_paired", x=a, y=b)
    varying("t_test_paired", "x - y", a - b)
    one_of("t_test_paired", "alternative", alternative, ALTERNATIVES)
    found = stats.ttest_rel(a, b, alternative=alternative)
    effect = (a - b).mean() / (a - b).std(ddof=1)
    return _of_means("t_test_paired", found, effect, len(a), alternative, level)


def _of_means(
    name: str, found: Any, effect: float, count: int, alternative: str, level: float, **places: object
) -> HypothesisTest:
    ends = found.confidence_interval(open_share(name, "level", level))
    return HypothesisTest(
        name,
        {"t": float(found.statistic), "df": float(found.df)},
        float(found.pvalue),
        "cohen_d",
        float(effect),
        count,
        alternative,
        (float(ends.low), float(ends.high)),
        level,
        places,
    )


def anova(*groups: Any) -> HypothesisTest:
    r"""One-way analysis of variance: whether all groups have the same mean.

    The effect size is :math:`η^2`, the share of the variance that lies between the groups.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.anova([4.8, 5.2, 5.1], [5.9, 6.1, 6.4], [5.0, 5.4, 4.9])
    >>> print(f"{found.p_value:.4f} {found.effect:.2f}")
    0.0024 0.87
    """
    from scipy import stats

    if len(groups) < 2:
        raise error("stats.groups", function="anova", got=len(groups))
    data = [observations("anova", f"group {i}", group, least=2) for i, group in enumerate(groups)]
    varying("anova", "groups", np.concatenate([group - group.mean() for group in data]))
    found = stats.f_oneway(*data)
    everything = np.concatenate(data)
    between = sum(len(group) * (group.mean() - everything.mean()) ** 2 for group in data)
    effect = between / ((everything - everything.mean()) ** 2).sum()
    statistics = {
        "F": float(found.statistic),
        "df1": len(data) - 1.0,
        "df2": float(len(everything) - len(data)),
    }
    return HypothesisTest(
        "anova", statistics, float(found.pvalue), "eta_squared", float(effect), len(everything)
    )
