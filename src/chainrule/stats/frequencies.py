"""Tests about counts: shares, independence, a proportion."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.errors import error
from chainrule.stats.checks import observations, one_of, open_share, whole_number
from chainrule.stats.hypothesis import HypothesisTest
from chainrule.stats.means import ALTERNATIVES


def chi2_goodness(observed: Any, expected: Any = None) -> HypothesisTest:
    r"""Pearson's test of whether counts come from given shares.

    .. math:: χ^2 = \sum_i \frac{(o_i - e_i)^2}{e_i}

    Parameters
    ----------
    observed : array
        Counts of the categories.
    expected : array, optional
        Expected counts with the same sum; by default all equal.

    Returns
    -------
    HypothesisTest
        With Cohen's w, :math:`\sqrt{χ^2 / n}`.

    Examples
    --------
    >>> import chainrule as cr
    >>> die = cr.stats.chi2_goodness([18, 21, 24, 17, 19, 21])
    >>> print(f"{die.statistic:.1f} {die.p_value:.4f}")
    1.6 0.9012
    """
    from scipy import stats

    counts = observations("chi2_goodness", "observed", observed, least=2)
    wanted = np.full(len(counts), counts.mean())
    if expected is not None:
        wanted = observations("chi2_goodness", "expected", expected, least=2)
    fits = wanted.shape == counts.shape and np.isclose(wanted.sum(), counts.sum(), rtol=1e-6)
    if not fits or not (wanted > 0).all() or not (counts >= 0).all():
        values = {"observed": counts.sum(), "expected": wanted.sum()}
        raise error("stats.expected", function="chi2_goodness", **values)
    found = stats.chisquare(counts, wanted * (counts.sum() / wanted.sum()))
    statistics = {"χ²": float(found.statistic), "df": len(counts) - 1.0}
    effect, count = np.sqrt(found.statistic / counts.sum()), round(counts.sum())
    return HypothesisTest("chi2_goodness", statistics, float(found.pvalue), "cohen_w", float(effect), count)


def chi2_independence(table: Any, *, correction: bool = False) -> HypothesisTest:
    r"""Pearson's test of whether rows and columns of a table of counts are independent.

    Parameters
    ----------
    table : array
        Counts, of shape (rows, columns).
    correction : bool
        Yates' correction of tables with two rows and two columns.

    Returns
    -------
    HypothesisTest
        With Cramér's V, between 0 (independent) and 1.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.chi2_independence([[20, 30], [35, 15]])
    >>> print(f"{found.p_value:.4f} {found.effect:.2f}")
    0.0026 0.30
    """
    from scipy import stats

    counts = observations("chi2_independence", "table", table, ndim=2)
    sums = [counts.sum(axis=axis) for axis in (0, 1)]
    if min(counts.shape) < 2 or (counts < 0).any() or not all(part.all() for part in sums):
        raise error("stats.table", function="chi2_independence", got=counts.tolist())
    found = stats.chi2_contingency(counts, correction=correction)
    effect = np.sqrt(found.statistic / (counts.sum() * (min(counts.shape) - 1)))
    statistics = {"χ²": float(found.statistic), "df": float(found.dof)}
    count = round(counts.sum())
    return HypothesisTest(
        "chi2_independence", statistics, float(found.pvalue), "cramer_v", float(effect), count
    )


def proportion_test(
    successes: int, trials: int, p: float = 0.5, *, alternative: str = "two-sided", level: float = 0.95
) -> HypothesisTest:
    """The exact binomial test of whether a probability of success has a given value.

    The interval is Wilson's; the effect is the observed proportion less the one supposed.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.proportion_test(62, 100)
    >>> print(f"{found.p_value:.4f} {found.interval[0]:.3f} {found.interval[1]:.3f}")
    0.0210 0.522 0.709
    """
    from scipy import stats

    count = whole_number("proportion_test", "trials", trials, 1)
    wins = whole_number("proportion_test", "successes", successes, 0)
    if wins > count:
        raise error("stats.successes", successes=wins, trials=count)
    supposed = open_share("proportion_test", "p", p)
    one_of("proportion_test", "alternative", alternative, ALTERNATIVES)
    found = stats.binomtest(wins, count, supposed, alternative)
    ends = found.proportion_ci(open_share("proportion_test", "level", level), "wilson")
    return HypothesisTest(
        "proportion_test",
        {"k": float(wins), "n": float(count)},
        float(found.pvalue),
        "difference",
        wins / count - supposed,
        count,
        alternative,
        (float(ends.low), float(ends.high)),
        level,
        {"p": supposed},
    )
