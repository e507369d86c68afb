"""Sorting against NumPy: values, stability, NaN, derivatives, recorded."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import OutOfRangeError, ShapeError

DTYPES = ["bool", "int8", "uint8", "int64", "float32", "float64", "complex64"]


def with_ties(rng, dtype, shape=(4, 5)):
    return (rng.integers(-2, 3, shape) * (1 + 1j if dtype == "complex64" else 1)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, 1, -1, None])
@pytest.mark.filterwarnings("ignore:Casting complex")
def test_sort_and_argsort_do_what_numpy_does(dtype, axis, rng):
    x = with_ties(rng, dtype)
    np.testing.assert_array_equal(cr.sort(x, axis).numpy(), np.sort(x, axis))
    np.testing.assert_array_equal(cr.argsort(x, axis).numpy(), np.argsort(x, axis, kind="stable"))


@pytest.mark.parametrize("dtype", DTYPES)
def test_descending_keeps_the_order_of_equal_elements(dtype, rng):
    x = with_ties(rng, dtype, (20,))
    order = sorted(range(20), key=lambda i: (-x[i].real.astype(int), -x[i].imag.astype(int)))
    assert cr.argsort(x, descending=True).tolist() == order


@pytest.mark.parametrize("descending", [False, True])
def test_nan_stands_last(descending):
    x = cr.tensor([1.0, np.nan, -np.inf, np.inf])
    found = cr.sort(x, descending=descending).tolist()
    assert np.isnan(found[-1])
    assert found[:3] == ([np.inf, 1.0, -np.inf] if descending else [-np.inf, 1.0, np.inf])


def test_the_smallest_integer_is_the_last_of_a_descending_order():
    x = np.array([-128, 127, 0], np.int8)
    assert cr.sort(x, descending=True).tolist() == [127, 0, -128]


@pytest.mark.parametrize("axis", [0, 1, None])
def test_each_element_carries_its_derivative_along(axis, rng):
    weights = rng.standard_normal(12)
    x = rng.permutation(12).reshape(3, 4).astype(float)
    cr.check_gradients(lambda x: (cr.sort(x, axis).ravel() * weights) ** 2, x)
    graph = cr.record(cr.grad(lambda x: (cr.sort(x, axis).ravel() * weights).sum()), x)
    expected = cr.grad(lambda x: (cr.sort(x, axis).ravel() * weights).sum())(cr.tensor(-x))
    np.testing.assert_array_equal(graph(-x)[0].numpy(), expected.numpy())


@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize("k", [0, 1, 3])
def test_topk(largest, k, rng):
    x = rng.standard_normal((3, 4))
    values, places = cr.topk(x, k, axis=0, largest=largest)
    order = np.argsort(-x if largest else x, 0)[:k]
    np.testing.assert_array_equal(places.numpy(), order)
    np.testing.assert_array_equal(values.numpy(), np.take_along_axis(x, order, 0))
    cr.check_gradients(lambda x: cr.topk(x, 2, largest=largest).values ** 2, x)


def test_partition_puts_an_element_at_its_place(rng):
    x = rng.standard_normal((3, 7))
    np.testing.assert_array_equal(cr.partition(x, 2).numpy()[:, 2], np.partition(x, 2)[:, 2])
    places = cr.argpartition(x, [1, -2]).numpy()
    np.testing.assert_array_equal(np.take_along_axis(x, places, 1)[:, 1], np.sort(x)[:, 1])


def test_lexsort(rng):
    keys = rng.integers(0, 3, (3, 2, 8))
    np.testing.assert_array_equal(cr.lexsort(list(keys)).numpy(), np.lexsort(keys))
    np.testing.assert_array_equal(cr.lexsort(list(keys), axis=0).numpy(), np.lexsort(keys, axis=0))


def test_mistakes():
    with pytest.raises(OutOfRangeError, match="k = 4 is not between 0 and 3"):
        cr.topk(cr.zeros(3), 4)
    with pytest.raises(ShapeError, match="axis 1"):
        cr.sort(cr.zeros(3), 1)
    with pytest.raises(OutOfRangeError, match="index 3 is out of range"):
        cr.partition(cr.zeros(3), 3)
