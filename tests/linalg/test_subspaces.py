"""Gram-Schmidt, projections, bases and their dimensions."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr

L = cr.linalg


def of_rank(rank, m, n, seed):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((m, rank)) @ rng.standard_normal((rank, n))


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
@pytest.mark.parametrize(("m", "n"), [(3, 3), (5, 3), (3, 5)])
def test_rank_nullity_and_bases(rank, m, n):
    a = of_rank(rank, m, n, seed=rank)
    found, nullity = L.rank_nullity(a)
    assert (int(found), int(nullity)) == (rank, n - rank)
    columns, kernel = L.orth(a), L.null_space(a)
    assert columns.shape == (m, rank) and kernel.shape == (n, n - rank)
    np.testing.assert_allclose(columns.T @ columns, np.eye(rank), atol=1e-12)
    np.testing.assert_allclose(kernel.T @ kernel, np.eye(n - rank), atol=1e-12)
    np.testing.assert_allclose(a @ kernel, np.zeros((m, n - rank)), atol=1e-12)
    np.testing.assert_allclose(columns @ (columns.T @ a), a, atol=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_projection_is_the_nearest_point(rank, rng):
    a, x = of_rank(rank, 5, 3, seed=8), rng.standard_normal(5)
    nearest = L.project(x, a)
    np.testing.assert_allclose(nearest, L.projection_matrix(a) @ x, atol=1e-12)
    np.testing.assert_allclose(a.T @ (x - nearest), np.zeros(3), atol=1e-12)
    assert bool(L.is_projection(L.projection_matrix(a)))


def test_projection_onto_a_vector(rng):
    x, onto = rng.standard_normal((2, 4))
    np.testing.assert_allclose(L.project(x, onto), onto * (onto @ x) / (onto @ onto), atol=1e-12)
    np.testing.assert_array_equal(L.project(x, np.zeros(4)), np.zeros(4))


@pytest.mark.parametrize("n", [3, 4, 5])
def test_modified_gram_schmidt_keeps_orthogonality_better(n):
    """Läuchli's matrix: columns that are nearly parallel."""
    a = np.vstack([np.ones(n), 1e-8 * np.eye(n)])

    def lost(method):
        q = L.gram_schmidt(a, method)
        return float(L.matrix_norm(q.T @ q - np.eye(n)))

    assert lost("modified") < 1e-7
    assert lost("classical") > 0.1


@pytest.mark.parametrize("method", ["modified", "classical"])
def test_gram_schmidt_of_complex_columns(method, rng):
    a = rng.standard_normal((2, 4, 3)) + 1j * rng.standard_normal((2, 4, 3))
    q = L.gram_schmidt(a, method)
    np.testing.assert_allclose(np.conj(np.swapaxes(q, -1, -2)) @ q, np.stack([np.eye(3)] * 2), atol=1e-12)


def test_no_columns_stay_none():
    assert L.gram_schmidt(np.zeros((3, 0))).shape == (3, 0)
