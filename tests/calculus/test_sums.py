"""Riemann sums, Monte Carlo, antiderivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

import chainrule as cr
from chainrule.calculus import antiderivative, monte_carlo, riemann_sum, simpson, trapezoid
from chainrule.calculus.evaluation import ROWS, NoCounterpartError, evaluate
from chainrule.calculus.riemann import RULES
from chainrule.errors import ConfigError, NonFiniteError, ShapeError

# The error falls with this power of the number of strips.
ORDERS = {"left": 1, "right": 1, "middle": 2, "trapezoid": 2, "simpson": 4}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_its_order(rule):
    exact = math.e - 1
    errors = [abs(float(riemann_sum(cr.exp, 0, 1, n, rule=rule)) - exact) for n in (16, 32)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(ORDERS[rule], abs=0.05)


def test_left_and_right_bracket_a_rising_function():
    low, high = (float(riemann_sum(cr.exp, 0, 1, 10, rule=rule)) for rule in ("left", "right"))
    assert low < math.e - 1 < high
    assert high - low == pytest.approx((math.e - 1) / 10)


def test_a_sum_keeps_what_it_is_made_of():
    found = riemann_sum(lambda x: x * x, 1, 3, 2, rule="trapezoid")
    assert found.nodes.tolist() == [1.0, 2.0, 3.0]
    assert found.heights.tolist() == [1.0, 4.0, 9.0]
    assert found.weights.tolist() == [0.5, 1.0, 0.5]
    assert float(found) == found.heights @ found.weights == 9.0
    assert str(found) == "trapezoid rule with 3 nodes: 9"


def test_sums_are_differentiable():
    slope = cr.grad(lambda b: simpson(lambda x: x**3, 0.0, b, 2).value)(cr.tensor(np.array(2.0)))
    assert float(slope) == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (lambda: simpson(cr.sin, 0, 1, 3), "must be even, got 3"),
        (lambda: riemann_sum(cr.sin, 0, 1, 0), "at least 1, got 0"),
        (lambda: riemann_sum(cr.sin, 0, 1, rule="centre"), "'left', 'right', 'middle'"),
        (lambda: trapezoid(cr.sin, 0, math.inf), "finite numbers"),
    ],
)
def test_bad_sums_are_refused(bad, said):
    with pytest.raises(ConfigError, match=said):
        bad()


# Function, box, indicator, exact value.
VOLUMES = {
    "line": (lambda x: x * x, (0, 3), None, 9.0),
    "disc": (lambda x, y: 1.0, [(-1, 1)] * 2, lambda x, y: x * x + y * y < 1, math.pi),
    "vector": (lambda v: cr.sum(v * v), [(0, 1)] * 3, None, 1.0),
    "ball of 5": (lambda *v: 1.0, [(-1, 1)] * 5, lambda *v: sum(x * x for x in v) < 1, 8 * math.pi**2 / 15),
}


@pytest.mark.parametrize(("f", "box", "inside", "exact"), VOLUMES.values(), ids=VOLUMES.keys())
def test_monte_carlo_is_right_within_its_error(f, box, inside, exact):
    found = monte_carlo(f, box, 2000, inside=inside, generator=cr.random.Generator(1))
    assert abs(float(found) - exact) < 4 * found.error < 0.5 * exact
    low, high = found.interval(0.9999)
    assert low < exact < high


def test_error_bars_cover_as_often_as_they_say():
    generator = cr.random.Generator(3)
    hits = 0
    for _ in range(400):
        low, high = monte_carlo(lambda x: cr.exp(x), (0, 1), 200, generator=generator).interval(0.9)
        hits += low < math.e - 1 < high
    # Binomial with p = 0.9: 360 on average, standard deviation 6.
    assert 336 <= hits <= 384


def test_the_error_falls_with_the_square_root():
    errors = [monte_carlo(cr.exp, (0, 1), n, generator=cr.random.Generator(0)).error for n in (1000, 100_000)]
    assert errors[0] / errors[1] == pytest.approx(10, rel=0.1)


def test_monte_carlo_is_differentiable_by_parameters():
    def volume(a):
        return monte_carlo(lambda x: a * x * x, (0, 1), 500, generator=cr.random.Generator(0)).value

    a = cr.tensor(np.array(2.0))
    assert float(cr.grad(volume)(a)) == pytest.approx(float(volume(a)) / 2)


def test_bad_monte_carlo_is_refused():
    with pytest.raises(ConfigError, match=r"from 1\.0 to 0\.0"):
        monte_carlo(cr.sin, (1, 0))
    with pytest.raises(ConfigError, match="at least 2"):
        monte_carlo(cr.sin, (0, 1), 1)
    with pytest.raises(NonFiniteError, match="inside="):
        monte_carlo(cr.log, (-1, 1), 100)
    with pytest.raises(ConfigError, match="between 0 and 1"):
        monte_carlo(cr.sin, (0, 1), 10).interval(95)
    with pytest.raises(ConfigError, match="none of the 10 points"):
        monte_carlo(cr.sin, (0, 1), 10, inside=lambda x: x > 2)
    with pytest.raises(ShapeError, match="a region is a pair"):
        monte_carlo(cr.sin, 0, 1)


FORMULAS = {
    "polynomial": (lambda x: 3 * x**2 - 1, "x**3 - x"),
    "by parts": (lambda x: x * cr.exp(x), "(x - 1)*exp(x)"),
    "trigonometric": (lambda x: cr.sin(x) * cr.cos(x), "sin(x)**2/2"),
    "logarithm": (lambda x: 1 / x, "log(Abs(x))"),
    "of a logarithm": (cr.log, "x*log(x) - x"),
    "tangent": (cr.tan, "-log(Abs(cos(x)))"),
    "arctangent": (lambda x: 1 / (1 + x * x), "atan(x)"),
    "error function": (lambda x: cr.exp(-x * x), "sqrt(pi)*erf(x)/2"),
}


@pytest.mark.parametrize(("f", "formula"), FORMULAS.values(), ids=FORMULAS.keys())
def test_formulas_of_antiderivatives(f, formula):
    F = antiderivative(f)
    assert F.kind == "symbolic"
    assert F.formula.text == formula
    assert F.residual < 1e-12
    x = cr.tensor(np.array([0.3, 1.7]))
    slopes = cr.grad(lambda x: cr.sum(F(x)))(x)
    assert np.allclose(slopes, f(x), rtol=1e-10)


def test_a_formula_whose_logarithm_would_be_of_a_negative_number_is_real():
    F = antiderivative(lambda x: 1 / cr.cos(x) ** 3)
    area = 0.5 * (math.tan(1) / math.cos(1) + math.log(1 / math.cos(1) + math.tan(1)))
    assert float(F(1.0) - F(0.0)) == pytest.approx(area)
    assert float(antiderivative(lambda x: 1 / x)(-math.e)) == pytest.approx(1)


@pytest.mark.parametrize("f", [lambda x: cr.exp(cr.sin(x)), lambda x: cr.sin(x) / x])
def test_without_a_formula_it_is_integrated_at_each_call(f):
    F = antiderivative(f, start=1.0)
    assert F.kind == "numeric"
    assert not F.formula and F.formula.reason in str(F)
    x = cr.tensor(np.array([1.0, 2.5]))
    assert float(F(x)[0]) == 0.0
    slopes = cr.grad(lambda x: cr.sum(F(x)))(x)
    assert np.allclose(slopes, f(x), rtol=1e-8)


def test_a_function_that_branches_has_a_numeric_antiderivative():
    F = antiderivative(lambda x: x if x > 0 else -x)
    assert F.kind == "numeric"
    assert float(F(2.0)) == pytest.approx(2.0)
    assert float(F(-2.0)) == pytest.approx(-2.0)


def test_antiderivative_refuses_bad_input():
    with pytest.raises(ShapeError, match="takes"):
        antiderivative(lambda x, y: x)
    with pytest.raises(ConfigError, match="finite"):
        antiderivative(cr.sin, start=math.inf)


FUNCTIONS = [name for name in ROWS if issubclass(getattr(sympy, name), sympy.Function)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_the_row_that_it_is_said_to_be(name):
    x = sympy.Symbol("x", real=True)
    expression = getattr(sympy, name)(x)
    place = 1.3 if name == "acosh" else 0.3
    got = evaluate(expression, {x: cr.tensor(np.array(place))})
    assert float(got) == pytest.approx(float(expression.subs(x, place).evalf()), rel=1e-14)


def test_nearly_all_rows_are_such_functions():
    assert len(FUNCTIONS) >= 20


def test_what_has_no_row_is_named():
    x = sympy.Symbol("x", real=True)
    with pytest.raises(NoCounterpartError, match="Si"):
        evaluate(sympy.Si(x) + 1, {x: cr.tensor(np.array(1.0))})


def test_expressions_are_evaluated_on_tensors():
    x = sympy.Symbol("x", real=True)
    choice = sympy.Piecewise((x**2, x < 0), (sympy.Max(x, 1) + sympy.pi, True))
    got = evaluate(choice, {x: cr.tensor(np.array([-3.0, 0.5, 2.0]))})
    assert np.allclose(got, [9.0, 1 + math.pi, 2 + math.pi])


def test_rules_have_names_in_both_languages(monkeypatch):
    found = [riemann_sum(cr.exp, 0, 1, 2, rule=rule) for rule in RULES]
    assert str(found[2]) == "middle rule with 2 nodes: 1.70051271665"
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert [str(r).split("，")[0] for r in found] == [
        *("左端点法则", "右端点法则", "中点法则", "梯形法则", "辛普森法则")
    ]
