"""Taylor polynomials: coefficients, values, formulas, remainders, radius."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import chainrule as cr
from chainrule import calculus
from chainrule.calculus.polynomial import Polynomial
from chainrule.errors import ConfigError, DTypeError, GradientError, ShapeError

taylor = calculus.taylor
X = sp.Symbol("x", real=True)


def two(x, y):
    return cr.exp(x) * cr.sin(y) / (1 + x + y)


def of_vector(v):
    return cr.logsumexp(v) * v[0]


def test_coefficients_of_one_variable():
    p = taylor(lambda x: 1 / (1 - x), 0.0, 12)
    assert p.coefficients == {(k,): 1.0 for k in range(13)}
    assert p.degree == p.order == 12


def test_coefficients_of_two_variables_against_sympy():
    x, y = sp.symbols("x y")
    formula, places = sp.exp(x) * sp.sin(y) / (1 + x + y), {x: sp.Rational(1, 4), y: sp.Rational(1, 2)}
    p = taylor(two, (0.25, 0.5), 4)
    assert len(p.coefficients) == math.comb(6, 2)
    for (i, j), got in p.coefficients.items():
        slope = formula.diff(x, i, y, j) if i + j else formula
        expected = float(slope.evalf(30, subs=places)) / math.factorial(i) / math.factorial(j)
        assert got == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_a_function_of_a_vector_is_expanded_in_its_components():
    by_vector = taylor(of_vector, [0.5, -0.5, 1.0], 3)
    by_numbers = taylor(lambda x, y, z: cr.log(cr.exp(x) + cr.exp(y) + cr.exp(z)) * x, (0.5, -0.5, 1.0), 3)
    assert by_vector.variables == ("v1", "v2", "v3")
    for m, a in by_numbers.coefficients.items():
        assert by_vector.coefficients[m] == pytest.approx(a, rel=1e-12, abs=1e-14)


def test_vector_values():
    p = taylor(lambda t: (cr.cos(t), cr.sin(t)), 0.0, 9)
    np.testing.assert_allclose(p(0.3), [math.cos(0.3), math.sin(0.3)], atol=1e-10)
    assert p([0.1, 0.2, 0.3]).shape == (3, 2)
    assert not p.formula and "vectors" in p.formula.reason


def test_value_at_numbers_arrays_and_tensors():
    p = taylor(two, (0.25, 0.5), 6)
    x, y = np.array([[0.2, 0.3], [0.25, 0.3]]), np.array([0.45, 0.55])
    assert type(p(0.2, 0.45)) is float
    np.testing.assert_allclose(p(x, y), two(x, y), rtol=1e-5)
    np.testing.assert_allclose(p(np.stack([x[0], y], axis=-1)), two(x[0], y), rtol=1e-5)
    slopes = cr.grad(lambda x, y: p(x, y), (0, 1))(np.float64(0.25), np.float64(0.5))
    np.testing.assert_allclose(slopes, [p.coefficients[1, 0], p.coefficients[0, 1]], rtol=1e-14)


def test_coefficients_are_differentiable_by_the_centre():
    def third(x0):
        return taylor(cr.sin, x0, 3).terms[3,]

    assert float(cr.grad(third)(np.float64(0.4))) == pytest.approx(math.sin(0.4) / 6, rel=1e-14)


@pytest.mark.parametrize(
    ("f", "x0", "order", "text"),
    [
        (cr.sin, 0.0, 5, "x - x**3/6 + x**5/120"),
        (cr.tan, 0.0, 7, "x + x**3/3 + 2*x**5/15 + 17*x**7/315"),
        (cr.sqrt, 1.0, 3, "1 + (x - 1)/2 - (x - 1)**2/8 + (x - 1)**3/16"),
        (cr.exp, 1.0, 2, "E + E*(x - 1) + E*(x - 1)**2/2"),
        (cr.sin, math.pi, 3, "-(x - pi) + (x - pi)**3/6"),
        (cr.cos, -math.pi / 4, 1, "sqrt(2)/2 + sqrt(2)*(x + pi/4)/2"),
        (lambda x: 0 * x, 0.0, 3, "0"),
        (lambda x: 0.3712345678901 * x, 0.0, 1, "0.3712345678901*x"),
        (lambda x, y: x * y + y**2, (0.0, 1.0), 2, "1 + x + 2*(y - 1) + (y - 1)*x + (y - 1)**2"),
    ],
)
def test_formula_is_written_as_in_books(f, x0, order, text):
    p = taylor(f, x0, order)
    assert p.formula.text == text
    read = sp.sympify(text, {name: sp.Symbol(name, real=True) for name in p.variables})
    rest = sp.Poly(read - p.formula.expr, *read.free_symbols or [X])
    assert all(abs(c) < 1e-15 for c in rest.coeffs())


def test_latex_is_lowest_degree_first():
    shown = taylor(cr.exp, 1.0, 2)._repr_latex_()
    assert shown == r"$p(x) = e + e \left(x - 1\right) + \frac{e \left(x - 1\right)^{2}}{2}$"


@pytest.mark.parametrize("order", [20, 30])
def test_high_orders_are_exact_in_the_formula(order):
    found = taylor(cr.exp, 0.0, order).formula.expr
    assert [found.coeff(X, k) for k in range(order + 1)] == [1 / sp.factorial(k) for k in range(order + 1)]


REMAINDERS = [
    (cr.exp, 0.0, 1.0),
    (cr.sin, 0.5, 2.0),
    (lambda x: cr.log(1 + x), 0.0, 0.5),
    (lambda x: 1 / (1 + x * x), 0.0, -0.7),
]


@pytest.mark.parametrize("order", [0, 1, 2, 5, 9])
@pytest.mark.parametrize(("f", "x0", "x"), REMAINDERS)
def test_lagrange_estimate_holds(f, x0, x, order):
    p = taylor(f, x0, order)
    remainder = p.remainder(x)
    assert remainder.error == pytest.approx(abs(float(f(np.float64(x))) - p(x)), rel=1e-9, abs=1e-16)
    assert remainder.error <= remainder.estimate * (1 + 1e-9) + 1e-15
    low, high = min(x0, x), max(x0, x)
    assert remainder.estimate <= p.remainder_bound((low, high)) * (1 + 1e-9)


def test_estimate_is_the_known_maximum():
    """For exp on [0, 1] the largest derivative is e."""
    p = taylor(cr.exp, 0.0, 4)
    assert p.remainder(1.0).estimate == pytest.approx(math.e / 120, rel=1e-9)
    assert p.remainder_bound((-1.0, 1.0)) == pytest.approx(math.e / 120, rel=1e-9)


def test_remainder_finds_a_maximum_inside():
    """The second derivative of sin is largest at π/2."""
    assert taylor(cr.sin, 0.0, 1).remainder_bound((0.0, 3.0)) == pytest.approx(9 / 2, rel=1e-9)


def test_remainder_of_several_variables():
    remainder = taylor(two, (0.0, 0.0), 3).remainder(0.1, 0.2)
    assert 0 < remainder.error <= remainder.estimate < 10 * remainder.error
    assert "not proved" in str(remainder)


def test_estimate_is_infinite_across_a_pole():
    assert taylor(lambda x: 1 / (1 - x), 0.0, 3).remainder(2.0).estimate == math.inf


@pytest.mark.parametrize(
    ("f", "x0", "order", "radius"),
    [
        (lambda x: 1 / (1 - x / 2), 0.0, 20, 2.0),
        (lambda x: 1 / (1 + x * x), 0.0, 30, 1.0),
        (cr.tan, 0.0, 40, math.pi / 2),
        (cr.log, 3.0, 30, 3.0),
        (cr.exp, 0.0, 30, math.inf),
        (cr.sin, 0.0, 30, math.inf),
        (lambda x: x**3 + 1, 0.0, 20, math.inf),
    ],
)
def test_radius(f, x0, order, radius):
    assert taylor(f, x0, order).radius() == pytest.approx(radius, rel=1e-3)


def test_radius_of_too_few_coefficients_is_not_known():
    assert math.isnan(taylor(cr.tan, 0.0, 5).radius())


def test_arithmetic():
    p, q = taylor(cr.exp, 0.0, 3), taylor(cr.sin, 0.0, 3)
    x = 0.7
    assert (p + q)(x) == pytest.approx(p(x) + q(x), rel=1e-14)
    assert (2 - p * q - 1.5)(x) == pytest.approx(0.5 - p(x) * q(x), rel=1e-14)
    assert p.integral().derivative().coefficients == pytest.approx(p.coefficients)
    assert p.derivative()(x) == pytest.approx(1 + x + x * x / 2)
    assert p.integral()(0.0) == 0
    assert Polynomial({(0,): 3.0}, [0.0], ["x"]).derivative()(x) == 0


def test_partial_derivative_and_integral_of_two_variables():
    p = taylor(two, (0.25, 0.5), 5)
    slope = calculus.partial(two, "y")(0.3, 0.4)
    assert p.derivative("y")(0.3, 0.4) == pytest.approx(slope, abs=1e-4)
    assert p.integral("x").derivative("x").coefficients == pytest.approx(p.coefficients)


def test_a_polynomial_is_a_function_of_its_variables():
    p = taylor(cr.sin, 0.0, 5)
    assert calculus.derivative(p).formula.text == "x**4/24 - x**2/2 + 1"
    again = taylor(p, 0.0, 7)
    assert again.coefficients == pytest.approx({**p.coefficients, (6,): 0.0, (7,): 0.0})


def test_every_coefficient_of_a_random_polynomial_is_found(rng):
    """A polynomial of degree 4 in three variables is its own Taylor polynomial, about any point."""
    from chainrule.autodiff import multi_indices

    whole = {m: int(n) for m, n in zip(multi_indices(3, 4), rng.integers(-9, 10, 35), strict=True)}

    def f(x, y, z):
        return sum(n * x**i * y**j * z**k for (i, j, k), n in whole.items())

    assert taylor(f, (0.0, 0.0, 0.0), 4).coefficients == pytest.approx(whole)
    point = rng.uniform(-1, 1, 3)
    assert taylor(f, point, 4)(0.0, 0.0, 0.0) == pytest.approx(whole[0, 0, 0], abs=1e-10)


def test_exact_fractions():
    from chainrule.calculus.exact import fraction

    assert fraction(0.1 + 0.2) is None
    assert fraction(0.1 + 0.2, tolerance=1e-15) == Fraction(3, 10)
    assert fraction(math.inf) is None and fraction(math.nan) is None and fraction(1e300) is None


BAD = [
    (lambda: taylor(cr.log, 0.0, 2), GradientError, "not_defined", {"place": "x = 0.0"}),
    (lambda: taylor(lambda x: x**2.5, 0.0, 5), GradientError, "not_differentiable", {"order": 3}),
    (lambda: taylor(cr.sqrt, 0.0, 1), GradientError, "not_differentiable", {"order": 1}),
    (lambda: taylor(cr.abs, 0.0, 1), GradientError, "corner", {"place": "x = 0.0", "name": "x"}),
    (lambda: taylor(cr.relu, 0.0, 2), GradientError, "corner", {"place": "x = 0.0"}),
    (
        lambda: taylor(lambda x: 1e-3 * cr.abs(x - 2) + x, 2.0, 2),
        GradientError,
        "corner",
        {"place": "x = 2.0"},
    ),
    (lambda: taylor(lambda x: cr.where(x < 1, 0.0, 1.0), 1.0, 1), GradientError, "corner", {}),
    (lambda: taylor(lambda x, y: x * cr.abs(y), (3.0, 0.0), 1), GradientError, "corner", {"name": "y"}),
    (lambda: taylor(lambda v: cr.max(v), [1.0, 1.0], 1), GradientError, "corner", {"name": "v1"}),
    (lambda: taylor(cr.sin, 0.0, -1), ConfigError, "order", {"got": "-1"}),
    (lambda: taylor(cr.sin, 0.0, 1.5), ConfigError, "order", {"got": "1.5"}),
    (lambda: taylor(cr.sin, 0.0, True), ConfigError, "order", {"got": "True"}),
    (lambda: taylor(two, 0.0, 1), ShapeError, "point", {"expected": 2}),
    (lambda: taylor(two, [[0.0, 0.0]], 1), ShapeError, "center", {"shape": (1, 2)}),
    (lambda: taylor(two, (0.0, 0.0), 1).remainder_bound((0, 1)), ShapeError, "one_dimension", {"count": 2}),
    (lambda: taylor(cr.sin, 0.0, 1).remainder([0.0, 1.0]), ShapeError, "one_point", {"shape": (2,)}),
    (lambda: taylor(cr.sin, 0.0, 1).remainder_bound((1, 2)), ConfigError, "interval", {"center": 0.0}),
    (lambda: taylor(two, (0.0, 0.0), 1)(1.0), ShapeError, "point", {"got": 1}),
    (lambda: taylor(two, (0.0, 0.0), 1).derivative("z"), ConfigError, "variable", {"known": "x, y"}),
    (lambda: taylor(cr.sin, 0.0, 1) + taylor(cr.sin, 1.0, 1), ConfigError, "other_center", {}),
]


@pytest.mark.parametrize(
    ("call", "kind", "key", "values"), BAD, ids=[f"{case[2]}{i}" for i, case in enumerate(BAD)]
)
def test_bad_input(call, kind, key, values):
    with pytest.raises(kind) as problem:
        call()
    assert problem.value.key == f"calculus.{key}"
    assert problem.value.values.items() >= values.items()


SMOOTH = [
    (lambda x: x**2, 0.0),
    (lambda x: 1e6 * x**2 + 1.0, 0.0),
    (lambda x: cr.cos(x) * 1e9, 0.0),
    (lambda x: cr.exp(1e5 * x), 0.0),
    (lambda x: cr.abs(x), 1e-3),
    (lambda x: x**1.5, 0.0),
    (lambda x: x * cr.abs(x), 0.0),
    (lambda x: 0.0 * x, 0.0),
    (lambda x: cr.sin(1e-9 * x) - 5.0, 0.0),
    (lambda x: x**3 - x, 1e6),
]


@pytest.mark.parametrize("place", range(len(SMOOTH)))
def test_a_smooth_function_has_no_corner(place):
    f, x0 = SMOOTH[place]
    assert taylor(f, x0, 1).degree == 1


def test_not_a_function():
    with pytest.raises(DTypeError, match="taylor takes a function, got float"):
        taylor(math.sin(1.0), 0.0, 2)
