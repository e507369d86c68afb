"""Activations: values by their formulas, no overflow, derivatives."""

import numpy as np
import pytest

import chainrule as cr

X = np.array([-3.0, -0.7, -0.1, 0.2, 1.1, 4.0])
BY_FORMULA = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "log_sigmoid": lambda x: -np.log(1 + np.exp(-x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(),
    "log_softmax": lambda x: np.log(np.exp(x) / np.exp(x).sum()),
    "logsumexp": lambda x: np.log(np.exp(x).sum()),
}


@pytest.mark.parametrize("name", BY_FORMULA)
def test_value_and_derivatives(name):
    f = getattr(cr, name)
    np.testing.assert_allclose(f(cr.tensor(X)).numpy(), BY_FORMULA[name](X), rtol=1e-12)
    cr.check_gradients(f, X)


def test_gelu_uses_the_normal_distribution():
    from math import erf

    expected = [x * 0.5 * (1 + erf(x / 2**0.5)) for x in X]
    np.testing.assert_allclose(cr.gelu(X).numpy(), expected, rtol=1e-12)
    np.testing.assert_allclose(cr.gelu(X, approximate="tanh").numpy(), expected, atol=1e-3)
    cr.check_gradients(cr.gelu, X)


@pytest.mark.parametrize("name", [n for n in BY_FORMULA if n not in ("selu", "relu", "leaky_relu")])
def test_large_values_do_not_overflow(name):
    large = cr.tensor([-1e4, 1e4], requires_grad=True)
    y = getattr(cr, name)(large)
    y.sum().backward()
    assert np.isfinite(y.numpy()).all()
    assert np.isfinite(large.grad.numpy()).all()


def test_logsumexp_of_infinities():
    assert cr.logsumexp(cr.tensor([-np.inf, -np.inf])).item() == -np.inf
    assert cr.logsumexp(cr.tensor([np.inf, 0.0])).item() == np.inf


def test_relu_has_derivative_zero_at_zero():
    assert cr.grad(cr.relu)(0.0).item() == 0.0


def test_clip():
    assert cr.clip(cr.tensor([-2.0, 0.5, 2.0]), -1, 1).tolist() == [-1.0, 0.5, 1.0]
    assert cr.grad(lambda x: cr.clip(x, -1, 1).sum())(cr.tensor([-2.0, 0.5, 2.0])).tolist() == [0.0, 1.0, 0.0]


def test_every_composite_has_a_formula_and_a_docstring():
    for row in cr.COMPOSITES.values():
        assert row.formula.strip(), row.name
        assert row.function.__doc__, row.name
