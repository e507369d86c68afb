"""Where a function has no derivative, or hides it, no number is given."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import calculus as C
from chainrule.errors import GradientError


def clairaut(x, y):
    """Its mixed derivatives at the origin are -1 and 1, by order."""
    return cr.where((x == 0) & (y == 0), 0.0, x * y * (x * x - y * y) / (x * x + y * y))


def filled(x):
    return cr.where(x == 0, 1.0, (cr.exp(x) - 1) / x)


REFUSED = {
    "corner": (lambda: C.derivative(cr.abs)(0.0), "corner"),
    "corner, compared": (lambda: C.derivative(cr.abs).check(0.0), "corner"),
    "corner by a branch": (lambda: C.derivative(lambda x: x**2 if x > 0 else -x)(0.0), "corner"),
    "step": (lambda: C.derivative(cr.floor)(2), "corner"),
    "edge of two planes": (lambda: C.gradient(cr.maximum)(1, 1), "corner"),
    "across an edge": (lambda: C.directional(lambda x, y: cr.abs(x) + y, (1, 1))(0, 1), "corner"),
    "second order": (lambda: C.derivative(lambda x: x * cr.abs(x), 2)(0), "corner"),
    "third order": (lambda: C.derivative(lambda x: cr.abs(x) ** 3, 3)(0), "corner"),
    "second order of two": (lambda: C.hessian(lambda x, y: cr.abs(x) * y)(0, 1), "corner"),
    "polynomial": (lambda: C.taylor(lambda x: x * cr.abs(x), 0, 2), "corner"),
    "a hole that was filled": (lambda: C.derivative(filled)(0.0), "hidden"),
    "curvature in such a hole": (
        lambda: C.derivative(lambda x: cr.where(x == 0, 1.0, cr.sin(x) / x), 2)(0.0),
        "hidden",
    ),
    "order of differentiation": (lambda: C.partial(clairaut, "x", "y")(0.0, 0.0), "hidden"),
}


@pytest.mark.parametrize(("call", "key"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_derivative_is_refused(call, key):
    with pytest.raises(GradientError) as problem:
        call()
    assert problem.value.key == f"calculus.{key}"


GIVEN = {
    "beside a corner": (lambda: C.derivative(cr.abs)(-2), -1.0),
    "along an edge": (lambda: C.directional(lambda x, y: cr.abs(x) + y, (0, 1))(0, 1), 1.0),
    "branches that join smoothly": (lambda: C.derivative(lambda x: cr.where(x > 1, x**2, 2 * x - 1))(1), 2.0),
    "one order below": (lambda: C.derivative(lambda x: x * cr.abs(x))(0), 0.0),
    "a root of a corner": (lambda: C.derivative(lambda x: cr.abs(x) ** 1.5)(0.0), 0.0),
    "oscillating, but squeezed": (
        lambda: C.derivative(lambda x: cr.where(x == 0, 0.0, x**2 * cr.sin(1 / x)))(0.0),
        0.0,
    ),
    "steep": (lambda: C.derivative(lambda x: cr.maximum(cr.tanh(1e6 * x), -5.0))(0.0), 1e6),
    "a smooth composite of branches": (lambda: C.derivative(lambda x: cr.logaddexp(x, 0.0))(0.0), 0.5),
}


@pytest.mark.parametrize(("call", "value"), GIVEN.values(), ids=GIVEN.keys())
def test_what_is_a_derivative_is_given(call, value):
    assert call() == pytest.approx(value)


def test_the_hidden_derivative_is_told():
    with pytest.raises(GradientError, match=r"Difference quotients along x give about 0\.4\d+|about 0\.5"):
        C.derivative(filled)(0.0)


def test_many_points_may_hold_a_corner():
    assert np.array_equal(C.derivative(cr.abs)([-1.0, 0.0, 2.0]), [-1, 0, 1])


def test_a_formula_says_nothing_about_a_place_without_derivative():
    assert C.derivative(lambda x: cr.log(cr.abs(x))).formula.text == "1/x"
    assert "Piecewise" not in str(C.derivative(cr.cbrt))
