"""x.at[index] against NumPy's assignment and ufunc.at, with derivatives and recorded."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.core.interpreter import lift
from chainrule.errors import DTypeError, OutOfRangeError, ShapeError

from .random_index import random_index, random_shape

UFUNCS = {"add": np.add, "multiply": np.multiply, "min": np.minimum, "max": np.maximum}
METHODS = ["set", *UFUNCS]


def by_numpy(x, index, method, value):
    changed = x.copy()
    if method == "set":
        changed[index] = value
    else:
        # Broadcast beforehand: ufunc.at reads beyond a value that it has to stretch (NumPy 2.4).
        UFUNCS[method].at(changed, index, np.broadcast_to(value, np.shape(x[index])).copy())
    return changed


def random_value(rng, shape):
    """Something that can be broadcast to a shape."""
    count = int(rng.integers(0, len(shape) + 1))
    return rng.standard_normal([1 if rng.random() < 0.2 else n for n in shape[len(shape) - count :]])


@pytest.mark.parametrize("method", METHODS)
def test_random_updates_do_what_numpy_does(method, rng):
    compared = 0
    while compared < 600:
        x = rng.standard_normal(random_shape(rng))
        index = random_index(rng, x.shape)
        try:
            value = random_value(rng, np.shape(x[index]))
        except IndexError:
            continue
        got = getattr(cr.tensor(x).at[index], method)(value)
        expected = by_numpy(x, index, method, value)
        np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12, err_msg=repr((x.shape, index)))
        compared += 1


def test_get_is_indexing(rng):
    x = cr.tensor(rng.standard_normal((3, 4)))
    np.testing.assert_array_equal(x.at[::-1, [0, 2]].get().numpy(), x[::-1, [0, 2]].numpy())


INDICES = [
    (slice(None, None, 2),),
    (0, slice(None, None, -1)),
    ([0, 2, 0],),
    (slice(1, 3), [1, 1, 0]),
    ([[True, False], [False, True], [True, True]],),
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("index", INDICES, ids=str)
def test_derivatives(method, index, rng):
    x = rng.standard_normal((3, 2))
    value = rng.standard_normal(x[index].shape)
    cr.check_gradients(lambda x, v: getattr(lift(x).at[index], method)(v) ** 2, x, value)


@pytest.mark.parametrize("method", METHODS)
def test_recorded_equals_eager(method, rng):
    x, value, places = rng.standard_normal((4, 3)), rng.standard_normal((5, 2)), np.array([0, -1, 2, 0, 1])

    def update(x, value, places):
        return getattr(x.at[places, 1:], method)(value)

    for f in (update, cr.grad(lambda x, v, p: (update(x, v, p) ** 2).sum(), argnums=(0, 1))):
        graph = cr.record(f, x, value, places)
        graph.verify()
        eager = f(*map(cr.tensor, (x, value, places)))
        for got, expected in zip(
            graph(x, value, places), eager if isinstance(eager, tuple) else (eager,), strict=True
        ):
            np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-12)


def test_only_the_last_of_several_values_set_gets_the_derivative():
    def f(x, v):
        return (x.at[[1, 1, 0]].set(v) * cr.tensor([1.0, 10.0, 100.0])).sum()

    by_x, by_v = cr.grad(f, argnums=(0, 1))(cr.zeros(3), cr.ones(3))
    assert by_x.tolist() == [0.0, 0.0, 100.0]
    assert by_v.tolist() == [0.0, 10.0, 1.0]


def test_ties_share_the_derivative_with_the_tensor_itself():
    def f(x, v):
        return x.at[[0, 0, 1]].max(v).sum()

    by_x, by_v = cr.grad(f, argnums=(0, 1))(cr.tensor([2.0, 0.0]), cr.tensor([2.0, 2.0, 5.0]))
    np.testing.assert_allclose(by_x.numpy(), [1 / 3, 0.0], rtol=1e-6)
    np.testing.assert_allclose(by_v.numpy(), [1 / 3, 1 / 3, 1.0], rtol=1e-6)


@pytest.mark.parametrize("zeros", [[], [0], [0, 2], [0, 2, 3]])
def test_products_with_zeros_have_exact_derivatives(zeros):
    values = np.array([1.5, -0.7, 2.0, 0.3, -1.1])
    values[zeros] = 0.0
    x = np.array([0.5, 0.0, 2.0])
    cr.check_gradients(lambda x, v: lift(x).at[[0, 2, 0, 0, 2]].multiply(v), x, values, order=3)


def test_a_mask_can_be_recorded_where_one_value_serves_every_place():
    x = cr.tensor([[1.0, -2.0], [-3.0, 4.0]])
    graph = cr.record(lambda x, v: x.at[x < 0].set(v), x, cr.tensor(0.0))
    assert graph(-x, cr.tensor(9.0))[0].tolist() == [[9.0, 2.0], [3.0, 9.0]]
    rows = cr.record(lambda x, m, v: x.at[m].add(v), x, cr.tensor([True, False]), cr.zeros(2))
    assert rows(x, cr.tensor([False, True]), cr.tensor([10.0, 20.0]))[0].tolist() == [
        [1.0, -2.0],
        [7.0, 24.0],
    ]


def test_the_type_of_the_tensor_stays():
    assert cr.tensor([1.0, 2.0]).at[0].set(cr.tensor(3, dtype="int64")).dtype == cr.float32
    assert cr.tensor([1, 2], dtype="int8").at[0].add(5).dtype == cr.int8
    assert cr.tensor([1.0, 2.0]).astype("bfloat16").at[[0, 0]].add(0.5).tolist() == [2.0, 2.0]
    assert cr.tensor([True, False]).at[1].set(True).tolist() == [True, True]


def test_mistakes():
    with pytest.raises(DTypeError, match="would be cut"):
        cr.tensor([1, 2]).at[0].set(0.5)
    with pytest.raises(DTypeError, match="300"):
        cr.tensor([1, 2], dtype="int8").at[0].set(300)
    with pytest.raises(ShapeError, match=r"\(3,\) cannot be broadcast to \(2,\)"):
        cr.zeros(4).at[:2].set(cr.ones(3))
    with pytest.raises(OutOfRangeError, match="axis 0"):
        cr.zeros(4).at[[4]].add(1.0)
    with pytest.raises(DTypeError, match=r"x\.at\[index\]\.set\(value\)"):
        cr.zeros(4)[0] = 1.0


def test_put_along_axis(rng):
    x, places = rng.standard_normal((3, 4)), np.array([[1, 3], [0, 2], [3, 0]])
    expected = x.copy()
    np.put_along_axis(expected, places, 7.0, 1)
    np.testing.assert_array_equal(cr.put_along_axis(x, places, 7.0, 1).numpy(), expected)
    cr.check_gradients(lambda x, v: cr.put_along_axis(x, places, v, 1) ** 2, x, rng.standard_normal((3, 2)))
