"""The gradient check can fail: wrong rules of several kinds are all found."""

import pytest

import chainrule as cr
from chainrule.errors import GradientError

X = cr.tensor([[0.3, -0.7, 1.1], [0.9, 0.2, -0.4]], dtype="float64")


def test_right_derivatives_pass_to_third_order():
    cr.check_gradients(lambda x: cr.tanh(x) * cr.exp(x), X, order=3, tolerance=1e-5)


@pytest.mark.parametrize(
    ("name", "backward"),
    [
        ("a factor", lambda g, y, x: 1.001 * g * cr.cos(x)),
        ("a sign", lambda g, y, x: -g * cr.cos(x)),
        ("a place: flipped", lambda g, y, x: cr.flip(g * cr.cos(x), 1)),
        ("constant second order", lambda g, y, x: g * cr.cos(x).detach()),
    ],
)
def test_wrong_reverse_rules_are_found(name, backward):
    wrong = cr.custom_derivative(backward=backward, forward=lambda t, y, x: t[0] * cr.cos(x))(cr.sin.__call__)
    with pytest.raises(GradientError, match="the derivative is wrong"):
        cr.check_gradients(wrong, X, seed=0)


def test_a_wrong_forward_rule_is_found():
    wrong = cr.custom_derivative(
        backward=lambda g, y, x: g * cr.cos(x), forward=lambda t, y, x: t[0] * cr.sin(x)
    )(cr.sin.__call__)
    with pytest.raises(GradientError, match="reverse against forward"):
        cr.check_gradients(wrong, X, order=1)


def test_the_seed_of_a_failure_is_named():
    wrong = cr.custom_derivative(backward=lambda g, y, x: g, forward=lambda t, y, x: t[0])(cr.sin.__call__)
    with pytest.raises(GradientError, match="seed 7"):
        cr.check_gradients(wrong, X, seed=7)


def test_custom_derivatives_serve_both_modes_and_nest():
    cube = cr.custom_derivative(
        backward=lambda g, y, x: g * 3.0 * x * x, forward=lambda t, y, x: t[0] * 3.0 * x * x
    )(lambda x: x * x * x)
    cr.check_gradients(cube, X)
    assert float(cr.grad(cr.grad(cube))(2.0)) == 12.0


def test_custom_derivative_without_forward_rule_says_so():
    f = cr.custom_derivative(backward=lambda g, y, x: g)(lambda x: x * 1.0)
    with pytest.raises(GradientError, match="no forward rule"):
        cr.jvp(f, (1.0,), (1.0,))


def test_custom_backward_of_a_wrong_shape_says_so():
    f = cr.custom_derivative(backward=lambda g, y, x: g.sum())(lambda x: x * 1.0)
    with pytest.raises(cr.errors.ShapeError, match="argument 0"):
        cr.grad(lambda x: f(x).sum())(X)
