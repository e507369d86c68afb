"""Reductions: NumPy's numbers over all axes and types, exact derivatives, the empty case."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule as cr
from chainrule.errors import ConfigError, ShapeError

from .compare import FEW, SEEDS, SHAPES, SOLID, TYPES, agrees, has_type, numbers, quiet, same

ALWAYS = ["sum", "prod", "count_nonzero", "any", "all"]
NOT_OF_NOTHING = ["mean", "max", "min", "ptp", "var", "std"]


@pytest.mark.parametrize("name", [*ALWAYS, *NOT_OF_NOTHING])
@FEW
@given(data=st.data(), seed=SEEDS)
def test_any_axes(name, data, seed):
    x = numbers(data.draw(SHAPES if name in ALWAYS else SOLID), seed)
    axis = data.draw(st.one_of(st.none(), hnp.valid_tuple_axes(x.ndim)))
    keepdims = data.draw(st.booleans())
    options = {"axis": axis, "keepdims": keepdims}
    agrees(lambda t: getattr(cr, name)(t, **options), lambda a: getattr(np, name)(a, **options), x)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["sum", "prod", "cumsum", "cumprod", "max", "min", "count_nonzero"])
def test_types_are_numpys(name, dtype):
    if dtype == "complex64" and name in ("max", "min"):
        pytest.skip("complex numbers have no order")
    x = numbers((3, 2), 5, dtype)
    got, expected = getattr(cr, name)(cr.tensor(x), axis=0), getattr(np, name)(x, axis=0)
    same(got, expected, 2e-3 if dtype == "float16" else 1e-6)
    has_type(got, expected)


@pytest.mark.parametrize("dtype", ["int8", "float32", "float64", "complex128"])
@pytest.mark.parametrize("name", ["sum", "prod", "mean", "cumsum", "cumprod"])
def test_a_type_to_compute_in(name, dtype):
    x = numbers((4,), 1, "int32")
    got, expected = (getattr(f, name)(a, dtype=dtype) for f, a in ((cr, cr.tensor(x)), (np, x)))
    same(got, expected, 1e-6)
    has_type(got, expected)


@pytest.mark.parametrize("name", ["mean", "var", "std", "average", "median"])
def test_integers_become_the_default_float(name):
    x = numbers((3, 4), 2, "int64")
    got = getattr(cr, name)(cr.tensor(x), axis=1)
    assert got.dtype == np.float32
    same(got, getattr(np, name)(x, axis=1), 1e-6)


@pytest.mark.parametrize("name", ["mean", "var", "std"])
def test_many_16_bit_floats_do_not_overflow(name):
    x = np.full(70000, 3.0, np.float16)
    x[::2] = 1.0
    got = getattr(cr, name)(cr.tensor(x))
    assert got.dtype == np.float16
    assert got.item() == getattr(np, name)(x.astype(np.float64))


@pytest.mark.parametrize("name", ["mean", "var", "std", "sum", "prod"])
def test_complex(name):
    x = numbers((2, 5), 3, "complex128")
    agrees(lambda t: getattr(cr, name)(t, axis=1), lambda a: getattr(np, name)(a, axis=1), x)
    assert getattr(cr, name)(cr.tensor(x)).dtype == getattr(np, name)(x).dtype
    cr.check_gradients(lambda z: getattr(cr, name)(z, axis=1), x)


@pytest.mark.parametrize("axis", [None, 0, (0, 2), ()])
@pytest.mark.parametrize("name", ["sum", "prod", "mean", "max", "min", "ptp", "average", "logsumexp"])
def test_derivatives(name, axis):
    cr.check_gradients(lambda x: getattr(cr, name)(x, axis), numbers((2, 3, 2), 4))


@pytest.mark.parametrize("name", ["var", "std"])
def test_derivatives_of_deviations(name):
    cr.check_gradients(lambda x: getattr(cr, name)(x, (0, 2), ddof=1), numbers((2, 3, 2), 4))


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
def test_derivatives_of_a_product_are_exact_with_zeros(zeros):
    x = np.array([2.0, -3.0, 0.5, 1.5])
    x[:zeros] = 0.0
    others = [np.prod(np.delete(x, i)) for i in range(4)]
    assert cr.grad(cr.prod)(cr.tensor(x)).tolist() == others
    pairs = [[0.0 if i == j else np.prod(np.delete(x, [i, j])) for j in range(4)] for i in range(4)]
    np.testing.assert_allclose(cr.hessian(cr.prod)(cr.tensor(x)).numpy(), pairs, rtol=1e-15)
    cr.check_gradients(cr.prod, x, order=3)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_average(data, seed):
    x = numbers(data.draw(SOLID), seed)
    axis = data.draw(hnp.valid_tuple_axes(x.ndim, min_size=1))
    folded = [x.shape[a] for a in axis]
    for shape in (x.shape, tuple(folded)):
        w = np.abs(numbers(shape, seed + 1)) + 0.1
        weighted = {"axis": axis, "returned": True}
        agrees(
            lambda t, u, o=weighted: cr.average(t, weights=u, **o),
            lambda a, b, o=weighted: np.average(a, weights=b, **o),
            x,
            w,
        )
    cr.check_gradients(lambda t, u: cr.average(t, axis, u), x, w, seed=seed)


def test_average_without_weights_counts():
    mean, count = cr.average(cr.tensor([1.0, 2.0, 6.0]), returned=True)
    assert (mean.item(), count.item()) == (3.0, 3.0)


@pytest.mark.parametrize("name", ["max", "min", "sum", "prod", "ptp", "mean"])
def test_nan_propagates(name):
    x = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]])
    agrees(lambda t: getattr(cr, name)(t, axis=1), lambda a: getattr(np, name)(a, axis=1), x)


def test_nothing_has_a_sum_and_a_product_but_no_extreme():
    nothing = cr.zeros((2, 0))
    assert cr.sum(nothing, 1).tolist() == [0.0, 0.0]
    assert cr.prod(nothing, 1).tolist() == [1.0, 1.0]
    for name in NOT_OF_NOTHING:
        with pytest.raises(ShapeError, match="of nothing is undefined"):
            getattr(cr, name)(nothing, 1)


@pytest.mark.parametrize("ddof", [0, 1, 1.5])
def test_correction_is_another_name_of_ddof(ddof):
    x = numbers((3, 4), 6)
    expected = quiet(lambda a: np.var(a, axis=1, ddof=ddof), x)
    same(cr.var(x, 1, correction=ddof), expected)
    same(cr.var(x, 1, ddof=ddof), expected)


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: cr.var([1.0, 2.0], ddof=1, correction=1), ConfigError, "two names of one thing"),
        (lambda: cr.average(cr.ones((2, 3)), 0, cr.ones(3)), ShapeError, r"folded axes, \(2,\)"),
        (lambda: cr.sum(cr.ones(3), (0, 0)), ShapeError, "axis 0 is named twice"),
        (lambda: cr.prod(cr.ones(3), 1), ShapeError, "prod: axis 1 is outside"),
    ],
)
def test_wrong_calls(call, kind, said):
    with pytest.raises(kind, match=said):
        call()
