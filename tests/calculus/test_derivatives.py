"""Derivatives as numbers and formulas: known ones, and the three ways to find one against each other."""

import math

import numpy as np
import pytest
import sympy as sp

import chainrule as cr
from chainrule import calculus
from chainrule.calculus.derived import Check

C = calculus


def bump(x):
    return cr.sin(x) * cr.exp(-x * x) + x**3


def surface(x, y):
    return cr.exp(x * y) + x / (1 + y * y)


def of_vector(v):
    return cr.exp(v[0] * v[1]) + v[0] / (1 + v[1] * v[1])


def coupled(v):
    """Not element by element: each component takes part in each derivative."""
    return cr.logsumexp(v) * cr.sum(v * v)


def field(x, y, z):
    return x * y * z, cr.sin(x) + z**2, cr.exp(x - y)


def branching(x):
    return cr.sin(x) if x > 0 else x * x


OPERATORS = {
    "derivative": (C.derivative(bump), 1),
    "derivative 0": (C.derivative(bump, 0), 1),
    "derivative 5": (C.derivative(bump, 5), 1),
    "derivative of a curve": (C.derivative(lambda t: (cr.cos(t), cr.sin(2 * t), 1.0), 2), 1),
    "derivative of steps": (C.derivative(lambda x: cr.floor(x) * x + cr.abs(x)), 1),
    "derivative of a branch": (C.derivative(branching, 2), 1),
    "partial": (C.partial(surface, "x", "x", "y"), 2),
    "partial by position": (C.partial(surface, 1, 0), 2),
    "partial of a vector": (C.partial(of_vector, "v2", "v1"), 2),
    "gradient": (C.gradient(surface), 2),
    "gradient, coupled": (C.gradient(coupled), 3),
    "directional": (C.directional(surface, [3.0, 4.0], 3), 2),
    "directional, as it is": (C.directional(of_vector, [3.0, 4.0], normalize=False), 2),
    "jacobian": (C.jacobian(field), 3),
    "jacobian 2": (C.jacobian(field, 2), 3),
    "hessian": (C.hessian(surface), 2),
    "hessian, coupled": (C.hessian(coupled), 3),
    "laplacian": (C.laplacian(surface), 2),
    "laplacian 2": (C.laplacian(of_vector, 2), 2),
    "laplacian of a field": (C.laplacian(field), 3),
    "divergence": (C.divergence(field), 3),
    "divergence of a vector": (C.divergence(lambda v: cr.tanh(v) * v[0]), 2),
    "curl": (C.curl(field), 3),
    "curl in the plane": (C.curl(lambda x, y: (x * y**2, cr.sin(x) * y)), 2),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_automatic_formula_and_differences_agree(name, rng):
    derived, count = OPERATORS[name]
    checked = derived.check(rng.uniform(0.2, 1.7, (4, count) if count > 1 else 4))
    assert checked.agrees, str(checked)
    assert name == "derivative of a branch" or checked.formula_error <= 1e-12, str(checked)


@pytest.mark.parametrize("name", OPERATORS)
def test_many_points_are_single_points_together(name, rng):
    derived, count = OPERATORS[name]
    points = rng.uniform(0.2, 1.7, (2, 3, count))
    if count == 1:
        points = points[..., 0]
    together = np.asarray(derived(points))
    for place in np.ndindex(2, 3):
        np.testing.assert_allclose(together[place], np.asarray(derived(points[place])), rtol=1e-13)


@pytest.mark.parametrize("make", [C.gradient, C.hessian, C.laplacian], ids=lambda make: make.__name__)
def test_both_styles_of_arguments_are_the_same(make, rng):
    x, y = rng.uniform(0.2, 1.7, (2, 5))
    by_numbers, by_vector = make(surface), make(of_vector)
    expected = by_numbers(x, y)
    np.testing.assert_allclose(by_vector(np.stack([x, y], axis=-1)), expected, rtol=1e-13)
    np.testing.assert_allclose(by_numbers(np.stack([x, y], axis=-1)), expected, rtol=1e-13)


def test_numbers_are_float64_and_a_number_is_a_python_number():
    value = C.derivative(lambda x: cr.sin(x) * x)(1.0)
    assert type(value) is float
    assert value == pytest.approx(math.sin(1) + math.cos(1), rel=1e-15)
    assert C.gradient(surface)(1, 2).dtype == np.float64


def test_a_tensor_stays_differentiable():
    slope = C.derivative(cr.sin)
    x = cr.tensor(0.5, np.float64, requires_grad=True)
    slope(x).backward()
    assert float(x.grad) == pytest.approx(-math.sin(0.5), rel=1e-14)


def test_derivatives_nest_in_numbers_and_formulas():
    twice = C.derivative(C.derivative(lambda t: cr.exp(t * t)))
    assert twice.formula.text == "(4*t**2 + 2)*exp(t**2)"
    assert twice(0.5) == pytest.approx(3 * math.exp(0.25), rel=1e-14)
    assert C.gradient(C.laplacian(lambda x, y: x**4 * y**2)).check(1.5, -0.5)


def test_divergence_of_a_curl_and_curl_of_a_gradient_are_zero(rng):
    point = rng.uniform(0.2, 1.7, 3)
    of_curl = C.divergence(C.curl(field))
    assert of_curl.formula.expr == 0 or of_curl.check(*point)
    np.testing.assert_allclose(of_curl(*point), 0, atol=1e-13)
    gradient = C.gradient(lambda x, y, z: cr.sin(x * y) * z)
    np.testing.assert_allclose(C.curl(gradient)(*point), np.zeros(3), atol=1e-13)


def test_harmonic_function():
    assert C.laplacian(lambda x, y: cr.log(x * x + y * y)).formula.expr == 0


def test_printed_form_shows_function_derivative_and_number():
    at = C.derivative(lambda x: cr.sin(x) * x).at(1.0)
    assert str(at).splitlines() == [
        "f(x) = x*sin(x)",
        "f'(x) = x*cos(x) + sin(x)",
        "f'(1.0) = 1.3817732906760363",
    ]
    assert float(at) == 1.3817732906760363


def test_latex_form():
    shown = C.partial(surface, "x", "x", "y")._repr_latex_()
    assert shown.startswith(r"$\begin{aligned}surface(x, y) &= ")
    assert r"\frac{\partial^{3} surface}{\partial x^{2} \partial y}(x, y) &= " in shown


@pytest.mark.parametrize(
    ("derived", "name"),
    [
        (C.derivative(cr.sin, 3), "sin'''"),
        (C.derivative(cr.sin, 4), "sin^(4)"),
        (C.partial(surface, "x", "y", "x"), "∂³surface/∂x²∂y"),
        (C.gradient(surface), "∇surface"),
        (C.laplacian(surface, 2), "Δ^2 surface"),
        (C.jacobian(field, 2), "D²field"),
        (C.directional(surface, [1.0, 0.0], 2), "∂²surface/∂u²"),
        (C.curl(field), "∇×field"),
    ],
)
def test_names(derived, name):
    assert derived.__name__ == name


def test_formula_of_a_vector_function_after_a_point():
    derived = C.gradient(coupled)
    with pytest.raises(cr.errors.ShapeError, match="size=2"):
        derived.formula  # noqa: B018 (the property raises)
    derived([1.0, 2.0])
    assert derived.formula.variables == ("v1", "v2")


def test_without_a_formula_it_says_why():
    derived = C.derivative(branching)
    assert not derived.formula and "cr.where" in str(derived.formula)
    assert r"\text{" in derived.formula.latex
    checked = derived.check(2.0)
    assert checked.by_formula is None and math.isnan(checked.formula_error) and checked.agrees


def test_a_row_without_expression_is_named():
    derived = C.derivative(lambda x: cr.sum(cr.linalg.cholesky(cr.reshape(x * x, (1, 1)))))
    assert derived(3.0) == pytest.approx(1.0)
    assert "cholesky" in derived.formula.reason


def test_check_sees_a_difference():
    wrong = Check("f'", np.array(1.0), np.array(1.0 + 1e-6), np.array(1.0))
    assert not wrong and "NOT" in str(wrong)
    assert wrong.formula_error == pytest.approx(1e-6, rel=1e-3)
    assert not Check("f'", np.array(1.0), None, np.array(1.1))


def test_check_finds_a_wrong_rule():
    """A custom rule that is twice too large: differences and automatic differentiation disagree."""
    wrong = cr.custom_derivative(
        backward=lambda g, y, x: 2 * g * cr.cos(x), forward=lambda t, y, x: 2 * t[0] * cr.cos(x)
    )(lambda x: cr.sin(x))
    assert not C.derivative(wrong).check(1.0)


def test_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert "三者一致" in str(C.derivative(cr.sin).check(1.0))


X = sp.Symbol("x", real=True)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda x: 0.1 * x + math.pi * x**2, X / 10 + sp.pi * X**2),
        (lambda x: cr.where(x > 0, x, -2 * x), sp.Piecewise((X, X > 0), (-2 * X, True))),
        (lambda x: cr.maximum(x, 1.0), sp.Max(X, 1)),
        (lambda x: cr.sigmoid(x), 1 / (1 + sp.exp(-X))),
        (lambda x: cr.grad(lambda x: x**3)(x), 3 * X**2),
        (lambda x: cr.sum(cr.stack([x, x * x]) @ np.array([[1.0, 2.0], [3.0, 4.0]])), 3 * X + 7 * X**2),
    ],
)
def test_formula(f, expected):
    assert sp.simplify(calculus.formula(f).expr - expected) == 0


def test_formula_of_a_vector():
    found = calculus.formula(lambda v: v / cr.sum(v), size=2)
    v1, v2 = sp.symbols("v1 v2", real=True)
    assert found.expr == sp.ImmutableMatrix([v1 / (v1 + v2), v2 / (v1 + v2)])
    np.testing.assert_allclose(found.value(1.0, 3.0), [0.25, 0.75])


def test_formula_text_can_be_read_back():
    found = calculus.formula(bump)
    assert sp.simplify(sp.sympify(found.text, {"x": X}) - found.expr) == 0


def test_a_captured_number_and_parameter_are_part_of_the_formula():
    a, w = 2.5, cr.State([0.25], name="w")
    assert calculus.formula(lambda x: a * x * cr.sum(w)).text == "5*x/8"
