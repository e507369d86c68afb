"""Norms are NumPy's, and have a derivative where a norm has none: a subgradient."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr

VECTOR_ORDERS = (0, 1, 2, 3, 1.5, 0.5, -1, -2, math.inf, -math.inf)
MATRIX_ORDERS = ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf)


def numbers(shape, kind):
    rng = np.random.default_rng(3)
    x = rng.standard_normal(shape)
    return x + 1j * rng.standard_normal(shape) if kind == "c" else x


@pytest.mark.parametrize("kind", "fc")
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (0, 1, 2)])
@pytest.mark.parametrize("ord", VECTOR_ORDERS)
def test_vector_norm(ord, axis, keepdims, kind):
    x = numbers((2, 3, 4), kind)
    expected = np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)
    found = cr.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("kind", "fc")
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("ord", MATRIX_ORDERS)
def test_matrix_norm(ord, keepdims, kind):
    x = numbers((2, 3, 4), kind)
    expected = np.linalg.matrix_norm(x, keepdims=keepdims, ord=ord)
    found = cr.linalg.matrix_norm(x, keepdims=keepdims, ord=ord)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [(0, 1), (1, 0), (2, 0), (0, -1), (-1, -2), (1, 2)])
@pytest.mark.parametrize("ord", [None, *MATRIX_ORDERS])
def test_norm_over_two_axes(ord, axis, keepdims):
    x = numbers((2, 3, 4), "f")
    expected = np.linalg.norm(x, ord, axis, keepdims)
    found = cr.linalg.norm(x, ord, axis, keepdims)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("shape", [(5,), (3, 4)])
@pytest.mark.parametrize("ord", [None, 1, 2, math.inf])
def test_norm_of_all_axes(ord, shape):
    x = numbers(shape, "f")
    np.testing.assert_allclose(cr.linalg.norm(x, ord), np.linalg.norm(x, ord), rtol=1e-12)


def test_norm_of_many_axes_counts_all_elements():
    x = numbers((2, 3, 4), "f")
    np.testing.assert_allclose(cr.linalg.norm(x), np.linalg.norm(x), rtol=1e-12)


@pytest.mark.parametrize("kind", "fc")
@pytest.mark.parametrize("ord", [order for order in VECTOR_ORDERS if order != 0])
def test_derivatives_of_vector_norms(ord, kind):
    cr.check_gradients(lambda x: cr.linalg.vector_norm(x, ord=ord, axis=1), numbers((2, 3), kind), seed=0)


@pytest.mark.parametrize("kind", "fc")
@pytest.mark.parametrize("ord", MATRIX_ORDERS)
def test_derivatives_of_matrix_norms(ord, kind):
    cr.check_gradients(lambda x: cr.linalg.matrix_norm(x, ord=ord), numbers((2, 4, 3), kind), seed=0)


@pytest.mark.parametrize("ord", [0.5, 1, 1.5, 2, 3])
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_derivative_at_zero_is_a_subgradient(ord, dtype):
    zero = cr.grad(lambda x: cr.linalg.vector_norm(x, ord=ord))(np.zeros(3, dtype))
    np.testing.assert_array_equal(zero, np.zeros(3))


@pytest.mark.parametrize("ord", [1.5, 2, 3])
def test_zero_elements_do_not_disturb_the_others(ord):
    with_zero = cr.grad(lambda x: cr.linalg.vector_norm(x, ord=ord))(np.array([3.0, 0.0, -4.0]))
    without = cr.grad(lambda x: cr.linalg.vector_norm(x, ord=ord))(np.array([3.0, -4.0]))
    np.testing.assert_allclose(with_zero, [without[0], 0.0, without[1]], rtol=1e-12)


@pytest.mark.parametrize("ord", ["fro", "nuc", 2])
def test_derivative_of_a_matrix_norm_at_zero_is_finite(ord):
    slope = cr.grad(lambda x: cr.linalg.matrix_norm(x, ord=ord))(np.zeros((3, 2)))
    assert np.isfinite(slope.numpy()).all()
