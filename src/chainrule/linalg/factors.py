"""Factorisations: Cholesky, LU, QR and singular values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.functions.diagonals import tril, triu
from chainrule.functions.products import matmul
from chainrule.functions.shaping import concatenate, squeeze
from chainrule.linalg.arguments import adjoint, as_matrix, as_square, as_system, one_of
from chainrule.ops import linalg as rows
from chainrule.ops.linalg.check import require
from chainrule.ops.linalg.factor import permutation
from chainrule.ops.linalg.solve import triangular_solve

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


class QRResult(NamedTuple):
    """Orthonormal columns, and the triangle."""

    Q: Tensor
    R: Tensor


class LUResult(NamedTuple):
    """Permutation, unit lower and upper triangle: ``P @ L @ U`` is the matrix."""

    P: Tensor
    L: Tensor
    U: Tensor


class LUFactors(NamedTuple):
    """Both triangles in one matrix, and the order in which its rows were taken."""

    LU: Tensor
    order: Tensor


class SVDResult(NamedTuple):
    """Left singular vectors as columns, singular values, right singular vectors as rows."""

    U: Tensor
    S: Tensor
    Vh: Tensor


def checked_symmetric(op: str, a: Any, check: bool, UPLO: str = "L") -> Tensor:
    """A symmetric matrix: checked when it runs, or else made of one of its triangles."""
    a = as_square(op, a)
    if check:
        return require(a, check="symmetric", by=op)
    one_of(op, "UPLO", UPLO, ("L", "U"))
    kept, other = (tril(a), tril(a, -1)) if UPLO == "L" else (triu(a), triu(a, 1))
    return kept + adjoint(other)


def cholesky(a: Any, *, upper: bool = False, check: bool = True) -> Tensor:
    r"""The triangle L with positive diagonal of :math:`A = L L^H`.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Symmetric (Hermitian) and positive definite.
    upper : bool
        Give :math:`L^H` instead.
    check : bool
        Whether ``a`` must be symmetric, to rounding; if not, only its lower triangle is read.

    Raises
    ------
    LinAlgError
        A matrix is not symmetric, or not positive definite: says which leading minor.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.cholesky(cr.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    factor = rows.cholesky(checked_symmetric("cholesky", a, check))
    return adjoint(factor) if upper else factor


def lu(a: Any) -> LUResult:
    r"""LU factorisation with row exchanges, :math:`A = P L U`.

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Any matrix. The derivative needs the pivots to be different from 0.

    Returns
    -------
    LUResult
        ``P`` (…, m, m) a permutation, ``L`` (…, m, k) with ones on its diagonal, ``U`` (…, k, n), where
        k = min(m, n). `lu_factor` gives them packed.

    Examples
    --------
    >>> import chainrule as cr
    >>> P, L, U = cr.linalg.lu(cr.tensor([[1.0, 4.0], [2.0, 2.0]]))
    >>> L, U
    (tensor([[1. , 0. ],
            [0.5, 1. ]]), tensor([[2., 2.],
            [0., 3.]]))
    >>> bool(cr.allclose(P @ L @ U, cr.tensor([[1.0, 4.0], [2.0, 2.0]])))
    True
    """
    packed, order = rows.lu(as_matrix("lu", a))
    k = min(packed.shape[-2:])
    left = tril(packed[..., :k], -1) + np.eye(packed.shape[-2], k, dtype=packed.dtype)
    return LUResult(adjoint(permutation(order, packed.dtype)), left, triu(packed[..., :k, :]))


def lu_factor(a: Any) -> LUFactors:
    """The factors of `lu` packed in one matrix (L's ones left out), for `lu_solve`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.lu_factor(cr.tensor([[1.0, 4.0], [2.0, 2.0]])).order
    tensor([1, 0])
    """
    return LUFactors(*rows.lu(as_matrix("lu_factor", a)))


def lu_solve(factors: LUFactors, b: Any) -> Tensor:
    r"""The solution of :math:`A x = b` from the factors that `lu_factor` gives for A.

    Examples
    --------
    >>> import chainrule as cr
    >>> factors = cr.linalg.lu_factor(cr.tensor([[2.0, 0.0], [1.0, 4.0]]))
    >>> cr.linalg.lu_solve(factors, cr.tensor([2.0, 9.0]))
    tensor([1., 2.])
    """
    packed, columns, is_vector = as_system("lu_solve", as_square("lu_solve", factors[0]), b)
    ordered = matmul(permutation(factors[1], packed.dtype), columns)
    below = triangular_solve(packed, ordered, lower=True, unit=True)
    x = triangular_solve(packed, below, lower=False, unit=False)
    return squeeze(x, -1) if is_vector else x


def qr(a: Any, mode: str = "reduced") -> Any:
    r"""QR factorisation, :math:`A = Q R`, Q with orthonormal columns and R an upper triangle.

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Any matrix; k = min(m, n). The derivative needs its first k columns to be independent.
    mode : {"reduced", "complete", "r"}
        ``"reduced"``: Q (…, m, k) and R (…, k, n). ``"complete"``: Q (…, m, m) and R (…, m, n), which has no
        derivative where m > n. ``"r"``: R alone, of the reduced form.

    Returns
    -------
    QRResult or Tensor

    Examples
    --------
    >>> import chainrule as cr
    >>> a = cr.tensor([[3.0, 1.0], [4.0, 2.0]])
    >>> Q, R = cr.linalg.qr(a)
    >>> bool(cr.allclose(Q @ R, a)), bool(cr.allclose(Q.T @ Q, cr.eye(2), atol=1e-6))
    (True, True)
    """
    one_of("qr", "mode", mode, ("reduced", "complete", "r"))
    a = as_matrix("qr", a)
    m, n = a.shape[-2:]
    q, r = rows.qr(a[..., :m], complete=mode == "complete" and m > n)
    if n > m:
        # The first m columns settle Q; what is left of A is turned with it.
        r = concatenate([r, matmul(adjoint(q), a[..., m:])], -1)
    return r if mode == "r" else QRResult(q, r)


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    r"""Singular values, :math:`A = U \, \mathrm{diag}(S) \, V^H`.

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Any matrix; k = min(m, n).
    full_matrices : bool
        U (…, m, m) and Vh (…, n, n), which have no derivative unless m = n; otherwise U (…, m, k) and
        Vh (…, k, n).
    compute_uv : bool
        Whether to give the vectors too.

    Returns
    -------
    SVDResult or Tensor
        ``U``, ``S`` (…, k) with the largest first, ``Vh``; or ``S`` alone. Each pair of vectors is determined
        up to a factor of modulus 1 only.

    Raises
    ------
    LinAlgError
        A derivative of the vectors is asked for where two singular values are equal, or one is 0 and must be
        divided by. `svdvals` has derivatives there.
    ConvergenceError
        The iteration did not converge.

    Examples
    --------
    >>> import chainrule as cr
    >>> U, S, Vh = cr.linalg.svd(cr.tensor([[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]]), full_matrices=False)
    >>> S
    tensor([4., 3.])
    >>> U.shape, Vh.shape
    ((3, 2), (2, 2))
    """
    a = as_matrix("svd", a)
    if not compute_uv:
        return rows.svdvals(a)
    return SVDResult(*rows.svd(a, full_matrices=bool(full_matrices)))


def svdvals(a: Any) -> Tensor:
    """The singular values, largest first.

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Any matrix.

    Returns
    -------
    Tensor, shape (…, min(m, n))
        Real. Where several are equal, or one is 0, the derivative is a subgradient, as for the largest of
        several numbers.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.svdvals(cr.tensor([[0.0, 2.0], [3.0, 0.0]]))
    tensor([3., 2.])
    """
    return rows.svdvals(as_matrix("svdvals", a))
