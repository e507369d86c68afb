"""Roots, critical points, descent, convexity."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule.calculus import bisect, critical_points, descent_path, is_convex, minimize, newton
from chainrule.calculus.descent import METHODS
from chainrule.errors import (
    ConfigError,
    ConvergenceError,
    GradientError,
    NonFiniteError,
    ShapeError,
    printed_width,
)


def himmelblau(x, y):
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def bowl(x, y):
    return x * x + 4 * y * y


def test_himmelblau_has_nine_critical_points():
    """Values of Himmelblau, Applied Nonlinear Programming, 1972."""
    found = critical_points(himmelblau, [(-5, 5), (-5, 5)])
    assert [len(found.of_kind(kind)) for kind in ("minimum", "saddle", "maximum", "degenerate")] == [
        4,
        4,
        1,
        0,
    ]
    minima = sorted(p.point.round(6).tolist() for p in found.of_kind("minimum"))
    assert minima == [[-3.77931, -3.283186], [-2.805118, 3.131313], [3.0, 2.0], [3.584428, -1.848127]]
    assert all(abs(p.value) < 1e-20 for p in found.of_kind("minimum"))
    assert found.of_kind("maximum")[0].value == pytest.approx(181.617, abs=1e-3)
    assert all(p.gradient_norm < 1e-10 for p in found)
    assert (found.starts, found.failed) == (64, 0)


# Function, region, expected points with kinds in order of value.
CRITICAL = {
    "Rosenbrock": (rosenbrock, [(-2, 2)] * 2, [((1, 1), "minimum")]),
    "saddle": (lambda x, y: x * x - y * y, [(-1, 1)] * 2, [((0, 0), "saddle")]),
    "monkey saddle": (lambda x, y: x**3 - 3 * x * y**2, [(-1, 2)] * 2, [((0, 0), "degenerate")]),
    "quartic": (lambda x: (x - 1) ** 4, (-2, 3), [((1,), "degenerate")]),
    "inflection": (lambda x: x**3, (-1, 2), [((0,), "degenerate")]),
    "bell": (lambda x, y: cr.exp(-x * x - y * y), [(-3, 3)] * 2, [((0, 0), "maximum")]),
    "sine": (
        cr.sin,
        (0, 10),
        [((3 * math.pi / 2,), "minimum"), ((math.pi / 2,), "maximum"), ((5 * math.pi / 2,), "maximum")],
    ),
    "degenerate, but a saddle": (
        lambda x, y, z: x * x - y * y + z**4,
        [(-1, 2)] * 3,
        [((0, 0, 0), "saddle")],
    ),
    "none": (lambda x, y: x + y, [(-3, 3)] * 2, []),
    "not defined everywhere": (lambda x: x - cr.log(x), (-1, 3), [((1,), "minimum")]),
    "curvature that jumps": (lambda x: cr.where(x < 0, x**2, -(x**2)), (-1, 1.5), [((0,), "degenerate")]),
}


@pytest.mark.parametrize(("f", "region", "expected"), CRITICAL.values(), ids=CRITICAL.keys())
def test_critical_points_of_the_textbook(f, region, expected):
    found = critical_points(f, region)
    assert [p.kind for p in found] == [kind for _, kind in expected]
    places = sorted(p.point.tolist() for p in found)
    assert np.allclose(places, sorted(list(point) for point, _ in expected), atol=1e-6) or not expected


def test_a_vector_and_starts_of_ones_own():
    found = critical_points(lambda v: cr.sum(v**4 - v**2), starts=[[0.8, 0.6], [0.1, 0.05], [-0.6, 0.1]])
    assert [p.kind for p in found] == ["minimum", "saddle", "maximum"]
    assert np.allclose(found[0].point, math.sqrt(0.5))
    assert found.starts == 3


def test_critical_points_that_form_a_curve_are_said_to():
    found = critical_points(lambda x, y: (x * x + y * y - 1) ** 2, [(-2, 2)] * 2)
    assert len(found.of_kind("degenerate")) > 10
    assert all(abs(np.hypot(*p.point) - 1) < 1e-6 for p in found.of_kind("degenerate"))
    assert "form a curve or an area" in str(found)


def test_where_a_function_fades_its_peak_comes_first():
    found = critical_points(lambda x, y: cr.exp(-(x**2 + y**2)), [(-30, 30)] * 2, starts=12)
    assert found[0].kind == "maximum" and {p.kind for p in found[1:]} == {"degenerate"}


def test_points_outside_the_region_are_left_out():
    assert len(critical_points(lambda x: (x - 5) ** 2, (0, 1))) == 0


def test_the_table_in_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    table = str(critical_points(bowl, [(-1, 1)] * 2, starts=4))
    assert table.splitlines()[0] == "找到 1 个临界点（4 个起点，其中 0 个没有结果；可能还有其他临界点）"
    assert table.splitlines()[-1].startswith("极小值  (0, 0)")
    _, head, row = table.splitlines()
    assert printed_width(head[: head.index("点")]) == printed_width(row[: row.index("(")])


@pytest.mark.parametrize(
    ("bad", "kind", "said"),
    [
        (lambda: critical_points(bowl), ConfigError, "needs a region"),
        (lambda: critical_points(bowl, [(1, 0), (0, 1)]), ConfigError, "from 1.0 to 0.0"),
        (lambda: critical_points(bowl, [(0, 1)] * 3), ShapeError, "3 variables"),
        (
            lambda: critical_points(bowl, [(0, 1)] * 2, starts=[[1.0, 2.0, 3.0]]),
            ShapeError,
            "a row for each point",
        ),
        (lambda: critical_points(bowl, starts=[[math.nan, 0.0]]), ConfigError, "not finite"),
        (lambda: critical_points(lambda v: v, [(0, 1)] * 2), ShapeError, "one number"),
        (lambda: critical_points(cr.log, (-2, -1)), NonFiniteError, "not finite at any start"),
    ],
)
def test_critical_points_refuses_bad_input(bad, kind, said):
    with pytest.raises(kind, match=said):
        bad()


# Function, start, root.
ROOTS = {
    "square root": (lambda x: x**2 - 2, 1.0, math.sqrt(2)),
    "from far": (lambda x: x**2 - 2, 1e6, math.sqrt(2)),
    "Newton's own": (lambda x: x**3 - 2 * x - 5, 2.0, 2.0945514815423265),
    "overshoots uncut": (cr.arctan, 3.0, 0.0),
    "triple": (lambda x: (x - 1) ** 3, 2.0, 1.0),
    "already there": (lambda x: x, 0.0, 0.0),
    "circle and hyperbola": (lambda x, y: (x * x + y * y - 5, x * y - 2), [2.0, 0.5], (2.0, 1.0)),
    "vector": (lambda v: v**2 - cr.tensor([4.0, 9.0]), [1.0, 1.0], (2.0, 3.0)),
}


@pytest.mark.parametrize(("f", "start", "root"), ROOTS.values(), ids=ROOTS.keys())
def test_roots(f, start, root):
    found = newton(f, start)
    assert found.converged
    assert found.point.shape == np.shape(start)
    assert np.allclose(found.point, root, rtol=1e-9, atol=1e-9)
    assert len(found.path) == found.iterations + 1


def test_newton_doubles_the_digits():
    errors = abs(newton(lambda x: x**2 - 2, 1.5).path[:, 0] - math.sqrt(2))
    assert errors[1] < errors[0] ** 2
    assert errors[2] < errors[1] ** 2


@pytest.mark.parametrize(
    "f",
    [lambda x: x**2 + 1, lambda x: x * cr.exp(-x), lambda x: 2.0],
    ids=["none", "at infinity", "constant"],
)
def test_no_root_is_an_error_with_its_residual(f):
    with pytest.raises(ConvergenceError, match="the residual is"):
        newton(f, 3.0)
    loose = newton(f, 3.0, strict=False)
    assert not loose.converged
    assert "NOT converged" in str(loose)


def test_newton_passes_an_infinite_slope_at_the_root():
    assert float(newton(lambda x: cr.sign(x) * cr.sqrt(cr.abs(x)), 3.0)) == 0


def test_a_slope_of_zero_is_named():
    with pytest.raises(ConvergenceError, match="derivative is zero"):
        newton(lambda x: x**2 - 1, 0.0)


def test_newton_refuses_bad_input():
    with pytest.raises(ShapeError, match="2 numbers for 1 variables"):
        newton(lambda x: (x, x), 1.0)
    with pytest.raises(ConfigError, match="begin where it is finite"):
        newton(cr.log, -1.0)


def test_bisection_goes_to_the_last_digit():
    found = bisect(lambda x: x**3 - 2, 0, 2)
    assert float(found) == pytest.approx(2 ** (1 / 3), rel=1e-15)
    assert bisect(cr.cos, 0, 3, tolerance=1e-3).iterations == 11


@pytest.mark.parametrize(
    "f",
    [lambda x: 1 / x, lambda x: cr.where(x > 0.3, 1.0, -1.0), lambda x: x + cr.where(x > 0.3, 1.0, -1.0)],
    ids=["pole", "step", "rising step"],
)
def test_a_jump_is_not_a_root(f):
    with pytest.raises(ConvergenceError, match="a jump or a pole"):
        bisect(f, -1, 2.1)
    assert not bisect(f, -1, 2.1, strict=False).converged


def test_bisection_needs_a_change_of_sign():
    with pytest.raises(ConfigError, match="opposite signs"):
        bisect(lambda x: x**2 + 1, -1, 1)


def test_gradient_descent_takes_the_steps_of_the_formula():
    path = descent_path(bowl, [2.0, 1.0], rate=0.1, steps=3)
    assert np.allclose(path.points, [[2, 1], [1.6, 0.2], [1.28, 0.04], [1.024, 0.008]])
    assert np.allclose(path.values, [bowl(*p) for p in path.points])
    assert np.allclose(path.gradients, path.points * [2, 8])
    assert path.reason == "steps"


def test_momentum_takes_the_steps_of_the_formula():
    path = descent_path(lambda x: x * x, 1.0, rate=0.1, steps=2, method="momentum", momentum=0.5)
    # v: -0.2, then 0.5 · -0.2 - 0.1 · 1.6
    assert np.allclose(path.points[:, 0], [1.0, 0.8, 0.54])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_reaches_the_bottom_of_a_bowl(method):
    path = descent_path(bowl, [2.0, 1.0], rate=1.0 if method == "newton" else 0.05, steps=500, method=method)
    assert path.converged
    assert np.allclose(path.points[-1], 0, atol=1e-7)
    assert str(path).startswith(f"converged after {len(path) - 1} steps")


def test_newton_needs_one_step_on_a_bowl():
    assert len(descent_path(bowl, [2.0, 1.0], rate=1.0, method="newton")) == 2


@pytest.mark.parametrize(("rate", "reason"), [(0.2, "converged"), (0.26, "diverged")])
def test_a_rate_above_two_over_the_curvature_diverges(rate, reason):
    path = descent_path(bowl, [2.0, 1.0], rate=rate, steps=2000)
    assert path.reason == reason


def test_leaving_the_domain_is_divergence():
    path = descent_path(cr.sqrt, 1.0, rate=3.0)
    assert path.reason == "diverged"
    assert path.points[-1] < 0


def test_going_down_for_ever_is_told_from_diverging():
    path = descent_path(lambda x: -(x**3), 1.0)
    assert path.reason == "unbounded"
    assert "the function seems unbounded below" in str(path)


def test_steps_to_and_fro_ask_for_a_smaller_rate():
    path = descent_path(lambda x, y: x**2 + 10 * y**2, [5.0, 1.0], rate=0.1)
    assert path.reason == "zigzag"
    assert "take a smaller rate" in str(path)
    assert descent_path(lambda x: x**2, 1.0, rate=1e-3).reason == "steps"


def test_descent_refuses_bad_input():
    with pytest.raises(ConfigError, match="begin where it is finite"):
        descent_path(cr.log, -1.0)
    with pytest.raises(ConfigError, match="rate must be a positive number"):
        descent_path(bowl, [1.0, 1.0], rate=-1)
    with pytest.raises(ConfigError, match="'gradient', 'momentum'"):
        descent_path(bowl, [1.0, 1.0], method="adam")


def test_minimize():
    found = minimize(rosenbrock, [-1.2, 1.0])
    assert found.kind == "minimum"
    assert np.allclose(found.point, 1, atol=1e-12)
    assert minimize(lambda x: (x - 1) ** 4, 3.0).kind == "degenerate"


# Function, a start where the gradient is zero, a minimum.
ESCAPES = {
    "from a maximum": (lambda x: x**4 - x**2, 0.0, math.sqrt(0.5)),
    "from a saddle": (lambda x, y: x**2 + (y**2 - 1) ** 2, [1.0, 0.0], [0.0, 1.0]),
}


@pytest.mark.parametrize(("f", "start", "minimum"), ESCAPES.values(), ids=ESCAPES.keys())
def test_saddles_and_maxima_are_left(f, start, minimum):
    found = minimize(f, start)
    assert found.kind == "minimum"
    assert np.allclose(abs(found.point), minimum)


def test_a_function_that_falls_for_ever_has_no_minimum():
    with pytest.raises(ConvergenceError, match="no minimum was reached"):
        minimize(lambda x: cr.exp(-x), 0.0)


@pytest.mark.parametrize(
    "use",
    [
        lambda f: critical_points(f, (0, 3)),
        lambda f: minimize(f, 1.0),
        lambda f: newton(f, 1.0),
        lambda f: descent_path(f, 1.0),
        lambda f: is_convex(f, (0, 3)),
    ],
    ids=["critical_points", "minimize", "newton", "descent_path", "is_convex"],
)
@pytest.mark.parametrize("f", [lambda x: math.cos(x), lambda x: x + math.cos(x)], ids=["all", "a part"])
def test_a_derivative_lost_in_plain_numbers_is_not_zero(use, f):
    with pytest.raises(GradientError, match="into a plain number"):
        use(f)


@pytest.mark.parametrize("f", [lambda x: x, lambda x: -x * x, lambda x: x**3], ids=["line", "hill", "cubic"])
def test_unbounded_functions_have_no_minimum(f):
    with pytest.raises(ConvergenceError, match="unbounded below"):
        minimize(f, -1.0, steps=50)


# Function, region, kind.
CONVEX = {
    "parabola": (lambda x: x * x, (-1, 1), "proof"),
    "quadratic form": (lambda x, y: x * x + x * y + y * y, [(-1, 1)] * 2, "proof"),
    "linear": (lambda x, y: 2 * x - y, [(-1, 1)] * 2, "proof"),
    "exponentials": (lambda x, y: cr.exp(x) + cr.exp(-y), [(-1, 1)] * 2, "proof"),
    "vector": (lambda v: cr.sum(v * v), [(-1, 1)] * 3, "proof"),
    "log-sum-exp": (lambda x, y: cr.logaddexp(x, y), [(-1, 1)] * 2, "evidence"),
    "kink": (cr.abs, (-1, 2), "evidence"),
    "on this region": (lambda x: x**3, (0, 1), "evidence"),
    "cubic": (lambda x: x**3, (-1, 1), "not_convex"),
    "saddle": (lambda x, y: x * y, [(-1, 1)] * 2, "not_convex"),
    "inverted kink": (lambda x: -cr.abs(x), (-1, 2), "not_convex"),
    "step": (lambda x: cr.where(x > 0.1, 1.0, 0.0), (-1, 1), "not_convex"),
    "narrow dent": (lambda x: x * x + 0.05 * cr.exp(-(((x - 0.37) / 0.05) ** 2)), (-1, 1), "not_convex"),
    "convex each way": (lambda x, y: x * x + y * y + 3 * x * y, [(-1, 1)] * 2, "not_convex"),
}


@pytest.mark.parametrize("name", CONVEX)
def test_convexity(name):
    f, region, kind = CONVEX[name]
    found = is_convex(f, region, samples=40 if name == "vector" else 300)
    assert found.kind == kind
    assert bool(found) is (kind != "not_convex")
    assert (found.counterexample is None) is bool(found)


@pytest.mark.parametrize("name", [name for name, row in CONVEX.items() if row[2] == "not_convex"])
def test_counterexamples_hold(name):
    f, region, _ = CONVEX[name]
    chord = is_convex(f, region).counterexample

    def at(p):
        return float(f(*(cr.tensor(np.array(c)) for c in p)))

    below = chord.t * at(chord.x) + (1 - chord.t) * at(chord.y)
    assert at(chord.t * chord.x + (1 - chord.t) * chord.y) - below == pytest.approx(chord.excess)
    assert chord.excess > 0
    bounds = np.atleast_2d(region)
    assert all(((bounds[:, 0] <= p) & (p <= bounds[:, 1])).all() for p in (chord.x, chord.y))


def test_the_direction_of_least_curvature():
    found = is_convex(lambda x, y: x * x + y * y + 3 * x * y, [(-1, 1)] * 2)
    assert found.smallest == pytest.approx(-1)
    assert abs(found.direction @ [1, -1]) == pytest.approx(math.sqrt(2))


@pytest.mark.parametrize("seed", range(4))
def test_random_quadratic_forms(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(3, 3))
    H = A @ A.T if seed % 2 else A + A.T
    H = H + 0.1 * np.eye(3)
    C = cr.tensor(H)
    found = is_convex(lambda v: 0.5 * cr.sum(v * (C @ v)), [(-1, 1)] * 3, samples=20)
    smallest = np.linalg.eigvalsh(H)[0]
    assert bool(found) is bool(smallest >= 0)
    assert found.smallest == pytest.approx(smallest)
    assert found.kind != "evidence"


def test_convexity_needs_finite_values():
    with pytest.raises(NonFiniteError, match="is_convex: the function is not finite"):
        is_convex(cr.log, (-1, 1))


def test_convexity_reads_in_both_languages(monkeypatch):
    found = is_convex(lambda x: x**3, (-1, 1))
    assert str(found).startswith("not convex; smallest eigenvalue")
    assert "above its chord" in str(found)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert str(found).startswith("不是凸函数")
