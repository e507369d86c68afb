"""Where a name of NumPy's does something else here: on purpose, and only so far."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ChainruleError, DTypeError, LinAlgError, ShapeError
from chainrule.functions.numpy_names import DIFFERENT

HALVES = np.array([0.5, 1.5], np.float32)
BITS = np.array([True, False])


def test_python_floats_are_single_precision():
    assert (np.asarray([0.5]).dtype, cr.asarray([0.5]).dtype) == (np.float64, np.float32)
    for name in ("zeros", "ones", "empty", "eye"):
        assert (getattr(np, name)(2).dtype, getattr(cr, name)(2).dtype) == (np.float64, np.float32)
    assert cr.full(2, 0.5).dtype == cr.linspace(0, 1).dtype == cr.arange(0.5).dtype == np.float32


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint32", "bool"])
def test_functions_of_integers_give_single_precision(dtype):
    x = np.array([0, 1], dtype)
    assert cr.exp(x).dtype == cr.mean(cr.asarray(x)).dtype == np.float32
    assert np.exp(x).dtype in (np.float16, np.float32, np.float64)


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint32"])
def test_integers_do_not_widen_the_floats_that_they_meet(dtype):
    x = np.array([1, 2], dtype)
    assert ((x * HALVES).dtype, (cr.asarray(x) * cr.asarray(HALVES)).dtype) == (np.float64, np.float32)


def test_signed_and_64_bit_unsigned_integers_do_not_meet():
    signed, unsigned = np.array([1], np.int64), np.array([1], np.uint64)
    assert (signed + unsigned).dtype == np.float64
    with pytest.raises(DTypeError, match="int64 and uint64 have no common integer type"):
        cr.asarray(signed) + cr.asarray(unsigned)


@pytest.mark.parametrize("name", ["add", "multiply", "square", "sign", "conj", "real", "negative"])
def test_bools_are_not_numbers(name):
    arguments = (BITS,) * (2 if name in ("add", "multiply") else 1)
    with pytest.raises(DTypeError, match="is bool, which it does not take"):
        getattr(cr, name)(*map(cr.asarray, arguments))


def test_conversions_that_promotion_makes_are_allowed():
    assert not np.can_cast(np.int64, np.float32)
    assert cr.can_cast(cr.int64, cr.float32)
    assert not cr.can_cast(cr.float32, cr.int64)


def test_complex_numbers_do_not_silently_lose_their_imaginary_parts():
    z = np.array([1j])
    with pytest.warns(np.exceptions.ComplexWarning):
        assert z.astype(np.float64).tolist() == [0.0]
    with pytest.raises(DTypeError, match="the imaginary parts would be lost"):
        cr.asarray(z).astype("float64")
    with pytest.raises(DTypeError, match="the imaginary parts would be lost"):
        cr.tensor(z, dtype="float64")
    assert cr.asarray(z).astype("bool").tolist() == [True]


def test_empty_has_values():
    assert not cr.empty((3, 4)).numpy().any()


@pytest.mark.parametrize("name", ["split", "array_split"])
@pytest.mark.parametrize("places", [[2, 1], [5], [-1]])
def test_places_of_a_cut_rise_within_the_axis(name, places):
    assert len(getattr(np, name)(np.arange(3), places)) == len(places) + 1
    with pytest.raises(ShapeError, match="must rise from 0 to the extent 3"):
        getattr(cr, name)(cr.arange(3), places)


def test_eigenvalues_are_complex_whatever_their_values():
    identity = np.eye(2)
    assert np.linalg.eigvals(identity).dtype == np.float64
    assert cr.linalg.eigvals(cr.asarray(identity)).dtype == np.complex128


@pytest.mark.parametrize("name", ["eigh", "eigvalsh", "cholesky"])
def test_one_triangle_is_not_silently_taken_for_the_other(name):
    a = np.array([[2.0, 9.0], [0.0, 2.0]])
    assert getattr(np.linalg, name)(a) is not None
    with pytest.raises(ChainruleError):
        getattr(cr.linalg, name)(cr.asarray(a))
    unchecked = getattr(cr.linalg, name)(cr.asarray(a), check=False)
    assert unchecked is not None


def test_a_singular_system_is_an_error_of_linear_algebra_too():
    with pytest.raises(LinAlgError):
        cr.linalg.solve(cr.ones((2, 2)), cr.ones(2))
    with pytest.raises(LinAlgError):
        cr.linalg.inv(cr.zeros((2, 2)))


def test_nan_aware_means_of_nothing_but_nan_are_nan_without_a_warning():
    x = np.full(3, np.nan, np.float32)
    with pytest.warns(RuntimeWarning):
        np.nanmean(x)
    assert np.isnan(cr.nanmean(cr.asarray(x)).item())


def different_put_along_axis(tmp_path):
    x = np.zeros(3)
    t = cr.asarray(x.copy())
    np.put_along_axis(x, np.array([1]), 5.0, 0)
    new = cr.put_along_axis(t, np.array([1]), 5.0, 0)
    assert (x.tolist(), new.tolist(), t.tolist()) == ([0, 5, 0], [0, 5, 0], [0, 0, 0])


def different_resize(tmp_path):
    assert np.resize([1, 2], 3).tolist() == [1, 2, 1]
    assert cr.resize(cr.ones((1, 1, 2, 2)), (4, 4)).shape == (1, 1, 4, 4)


def different_record(tmp_path):
    assert isinstance(np.record, type)
    assert isinstance(cr.record(cr.exp, cr.zeros(2)), cr.Graph)


def different_save(tmp_path):
    cr.save(tmp_path / "x.safetensors", {"x": cr.ones(2)})
    assert cr.load(tmp_path / "x.safetensors")["x"].tolist() == [1, 1]


def different_load(tmp_path):
    np.save(tmp_path / "x.npy", HALVES)
    assert isinstance(cr.load(tmp_path / "x.npy"), cr.Tensor)
    assert isinstance(np.load(tmp_path / "x.npy"), np.ndarray)


@pytest.mark.parametrize("name", DIFFERENT)
def test_names_that_mean_something_else(name, tmp_path):
    globals()[f"different_{name}"](tmp_path)
