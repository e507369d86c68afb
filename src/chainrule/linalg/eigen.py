"""Eigenvalues and eigenvectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from chainrule.linalg.arguments import as_square
from chainrule.linalg.factors import checked_symmetric
from chainrule.ops import linalg as rows

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


class EighResult(NamedTuple):
    """Real eigenvalues, smallest first, and orthonormal eigenvectors as columns."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class EigResult(NamedTuple):
    """Complex eigenvalues, and eigenvectors of length 1 as columns."""

    eigenvalues: Tensor
    eigenvectors: Tensor


def eigh(a: Any, UPLO: str = "L", *, check: bool = True) -> EighResult:
    r"""Eigenvalues and eigenvectors of a symmetric (Hermitian) matrix.

    .. math:: A = V \, \mathrm{diag}(λ) \, V^H

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Symmetric.
    UPLO : {"L", "U"}
        Without ``check``, which triangle is read.
    check : bool
        Whether ``a`` must be symmetric, to rounding.

    Returns
    -------
    EighResult
        ``eigenvalues`` (…, n), real, smallest first; ``eigenvectors`` (…, n, n), orthonormal columns, each
        determined up to a factor of modulus 1 only. The derivative counts ``a`` as symmetric.

    Raises
    ------
    LinAlgError
        A matrix is not symmetric: says where most. Or a derivative of the vectors is asked for where two
        eigenvalues are equal; `eigvalsh` has derivatives there.
    ConvergenceError
        The iteration did not converge.

    Examples
    --------
    >>> import chainrule as cr
    >>> values, vectors = cr.linalg.eigh(cr.tensor([[2.0, 1.0], [1.0, 2.0]]))
    >>> values
    tensor([1., 3.])
    """
    return EighResult(*rows.eigh(checked_symmetric("eigh", a, check, UPLO)))


def eigvalsh(a: Any, UPLO: str = "L", *, check: bool = True) -> Tensor:
    """The eigenvalues of a symmetric (Hermitian) matrix, smallest first; arguments as for `eigh`.

    Its derivative needs no distance between the eigenvalues.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.eigvalsh(cr.tensor([[2.0, 1.0], [1.0, 2.0]]))
    tensor([1., 3.])
    """
    return rows.eigvalsh(checked_symmetric("eigvalsh", a, check, UPLO))


def eig(a: Any) -> EigResult:
    r"""Eigenvalues and eigenvectors of any square matrix, :math:`A V = V \, \mathrm{diag}(λ)`.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Square.

    Returns
    -------
    EigResult
        ``eigenvalues`` (…, n) and ``eigenvectors`` (…, n, n), columns of length 1, each determined up to a
        factor of modulus 1 only. Both are always complex.

    Raises
    ------
    LinAlgError
        A derivative is asked for where the matrix is defective, or one of the vectors where two eigenvalues
        are equal.
    ConvergenceError
        The iteration did not converge.

    Examples
    --------
    A quarter turn of the plane leaves no real direction as it is:

    >>> import chainrule as cr
    >>> cr.linalg.eig(cr.tensor([[0.0, -1.0], [1.0, 0.0]])).eigenvalues
    tensor([0.+1.j, 0.-1.j], dtype=complex64)
    """
    return EigResult(*rows.eig(as_square("eig", a)))


def eigvals(a: Any) -> Tensor:
    """The eigenvalues of any square matrix, always complex.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.eigvals(cr.tensor([[0.0, -1.0], [1.0, 0.0]]))
    tensor([0.+1.j, 0.-1.j], dtype=complex64)
    """
    return rows.eigvals(as_square("eigvals", a))
