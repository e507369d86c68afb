"""grad, vjp, jvp, jacobian, hessian, hvp: values known by hand, and nesting in every order."""

import itertools

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import DTypeError, ShapeError


def by_reverse(f):
    return cr.grad(f)


def by_forward(f):
    return lambda x: cr.jvp(f, (x,), (cr.ones_like(x),))[1]


def by_pull_back(f):
    return lambda x: cr.vjp(f, x)[1](cr.ones_like(x))[0]


WAYS = [by_reverse, by_forward, by_pull_back]
X = cr.tensor(1.3, dtype="float64")


@pytest.mark.parametrize(
    "ways", list(itertools.product(WAYS, repeat=3)), ids=lambda w: "-".join(f.__name__ for f in w)
)
def test_third_derivative_in_every_order_of_modes(ways):
    f = lambda x: cr.sin(x) * x**4  # noqa: E731
    for way in ways:
        f = way(f)
    x = 1.3
    expected = np.cos(x) * (36 * x**2 - x**4) + np.sin(x) * (24 * x - 12 * x**3)
    np.testing.assert_allclose(float(f(X)), expected, rtol=1e-12)


@pytest.mark.parametrize("outer", WAYS)
@pytest.mark.parametrize("inner", WAYS)
def test_perturbations_of_nested_derivatives_do_not_mix(outer, inner):
    # d/dx [x · d/dy (x y²) at y = 2] = d/dx [4 x²] = 8 x
    result = outer(lambda x: x * inner(lambda y: x * y * y)(cr.tensor(2.0, dtype="float64")))(X)
    np.testing.assert_allclose(float(result), 8 * 1.3, rtol=1e-12)


@pytest.mark.parametrize("way", WAYS)
def test_inner_derivative_by_the_same_tensor(way):
    # The inner argument is x itself, but only the inner use is differentiated: d/dy (x + y) = 1.
    result = cr.grad(lambda x: x * way(lambda y: x + y)(x))(X)
    np.testing.assert_allclose(float(result), 1.0)


@pytest.mark.parametrize("outer", WAYS)
def test_values_beside_gradients_keep_outer_derivatives(outer):
    np.testing.assert_allclose(float(outer(lambda x: cr.value_and_grad(lambda y: y**3)(x)[0])(X)), 3 * 1.3**2)
    np.testing.assert_allclose(float(outer(lambda x: cr.vjp(lambda y: y**3, x)[0])(X)), 3 * 1.3**2)


def test_pull_back_is_linear_and_differentiable_in_its_cotangent():
    _, pull_back = cr.vjp(lambda x: x * x, cr.tensor(3.0))
    assert float(pull_back(2.0)[0]) == 12.0
    assert float(cr.grad(lambda g: pull_back(g)[0])(1.0)) == 6.0


def test_jacobian_modes_agree(rng):
    A = cr.tensor(rng.standard_normal((3, 4)))
    f = lambda x: cr.tanh(A @ x)  # noqa: E731
    x = cr.tensor(rng.standard_normal(4))
    forward, reverse = (cr.jacobian(f, mode=mode)(x).numpy() for mode in ("forward", "reverse"))
    assert forward.shape == (3, 4)
    np.testing.assert_allclose(forward, reverse, rtol=1e-12)
    by_hand = (1 - np.tanh(A.numpy() @ x.numpy())[:, None] ** 2) * A.numpy()
    np.testing.assert_allclose(forward, by_hand, rtol=1e-12)


def test_jacobian_of_nothing_is_empty():
    assert cr.jacobian(lambda x: x * 2)(cr.zeros((0,))).shape == (0, 0)


def test_hessian_is_symmetric_and_agrees_with_hvp(rng):
    A, v = rng.standard_normal((4, 4)), rng.standard_normal(4)
    f = lambda x: cr.sum(cr.sin(cr.matmul(A, x)) * x)  # noqa: E731
    x = cr.tensor(rng.standard_normal(4))
    H = cr.hessian(f)(x).numpy()
    np.testing.assert_allclose(H, H.T, atol=1e-12)
    np.testing.assert_allclose(cr.hvp(f, x, cr.tensor(v)).numpy(), H @ v, rtol=1e-10)


def test_grad_by_several_arguments_and_by_nests():
    f = lambda p, x: cr.sum(p["w"] * x + p["b"])  # noqa: E731
    p = {"w": cr.tensor([1.0, 2.0]), "b": cr.tensor([0.0, 0.0])}
    by_p, by_x = cr.grad(f, argnums=(0, 1))(p, cr.tensor([3.0, 4.0]))
    assert by_p["w"].tolist() == [3.0, 4.0]
    assert by_p["b"].tolist() == [1.0, 1.0]
    assert by_x.tolist() == [1.0, 2.0]


def test_argument_that_does_not_matter_has_gradient_zero():
    assert cr.grad(lambda x, y: y * 2.0)(cr.tensor(1.0), cr.tensor(5.0)).item() == 0.0


def test_aux_values_are_handed_through():
    (value, aux), slope = cr.value_and_grad(lambda x: (x * x, "seen"), has_aux=True)(3.0)
    assert (float(value), aux, float(slope)) == (9.0, "seen", 6.0)


def test_grad_works_inside_no_grad():
    with cr.no_grad():
        assert float(cr.grad(lambda x: x * x)(3.0)) == 6.0


def test_gradient_penalty_reaches_parameters_through_a_closure():
    w = cr.tensor(2.0, requires_grad=True)
    penalty = cr.grad(lambda x: w * x * x)(3.0) ** 2  # (2 w x)² = 4 w² x²
    penalty.backward()
    assert float(w.grad) == 8 * 2.0 * 9.0


def test_plain_gradients_keep_no_graph():
    assert not cr.grad(lambda x: x**3)(2.0).requires_grad


def test_mistakes():
    with pytest.raises(ShapeError, match="grad needs a result of one element"):
        cr.grad(lambda x: x * 2)(cr.tensor([1.0, 2.0]))
    with pytest.raises(DTypeError, match="int64"):
        cr.grad(lambda x: x * 2)(cr.tensor([1, 2]))
    with pytest.raises(DTypeError, match="argument 0 is a str"):
        cr.grad(lambda x: x)("x")
    with pytest.raises(ShapeError, match="tangent 0"):
        cr.jvp(lambda x: x, (cr.tensor([1.0, 2.0]),), (cr.tensor([1.0]),))
