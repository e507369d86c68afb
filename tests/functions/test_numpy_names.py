"""NumPy's own functions on tensors: derivatives are kept, or their loss is refused."""

import numpy as np
import pytest
from scipy import special

import chainrule as cr
from chainrule.errors import ConfigError, GradientError, GraphError
from chainrule.functions.numpy_names import DIFFERENT, counterpart

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


COUNTERPARTS = {
    np.exp: cr.exp,
    np.matmul: cr.matmul,
    np.sum: cr.sum,
    np.amax: cr.max,
    np.invert: cr.bitwise_invert,
    np.degrees: cr.rad2deg,
    np.linalg.norm: cr.linalg.norm,
    np.linalg.matmul: cr.linalg.matmul,
    np.fft.rfft: cr.fft.rfft,
    np.trapezoid: None,
    np.add.reduce: None,
}


@pytest.mark.parametrize(("theirs", "ours"), COUNTERPARTS.items(), ids=lambda f: getattr(f, "__name__", None))
def test_counterparts_are_found_by_name(theirs, ours):
    assert counterpart(theirs) is ours


def test_names_that_mean_something_else_have_no_counterpart():
    for name in DIFFERENT:
        assert callable(getattr(cr, name))
        assert counterpart(getattr(np, name)) is None
    assert np.resize(cr.tensor([1, 2]), 3).tolist() == [1, 2, 1]


def test_a_function_of_that_name_from_elsewhere_is_none_of_numpys():
    assert counterpart(special.exp2) is None
    assert special.erf(cr.tensor([0.0])).tolist() == [0.0]


def test_arguments_are_handed_on_under_their_names_here():
    x = cr.tensor(X)
    assert np.sum(x, 0, np.float32).dtype == np.float32
    assert np.sum(a=x, axis=1, out=None).tolist() == X.sum(1).tolist()
    assert np.reshape(x, (3, 2), "C").shape == np.reshape(x, shape=(3, 2)).shape == (3, 2)
    assert np.transpose(x, axes=(1, 0)).shape == np.transpose(x, [1, 0]).shape == (3, 2)
    assert [part.tolist() for part in np.split(ary=x, indices_or_sections=2)] == [[row] for row in X.tolist()]
    assert np.full_like(x, fill_value=3).tolist() == [[3.0] * 3] * 2
    assert np.linalg.lstsq(x.T, X.T[:, 0], rcond=1e-3).rank.item() == 2
    assert np.pad(x, 1, constant_values=2.0)[0, 0].item() == 2.0


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda x: np.sum(x, out=np.zeros(())), "out"),
        (lambda x: np.sum(x, None, None, np.zeros(())), "out"),
        (lambda x: np.max(x, where=X > 0, initial=0.0), "where"),
        (lambda x: np.take(x, [0], 0, np.zeros((1, 3))), "out"),
        (lambda x: np.reshape(x, (3, 2), "F"), "order"),
        (lambda x: np.angle(x, True), "deg"),
        (lambda x: np.quantile(x, 0.5, weights=X), "weights"),
        (lambda x: np.linalg.matrix_rank(x, 0.1), "tol"),
        (lambda x: np.linalg.svd(x, hermitian=True), "hermitian"),
        (lambda x: np.fft.fft(x, out=np.zeros(3, complex)), "out"),
    ],
)
def test_arguments_that_are_not_offered_are_named(call, argument):
    with pytest.raises(ConfigError, match=f"the argument {argument} is not offered; there are "):
        call(cr.tensor(X))


@pytest.mark.parametrize(
    "call",
    [
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
