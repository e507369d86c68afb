"""Derivatives to second order in both modes, and the cases in which there are none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ortho_group

import chainrule as cr
from chainrule.errors import GradientError, LinAlgError

from .torch_cases import CASES, keys, matrix

L = cr.linalg
DOUBLE = np.diag([2.0, 2.0, 5.0])  # an eigenvalue that stands twice


@pytest.mark.parametrize(("name", "shape", "kind"), [key for key in keys() if key[0] != "cond"])
def test_to_second_order(name, shape, kind):
    cr.check_gradients(lambda a: CASES[name][0](cr, a), matrix(shape, kind), seed=1)


COMPOSITES = {
    "lstsq": lambda a: tuple(L.lstsq(a, np.arange(8.0).reshape(4, 2))[:2]),
    "lu_solve": lambda a: L.lu_solve(L.lu_factor(a[:3]), np.arange(3.0)),
    "qr-wide": lambda a: L.qr(a.T),
    "triangular": lambda a: L.solve_triangular(a[:3], a[:3] @ a.T, lower=True, trans="C"),
    "matrix_power": lambda a: L.matrix_power(a[:3], 3),
    "matrix_power-negative": lambda a: L.matrix_power(a[:3], -2),
    "multi_dot": lambda a: L.multi_dot([a, a.T, a]),
    "gram_schmidt": L.gram_schmidt,
    "gram_schmidt-classical": lambda a: L.gram_schmidt(a, "classical"),
    "project": lambda a: L.project(np.arange(4.0), a),
    "projection_matrix": L.projection_matrix,
    "cond": lambda a: L.cond(a[:3], 1),
    "expm": lambda a: L.expm(0.3 * a[:3]),
    "toeplitz": lambda a: L.toeplitz(a[0], a[1]),
    "circulant": lambda a: L.circulant(a[:, 0]),
    "vandermonde": lambda a: L.vandermonde(a[:, 0], 4),
    "rotation": lambda a: L.rotation(a[0, 0], a[1]),
    "givens": lambda a: L.givens(4, 2, 0, a[0, 1]),
    "reflection": lambda a: L.reflection(a[:, 0]),
    "block_diagonal": lambda a: L.block_diagonal(a, a[:1]),
    "cross_matrix": lambda a: L.cross_matrix(a[0]),
}


@pytest.mark.parametrize("name", COMPOSITES)
def test_of_composites_to_second_order(name):
    cr.check_gradients(COMPOSITES[name], matrix("tall", "f"), seed=2)


def symmetric_with(values, seed=0):
    q = ortho_group.rvs(len(values), random_state=seed)
    return q * values @ q.T


def test_eigenvalues_that_are_equal_have_a_derivative():
    slope = cr.grad(lambda a: L.eigvalsh(a).sum())(symmetric_with([2.0, 2.0, 5.0]))
    np.testing.assert_allclose(slope, np.eye(3), atol=1e-12)
    through_vectors = cr.grad(lambda a: L.eigh(a).eigenvalues.sum())(symmetric_with([2.0, 2.0, 5.0]))
    np.testing.assert_allclose(through_vectors, np.eye(3), atol=1e-12)


def test_singular_values_that_are_equal_or_zero_have_a_derivative():
    slope = cr.grad(lambda a: L.svdvals(a).sum())(np.diag([2.0, 2.0, 5.0]))
    np.testing.assert_allclose(slope, np.eye(3), atol=1e-12)
    largest = cr.grad(lambda a: L.svdvals(a)[0])(np.diag([2.0, 0.0, 5.0]))
    np.testing.assert_allclose(largest, np.diag([0.0, 0.0, 1.0]), atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_derivative_of_a_singular_determinant_is_its_cofactors(n, rank, rng):
    a = rng.standard_normal((n, min(rank, n))) @ rng.standard_normal((min(rank, n), n))
    expected = np.empty((n, n))
    for i, j in np.ndindex(n, n):
        minor = np.delete(np.delete(a, i, 0), j, 1)
        expected[i, j] = (-1) ** (i + j) * np.linalg.det(minor)
    np.testing.assert_allclose(cr.grad(L.det)(a), expected, atol=1e-10)


def test_third_derivatives_of_a_determinant_at_the_unit_matrix():
    """det(I + t B) = 1 + t tr B + t² c + t³ det B, for 3 by 3 matrices."""
    b = matrix("square", "f")

    def along(t):
        return L.det(np.eye(3) + t * b)

    third = cr.grad(cr.grad(cr.grad(along)))(np.array(0.0))
    np.testing.assert_allclose(third, 6 * np.linalg.det(b), rtol=1e-10)


def test_pseudo_inverse_of_dependent_columns_where_the_rank_stays(rng):
    """x ↦ pinv of a matrix of rank 1 throughout."""
    left, right = rng.standard_normal((2, 4))
    cr.check_gradients(lambda v: L.pinv(L.outer(left, v), rtol=1e-9), right, seed=0)


def test_expm_of_a_matrix_that_cannot_be_diagonalised():
    cr.check_gradients(L.expm, np.array([[1.0, 1.0], [0.0, 1.0]]), order=3, seed=0)


def test_symmetric_functions_have_symmetric_gradients(rng):
    a = rng.standard_normal((4, 4))
    a = a @ a.T + np.eye(4)
    for f in (lambda a: L.eigvalsh(a)[0], lambda a: L.cholesky(a).sum()):
        slope = cr.grad(f)(a).numpy()
        np.testing.assert_allclose(slope, slope.T, atol=1e-12)


def test_unchecked_functions_read_one_triangle_only(rng):
    a = rng.standard_normal((3, 3))
    slope = cr.grad(lambda a: L.eigvalsh(a, check=False)[0])(a).numpy()
    assert not np.triu(slope, 1).any() and np.tril(slope, -1).any()


def of(f, at, message, kind=LinAlgError):
    """A function whose derivative at a matrix is refused, in both modes."""
    return pytest.param(f, np.asarray(at), message, kind, id=message[:40])


REFUSED = [
    of(
        lambda a: L.eigh(a).eigenvectors.sum(),
        DOUBLE,
        "eigh: the vectors have no derivative: values 0 and 1 are equal (2), so any turn of the "
        "vectors that belong to them is as good. The values alone have a first derivative: "
        "linalg.eigvalsh",
    ),
    of(
        lambda a: L.eigh(a).eigenvectors.sum(),
        [np.diag([1.0, 2.0]), np.eye(2)],
        "eigh: the vectors have no derivative in entry (1,) of the batch: values 0 and 1 are equal "
        "(1), so any turn of the vectors that belong to them is as good. The values alone have a "
        "first derivative: linalg.eigvalsh",
    ),
    of(
        lambda a: L.svd(a).U.sum(),
        DOUBLE,
        "svd: the vectors have no derivative: values 1 and 2 are equal (2), so any turn of the "
        "vectors that belong to them is as good. The values alone have a first derivative: "
        "linalg.svdvals",
    ),
    of(
        lambda a: L.svd(a, False).U.sum(),
        [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
        "svd: the vectors have no derivative: singular value 1 is 0, so that those that belong to it "
        "are not determined. The values alone have a first derivative: linalg.svdvals",
    ),
    of(
        lambda a: L.svd(a).U.sum(),
        np.arange(6.0).reshape(3, 2),
        "svd with full_matrices=True: there is no derivative for 3 by 2 matrices, since the added "
        "vectors are any basis of what is left over. Take full_matrices=False",
        GradientError,
    ),
    of(
        lambda a: cr.abs(L.eig(a).eigenvectors).sum(),
        np.eye(2),
        "eig: the vectors have no derivative: values 0 and 1 are equal (1+0j), so any turn of the "
        "vectors that belong to them is as good. The values alone have a first derivative: "
        "linalg.eigvals",
    ),
    of(
        lambda a: cr.abs(L.eigvals(a)).sum(),
        [[1.0, 1.0], [0.0, 1.0]],
        "eigvals: there is no derivative: a is defective, that is, it has fewer independent "
        "eigenvectors than columns (reciprocal condition number of the eigenvectors: 1.1e-16)",
    ),
    of(
        lambda a: L.qr(a).R.sum(),
        [[1.0, 2.0], [2.0, 4.0]],
        "qr: there is no derivative: the columns of a are linearly dependent (diagonal element 1 of "
        "R is 0 to rounding). linalg.pinv and linalg.svdvals have derivatives there",
    ),
    of(
        lambda a: L.qr(a, "complete").Q.sum(),
        np.arange(6.0).reshape(3, 2),
        "qr with mode='complete': there is no derivative for 3 by 2 matrices, since the added "
        "vectors are any basis of what is left over. Take mode='reduced'",
        GradientError,
    ),
    of(
        lambda a: cr.grad(L.det)(a).sum(),
        [[1.0, 2.0], [2.0, 4.0]],
        "det: second derivatives are not computed where a is singular (reciprocal condition number "
        "4.0e-17); the value and the first derivative are right there",
    ),
]


@pytest.mark.parametrize(("f", "at", "message", "kind"), REFUSED)
def test_refused_in_both_modes(f, at, message, kind):
    for derivative in (lambda: cr.grad(f)(at), lambda: cr.jvp(f, (at,), (np.ones_like(at),))):
        with pytest.raises(kind) as caught:
            derivative()
        assert str(caught.value).splitlines()[0] == message


def test_derivative_of_the_logarithm_of_a_singular_determinant_is_refused():
    singular = np.array([[1.0, 2.0], [2.0, 4.0]])
    assert float(L.slogdet(singular).logabsdet) == -np.inf
    with pytest.raises(LinAlgError, match=r"^inv: a is singular: U\[1, 1\] of its LU factors is 0"):
        cr.grad(lambda a: L.slogdet(a).logabsdet)(singular)


@pytest.mark.parametrize("values", [L.eigvalsh, L.svdvals])
def test_second_derivatives_of_equal_values_are_refused(values):
    with pytest.raises(LinAlgError, match=r"the vectors have no derivative: values \d and \d are equal"):
        cr.hvp(lambda a: (values(a) ** 2).sum(), DOUBLE, np.ones((3, 3)))


def test_a_recorded_gradient_refuses_when_it_runs():
    graph = cr.record(cr.grad(lambda a: L.eigh(a).eigenvectors.sum()), np.diag([1.0, 2.0, 3.0]))
    graph(np.diag([1.0, 2.0, 4.0]))
    with pytest.raises(LinAlgError, match="the vectors have no derivative: values 0 and 1 are equal"):
        graph(DOUBLE)
