"""What defines each factorisation holds of its results, for random matrices of many shapes."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.core import tree

L = cr.linalg
SHAPES = [(1, 1), (3, 3), (4, 2), (2, 4), (2, 3, 3), (2, 4, 3), (3, 1, 2, 4), (0, 3, 2)]
ALL = pytest.mark.parametrize("kind", "fc")
EACH = pytest.mark.parametrize("shape", SHAPES, ids=str)


def random(shape, kind, seed=0):
    rng = np.random.default_rng([seed, *shape])
    a = rng.standard_normal(shape)
    return a + 1j * rng.standard_normal(shape) if kind == "c" else a


def adjoint(a):
    return np.conj(np.swapaxes(np.asarray(a), -1, -2))


def same(a, b):
    np.testing.assert_allclose(a, b, atol=1e-11)


def unitary(q):
    same(adjoint(q) @ q.numpy(), np.broadcast_to(np.eye(q.shape[-1]), (*q.shape[:-2], *(q.shape[-1],) * 2)))


@ALL
@EACH
@pytest.mark.parametrize("mode", ["reduced", "complete"])
def test_qr(shape, kind, mode):
    a = random(shape, kind)
    q, r = L.qr(a, mode)
    same(q @ r, a)
    unitary(q)
    assert L.is_upper_triangular(r).numpy().all()


@ALL
@EACH
def test_lu(shape, kind):
    a = random(shape, kind)
    permutation, left, right = L.lu(a)
    same(permutation @ left @ right, a)
    assert L.is_permutation(permutation).numpy().all()
    assert L.is_lower_triangular(left).numpy().all() and L.is_upper_triangular(right).numpy().all()
    same(L.diagonal(left), np.ones((*shape[:-2], min(shape[-2:]))))
    assert (np.abs(left.numpy()) <= 1 + 1e-12).all() or kind == "c"


@ALL
@EACH
@pytest.mark.parametrize("full", [False, True])
def test_svd(shape, kind, full):
    a = random(shape, kind)
    u, s, vh = L.svd(a, full)
    k = min(shape[-2:])
    same((u[..., :k] * s[..., None, :]) @ vh[..., :k, :], a)
    unitary(u)
    unitary(cr.tensor(adjoint(vh)))
    assert (np.diff(s.numpy(), axis=-1) <= 0).all() and (s.numpy() >= 0).all()


@ALL
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape[-1] == shape[-2]], ids=str)
def test_eigenvalues(shape, kind):
    a = random(shape, kind)
    values, vectors = L.eig(a)
    same(a @ vectors, vectors * values[..., None, :])
    same(L.vector_norm(vectors, axis=-2), np.ones(shape[:-1]))
    same(values.sum(-1), L.trace(a))
    same(cr.prod(values, -1), L.det(a))
    symmetric = L.symmetrize(a)
    values, vectors = L.eigh(symmetric)
    same(symmetric @ vectors, vectors * values[..., None, :])
    unitary(vectors)


@ALL
@EACH
def test_pseudo_inverse_has_penroses_four_properties(shape, kind):
    a = random(shape, kind)
    x = L.pinv(a).numpy()
    same(a @ x @ a, a)
    same(x @ a @ x, x)
    same(adjoint(a @ x), a @ x)
    same(adjoint(x @ a), x @ a)


@ALL
@EACH
def test_least_squares_misses_at_right_angles(shape, kind):
    a, b = random(shape, kind), random((*shape[:-1], 2), kind, seed=1)
    found = L.lstsq(a, b)
    missed = (a @ found.x - b).numpy()
    same(adjoint(a) @ missed, np.zeros_like(adjoint(a) @ missed))
    same(found.residuals, (np.abs(missed) ** 2).sum(-2))
    assert (found.rank.numpy() == min(shape[-2:])).all()


@ALL
def test_functions_of_matrices(kind):
    a = random((2, 3, 3), kind)
    positive = a @ adjoint(a) + np.eye(3)
    same(L.sqrtm(positive) @ L.sqrtm(positive), positive)
    same(L.expm(L.logm(positive)), positive)
    same(L.det(L.expm(a)), np.exp(np.trace(a, axis1=-2, axis2=-1)))
    same(L.expm(a) @ L.expm(-a), np.stack([np.eye(3)] * 2))


def test_a_complex_matrix_has_the_root_and_logarithm_that_a_real_one_lacks():
    a = cr.tensor(np.diag([-4.0, 9.0]).astype("complex128"))
    same(L.sqrtm(a), np.diag([2j, 3]))
    same(L.logm(a), np.diag([np.log(4) + 1j * np.pi, np.log(9)]))


EMPTY = (
    "qr",
    "svd",
    "svdvals",
    "lu",
    "pinv",
    "matrix_rank",
    "norm",
    "projection_matrix",
    "orth",
    "null_space",
)
EMPTY_SQUARE = ("det", "inv", "eigh", "eig", "expm", "sqrtm", "logm", "cholesky", "slogdet", "matrix_rank")


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_matrices_without_elements(name, shape):
    for y in tree.leaves(getattr(L, name)(np.zeros(shape))):
        assert np.isfinite(y.numpy()).all()


@pytest.mark.parametrize("name", EMPTY_SQUARE)
def test_square_matrices_without_elements(name):
    found = getattr(L, name)(np.zeros((0, 0)))
    first = found[0] if isinstance(found, tuple) else found
    assert first.shape in ((), (0,), (0, 0))
    assert float(L.det(np.zeros((0, 0)))) == 1.0


def test_nearly_singular_systems_are_solved():
    a = np.array([[1.0, 1.0], [1.0, 1.0 + 1e-12]])
    x = L.solve(a, a @ np.array([1.0, 2.0]))
    np.testing.assert_allclose(a @ x, a @ np.array([1.0, 2.0]), rtol=1e-12)
