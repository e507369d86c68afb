"""Median and quantiles: NumPy's numbers by every method, derivatives, wrong shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule as cr
from chainrule.errors import ConfigError, OutOfRangeError, ShapeError
from chainrule.functions.quantiles import METHODS

from .compare import FEW, SEEDS, SOLID, agrees, numbers, same

SHARES = st.sampled_from([0.5, 0.3, [0.0, 0.25, 1.0], [[0.1, 1 / 3], [0.9, 0.5]], []])


@pytest.mark.parametrize("method", METHODS)
@FEW
@given(data=st.data(), seed=SEEDS)
def test_quantiles(method, data, seed):
    x = numbers(data.draw(SOLID), seed)
    axis = data.draw(st.one_of(st.none(), hnp.valid_tuple_axes(x.ndim, min_size=1)))
    q, keepdims = data.draw(SHARES), data.draw(st.booleans())
    options = {"axis": axis, "method": method, "keepdims": keepdims}
    agrees(lambda t: cr.quantile(t, q, **options), lambda a: np.quantile(a, q, **options), x)
    percents = np.multiply(q, 100)
    agrees(
        lambda t: cr.percentile(t, percents, **options), lambda a: np.percentile(a, percents, **options), x
    )


@FEW
@given(data=st.data(), seed=SEEDS)
def test_median(data, seed):
    x = numbers(data.draw(SOLID), seed)
    axis = data.draw(st.one_of(st.none(), hnp.valid_tuple_axes(x.ndim, min_size=1)))
    agrees(lambda t: cr.median(t, axis), lambda a: np.median(a, axis), x)
    agrees(lambda t: cr.median(t, axis, keepdims=True), lambda a: np.median(a, axis, keepdims=True), x)


@pytest.mark.parametrize("method", METHODS)
def test_derivatives(method):
    x = numbers((3, 5), 8)
    cr.check_gradients(lambda t: cr.quantile(t, [0.15, 0.5], 1, method=method), x)
    cr.check_gradients(lambda t: cr.median(t, 0), numbers((4, 2), 3))


def test_the_derivative_by_the_share_is_the_slope_between_places():
    x = cr.tensor([1.0, 4.0, 2.0, 9.0], dtype="float64")
    slope = cr.grad(lambda q: cr.quantile(x, q))(cr.tensor(0.4, dtype="float64"))
    assert slope.item() == pytest.approx(3 * (4.0 - 2.0))
    cr.check_gradients(lambda t, q: cr.quantile(t, q), x.numpy(), np.array([0.2, 0.9]))


@pytest.mark.parametrize("method", METHODS)
def test_nan_takes_over_and_infinities_stay_where_they_are(method):
    inf, nan = np.inf, np.nan
    x = [[1.0, nan, 3.0], [inf, 2.0, 1.0], [inf, inf, inf], [0.0, -inf, 5.0]]
    got = cr.quantile(cr.tensor(x), [0.0, 0.5, 1.0], 1, method=method)
    same(got, np.array([[nan, 1.0, inf, -inf], [nan, 2.0, inf, 0.0], [nan, inf, inf, 5.0]]))


@pytest.mark.parametrize("method", ["lower", "higher", "nearest"])
def test_picked_elements_keep_their_type(method):
    x = np.array([5, 1, 4, 2], np.int16)
    got = cr.quantile(cr.tensor(x), 0.5, method=method)
    assert got.dtype == np.int16
    assert got.item() == np.quantile(x, 0.5, method=method)


def test_float32_places_are_found_in_float64():
    x = np.arange(1001, dtype=np.float32)
    for q in (0.3, 0.7, 0.123):
        same(cr.quantile(cr.tensor(x), q, method="lower"), np.quantile(x, q, method="lower"))


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: cr.quantile([1.0], 1.5), OutOfRangeError, "quantile: shares must lie from 0 to 1, got 1.5"),
        (lambda: cr.quantile([1.0], np.nan), OutOfRangeError, "got nan"),
        (lambda: cr.percentile([1.0], [5, -1]), OutOfRangeError, "percentile: .* from 0 to 100, got -1"),
        (lambda: cr.quantile([1.0], 0.5, method="cubic"), ConfigError, "method must be one of 'linear'"),
        (lambda: cr.median(cr.zeros((0,))), ShapeError, "the median of nothing is undefined"),
    ],
)
def test_wrong_calls(call, kind, said):
    with pytest.raises(kind, match=said):
        call()
