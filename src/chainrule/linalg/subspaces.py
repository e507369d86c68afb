"""Rank, bases of column and null space, Gram-Schmidt, projections."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from chainrule.core.composite import composite
from chainrule.functions.products import matmul
from chainrule.functions.reductions import as_float
from chainrule.functions.shaping import concatenate, expand_dims
from chainrule.linalg.arguments import adjoint, as_matrix, as_one_matrix, one_of, rank_tolerance
from chainrule.linalg.equations import count_nonzero, pinv
from chainrule.linalg.norms import vector_norm
from chainrule.ops import linalg as rows
from chainrule.ops.linalg.check import require
from chainrule.ops.pointwise import where

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


class RankNullity(NamedTuple):
    """Dimensions of column space and null space; they add up to the number of columns."""

    rank: Tensor
    nullity: Tensor


@composite(r"\operatorname{rank} A")
def matrix_rank(a: Any, *, rtol: float | None = None) -> Tensor:
    """The number of independent columns: of singular values that are not 0.

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Any matrix.
    rtol : float, optional
        Singular values below this share of the largest count as 0; by default rounding times the longer side.

    Returns
    -------
    Tensor of int64, shape (…)

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.matrix_rank(cr.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    a = as_matrix("matrix_rank", a)
    return count_nonzero(rows.svdvals(a), rank_tolerance(a, rtol))


def rank_nullity(a: Any, *, rtol: float | None = None) -> RankNullity:
    r"""Dimensions of the column space and of the null space: :math:`\mathrm{rank} + \mathrm{nullity} = n`.

    Parameters as for `matrix_rank`.

    Examples
    --------
    >>> import chainrule as cr
    >>> rank, nullity = cr.linalg.rank_nullity(cr.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]))
    >>> int(rank), int(nullity)
    (1, 2)
    """
    rank = matrix_rank(a, rtol=rtol)
    return RankNullity(rank, as_matrix("rank_nullity", a).shape[-1] - rank)


def orth(a: Any, rtol: float | None = None) -> Tensor:
    """An orthonormal basis of the column space, as columns: left singular vectors.

    Parameters
    ----------
    a : Tensor, shape (m, n)
        Any matrix. How many columns the result has depends on its values, so this cannot be recorded.
    rtol : float, optional
        As for `matrix_rank`.

    Returns
    -------
    Tensor, shape (m, rank)

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.orth(cr.tensor([[3.0, 6.0], [4.0, 8.0]])).shape
    (2, 1)
    """
    a = as_one_matrix("orth", a)
    u, s, _ = rows.svd(a, full_matrices=False)
    return u[:, : int(count_nonzero(s, rank_tolerance(a, rtol)))]


def null_space(a: Any, rtol: float | None = None) -> Tensor:
    r"""An orthonormal basis, as columns, of the vectors with :math:`A x = 0`: right singular vectors.

    Parameters and limits as for `orth`; it has no derivative, since any other basis is as good.

    Returns
    -------
    Tensor, shape (n, n - rank)

    Examples
    --------
    >>> import chainrule as cr
    >>> a = cr.tensor([[1.0, 1.0]])
    >>> basis = cr.linalg.null_space(a)
    >>> basis.shape, f"{abs(float(a @ basis)):.3f}"
    ((2, 1), '0.000')
    """
    a = as_one_matrix("null_space", a).detach()
    _, s, vh = rows.svd(a, full_matrices=True)
    return adjoint(vh[int(count_nonzero(s, rank_tolerance(a, rtol))) :])


def _classical(column: Any, units: list[Any]) -> Any:
    """What remains of a column when its parts along all earlier directions are taken off at once."""
    if not units:
        return column
    basis = concatenate(units, -1)
    return column - matmul(basis, matmul(adjoint(basis), column))


def _modified(column: Any, units: list[Any]) -> Any:
    """The same, taking off one after the other from what remains."""
    for unit in units:
        column = column - matmul(unit, matmul(adjoint(unit), column))
    return column


_METHODS: dict[str, Callable[[Any, list[Any]], Any]] = {"modified": _modified, "classical": _classical}


@composite(r"q_j \propto a_j - \sum_{i<j} q_i q_i^H a_j")
def gram_schmidt(a: Any, method: str = "modified") -> Tensor:
    r"""Orthonormal columns that span, one after the other, the same spaces as those given (Gram-Schmidt).

    .. math:: v_j = a_j - \sum_{i<j} q_i \, (q_i^H a_j), \qquad q_j = v_j / \|v_j\|

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Linearly independent columns.
    method : {"modified", "classical"}
        Take off the parts along earlier directions one by one from what remains, or all at once from the
        column itself. Equal in exact arithmetic; the classical form loses orthogonality to rounding by the
        square of the condition number, the modified one by the condition number (Björck, 1967).

    Returns
    -------
    Tensor, shape (…, m, n)
        Q of the QR factorisation with a positive diagonal of R.

    Raises
    ------
    LinAlgError
        A column is a linear combination of earlier ones; says which.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.round(cr.linalg.gram_schmidt(cr.tensor([[3.0, 1.0], [4.0, 2.0]])), 3)
    tensor([[ 0.6, -0.8],
            [ 0.8,  0.6]])
    """
    a = as_matrix("gram_schmidt", a)
    one_of("gram_schmidt", "method", method, tuple(_METHODS))
    units: list[Any] = []
    remaining: list[Any] = []
    for j in range(a.shape[-1]):
        column = a[..., j : j + 1]
        rest = _METHODS[method](column, units)
        units.append(_scaled(rest, rest))
        remaining.append(_scaled(rest, column))
    if not remaining:
        return a
    columns = require(concatenate(remaining, -1), check="remaining", by="gram_schmidt")
    return columns / vector_norm(columns, axis=-2, keepdims=True)


def _scaled(x: Any, by: Any) -> Any:
    """A column over the length of another; over 1 where that is 0, which is refused in the end."""
    length = vector_norm(by, axis=-2, keepdims=True)
    return x / where(length == 0, 1, length)


@composite("A A^{+}")
def projection_matrix(a: Any, rtol: float | None = None) -> Tensor:
    r"""The matrix that projects orthogonally onto the column space: :math:`P = A A^{+}`.

    Parameters
    ----------
    a : Tensor, shape (n,) or (…, m, n)
        A vector, or columns, which may be dependent.
    rtol : float, optional
        As for `pinv`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.round(cr.linalg.projection_matrix(cr.tensor([1.0, 1.0])), 3)
    tensor([[0.5, 0.5],
            [0.5, 0.5]])
    """
    a = as_float(a)
    columns = expand_dims(a, -1) if len(a.shape) == 1 else as_matrix("projection_matrix", a)
    return matmul(columns, pinv(columns, rtol))


@composite("A A^{+} x")
def project(x: Any, onto: Any, rtol: float | None = None) -> Tensor:
    r"""The orthogonal projection of a vector: the nearest point of a line or column space.

    .. math:: \hat x = A A^{+} x; \qquad \hat x = \frac{a^H x}{a^H a} \, a \quad \text{for one vector}

    Parameters
    ----------
    x : Tensor, shape (m,) or (…, m, k)
        A vector, or several as columns.
    onto : Tensor, shape (m,) or (…, m, n)
        A vector, or columns, which may be dependent. Onto the zero vector everything is projected to 0.
    rtol : float, optional
        As for `pinv`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.round(cr.linalg.project(cr.tensor([3.0, 1.0]), cr.tensor([1.0, 1.0])), 3)
    tensor([2., 2.])
    """
    onto = as_float(onto)
    columns = expand_dims(onto, -1) if len(onto.shape) == 1 else as_matrix("project", onto, "onto")
    return matmul(columns, matmul(pinv(columns, rtol), as_float(x)))
