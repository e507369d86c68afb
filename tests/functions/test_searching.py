"""Searching, counting and sets against NumPy, over random numbers with ties and NaN."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ChainruleError, ConfigError, GraphError, OutOfRangeError


@pytest.fixture
def x(rng):
    found = np.round(rng.standard_normal((3, 5)) * 2)
    found[1, 2] = np.nan
    return found


@pytest.fixture
def whole(x):
    return x[~np.isnan(x)]


def same(got, expected):
    """Equal tensors or tuples of them, in shape and values; no float where NumPy has integers."""
    if isinstance(expected, tuple | list):
        for one, other in zip(got, expected, strict=True):
            same(one, other)
        return
    assert got.shape == np.shape(expected)
    assert got.dtype.kind == np.asarray(expected).dtype.kind
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["nonzero", "argwhere", "flatnonzero", "unique", "where"])
def test_functions_of_one_tensor(name, x):
    same(getattr(cr, name)(x), getattr(np, name)(x))
    same(getattr(np, name)(cr.tensor(x)), getattr(np, name)(x))


@pytest.mark.parametrize("equal_nan", [True, False])
def test_all_that_unique_gives(equal_nan, x):
    given = np.where(x > 1, np.nan, x)
    same(
        cr.unique(given, True, True, True, equal_nan=equal_nan),
        np.unique(given, True, True, True, equal_nan=equal_nan),
    )


@pytest.mark.parametrize("axis", [0, 1])
def test_unique_slices(axis, rng):
    x = rng.integers(0, 2, (5, 5))
    same(cr.unique(x, True, True, True, axis), np.unique(x, True, True, True, axis))


def test_unique_of_the_array_api(x):
    for name in ("unique_all", "unique_counts", "unique_inverse", "unique_values"):
        same(getattr(cr, name)(x), getattr(np, name)(x))


def test_unique_elements_carry_their_derivative():
    slope = cr.grad(lambda x: (cr.unique(x) ** 2).sum())(cr.tensor([3.0, 1.0, 3.0]))
    assert slope.tolist() == [6.0, 2.0, 0.0]


@pytest.mark.parametrize("name", ["union1d", "intersect1d", "setdiff1d", "setxor1d"])
def test_sets(name, whole, rng):
    y = np.round(rng.standard_normal(6) * 2)
    same(getattr(cr, name)(whole, y), getattr(np, name)(whole, y))


@pytest.mark.parametrize("tests", [[], [1.0, -2.0, 0.0], [np.nan]], ids=str)
def test_isin(tests, x):
    for invert in (False, True):
        same(cr.isin(x, tests, invert=invert), np.isin(x, tests, invert=invert))
    graph = cr.record(cr.isin, x, np.array([1.0, 2.0]))
    same(graph(x, np.array([0.0, -1.0]))[0], np.isin(x, [0.0, -1.0]))


@pytest.mark.parametrize("side", ["left", "right"])
def test_searchsorted(side, x, rng):
    a = np.round(rng.standard_normal(8) * 2)
    order = np.argsort(a)
    same(cr.searchsorted(a[order], x, side), np.searchsorted(a[order], x, side))
    same(cr.searchsorted(a, x, side, order), np.searchsorted(a, x, side, order))


@pytest.mark.parametrize("right", [False, True])
def test_digitize(right, x):
    bins = np.array([-2.0, 0.0, 0.0, 1.0])
    same(cr.digitize(x, bins, right), np.digitize(x, bins, right))
    same(cr.digitize(x, bins[::-1], right), np.digitize(x, bins[::-1], right))
    with pytest.raises(ConfigError, match="rise or fall"):
        cr.digitize(x, [0.0, 2.0, 1.0])


@pytest.mark.parametrize("bins", [1, 7, np.array([-2.0, -1.0, 0.5, 2.0])], ids=str)
@pytest.mark.parametrize("density", [False, True])
def test_histogram(bins, density, whole, rng):
    same(cr.histogram(whole, bins, density=density), np.histogram(whole, bins, density=density))
    weights = rng.standard_normal(whole.shape)
    same(cr.histogram(whole, bins, weights=weights), np.histogram(whole, bins, weights=weights))
    same(cr.histogram(whole, 4, (-1.0, 2.0)), np.histogram(whole, 4, (-1.0, 2.0)))
    same(cr.histogram_bin_edges(whole, bins), np.histogram_bin_edges(whole, bins))


def test_histogram_of_equal_numbers_and_of_nothing():
    same(cr.histogram(np.full(3, 2.0), 2), np.histogram(np.full(3, 2.0), 2))
    same(cr.histogram(np.zeros(0), 3), np.histogram(np.zeros(0), 3))


def test_histogram_can_be_recorded_and_differentiated_by_its_weights(whole, rng):
    graph = cr.record(lambda x: cr.histogram(x, 5), whole)
    same(graph(2 * whole), np.histogram(2 * whole, 5))
    cr.check_gradients(lambda w: cr.histogram(whole, 3, weights=w)[0] ** 2, rng.standard_normal(whole.shape))


def test_bincount(rng):
    x, w = rng.integers(0, 6, 9), rng.standard_normal(9)
    same(cr.bincount(x), np.bincount(x))
    same(cr.bincount(x, w, 8), np.bincount(x, w, 8))
    same(cr.bincount(np.zeros(0, int)), np.bincount(np.zeros(0, int)))
    graph = cr.record(lambda x, w: cr.bincount(x, w, length=6), x, w)
    same(graph(x[::-1], w)[0], np.bincount(x[::-1], w, 6))
    cr.check_gradients(lambda w: cr.bincount(x, w) ** 2, w)
    with pytest.raises(OutOfRangeError, match="-1 cannot be counted"):
        cr.bincount(cr.tensor([1, -1]))
    with pytest.raises(OutOfRangeError, match="index 5"):
        cr.bincount(cr.tensor([1, 5]), length=3)


def test_select_choose_compress_extract(x, rng):
    y = rng.standard_normal(x.shape)
    same(cr.select([x < 0, x > 1], [y, 2 * y], 1.0), np.select([x < 0, x > 1], [y, 2 * y], 1.0))
    number = rng.integers(0, 3, x.shape)
    same(cr.choose(number, [x, y, 0.0]), np.choose(number, [x, y, 0.0]))
    same(cr.choose(number - 1, [x, y], "clip"), np.choose(number - 1, [x, y], mode="clip"))
    kept = rng.random(5) < 0.5
    same(cr.compress(kept, x, 1), np.compress(kept, x, 1))
    same(cr.extract(x > 0, x), np.extract(x > 0, x))
    cr.check_gradients(lambda y: cr.choose(number, [y, y * y, 1.0]), y)


EAGER_ONLY = {
    "nonzero": lambda x: cr.nonzero(x),
    "argwhere": lambda x: cr.argwhere(x),
    "unique": lambda x: cr.unique(x),
    "bincount": lambda x: cr.bincount(x.astype("int64")),
    "compress": lambda x: cr.compress(x > 0, x),
}


@pytest.mark.parametrize("name", EAGER_ONLY)
def test_what_depends_on_values_cannot_be_recorded_and_says_what_can(name):
    with pytest.raises(GraphError, match=r"not known while a function is\s+recorded. Use"):
        cr.record(EAGER_ONLY[name], cr.tensor([1.0, 0.0]))


def test_mistakes():
    with pytest.raises(ConfigError, match="'left', 'right'"):
        cr.searchsorted([1.0], [1.0], side="middle")
    with pytest.raises(ChainruleError, match="two choices"):
        cr.where([True], 1.0)
    with pytest.raises(ConfigError, match="at least 1"):
        cr.histogram([1.0], 0)
    with pytest.raises(ConfigError, match="finite"):
        cr.histogram([1.0], 2, (0.0, np.inf))
