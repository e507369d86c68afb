"""Tangents, secants and tangent planes."""

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule.calculus import derivative, gradient, secant, tangent_line, tangent_plane
from chainrule.errors import ConfigError, GradientError, ShapeError


def f(x):
    return cr.sin(x) * cr.exp(-x)


def test_tangent_touches_with_the_slope_of_the_function():
    line = tangent_line(f, 0.4)
    assert line(0.4) == float(f(np.float64(0.4)))
    assert line.slope == pytest.approx(derivative(f)(0.4), rel=1e-15)
    assert line(2.0) == pytest.approx(line.intercept + 2.0 * line.slope)


def test_secant_goes_through_both_points_and_tends_to_the_tangent():
    line = secant(f, 0.4, 1.7)
    np.testing.assert_allclose(line([0.4, 1.7]), f(np.array([0.4, 1.7])), rtol=1e-14)
    assert secant(f, 0.4, 0.4 + 1e-6).slope == pytest.approx(tangent_line(f, 0.4).slope, abs=1e-5)


def test_plane_touches_with_the_gradient():
    def surface(x, y):
        return cr.exp(x) * cr.cos(y)

    plane = tangent_plane(surface, (0.5, 1.0))
    assert plane(0.5, 1.0) == pytest.approx(math.exp(0.5) * math.cos(1.0), rel=1e-15)
    np.testing.assert_allclose(plane.slopes, gradient(surface)(0.5, 1.0), rtol=1e-15)
    step = np.array([0.3, -0.2])
    rise = plane(0.8, 0.8) - plane(0.5, 1.0)
    assert np.dot(plane.normal, [*step, rise]) == pytest.approx(0, abs=1e-14)


def test_formulas():
    assert str(tangent_line(lambda x: x**2, 3.0)) == "y(x) = 9 + 6*(x - 3)"
    assert str(tangent_plane(lambda u, v: u * v, (1.0, 2.0))) == "z(u, v) = 2 + 2*(u - 1) + (v - 2)"


@pytest.mark.parametrize(
    ("call", "kind", "key"),
    [
        (lambda: tangent_line(cr.sqrt, 0.0), GradientError, "calculus.not_differentiable"),
        (lambda: tangent_line(cr.log, 0.0), GradientError, "calculus.not_defined"),
        (lambda: tangent_line(lambda x, y: x, 0.0), ShapeError, "calculus.one_variable"),
        (lambda: tangent_line(cr.sin, [0.0, 1.0]), ShapeError, "calculus.center"),
        (lambda: tangent_line(lambda x: (x, x), 1.0), ShapeError, "fields.not_scalar"),
        (lambda: secant(cr.sin, 1.0, 1.0), ConfigError, "calculus.same_point"),
        (lambda: tangent_plane(lambda x, y: x, 0.0), ShapeError, "calculus.point"),
    ],
)
def test_bad_input(call, kind, key):
    with pytest.raises(kind) as problem:
        call()
    assert problem.value.key == key
