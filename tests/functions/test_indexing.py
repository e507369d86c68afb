"""Reading at an index does what NumPy does, in its whole grammar; recorded, and with derivatives."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ChainruleError, GraphError, OutOfRangeError

from .random_index import random_index, random_shape

X = np.arange(24.0).reshape(2, 3, 4)


def outcome(read):
    """What an index gives, or None where it is refused."""
    try:
        return read()
    except (IndexError, ChainruleError):
        return None


def test_random_indices_give_what_numpy_gives(rng):
    compared = refused = 0
    for _ in range(3000):
        x = rng.standard_normal(random_shape(rng))
        index = random_index(rng, x.shape)
        expected, got = outcome(lambda x=x, i=index: x[i]), outcome(lambda x=x, i=index: cr.tensor(x)[i])
        assert (expected is None) == (got is None), (x.shape, index)
        if expected is None:
            refused += 1
            continue
        assert got.shape == np.shape(expected), (x.shape, index)
        np.testing.assert_array_equal(got.numpy(), expected, err_msg=repr((x.shape, index)))
        compared += 1
    assert compared > 2500
    assert refused > 10


def with_integer_tensors(index):
    """Lists and arrays of integers in an index as tensors, and these by themselves."""
    items = index if isinstance(index, tuple) else (index,)
    tensors = []

    def symbolic(item):
        is_places = isinstance(item, list) or (isinstance(item, np.ndarray) and item.dtype != bool)
        if not is_places:
            return item
        tensors.append(cr.tensor(item))
        return tensors[-1]

    return tuple(map(symbolic, items)), tensors


def test_recorded_indices_give_what_numpy_gives(rng):
    compared = 0
    while compared < 150:
        x = rng.standard_normal(random_shape(rng))
        index = random_index(rng, x.shape)
        expected = outcome(lambda x=x, i=index: x[i])
        items, tensors = with_integer_tensors(index)
        if expected is None or not tensors:
            continue

        def read(x, *places, items=items, tensors=tensors):
            given = iter(places)
            return x[tuple(next(given) if any(i is t for t in tensors) else i for i in items)]

        graph = cr.record(read, x, *tensors)
        graph.verify()
        (got,) = graph(x, *tensors)
        assert got.shape == np.shape(expected), (x.shape, index)
        np.testing.assert_array_equal(got.numpy(), expected, err_msg=repr((x.shape, index)))
        compared += 1


@pytest.mark.parametrize(
    "index",
    [
        (slice(None, None, -2), None, [1, 0, 1]),
        (0, slice(None), [1, -1]),
        ([[0], [1]], slice(1, None), [3, 0]),
        (X[:, :, 0] > 4, slice(None, None, -1)),
        (True, Ellipsis, [2]),
    ],
    ids=str,
)
def test_derivatives(index):
    cr.check_gradients(lambda x: x[index] * x[index], X)


def test_index_tensors_apart_bring_their_axes_to_the_front():
    assert cr.tensor(X)[[0, 1], :, [2, 3]].shape == (2, 3)
    assert cr.tensor(X)[0, :, [2, 3]].shape == X[0, :, [2, 3]].shape == (2, 3)
    assert cr.tensor(X)[:, 0, [2, 3]].shape == (2, 2)
    assert cr.tensor(X)[[0], ..., [1]].shape == (1, 3)


def test_an_ellipsis_that_stands_for_nothing_still_parts_index_tensors():
    x = X[0]
    assert cr.tensor(x)[[[0, 1]], ..., [[2, 3]]].shape == x[[[0, 1]], ..., [[2, 3]]].shape
    assert cr.tensor(X)[:, [0], ..., [1]].shape == X[:, [0], ..., [1]].shape


def test_types_for_storage_alone_are_picked_too():
    x = cr.tensor([1.0, 2.0, 3.0]).astype("float8_e5m2")
    assert x[[2, 0]].astype("float32").tolist() == [3.0, 1.0]
    assert x[::-1].dtype == x.dtype


def test_a_state_as_an_index_is_read_anew():
    place = cr.State(0)
    x = cr.tensor([5.0, 6.0])
    graph = cr.record(lambda x: x[place], x)
    assert float(graph(x)[0]) == 5.0
    place.assign(1)
    assert float(graph(x)[0]) == 6.0


def test_a_mask_cannot_be_recorded():
    with pytest.raises(GraphError, match=r"cr\.where\(mask, x, other\)"):
        cr.record(lambda x: x[x > 0], X)


@pytest.mark.parametrize("mode", ["wrap", "clip"])
def test_take_with_places_outside(mode, rng):
    places = rng.integers(-9, 9, (2, 3))
    for axis in (0, 1, -1):
        np.testing.assert_array_equal(
            cr.take(X, places, axis, mode).numpy(), np.take(X, places, axis, mode=mode)
        )
    graph = cr.record(lambda x, i: cr.take(x, i, 1, mode), X, places)
    np.testing.assert_array_equal(graph(X, places)[0].numpy(), np.take(X, places, 1, mode=mode))


def test_take_along_axis_broadcasts_the_other_axes(rng):
    places = rng.integers(-4, 4, (2, 1, 5))
    np.testing.assert_array_equal(
        cr.take_along_axis(X, places, 2).numpy(), np.take_along_axis(X, np.broadcast_to(places, (2, 3, 5)), 2)
    )
    cr.check_gradients(lambda x: cr.take_along_axis(x, places, 2) ** 2, X)


def test_places_of_several_axes_and_of_the_flattened_tensor(rng):
    flat = rng.integers(0, X.size, (2, 5))
    several = np.unravel_index(flat, X.shape)
    for got, expected in zip(cr.unravel_index(flat, X.shape), several, strict=True):
        np.testing.assert_array_equal(got.numpy(), expected)
    np.testing.assert_array_equal(cr.ravel_multi_index(several, X.shape).numpy(), flat)
    outside = (np.array([-1, 2]), np.array([3, 1]), np.array([0, 5]))
    for mode in ("wrap", "clip"):
        expected = np.ravel_multi_index(outside, X.shape, mode=mode)
        np.testing.assert_array_equal(cr.ravel_multi_index(outside, X.shape, mode).numpy(), expected)


def test_a_place_outside_names_its_axis():
    with pytest.raises(OutOfRangeError, match="index 4 is out of range for axis 2, which has extent 4"):
        cr.tensor(X)[1:, 0, [4]]
    with pytest.raises(OutOfRangeError, match="index -3 is out of range for axis 0"):
        cr.tensor(X)[-3]


def test_places_outside_do_not_matter_where_nothing_is_read():
    assert cr.tensor(X)[False, ..., [[9]]].shape == X[False, ..., [[9]]].shape
