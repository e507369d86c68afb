"""Mistakes that random arguments have found, each as a test of its own."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr


@pytest.mark.parametrize("dtype", ["uint8", "uint64", "int32"])
def test_bincount_of_no_elements_of_any_type(dtype):
    nothing = np.array([], dtype)
    assert cr.bincount(cr.tensor(nothing)).shape == (0,)
    assert cr.bincount(cr.tensor(nothing), minlength=2).tolist() == [0, 0]


def test_multi_dot_of_integers_gives_integers():
    x = np.ones((2, 2), np.int8)
    found = cr.linalg.multi_dot([cr.tensor(x)] * 3)
    assert found.dtype == np.int8
    assert found.tolist() == np.linalg.multi_dot([x] * 3).tolist()


def test_a_complex_array_becomes_a_real_tensor_only_by_its_real_part():
    z = np.array([1 + 2j])
    for call in (cr.tensor, cr.asarray):
        with pytest.raises(cr.errors.DTypeError, match=r"take x\.real"):
            call(z, dtype="float32")
    assert cr.tensor(z).real.tolist() == [1.0]


def test_an_axis_outside_is_an_index_error_and_a_value_error():
    for kind in (IndexError, ValueError, cr.errors.AxisError):
        with pytest.raises(kind, match="axis 3 is outside a tensor of 1 axes"):
            cr.flip(cr.ones(2), axis=3)


def test_numpys_positional_arguments_keep_their_meaning():
    x = cr.tensor([[1.5, 2.5]])
    assert np.sum(x, 0, np.float64).dtype == np.float64  # the third argument is not keepdims
    assert np.average(x, 1, None, True)[1].tolist() == [2.0]
