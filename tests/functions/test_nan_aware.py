"""Reductions without NaN: NumPy's numbers, also where nothing is left; derivatives stay finite."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule as cr
from chainrule.errors import OutOfRangeError

from .compare import FEW, SEEDS, SOLID, agrees, numbers

FOLDS = ["nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmax", "nanmin", "nanmedian"]


def with_gaps(shape, seed, share=0.3):
    """Random elements, some of them NaN."""
    x = numbers(shape, seed)
    x[np.random.default_rng(seed).random(shape) < share] = np.nan
    return x


@pytest.mark.parametrize("name", FOLDS)
@FEW
@given(data=st.data(), seed=SEEDS)
def test_any_axes(name, data, seed):
    x = with_gaps(data.draw(SOLID), seed, data.draw(st.sampled_from([0.0, 0.3, 1.0])))
    axis = data.draw(st.one_of(st.none(), hnp.valid_tuple_axes(x.ndim, min_size=1)))
    options = {"axis": axis, "keepdims": data.draw(st.booleans())}
    agrees(lambda t: getattr(cr, name)(t, **options), lambda a: getattr(np, name)(a, **options), x)


@pytest.mark.parametrize("name", ["nancumsum", "nancumprod"])
@FEW
@given(data=st.data(), seed=SEEDS)
def test_running(name, data, seed):
    x = with_gaps(data.draw(SOLID), seed)
    axis = data.draw(st.one_of(st.none(), st.integers(-x.ndim, x.ndim - 1)))
    agrees(lambda t: getattr(cr, name)(t, axis), lambda a: getattr(np, name)(a, axis), x)


@pytest.mark.parametrize("method", ["linear", "lower", "higher", "nearest", "midpoint"])
@FEW
@given(data=st.data(), seed=SEEDS)
def test_quantiles(method, data, seed):
    x = with_gaps(data.draw(SOLID), seed)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    q = data.draw(st.sampled_from([0.5, [0.0, 0.25, 1.0], [[0.1], [0.9]]]))
    options = {"axis": axis, "method": method}
    agrees(lambda t: cr.nanquantile(t, q, **options), lambda a: np.nanquantile(a, q, **options), x)
    percents = np.multiply(q, 100)
    agrees(
        lambda t: cr.nanpercentile(t, percents, **options),
        lambda a: np.nanpercentile(a, percents, **options),
        x,
    )


@pytest.mark.parametrize("name", ["nanargmax", "nanargmin"])
def test_index(name):
    x = np.array([[np.nan, 2.0, 7.0], [4.0, np.nan, 1.0]])
    for axis in (None, 0, 1):
        agrees(lambda t, a=axis: getattr(cr, name)(t, a), lambda t, a=axis: getattr(np, name)(t, a), x)
    with pytest.raises(OutOfRangeError, match=f"{name}: a slice holds nothing but NaN"):
        getattr(cr, name)(np.array([[np.nan, np.nan], [1.0, 2.0]]), 1)


@pytest.mark.parametrize("ddof", [0, 1, 2])
@pytest.mark.parametrize("name", ["nanvar", "nanstd"])
def test_too_few_elements_for_the_degrees_of_freedom_give_nan(name, ddof):
    x = np.array([[1.0, np.nan, np.nan], [1.0, 4.0, np.nan], [3.0, 5.0, 8.0]])
    agrees(
        lambda t: getattr(cr, name)(t, axis=1, ddof=ddof),
        lambda a: getattr(np, name)(a, axis=1, ddof=ddof),
        x,
    )


@pytest.mark.parametrize("name", [name for name in FOLDS if name != "nanmedian"])
@pytest.mark.parametrize("dtype", ["int32", "bool", "float32"])
def test_types_without_nan_are_reduced_as_they_are(name, dtype):
    x = numbers((3, 4), 2, dtype)
    got, plain = getattr(cr, name)(cr.tensor(x), 1), getattr(cr, name.removeprefix("nan"))(cr.tensor(x), 1)
    assert got.dtype == plain.dtype
    np.testing.assert_allclose(got.numpy(), plain.numpy(), rtol=1e-6)


@pytest.mark.parametrize("name", [*FOLDS, "nancumsum", "nancumprod"])
def test_gradients_are_those_without_the_gaps(name):
    """The gradient is 0 at a gap; elsewhere it is that of the same function of what is present."""
    x = np.array([[0.7, np.nan, 2.1, 1.3, -0.4], [np.nan, 3.0, 1.0, np.nan, -2.0]])
    present = ~np.isnan(x)

    def filled(values):
        return cr.where(present, values, np.nan)

    cr.check_gradients(lambda v: getattr(cr, name)(filled(v), 1), np.where(present, x, 0.0))
    slopes = cr.grad(lambda t: getattr(cr, name)(t, axis=1).sum())(cr.tensor(x)).numpy()
    assert np.isfinite(slopes).all()
    assert (slopes[~present] == 0).all()
    assert (slopes[present] != 0).any()
