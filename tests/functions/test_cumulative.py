"""Running folds: NumPy's numbers, the recurrence by hand, derivatives that are exact with zeros."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule as cr
from chainrule.errors import ConfigError, ShapeError

from .compare import FEW, SEEDS, SHAPES, SOLID, agrees, numbers, quiet, same

NUMPY = {
    "cumsum": np.cumsum,
    "cumprod": np.cumprod,
    "cummax": np.maximum.accumulate,
    "cummin": np.minimum.accumulate,
}


@pytest.mark.parametrize("name", NUMPY)
@FEW
@given(data=st.data(), seed=SEEDS)
def test_along_any_axis(name, data, seed):
    x = numbers(data.draw(SHAPES.filter(len)), seed)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    agrees(lambda t: getattr(cr, name)(t, axis), lambda a: NUMPY[name](a, axis), x)


@pytest.mark.parametrize("name", ["cumsum", "cumprod"])
@FEW
@given(data=st.data(), seed=SEEDS)
def test_of_the_flattened_tensor_and_backwards(name, data, seed):
    x = numbers(data.draw(SHAPES), seed)
    agrees(getattr(cr, name), NUMPY[name], x)
    backwards = quiet(lambda a: NUMPY[name](a.ravel()[::-1])[::-1], x)
    same(getattr(cr, name)(x, reverse=True), backwards)


@pytest.mark.parametrize("dtype", ["int16", "uint8", "float16", "float32", "bool"])
@pytest.mark.parametrize("name", ["cummax", "cummin"])
def test_running_extremes_keep_their_type(name, dtype):
    x = numbers((5,), 3, dtype)
    got = getattr(cr, name)(cr.tensor(x))
    assert got.dtype == x.dtype
    np.testing.assert_array_equal(got.numpy(), NUMPY[name](x))


@pytest.mark.parametrize("name", NUMPY)
def test_nan_stays_once_it_came(name):
    x = np.array([2.0, 3.0, np.nan, 5.0])
    agrees(getattr(cr, name), NUMPY[name], x)


@pytest.mark.parametrize("name", NUMPY)
@pytest.mark.parametrize("axis", [0, -1])
def test_derivatives(name, axis):
    cr.check_gradients(lambda x: getattr(cr, name)(x, axis), numbers((3, 4), 7))


@pytest.mark.parametrize("places", [[], [0], [2], [0, 3], [1, 2, 3]])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_running_product_has_exact_derivatives_with_zeros(places, reverse):
    x = np.array([2.0, -1.5, 0.5, 3.0])
    x[places] = 0.0
    got = cr.jacobian(lambda t: cr.cumprod(t, reverse=reverse))(cr.tensor(x)).numpy()
    upto = [range(i, 4) if reverse else range(i + 1) for i in range(4)]
    expected = [
        [np.prod([x[k] for k in upto[i] if k != j]) * (j in upto[i]) for j in range(4)] for i in range(4)
    ]
    np.testing.assert_allclose(got, expected, rtol=1e-15)
    cr.check_gradients(lambda t: cr.cumprod(t, reverse=reverse), x, order=3)


def test_the_derivative_of_a_running_extreme_goes_to_the_latest_of_several():
    slopes = cr.grad(lambda x: cr.cummax(x).sum())(cr.tensor([1.0, 3.0, 3.0, 2.0]))
    assert slopes.tolist() == [1.0, 1.0, 2.0, 0.0]


@FEW
@given(data=st.data(), seed=SEEDS)
def test_linear_scan_is_its_recurrence(data, seed):
    b = numbers(data.draw(SOLID), seed)
    a = numbers(b.shape, seed + 1) * 0.2
    axis, reverse = data.draw(st.integers(-b.ndim, b.ndim - 1)), data.draw(st.booleans())

    def recurrence(a, b):
        steps = range(b.shape[axis])
        factors, terms, result = (np.moveaxis(x, axis, 0) for x in (a, b, np.zeros_like(b)))
        state = 0.0
        for t in reversed(steps) if reverse else steps:
            state = result[t] = factors[t] * state + terms[t]
        return np.moveaxis(result, 0, axis)

    agrees(lambda a, b: cr.linear_scan(a, b, axis, reverse=reverse), recurrence, a, b)
    cr.check_gradients(lambda a, b: cr.linear_scan(a, b, axis, reverse=reverse), a, b, seed=seed)


def test_linear_scan_broadcasts_and_discounts():
    rewards = cr.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])
    assert cr.linear_scan(0.5, rewards, 1, reverse=True).tolist() == [[1.5, 1.0, 2.0], [0.75, 1.5, 1.0]]
    with pytest.raises(ShapeError, match="linear_scan: axis -1 is 2 in a but 3 in b"):
        cr.linear_scan(cr.ones(2), rewards)
    with pytest.raises(ShapeError, match=r"cr\.linear_scan broadcasts them"):
        cr.ops.TABLE["linear_scan"](cr.ones(1), cr.ones(3), axis=0, reverse=False)


@pytest.mark.parametrize("initial", [False, True])
@pytest.mark.parametrize("dtype", [None, "float32"])
@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
def test_the_array_api_form(name, dtype, initial):
    options = {"axis": 1, "dtype": dtype, "include_initial": initial}
    for kind in ("int32", "float64"):
        x = numbers((2, 3), 4, kind)
        agrees(lambda t: getattr(cr, name)(t, **options), lambda a: getattr(np, name)(a, **options), x)
    with pytest.raises(ShapeError, match=f"{name}: a tensor of 2 axes needs axis"):
        getattr(cr, name)(cr.ones((2, 3)))


@FEW
@given(data=st.data(), seed=SEEDS)
def test_differences(data, seed):
    x = numbers(data.draw(SHAPES.filter(len)), seed)
    axis, n = data.draw(st.integers(-x.ndim, x.ndim - 1)), data.draw(st.integers(0, 3))
    agrees(lambda t: cr.diff(t, n, axis), lambda a: np.diff(a, n, axis), x)
    around = {"prepend": 1.0, "append": x}
    agrees(lambda t: cr.diff(t, n, axis, **around), lambda a: np.diff(a, n, axis, **around), x)


def test_differences_of_bools_and_their_derivative():
    assert cr.diff(cr.tensor([True, True, False])).tolist() == [False, True]
    cr.check_gradients(lambda x: cr.diff(x, 2, 0, prepend=0.0), numbers((4, 2), 1))
    with pytest.raises(ConfigError, match="cannot be negative, got -1"):
        cr.diff(cr.ones(3), -1)
