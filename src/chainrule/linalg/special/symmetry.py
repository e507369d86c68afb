"""Symmetric, skew-symmetric and positive definite matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.dtypes import DTypeLike
from chainrule.functions.products import matmul
from chainrule.linalg.arguments import adjoint, as_square
from chainrule.linalg.special.isometries import random_orthogonal
from chainrule.random import Generator

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def symmetrize(a: Any) -> Tensor:
    r"""The symmetric (Hermitian) part, :math:`\tfrac12 (A + A^H)`: the nearest symmetric matrix.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.symmetrize(cr.tensor([[1.0, 4.0], [2.0, 3.0]]))
    tensor([[1., 3.],
            [3., 3.]])
    """
    a = as_square("symmetrize", a)
    return 0.5 * (a + adjoint(a))


def skew(a: Any) -> Tensor:
    r"""The skew-symmetric part, :math:`\tfrac12 (A - A^H)`; with `symmetrize` it adds up to A.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.skew(cr.tensor([[1.0, 4.0], [2.0, 3.0]]))
    tensor([[ 0.,  1.],
            [-1.,  0.]])
    """
    a = as_square("skew", a)
    return 0.5 * (a - adjoint(a))


def random_positive_definite(
    n: int, condition: float = 10.0, *, dtype: DTypeLike = np.float32, generator: Generator | None = None
) -> Tensor:
    r"""A random symmetric matrix with eigenvalues from 1 to ``condition``, in random directions.

    .. math:: A = Q \, \mathrm{diag}(λ) \, Q^T, \qquad λ_i = κ^{i / (n - 1)}

    with Q as from `random_orthogonal`.

    Examples
    --------
    >>> import chainrule as cr
    >>> a = cr.linalg.random_positive_definite(3, 100.0, generator=cr.random.Generator(0))
    >>> f"{float(cr.linalg.cond(a)):.1f}"
    '100.0'
    """
    q = random_orthogonal(n, dtype=dtype, generator=generator)
    values = np.geomspace(1.0, condition, n).astype(q.dtype)
    return symmetrize(matmul(q * values, adjoint(q)))
