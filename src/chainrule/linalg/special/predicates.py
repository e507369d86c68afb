"""What kind of matrix it is: predicates, to a tolerance, one answer for each matrix of a batch.

``tol`` is the largest deviation that counts as none, relative to the largest element (for orthogonal matrices
and their like: to 1). By default it is :math:`ε^{2/3}`, 2e-5 in float32 and 4e-11 in float64. The answers are
tensors of bools, so that they can be recorded; of one matrix it can stand in an ``if``. A matrix with NaN is
of no kind; predicates that need eigenvalues, singular values or a determinant refuse it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chainrule.functions import reductions
from chainrule.functions.products import matmul
from chainrule.functions.shaping import swapaxes
from chainrule.linalg.arguments import adjoint, as_matrix, as_square, rank_tolerance, unit_like
from chainrule.linalg.products import trace
from chainrule.linalg.special.deviation import BOTH, answer, holds, tolerance
from chainrule.ops.linalg.determinant import det
from chainrule.ops.linalg.eigen import eigvalsh
from chainrule.ops.linalg.svd import svdvals
from chainrule.ops.pointwise import absolute, logical_and

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def is_symmetric(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether :math:`A = A^T`.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_symmetric(cr.tensor([[1.0, 2.0], [2.0, 5.0]])))
    True
    """
    return holds("is_symmetric", a, tol, lambda a: a - swapaxes(a, -1, -2))


def is_hermitian(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether :math:`A = A^H`.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_hermitian(cr.tensor([[1.0, 2.0j], [-2.0j, 5.0]])))
    True
    """
    return holds("is_hermitian", a, tol, lambda a: a - adjoint(a))


def is_skew(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether :math:`A = -A^H`.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_skew(cr.tensor([[0.0, 2.0], [-2.0, 0.0]])))
    True
    """
    return holds("is_skew", a, tol, lambda a: a + adjoint(a))


def is_normal(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether :math:`A A^H = A^H A`: it has orthonormal eigenvectors.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_normal(cr.tensor([[1.0, 2.0], [0.0, 1.0]])))
    False
    """

    def commutator(a: Any) -> Any:
        scaled = a / (1 if 0 in a.shape[-2:] else reductions.max(absolute(a), BOTH, keepdims=True) + 1e-30)
        return matmul(scaled, adjoint(scaled)) - matmul(adjoint(scaled), scaled)

    return holds("is_normal", a, tol, commutator, beside=1.0)


def is_orthogonal(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether :math:`A^T A = I`, of a square matrix.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_orthogonal(cr.linalg.rotation(0.3)))
    True
    """
    return holds("is_orthogonal", a, tol, lambda a: matmul(swapaxes(a, -1, -2), a) - unit_like(a), beside=1.0)


def is_unitary(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether :math:`A^H A = I`, of a square matrix.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_unitary(cr.tensor([[0.0, 1.0j], [1.0j, 0.0]])))
    True
    """
    return holds("is_unitary", a, tol, lambda a: matmul(adjoint(a), a) - unit_like(a), beside=1.0)


def is_rotation(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether it is orthogonal with determinant 1.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_rotation(cr.tensor([[0.0, 1.0], [1.0, 0.0]])))
    False
    """
    a = as_matrix("is_rotation", a)
    if a.shape[-1] != a.shape[-2]:
        return answer(a, False)
    return logical_and(is_orthogonal(a, tol), absolute(det(a) - 1) <= a.shape[-1] * tolerance(a, tol))


def is_reflection(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether it mirrors in one hyperplane: symmetric, its own inverse, with trace :math:`n - 2`.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_reflection(cr.tensor([[0.0, 1.0], [1.0, 0.0]])))
    True
    """
    a = as_matrix("is_reflection", a)
    if a.shape[-1] != a.shape[-2]:
        return answer(a, False)
    missed = absolute(trace(a) - (a.shape[-1] - 2))
    mirrors = logical_and(is_hermitian(a, tol), is_unitary(a, tol))
    return logical_and(mirrors, missed <= a.shape[-1] * tolerance(a, tol))


def is_projection(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether it projects orthogonally: :math:`A^2 = A = A^H`.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_projection(cr.tensor([[0.5, 0.5], [0.5, 0.5]])))
    True
    """
    squared = holds("is_projection", a, tol, lambda a: matmul(a, a) - a, beside=1.0)
    return logical_and(squared, is_hermitian(a, tol))


def _by_eigenvalues(op: str, a: Any, tol: float | None, low: Callable[[Any], float]) -> Tensor:
    """Whether it is Hermitian, with eigenvalues above a share of the largest magnitude."""
    a = as_matrix(op, a)
    if a.shape[-1] != a.shape[-2] or not a.shape[-1]:
        return answer(a, not a.shape[-1] and not a.shape[-2])
    values = eigvalsh(a)
    largest = reductions.max(absolute(values), -1)
    return logical_and(is_hermitian(a, tol), values[..., 0] > low(a) * largest)


def is_positive_definite(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether it is Hermitian and :math:`x^H A x > 0` for all x but 0: all eigenvalues above rounding.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_positive_definite(cr.tensor([[2.0, 1.0], [1.0, 2.0]])))
    True
    """
    return _by_eigenvalues("is_positive_definite", a, tol, lambda a: rank_tolerance(a, None))


def is_positive_semidefinite(a: Any, tol: float | None = None) -> Tensor:
    r"""Whether it is Hermitian and :math:`x^H A x \ge 0` for all x: no eigenvalue below 0, to the tolerance.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_positive_semidefinite(cr.tensor([[1.0, 1.0], [1.0, 1.0]])))
    True
    """
    return _by_eigenvalues("is_positive_semidefinite", a, tol, lambda a: -tolerance(a, tol))


def is_singular(a: Any, tol: float | None = None) -> Tensor:
    """Whether a square matrix has no inverse: its smallest singular value is 0.

    Here ``tol`` is a share of the largest singular value; by default rounding times n, as for `matrix_rank`.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_singular(cr.tensor([[1.0, 2.0], [2.0, 4.0]])))
    True
    """
    a = as_square("is_singular", a)
    if not a.shape[-1]:
        return answer(a, False)
    s = svdvals(a)
    return s[..., -1] <= rank_tolerance(a, tol) * s[..., 0]
