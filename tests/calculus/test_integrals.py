"""Definite integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule.calculus import integrate
from chainrule.calculus.quadrature import GAUSS, KRONROD, NODES
from chainrule.errors import ConfigError, ConvergenceError, DTypeError, ShapeError

INF = math.inf

# Function, limits, exact value.
TEXTBOOK = {
    "polynomial": (lambda x: x**5 - 2 * x, (-1, 2), 10.5 - 3),
    "sine": (cr.sin, (0, math.pi), 2.0),
    "constant": (lambda x: 2.0, (0, 3), 6.0),
    "reversed": (cr.sin, (math.pi, 0), -2.0),
    "nothing": (cr.sin, (1, 1), 0.0),
    "zero by symmetry": (lambda x: 1e8 * x**3, (-2, 2), 0.0),
    "oscillating": (lambda x: cr.sin(1000 * x), (0, 1), (1 - math.cos(1000)) / 1000),
    "kink": (cr.abs, (-1, 2), 2.5),
    "step": (lambda x: cr.where(x > 0.3, 1.0, 0.0), (0, 1), 0.7),
    "branching": (lambda x: x if x > 0 else 0 * x, (-1, 1), 0.5),
    "singular at the lower end": (lambda x: 1 / cr.sqrt(x), (0, 1), 2.0),
    "singular at the upper end": (lambda x: 1 / cr.sqrt(1 - x), (0, 1), 2.0),
    "very singular": (lambda x: x**-0.9, (0, 1), 10.0),
    "logarithm": (cr.log, (0, 1), -1.0),
    "Gauss": (lambda x: cr.exp(-x * x), (-INF, INF), math.sqrt(math.pi)),
    "reversed infinite": (lambda x: cr.exp(-x * x), (INF, -INF), -math.sqrt(math.pi)),
    "exponential": (lambda x: cr.exp(-x), (0, INF), 1.0),
    "mirrored exponential": (cr.exp, (-INF, 0), 1.0),
    "Lorentz": (lambda x: 1 / (1 + x * x), (-INF, INF), math.pi),
    "slow tail": (lambda x: 1 / x**2, (1, INF), 1.0),
    "Gamma(1/2)": (lambda x: cr.exp(-x) / cr.sqrt(x), (0, INF), math.sqrt(math.pi)),
    "far peak": (lambda x: cr.exp(-((x - 100) ** 2)), (-INF, INF), math.sqrt(math.pi)),
    "farther, wider peak": (lambda x: cr.exp(-(((x + 1e4) / 100) ** 2)), (-INF, 0), 100 * math.sqrt(math.pi)),
    "damped oscillation": (lambda x: cr.exp(-x) * cr.cos(5 * x), (0, INF), 1 / 26),
}


@pytest.mark.parametrize(("f", "limits", "exact"), TEXTBOOK.values(), ids=TEXTBOOK.keys())
def test_integrals_of_the_textbook(f, limits, exact):
    found = integrate(f, *limits)
    assert found.converged
    assert float(found) == pytest.approx(exact, rel=1e-8, abs=1e-7 * (exact == 0))
    # What rounding does beside a singular upper end is not in the estimate.
    assert abs(float(found) - exact) <= max(10 * found.error, 1e-12)


DIVERGENT = {
    "pole at an end": (lambda x: 1 / x, (0, 1)),
    "pole inside": (lambda x: 1 / x, (-1, 1.5)),
    "even pole inside": (lambda x: 1 / x**2, (-1, 1.5)),
    "logarithmic tail": (lambda x: 1 / x, (1, INF)),
    "growing": (cr.exp, (0, INF)),
    "constant tail": (lambda x: 1 + 0 * x, (0, INF)),
    "NaN": (lambda x: cr.log(x), (-1, 1)),
}


@pytest.mark.parametrize(("f", "limits"), DIVERGENT.values(), ids=DIVERGENT.keys())
def test_divergence_is_never_a_number_in_silence(f, limits):
    with pytest.raises(ConvergenceError, match="no convergence; error estimate"):
        integrate(f, *limits)
    loose = integrate(f, *limits, strict=False)
    assert not loose.converged
    assert loose.reason in str(loose)


def test_break_points_help():
    def f(x):
        return 1 / cr.sqrt(cr.abs(x - 0.3))

    exact = 2 * (math.sqrt(1.3) + math.sqrt(0.7))
    assert float(integrate(f, -1, 1, points=[0.3])) == pytest.approx(exact, rel=1e-9)
    assert float(integrate(f, 1, -1, points=[0.3])) == pytest.approx(-exact, rel=1e-9)
    with pytest.raises(ConvergenceError, match=r"near 0\.(29999|3)"):
        integrate(f, -1, 1)


def test_a_narrow_peak_is_seen_where_its_place_is_named():
    def f(x):
        return cr.exp(-(((x - 0.123456) / 1e-5) ** 2))

    exact = 1e-5 * math.sqrt(math.pi)
    assert float(integrate(f, 0, 1, points=[0.123456])) == pytest.approx(exact, rel=1e-8)


# Function, limits, exact value.
SEVERAL = {
    "box": (lambda x, y: x * y, [(0, 1), (0, 2)], 1.0),
    "vector": (lambda v: cr.sum(v * v), [(0, 1), (0, 1)], 2 / 3),
    "triangle": (lambda x, y: x * y, [(0, 1), (0, lambda x: x)], 1 / 8),
    "disc": (
        lambda x, y: 1.0,
        [(-1, 1), (lambda x: -cr.sqrt(1 - x * x), lambda x: cr.sqrt(1 - x * x))],
        math.pi,
    ),
    "plane": (lambda x, y: cr.exp(-x * x - y * y), [(-INF, INF), (-INF, INF)], math.pi),
    "far peak of the plane": (
        lambda x, y: cr.exp(-((x - 30) ** 2) - (y + 20) ** 2),
        [(-INF, INF), (-INF, INF)],
        math.pi,
    ),
    "half-infinite": (lambda x, y: cr.exp(-y), [(0, 1), (lambda x: x, INF)], 1 - math.exp(-1)),
    "simplex": (lambda x, y, z: 1.0, [(0, 1), (0, lambda x: 1 - x), (0, lambda x, y: 1 - x - y)], 1 / 6),
    "ball": (
        lambda x, y, z: x * x + y * y + z * z,
        [
            (-1, 1),
            (lambda x: -cr.sqrt(1 - x * x), lambda x: cr.sqrt(1 - x * x)),
            (lambda x, y: -cr.sqrt(1 - x * x - y * y), lambda x, y: cr.sqrt(1 - x * x - y * y)),
        ],
        4 * math.pi / 5,
    ),
    "four variables": (lambda w, x, y, z: w * x * y * z, [(0, 1)] * 4, 1 / 16),
}


@pytest.mark.parametrize(("f", "limits", "exact"), SEVERAL.values(), ids=SEVERAL.keys())
def test_integrals_of_several_variables(f, limits, exact):
    assert float(integrate(f, *limits)) == pytest.approx(exact, rel=1e-8)


def test_a_jump_across_a_box_is_reported():
    def disc(x, y):
        return cr.where(x * x + y * y < 1, 1.0, 0.0)

    found = integrate(disc, (-1, 1), (-1, 1), strict=False, budget=100_000)
    assert not found.converged
    assert abs(float(found) - math.pi) < found.error < 0.2


def test_derivative_by_the_limits_is_the_integrand():
    def F(a, b):
        return integrate(lambda x: cr.exp(-x * x), a, b).value

    a, b = cr.tensor(np.array(0.5)), cr.tensor(np.array(1.5))
    by_a, by_b = cr.grad(F, (0, 1))(a, b)
    assert float(by_a) == pytest.approx(-math.exp(-0.25), rel=1e-9)
    assert float(by_b) == pytest.approx(math.exp(-2.25), rel=1e-9)
    second = cr.grad(cr.grad(F, 1), 1)(a, b)
    assert float(second) == pytest.approx(-3 * math.exp(-2.25), rel=1e-7)
    forward = cr.jvp(lambda b: F(a, b), (b,), (cr.tensor(np.array(1.0)),))[1]
    assert float(forward) == pytest.approx(math.exp(-2.25), rel=1e-9)


def test_derivative_by_a_parameter():
    def F(s):
        return integrate(lambda x: cr.exp(-s * x), 0, INF).value

    assert float(cr.grad(F)(cr.tensor(np.array(2.0)))) == pytest.approx(-1 / 4, rel=1e-8)


def test_derivative_through_limits_that_are_functions():
    def area(r):
        side = lambda x: cr.sqrt(cr.maximum(r * r - x * x, 0.0))  # noqa: E731
        return integrate(lambda x, y: 1.0, (0, r), (0, side)).value

    r = cr.tensor(np.array(2.0))
    assert float(cr.grad(area)(r)) == pytest.approx(math.pi, rel=1e-6)


@pytest.mark.parametrize("degree", range(24))
def test_the_rules_are_exact_up_to_their_degrees(degree):
    exact = 2 / (degree + 1) if degree % 2 == 0 else 0.0
    assert KRONROD @ NODES**degree == pytest.approx(exact, abs=1e-15)
    if degree <= 13:
        assert GAUSS @ NODES**degree == pytest.approx(exact, abs=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_random_integrands_against_scipy(seed):
    from scipy.integrate import quad

    rng = np.random.default_rng(seed)
    c = rng.normal(size=5)
    low, high = np.sort(rng.uniform(-3, 3, 2))
    ours = integrate(lambda x: c[0] * cr.sin(c[1] * 9 * x) * cr.exp(c[2] * x) + c[3] / (1 + x * x), low, high)
    theirs = quad(
        lambda x: c[0] * np.sin(c[1] * 9 * x) * np.exp(c[2] * x) + c[3] / (1 + x * x), low, high, epsabs=1e-12
    )
    assert float(ours) == pytest.approx(theirs[0], rel=1e-9, abs=1e-11)


@pytest.mark.parametrize(
    ("bad", "kind", "said"),
    [
        (lambda: integrate(cr.sin), ShapeError, "needs limits"),
        (lambda: integrate(cr.sin, 0), ShapeError, "two numbers a, b"),
        (lambda: integrate(cr.sin, 0, 1, 2), ShapeError, "two numbers a, b"),
        (lambda: integrate(cr.sin, 0, math.nan), ConfigError, "NaN"),
        (lambda: integrate(cr.sin, INF, INF), ConfigError, "same infinity"),
        (lambda: integrate(cr.sin, (0, 1, 2)), ShapeError, "limits of variable 0"),
        (lambda: integrate(cr.sin, 0, cr.tensor([1.0, 2.0])), ShapeError, "must be one number"),
        (lambda: integrate(lambda x: cr.zeros(2), 0, 1), ShapeError, "one number at each point"),
        (lambda: integrate(lambda x, y: x, 0, 1), ShapeError, "takes"),
        (lambda: integrate(lambda x, y: x, (lambda: 0, 1), (0, 1)), ConfigError, "outermost"),
        (lambda: integrate(lambda x, y: x, (0, 1), (0, lambda x, y: x)), ShapeError, "takes"),
        (lambda: integrate(lambda v: v[0], *[(0, 1)] * 6), ConfigError, "monte_carlo"),
        (lambda: integrate(cr.sin, 0, 1, points=[2.0]), ConfigError, "between the limits"),
        (lambda: integrate(lambda x, y: x, (0, 1), (0, 1), points=[0.5]), ConfigError, "one variable"),
        (lambda: integrate(3.0, 0, 1), DTypeError, "takes a function"),
        (lambda: integrate(cr.sin, 0, 1, rtol=0), ConfigError, "rtol"),
    ],
)
def test_bad_input_is_refused(bad, kind, said):
    with pytest.raises(kind, match=said):
        bad()


def test_the_result_reads_in_both_languages(monkeypatch):
    found = integrate(lambda x: x, 0, 1)
    assert str(found).startswith("integral = 0.5 ± ")
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert str(found).startswith("积分 = 0.5 ± ")


def test_limits_as_one_list_and_points_in_any_form():
    assert float(integrate(lambda x, y: x * y, [(0, 1), (0, 2)])) == pytest.approx(1)
    for points in (0.3, [0.3], np.array([0.1, 0.3])):
        assert integrate(lambda x: cr.abs(x - 0.3), 0, 1, points=points).error < 1e-14


# Function, limits, what is said.
WHERE = {
    "pole": (lambda x: 1 / x, (-1, 1), "not finite near 0; if"),
    "edge": (lambda x: 1 / x, (0, 1), "near 0; if"),
    "tail": (lambda x: 1 / x, (1, INF), "Towards ∞ the integral diverges"),
    "without end": (lambda x: cr.sin(x) / x, (0, INF), "oscillates without end"),
    "not defined": (cr.log, (-1, 1), r"not defined \(NaN\) near -0"),
}


@pytest.mark.parametrize(("f", "limits", "said"), WHERE.values(), ids=WHERE.keys())
def test_failures_say_where(f, limits, said):
    with pytest.raises(ConvergenceError, match=said):
        integrate(f, *limits)


def test_the_same_reason_in_two_pieces_is_said_once():
    with pytest.raises(ConvergenceError) as problem:
        integrate(cr.log, -2, -1, points=-1.5)
    assert str(problem.value).count("not defined") == 2
    assert "; f is not defined (NaN) near -1" in str(problem.value)
