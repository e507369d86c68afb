"""NumPy's own functions on tensors: derivatives are kept, or their loss is refused."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import GradientError, GraphError
from chainrule.functions.numpy_names import FUNCTIONS, UFUNCS

X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])


def leaf():
    return cr.tensor(X, requires_grad=True)


CALLS = {
    "sum": lambda x: np.sum(x, axis=0),
    "mean": lambda x: np.mean(x, axis=1, keepdims=True),
    "max": lambda x: np.max(x, axis=1),
    "var": lambda x: np.var(x, ddof=1),
    "reshape": lambda x: np.reshape(x, (3, 2)),
    "transpose": lambda x: np.transpose(x),
    "concatenate": lambda x: np.concatenate([x, x], axis=1),
    "stack": lambda x: np.stack([x, X]),
    "where": lambda x: np.where(X > 0, x, 0.0),
    "clip": lambda x: np.clip(x, -0.7, 2.0),
    "expand_dims": lambda x: np.expand_dims(x, 0),
    "array @ tensor": lambda x: X.T @ x,
    "array * tensor": lambda x: X * x,
    "tensordot": lambda x: np.tensordot(X.T, x, 1),
    "einsum-free outer": lambda x: np.outer(X[0], x[1]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_values_are_numpys_and_derivatives_are_kept(call):
    x = leaf()
    result = call(x)
    np.testing.assert_allclose(result.numpy(), call(X), rtol=1e-12)
    assert result.requires_grad
    cr.check_gradients(call, X)


def test_every_name_here_is_one_of_numpys():
    assert {np.sum, np.mean, np.concatenate, np.where, np.clip, np.reshape} <= set(FUNCTIONS)
    assert {np.matmul, np.exp, np.add} <= set(UFUNCS)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.linalg.norm(x),
        lambda x: np.trapezoid(x),
        lambda x: np.spacing(x),
        lambda x: np.add.reduce(x),
        lambda x: np.exp(x, out=np.zeros_like(X)),
        lambda x: np.convolve(x[0], x[1]),
    ],
)
def test_functions_without_a_counterpart_refuse_to_lose_a_derivative(call):
    expected = call(X)
    np.testing.assert_array_equal(np.asarray(call(cr.tensor(X))), expected)
    with pytest.raises(GradientError, match=r"np\.\w+ has no counterpart here"):
        call(leaf())
    with pytest.raises(GraphError, match="not known while a function is recorded"):
        cr.record(call, X)


def test_results_without_derivatives_are_given():
    assert np.allclose(leaf(), X)
    assert np.array_equal(leaf(), X)
    assert np.argsort(leaf(), axis=None)[0] == 1
    assert np.shape(leaf()) == (2, 3)


def test_an_argument_of_jvp_counts_as_differentiated():
    with pytest.raises(GradientError, match=r"np\.trapezoid has no counterpart"):
        cr.jvp(lambda x: np.trapezoid(x), (cr.tensor(X[0]),), (cr.tensor(X[1]),))


def test_bitwise_operators_of_masks():
    mask = cr.tensor([True, False])
    assert (np.array([True, True]) & mask).tolist() == [True, False]
    assert np.invert(mask).tolist() == [False, True]
