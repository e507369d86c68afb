"""Systems of linear equations, inverses, least squares and determinants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.core.composite import composite
from chainrule.functions import reductions
from chainrule.functions.products import matmul
from chainrule.functions.shaping import squeeze, swapaxes
from chainrule.linalg.arguments import adjoint, as_matrix, as_square, as_system, one_of, rank_tolerance
from chainrule.ops import linalg as rows
from chainrule.ops.pointwise import absolute, cast

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


class SlogdetResult(NamedTuple):
    """Sign (of a complex determinant: phase) and natural logarithm of the modulus of a determinant."""

    sign: Tensor
    logabsdet: Tensor


class LstsqResult(NamedTuple):
    """Solution, sums of squared residuals, rank, and singular values of the matrix."""

    x: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


def solve(a: Any, b: Any) -> Tensor:
    r"""The solution of :math:`A x = b`.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        The matrix; leading axes are a batch, and broadcast.
    b : Tensor, shape (n,) or (…, n, k)
        A vector, or right sides as columns.

    Returns
    -------
    Tensor, shape (…, n) or (…, n, k)

    Raises
    ------
    LinAlgError
        A matrix is exactly singular; says which. A nearly singular one is solved, with an error that `cond`
        bounds.
    NonFiniteError
        An element is NaN or infinite.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.solve(cr.tensor([[2.0, 0.0], [1.0, 4.0]]), cr.tensor([2.0, 9.0]))
    tensor([1., 2.])
    """
    a, b, is_vector = as_system("solve", as_square("solve", a), b)
    x = rows.solve(a, b)
    return squeeze(x, -1) if is_vector else x


def solve_triangular(
    a: Any, b: Any, *, lower: bool = False, trans: str = "N", unit_diagonal: bool = False
) -> Tensor:
    r"""The solution of :math:`T x = b`, T a triangle of ``a``, by substitution.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Only the triangle is read.
    b : Tensor, shape (n,) or (…, n, k)
        A vector, or right sides as columns.
    lower : bool
        Which triangle.
    trans : {"N", "T", "C"}
        Solve with T, its transpose, or its conjugate transpose.
    unit_diagonal : bool
        Take the diagonal as ones, without reading it.

    Raises
    ------
    LinAlgError
        A diagonal element is 0; says which.

    Examples
    --------
    >>> import chainrule as cr
    >>> a = cr.tensor([[2.0, 0.0], [1.0, 4.0]])
    >>> cr.linalg.solve_triangular(a, cr.tensor([2.0, 9.0]), lower=True)
    tensor([1., 2.])
    """
    one_of("solve_triangular", "trans", trans, ("N", "T", "C"))
    a, b, is_vector = as_system("solve_triangular", as_square("solve_triangular", a), b)
    if trans != "N":
        a = adjoint(a) if trans == "C" else swapaxes(a, -1, -2)
    is_lower = lower == (trans == "N")
    x = rows.triangular_solve(a, b, lower=is_lower, unit=bool(unit_diagonal))
    return squeeze(x, -1) if is_vector else x


def inv(a: Any) -> Tensor:
    r"""The inverse, :math:`A^{-1} A = I`. To solve an equation, `solve` is quicker and more accurate.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Not singular.

    Raises
    ------
    LinAlgError
        A matrix is exactly singular; says which.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.inv(cr.tensor([[2.0, 0.0], [1.0, 4.0]]))
    tensor([[ 0.5  ,  0.   ],
            [-0.125,  0.25 ]])
    """
    return rows.inv(as_square("inv", a))


def pinv(a: Any, rtol: float | None = None) -> Tensor:
    r"""The pseudo-inverse (Moore-Penrose).

    Of all x with least :math:`\|A x - b\|`, :math:`A^{+} b` is the shortest.

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Any matrix.
    rtol : float, optional
        Singular values below this share of the largest count as 0; by default rounding times the longer side.

    Returns
    -------
    Tensor, shape (…, n, m)
        Its derivative is that where the rank stays as it is (Golub & Pereyra, 1973).

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.pinv(cr.tensor([[2.0, 0.0], [0.0, 0.0]]))
    tensor([[0.5, 0. ],
            [0. , 0. ]])
    """
    a = as_matrix("pinv", a)
    return rows.pinv(a, rtol=rank_tolerance(a, rtol))


@composite(r"\operatorname{arg\,min}_x \left\| A x - b \right\|")
def lstsq(a: Any, b: Any, rtol: float | None = None) -> LstsqResult:
    r"""The least-squares solution of :math:`A x \approx b`: the shortest x with least :math:`\|A x - b\|`.

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Any matrix, by rows one equation each; leading axes are a batch, and broadcast.
    b : Tensor, shape (m,) or (…, m, k)
        A vector, or right sides as columns.
    rtol : float, optional
        Singular values below this share of the largest count as 0; by default rounding times the longer side.

    Returns
    -------
    LstsqResult
        ``x``; ``residuals``, the sum of squares :math:`\|A x - b\|^2` for each right side; ``rank``;
        ``singular_values``, largest first. (NumPy gives no residuals where the rank is less than n.)

    Examples
    --------
    A line through three points:

    >>> import chainrule as cr
    >>> a = cr.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> found = cr.linalg.lstsq(a, cr.tensor([1.0, 3.0, 5.0]))
    >>> [f"{v:.3f}" for v in found.x.tolist()], int(found.rank)
    (['1.000', '2.000'], 2)
    """
    a, b, is_vector = as_system("lstsq", as_matrix("lstsq", a), b)
    x = matmul(pinv(a, rtol), b)
    missed = absolute(matmul(a, x) - b)
    residuals = reductions.sum(missed * missed, -2)
    s = rows.svdvals(a)
    rank = count_nonzero(s, rank_tolerance(a, rtol))
    return LstsqResult(
        squeeze(x, -1) if is_vector else x, squeeze(residuals, -1) if is_vector else residuals, rank, s
    )


def count_nonzero(s: Any, rtol: float) -> Tensor:
    """How many singular values, largest first, are above a share of the largest."""
    above = s > rtol * s[..., :1]
    return reductions.sum(cast(above, dtype=np.dtype("int64")), -1)


def det(a: Any) -> Tensor:
    r"""The determinant.

    Its derivative is the adjugate, :math:`\mathrm{d} \det A = \operatorname{tr}(\operatorname{adj}(A)\,
    \mathrm{d}A)`, which is right for singular matrices too; second derivatives of these are refused.

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Square.

    Returns
    -------
    Tensor, shape (…)
        It overflows where n is large: take `slogdet` then.

    Examples
    --------
    >>> import chainrule as cr
    >>> singular = cr.tensor([[1.0, 2.0], [2.0, 4.0]])
    >>> cr.linalg.det(singular)
    tensor(0.)
    >>> cr.round(cr.grad(cr.linalg.det)(singular), 4)
    tensor([[ 4., -2.],
            [-2.,  1.]])
    """
    return rows.det(as_square("det", a))


def slogdet(a: Any) -> SlogdetResult:
    r"""Sign and logarithm of a determinant, without overflow.

    .. math:: \det A = \mathrm{sign} \cdot e^{\mathrm{logabsdet}}

    Parameters
    ----------
    a : Tensor, shape (…, n, n)
        Square. A singular one gives sign 0 and logarithm minus infinity.

    Returns
    -------
    SlogdetResult
        ``sign`` (of complex matrices a number of modulus 1) and ``logabsdet``, of shape (…).

    Raises
    ------
    LinAlgError
        A derivative is asked for where the matrix is singular.

    Examples
    --------
    >>> import chainrule as cr
    >>> sign, logarithm = cr.linalg.slogdet(1000 * cr.eye(100))
    >>> float(sign), f"{float(logarithm):.2f}"
    (1.0, '690.78')
    """
    return SlogdetResult(*rows.slogdet(as_square("slogdet", a)))
