"""Pointwise functions under NumPy's names, against NumPy."""

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ConfigError

SPECIAL = np.array([0.0, -0.0, 1.5, -2.5, 0.5, 7.0, 1e-3, math.inf, -math.inf, math.nan])
GRID = [a.ravel() for a in np.meshgrid(SPECIAL, SPECIAL)]


def same(got, expected, **tolerance):
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got.numpy(), expected, **{"rtol": 1e-14, "atol": 0} | tolerance)


@pytest.mark.parametrize("bounds", [(-1.0, 2.0), (None, 1.0), (0.0, None), (3.0, -3.0), (math.nan, 1.0)])
def test_clip(bounds):
    low, high = bounds
    same(cr.clip(SPECIAL, low, high), np.clip(SPECIAL, low, high))
    same(cr.clip(SPECIAL, min=low, max=high), np.clip(SPECIAL, low, high))
    same(cr.tensor(SPECIAL).clip(low, high), np.clip(SPECIAL, low, high))


def test_clip_by_tensors_that_broadcast():
    x, low, high = SPECIAL[:, None], SPECIAL, np.array(1.0)
    same(cr.clip(x, low, high), np.clip(x, low, high))
    same(cr.clip(np.array([1, 5, 9]), 2, 7), np.array([2, 5, 7]))
    assert cr.clip(np.array([1, 5], np.uint8), 2, 200).dtype == np.uint8


def test_gradients_of_clip_go_to_what_was_taken():
    x, low, high = np.array([-1.0, 0.0, 0.5, 1.0, 2.0]), np.zeros(5), np.ones(5)
    found = cr.vjp(cr.clip, x, low, high)[1](np.ones(5))
    assert [g.tolist() for g in found] == [[0, 1, 1, 1, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1]]


def test_a_bound_that_is_given_twice_is_refused(monkeypatch):
    with pytest.raises(ConfigError, match=r"^clip: a bound is given twice, by its place and as max="):
        cr.clip(SPECIAL, 0.0, 1.0, max=2.0)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(ConfigError, match=r"^clip：同一个界限被给出两次：一次按位置，一次用 min="):
        cr.clip(SPECIAL, 0.0, min=2.0)


@pytest.mark.parametrize("decimals", [0, 1, 3, -1, -2])
def test_round(decimals):
    for x in (SPECIAL * 12.345678, np.array([15, 25, -149, 150, 7]), np.array([1.25 + 2.35j, -7.5j])):
        with np.errstate(all="ignore"):
            expected = np.round(x, decimals)
        same(cr.round(x, decimals), expected)


def test_angles_in_degrees():
    same(cr.deg2rad(SPECIAL), np.deg2rad(SPECIAL))
    same(cr.rad2deg(SPECIAL), np.rad2deg(SPECIAL))
    assert cr.deg2rad([180]).dtype == np.float32


def test_sinc_and_i0_and_digamma():
    x = np.array([0.0, 1e-9, 0.1, 1.5, -2.3, 4.0, 17.25])
    same(cr.sinc(x), np.sinc(x), atol=1e-15)
    same(cr.i0(x), np.i0(x), rtol=1e-13)
    assert cr.digamma(1.0).item() == pytest.approx(-0.5772156649, rel=1e-7)


@pytest.mark.parametrize("equal_nan", [False, True])
@pytest.mark.parametrize("tolerances", [{}, {"rtol": 0.5}, {"atol": 10.0, "rtol": 0.0}])
def test_isclose_and_allclose(equal_nan, tolerances):
    a, b = GRID
    with np.errstate(all="ignore"):
        expected = np.isclose(a, b, equal_nan=equal_nan, **tolerances)
    np.testing.assert_array_equal(cr.isclose(a, b, equal_nan=equal_nan, **tolerances).numpy(), expected)
    for x in (a, SPECIAL, SPECIAL[:7]):
        close = cr.allclose(x, x, equal_nan=equal_nan, **tolerances)
        assert bool(close) == np.allclose(x, x, equal_nan=equal_nan, **tolerances)
    assert bool(cr.allclose([1 + 1j], [1 + 1.000001j]))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "complex128", "int64"])
def test_nan_to_num(dtype):
    x = np.array([1, -2]).astype(dtype) if dtype == "int64" else SPECIAL.astype(dtype)
    for options in ({}, {"nan": 5.0, "posinf": 2.0, "neginf": -2.0}):
        same(cr.nan_to_num(x, **options), np.nan_to_num(x, **options))


def test_nan_to_num_of_bfloat16_stays_finite():
    found = cr.nan_to_num(cr.tensor(SPECIAL, dtype="bfloat16"))
    assert str(found.dtype) == "bfloat16"
    assert np.isfinite(found.numpy().astype(np.float64)).all()


def test_divmod():
    with np.errstate(all="ignore"):
        numpys = np.divmod(*GRID)
    for part, expected in zip(cr.divmod(*GRID), numpys, strict=True):
        np.testing.assert_array_equal(part.numpy(), expected)


NUMPY_CALLS = {
    "clip": lambda x: np.clip(x, min=0.0, max=1.0),
    "clip by place": lambda x: np.clip(x, a_min=0.0, a_max=1.0),
    "round": lambda x: np.round(x, 1),
    "around": lambda x: np.around(x, 1),
    "sinc": np.sinc,
    "real": np.real,
    "imag": np.imag,
    "angle": np.angle,
    "conj": np.conj,
    "deg2rad": np.deg2rad,
    "degrees": np.degrees,
    "nan_to_num": np.nan_to_num,
    "arctan2": lambda x: np.arctan2(x, x[::-1]),
    "positive": np.positive,
    "rint": np.rint,
}


@pytest.mark.parametrize("call", NUMPY_CALLS.values(), ids=NUMPY_CALLS.keys())
def test_numpys_own_functions_are_answered(call):
    x = np.array([0.3, -1.26, 2.55])
    result = call(cr.tensor(x, requires_grad=True))
    assert isinstance(result, cr.Tensor)
    np.testing.assert_allclose(result.numpy(), call(x), rtol=1e-14, atol=1e-15)


def test_numpys_logic_and_bits_on_tensors():
    n, m = np.array([0, 1, 6]), np.array([3, 0, 5])
    for f in (np.logical_and, np.logical_or, np.logical_xor, np.bitwise_and, np.bitwise_or, np.bitwise_xor):
        for a, b in ((n, m), (n > 0, m > 0)):
            got = f(cr.tensor(a), cr.tensor(b))
            assert got.dtype == f(a, b).dtype
            np.testing.assert_array_equal(got.numpy(), f(a, b))
    for f in (np.logical_not, np.invert):
        np.testing.assert_array_equal(f(cr.tensor(n)).numpy(), f(n))
        np.testing.assert_array_equal(f(cr.tensor(n > 0)).numpy(), f(n > 0))
