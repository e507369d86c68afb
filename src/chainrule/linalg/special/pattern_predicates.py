"""Predicates of matrices whose elements follow a pattern of places; ``tol`` is that of `predicates`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error
from chainrule.functions.diagonals import tril, triu
from chainrule.functions.rearranging import flip, roll
from chainrule.linalg.arguments import as_matrix, unit_like
from chainrule.linalg.special.deviation import BOTH, holds
from chainrule.linalg.special.predicates import is_unitary
from chainrule.ops.pointwise import logical_and, logical_or, power

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def is_identity(a: Any, tol: float | None = None) -> Tensor:
    """Whether it is the unit matrix.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_identity(cr.eye(3)))
    True
    """
    return holds("is_identity", a, tol, lambda a: a - unit_like(a), beside=1.0)


def is_diagonal(a: Any, tol: float | None = None) -> Tensor:
    """Whether all elements off the diagonal are 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_diagonal(cr.diag(cr.tensor([1.0, 2.0]))))
    True
    """
    return holds("is_diagonal", a, tol, lambda a: tril(a, -1) + triu(a, 1), is_square=False)


def is_lower_triangular(a: Any, tol: float | None = None) -> Tensor:
    """Whether all elements above the diagonal are 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_lower_triangular(cr.tensor([[1.0, 0.0], [2.0, 3.0]])))
    True
    """
    return holds("is_lower_triangular", a, tol, lambda a: triu(a, 1), is_square=False)


def is_upper_triangular(a: Any, tol: float | None = None) -> Tensor:
    """Whether all elements below the diagonal are 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_upper_triangular(cr.tensor([[1.0, 0.0], [2.0, 3.0]])))
    False
    """
    return holds("is_upper_triangular", a, tol, lambda a: tril(a, -1), is_square=False)


def is_triangular(a: Any, tol: float | None = None) -> Tensor:
    """Whether it is a lower or an upper triangle.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_triangular(cr.tensor([[1.0, 0.0], [2.0, 3.0]])))
    True
    """
    return logical_or(is_lower_triangular(a, tol), is_upper_triangular(a, tol))


def is_permutation(a: Any, tol: float | None = None) -> Tensor:
    """Whether every row and every column holds one 1, and zeros else.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_permutation(cr.tensor([[0.0, 1.0], [1.0, 0.0]])))
    True
    """
    zeros_and_ones = holds("is_permutation", a, tol, lambda a: a * (a - 1), beside=1.0)
    return logical_and(zeros_and_ones, is_unitary(a, tol))


def is_toeplitz(a: Any, tol: float | None = None) -> Tensor:
    """Whether it is constant along each diagonal.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_toeplitz(cr.tensor([[1.0, 2.0], [3.0, 1.0]])))
    True
    """
    return holds("is_toeplitz", a, tol, lambda a: a[..., 1:, 1:] - a[..., :-1, :-1], is_square=False)


def is_hankel(a: Any, tol: float | None = None) -> Tensor:
    """Whether it is constant along each rising diagonal.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_hankel(cr.linalg.hilbert(3)))
    True
    """
    return is_toeplitz(flip(as_matrix("is_hankel", a), -1), tol)


def is_circulant(a: Any, tol: float | None = None) -> Tensor:
    """Whether each column is the one before it, turned down by one place.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_circulant(cr.tensor([[1.0, 2.0], [2.0, 1.0]])))
    True
    """
    return holds("is_circulant", a, tol, lambda a: a - roll(a, (1, 1), BOTH))


def is_vandermonde(a: Any, tol: float | None = None) -> Tensor:
    """Whether each row holds the powers 0, 1, 2, … of one number.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_vandermonde(cr.tensor([[1.0, 2.0, 4.0], [1.0, 3.0, 9.0]])))
    True
    """

    def missed(a: Any) -> Any:
        base = a[..., 1:2] if a.shape[-1] > 1 else 0 * a
        return a - power(base, np.arange(a.shape[-1]))

    return holds("is_vandermonde", a, tol, missed, is_square=False)


def is_block_diagonal(a: Any, sizes: Sequence[int], tol: float | None = None) -> Tensor:
    """Whether a square matrix is 0 outside square blocks of these sizes along its diagonal.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(cr.linalg.is_block_diagonal(cr.linalg.block_diagonal(cr.ones((2, 2)), cr.eye(1)), (2, 1)))
    True
    """
    a = as_matrix("is_block_diagonal", a)
    number = np.repeat(np.arange(len(sizes)), sizes)
    if len(number) != a.shape[-2]:
        values = {"sizes": tuple(sizes), "total": len(number), "n": a.shape[-2]}
        raise error("linalg.block_sizes", **values, shapes={"a": a.shape})
    outside = (number[:, None] != number[None, :]).astype(a.dtype)
    return holds("is_block_diagonal", a, tol, lambda a: a * outside)
