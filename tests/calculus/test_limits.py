"""Limits and continuity."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule.calculus import check_continuity, is_continuous, limit
from chainrule.calculus.extrapolation import aitken, trend
from chainrule.errors import ConfigError

INF = math.inf

# Function, place, limit.
EXISTING = {
    "sin x / x": (lambda x: cr.sin(x) / x, 0, 1),
    "cancellation": (lambda x: (1 - cr.cos(x)) / x**2, 0, 1 / 2),
    "strong cancellation": (lambda x: (cr.sin(x) - x) / x**3, 0, -1 / 6),
    "two orders": (lambda x: (cr.tan(x) - cr.sin(x)) / x**3, 0, 1 / 2),
    "difference of poles": (lambda x: 1 / x - 1 / cr.sin(x), 0, 0),
    "difference quotient": (lambda x: (cr.exp(x) - 1) / x, 0, 1),
    "rounded alike": (lambda x: (2**x - 1) / x, 0, math.log(2)),
    "faster than any power": (lambda x: cr.exp(-1 / x**2), 0, 0),
    "at a rounded place": (lambda x: cr.sin(x) / (x - math.pi), math.pi, -1),
    "factor": (lambda x: (x**3 - 8) / (x - 2), 2, 12),
    "kink": (cr.abs, 0, 0),
    "constant": (lambda x: 3.0, 0, 3),
    "squeezed": (lambda x: x * cr.sin(1 / x), 0, 0),
    "squeezed, not at 0": (lambda x: 5 + x * cr.sin(1 / x), 0, 5),
    "squeezed slowly": (lambda x: cr.sqrt(cr.abs(x)) * cr.sin(1 / x), 0, 0),
    "steep": (lambda x: cr.tanh(1e6 * x), 0, 0),
    "fast oscillation": (lambda x: cr.sin(1e6 * x) / x, 0, 1e6),
    "far away": (lambda x: x, 1e6, 1e6),
    "small": (lambda x: 1e-9 * cr.sin(x) / x, 0, 1e-9),
    "Euler's number": (lambda x: (1 + 1 / x) ** x, INF, math.e),
    "rational": (lambda x: (2 * x**2 + x) / (3 * x**2 - 5), INF, 2 / 3),
    "difference of roots": (lambda x: cr.sqrt(x * x + x) - x, INF, 1 / 2),
    "damped": (lambda x: cr.sin(x) / x, INF, 0),
    "exponential wins": (lambda x: x**2 * cr.exp(-x), INF, 0),
    "logarithm loses": (lambda x: cr.log(x) / x, INF, 0),
    "arctangent": (cr.arctan, -INF, -math.pi / 2),
    "exponential": (cr.exp, -INF, 0),
}


@pytest.mark.parametrize(("f", "place", "value"), EXISTING.values(), ids=EXISTING.keys())
def test_limits_of_the_textbook(f, place, value):
    found = limit(f, place)
    assert found.exists, str(found)
    assert float(found) == pytest.approx(value, rel=1e-9, abs=1e-6)
    assert abs(float(found) - value) <= found.error


# Function, place, side, kind, value.
OTHERS = {
    "pole": (lambda x: 1 / x, 0, "both", "differs", math.nan),
    "pole from the left": (lambda x: 1 / x, 0, "left", "diverges", -INF),
    "even pole": (lambda x: 1 / x**2, 0, "both", "diverges", INF),
    "logarithm": (cr.log, 0, "right", "diverges", -INF),
    "logarithm at infinity": (cr.log, INF, "both", "diverges", INF),
    "exponential": (cr.exp, INF, "both", "diverges", INF),
    "essential": (lambda x: cr.exp(1 / x), 0, "both", "differs", math.nan),
    "jump": (cr.floor, 2, "both", "differs", math.nan),
    "branch": (lambda x: x if x > 0 else x - 1, 0, "both", "differs", math.nan),
    "tangent": (cr.tan, math.pi / 2, "both", "differs", math.nan),
    "oscillation": (lambda x: cr.sin(1 / x), 0, "both", "oscillates", math.nan),
    "oscillation at infinity": (cr.sin, INF, "both", "oscillates", math.nan),
    "fractional part at infinity": (lambda x: x - cr.floor(x), INF, "both", "oscillates", math.nan),
    "growing oscillation": (lambda x: x * cr.sin(x), INF, "both", "oscillates", math.nan),
    "half defined": (cr.sqrt, 0, "both", "undefined", math.nan),
    "not defined": (lambda x: cr.log(-1 - x * x), 0, "both", "undefined", math.nan),
}


@pytest.mark.parametrize(("f", "place", "side", "kind", "value"), OTHERS.values(), ids=OTHERS.keys())
def test_what_has_no_limit(f, place, side, kind, value):
    found = limit(f, place, side)
    assert (found.kind, found.exists) == (kind, False)
    assert float(found) == value or (math.isnan(value) and math.isnan(float(found)))


@pytest.mark.parametrize(
    "f",
    [
        lambda x: (cr.sin(x) - x + x**3 / 6 - x**5 / 120) / x**7,
        lambda x: 1 / cr.log(cr.abs(x)),
    ],
    ids=["rounding from the start", "logarithmically slow"],
)
def test_what_cannot_be_seen_is_left_undecided(f):
    found = limit(f, 0)
    assert found.kind == "undecided"
    assert math.isnan(float(found))


def test_sides():
    assert float(limit(lambda x: x / cr.abs(x), 0, "left")) == -1
    assert float(limit(lambda x: x / cr.abs(x), 0, "right")) == 1
    assert float(limit(lambda x: x * cr.log(x), 0, "right")) == 0
    both = limit(cr.floor, 2)
    assert (both.left.trend.value, both.right.trend.value) == (1, 2)
    assert limit(cr.floor, 2, "left").right is None


def test_the_function_is_not_evaluated_at_the_place():
    seen = []

    def f(x):
        seen.append(float(x))
        return x if x > 1 else x + 0

    limit(f, 1.0)
    assert 1.0 not in seen
    assert min(abs(x - 1) for x in seen) < 1e-9


def test_evidence_is_kept():
    one = limit(lambda x: 2 * x, 3).right
    assert np.allclose(one.values, 2 * one.places)
    assert (np.diff(one.places) < 0).all()


def test_bad_limits_are_refused():
    with pytest.raises(ConfigError, match="'both', 'left', 'right'"):
        limit(cr.sin, 0, "up")
    with pytest.raises(ConfigError, match="got nan"):
        limit(cr.sin, math.nan)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (cr.exp, cr.exp),
        (lambda x: 10**x, lambda x: 10**x * math.log(10)),
        (cr.log, lambda x: 1 / x),
        (cr.tan, lambda x: 1 + cr.tan(x) ** 2),
    ],
    ids=["exp", "10**x", "log", "tan"],
)
@pytest.mark.parametrize("seed", range(10))
def test_error_bars_hold_where_rounding_takes_over(f, slope, seed):
    a = np.random.default_rng(seed).uniform(0.1, 4)
    before = f(cr.tensor(a, dtype="float64")).item()
    exact = slope(cr.tensor(a, dtype="float64")).item()
    for found in (limit(lambda h: (f(a + h) - before) / h, 0), limit(lambda x: (f(x) - before) / (x - a), a)):
        assert found.exists
        assert abs(float(found) - exact) <= found.error < 1e-4 * abs(exact)


@pytest.mark.parametrize("seed", range(20))
def test_random_rational_functions(seed):
    """(x - a) p(x) / ((x - a) q(x)) at a."""
    rng = np.random.default_rng(seed)
    a, p, q = rng.uniform(-3, 3), rng.normal(size=3), rng.normal(size=3)
    if abs(np.polyval(q, a)) < 0.1:
        q = q + 2
    found = limit(
        lambda x: (x - a) * (p[0] * x * x + p[1] * x + p[2]) / ((x - a) * (q[0] * x * x + q[1] * x + q[2])), a
    )
    assert float(found) == pytest.approx(np.polyval(p, a) / np.polyval(q, a), rel=1e-9, abs=1e-12)


def test_aitken_removes_a_geometric_error():
    s = 3 + 2 * 0.7 ** np.arange(6)
    assert np.allclose(aitken(s), 3, rtol=1e-14)


def test_a_sequence_that_only_rests_is_followed_to_its_end():
    h = 2.0 ** -np.arange(40)
    values = np.tanh(1e6 * h)[:, None] * np.ones(3)
    assert trend(values, len(values)).value == pytest.approx(0, abs=1e-12)


# Function, place, kind.
POINTS = {
    "smooth": (cr.sin, 1.0, "continuous"),
    "kink": (cr.abs, 0.0, "continuous"),
    "end of the domain": (cr.sqrt, 0.0, "continuous"),
    "hole": (lambda x: cr.sin(x) / x, 0.0, "removable"),
    "single point": (lambda x: cr.where(x == 0, 5.0, x), 0.0, "removable"),
    "step": (cr.floor, 2.0, "jump"),
    "pole": (lambda x: 1 / x, 0.0, "infinite"),
    "one-sided pole": (cr.log, 0.0, "infinite"),
    "oscillation": (lambda x: cr.sin(1 / x), 0.0, "oscillating"),
    "outside": (cr.log, -1.0, "undefined"),
}


@pytest.mark.parametrize(("f", "place", "kind"), POINTS.values(), ids=POINTS.keys())
def test_kinds_of_continuity(f, place, kind):
    found = is_continuous(f, place)
    assert found.kind == kind
    assert bool(found) is (kind == "continuous")


# Function, interval, places, kinds.
INTERVALS = {
    "polynomial": (lambda x: x**3 - x, (-3, 3), [], []),
    "steep": (lambda x: cr.tanh(1e4 * x), (-1, 1), [], []),
    "zero": (lambda x: 0 * x, (-1, 1), [], []),
    "steps": (cr.floor, (-1.5, 1.7), [-1, 0, 1], ["jump"] * 3),
    "step between points": (lambda x: cr.where(x > 1 / 3, 1.0, 0.0), (0, 1), [1 / 3], ["jump"]),
    "small step": (lambda x: x + cr.where(x > 0.5, 1e-3, 0.0), (0, 1), [0.5], ["jump"]),
    "even pole": (lambda x: 1 / (x - 0.3) ** 2, (-1, 1), [0.3], ["infinite"]),
    "tangent": (cr.tan, (0, 5), [math.pi / 2, 3 * math.pi / 2], ["infinite"] * 2),
    "hole on a point": (lambda x: cr.sin(x) / x, (-1, 1), [0], ["removable"]),
}


@pytest.mark.parametrize(("f", "interval", "places", "kinds"), INTERVALS.values(), ids=INTERVALS.keys())
def test_discontinuities_on_an_interval(f, interval, places, kinds):
    found = check_continuity(f, interval)
    assert [c.kind for c in found.discontinuities] == kinds
    assert np.allclose([c.place for c in found.discontinuities], places, atol=1e-9)
    assert bool(found) is (not places)


def test_where_a_function_is_not_defined():
    found = check_continuity(cr.sqrt, (-1, 1))
    assert not found
    assert found.gaps == ((-1.0, 0.0),)
    assert "not defined between -1 and 0" in str(found)


def test_results_read_in_both_languages(monkeypatch):
    found = is_continuous(cr.floor, 2.0), check_continuity(cr.sin, (0, 1)), limit(cr.sin, INF)
    assert [str(c).splitlines()[0] for c in found] == [
        "jump at 2: from 1 to 2; f is 2",
        "no discontinuity found on [0, 1] between 401 points",
        "there is no limit: f oscillates",
    ]
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert [str(c).splitlines()[0] for c in found] == [
        "在 2 有跳跃间断点：从 1 到 2；f 的值：2",
        "在 [0, 1] 上的 401 个点之间没有发现间断点",
        "没有极限：f 振荡",
    ]


def test_what_is_not_defined_or_infinite_is_said_so(monkeypatch):
    found = is_continuous(lambda x: cr.sin(x) / x, 0.0), is_continuous(cr.log, 0.0)
    assert [str(c) for c in found] == [
        "removable discontinuity at 0: f is not defined, its limit 1",
        "infinite discontinuity at 0: from the left not defined, from the right -∞",
    ]
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert [str(c) for c in found] == [
        "在 0 有可去间断点：f 的值：无定义，极限：1",
        "在 0 有无穷间断点：左侧：无定义，右侧：-∞",
    ]
    assert "从右侧：趋于 -∞" in str(found[1].limit)


def test_in_a_notebook_results_are_shown_in_words():
    found = limit(cr.sin, 0)
    assert repr(found) == str(found)
