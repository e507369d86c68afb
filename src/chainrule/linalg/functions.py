"""Functions of square matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.linalg.arguments import as_square
from chainrule.ops import linalg as rows

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def expm(a: Any) -> Tensor:
    r"""The matrix exponential, :math:`e^A = \sum_k A^k / k!`.

    :math:`x(t) = e^{A t} x_0` solves :math:`\dot x = A x`.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Square. By scaling and squaring (Al-Mohy & Higham, 2009), through SciPy.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.expm(cr.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    return rows.expm(as_square("expm", a))


def sqrtm(a: Any) -> Tensor:
    r"""The principal square root, :math:`X X = A`, through SciPy.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Square. A real matrix must have no negative eigenvalue; a complex one may.

    Raises
    ------
    LinAlgError
        There is no real root, or none at all.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.sqrtm(cr.tensor([[4.0, 0.0], [0.0, 9.0]]))
    tensor([[2., 0.],
            [0., 3.]])
    """
    return rows.sqrtm(as_square("sqrtm", a))


def logm(a: Any) -> Tensor:
    r"""The principal logarithm, :math:`e^X = A`, through SciPy.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Square, not singular. A real matrix must have no negative eigenvalue; a complex one may.

    Raises
    ------
    LinAlgError
        There is no real logarithm, or none at all.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.logm(cr.linalg.expm(cr.tensor([[0.0, 1.0], [0.0, 0.0]])))
    tensor([[0., 1.],
            [0., 0.]])
    """
    return rows.logm(as_square("logm", a))
