"""Matrices whose elements follow a pattern of places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.arrays import allocating
from chainrule.core.derivative import conjugated
from chainrule.core.interpreter import lift
from chainrule.creation import eye
from chainrule.dtypes import DTypeLike, promote
from chainrule.errors import error
from chainrule.functions.indexing import getitem
from chainrule.functions.reductions import as_type
from chainrule.functions.shaping import concatenate, expand_dims
from chainrule.linalg.arguments import as_one_matrix, as_vector
from chainrule.ops.pointwise import divide, power

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def identity(n: int, dtype: DTypeLike = np.float32) -> Tensor:
    """The unit matrix: ones on the diagonal, zeros elsewhere.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.identity(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    return eye(n, dtype=dtype)


def _places(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(rows)[:, None], np.arange(columns)[None, :]


def _filled(name: str, values: Any, rows: int, columns: int, place: Callable[..., np.ndarray]) -> Tensor:
    """The matrix whose element i, j is the value at ``place(i, j)``."""
    with allocating(name, (rows, columns), values.dtype):
        places = place(*_places(rows, columns))
    return getitem(values, places)


def toeplitz(c: Any, r: Any = None) -> Tensor:
    r"""Constant along each diagonal: :math:`a_{ij} = c_{i - j}`, and :math:`r_{j - i}` above the main one.

    Parameters
    ----------
    c : Tensor, shape (m,)
        The first column.
    r : Tensor, shape (n,), optional
        The first row; its first element is not read. By default the conjugate of ``c``, which makes the
        matrix Hermitian.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.toeplitz(cr.tensor([1.0, 2.0, 3.0]), cr.tensor([1.0, 5.0, 6.0]))
    tensor([[1., 5., 6.],
            [2., 1., 5.],
            [3., 2., 1.]])
    """
    c = as_vector("toeplitz", c, "c")
    r = conjugated(c) if r is None else as_vector("toeplitz", r, "r")
    m, n = c.shape[0], r.shape[0]
    # The diagonals from the lowest to the highest.
    values = concatenate([c[::-1], r[1:]])
    return _filled("toeplitz", values, m, n, lambda i, j: m - 1 - i + j)


def hankel(c: Any, r: Any = None) -> Tensor:
    r"""Constant along each rising diagonal: :math:`a_{ij} = h_{i + j}`.

    Parameters
    ----------
    c : Tensor, shape (m,)
        The first column.
    r : Tensor, shape (n,), optional
        The last row; its first element is not read. By default zeros, as many as ``c`` has.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.hankel(cr.tensor([1.0, 2.0, 3.0]), cr.tensor([3.0, 4.0]))
    tensor([[1., 2.],
            [2., 3.],
            [3., 4.]])
    """
    c = as_vector("hankel", c, "c")
    r = 0 * c if r is None else as_vector("hankel", r, "r")
    values = concatenate([c, r[1:]])
    return _filled("hankel", values, c.shape[0], r.shape[0], lambda i, j: i + j)


def circulant(c: Any) -> Tensor:
    r"""Each column is the one before it, turned down by one place: :math:`a_{ij} = c_{(i - j) \bmod n}`.

    Multiplying by it is the circular convolution with ``c``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.circulant(cr.tensor([1.0, 2.0, 3.0]))
    tensor([[1., 3., 2.],
            [2., 1., 3.],
            [3., 2., 1.]])
    """
    c = as_vector("circulant", c, "c")
    (n,) = c.shape
    return _filled("circulant", c, n, n, lambda i, j: (i - j) % n)


def vandermonde(x: Any, n: int | None = None) -> Tensor:
    r"""The powers of numbers, one row each: :math:`a_{ij} = x_i^j`, j from 0 to n - 1.

    By default n is the number of ``x``. A polynomial's values there are this matrix times the coefficients,
    lowest first.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.vandermonde(cr.tensor([1.0, 2.0, 3.0]))
    tensor([[1., 1., 1.],
            [1., 2., 4.],
            [1., 3., 9.]])
    """
    x = as_vector("vandermonde", x, "x")
    return power(expand_dims(x, -1), np.arange(x.shape[0] if n is None else n))


def hilbert(n: int, dtype: DTypeLike = np.float32) -> Tensor:
    r"""The Hilbert matrix, :math:`a_{ij} = 1 / (i + j + 1)`: its condition grows like :math:`e^{3.5 n}`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.hilbert(2)
    tensor([[1.        , 0.5       ],
            [0.5       , 0.33333334]])
    """
    i, j = _places(n, n)
    return divide(1, as_type(i + j + 1, dtype))


def block(rows: Sequence[Sequence[Any]]) -> Tensor:
    """A matrix put together of blocks.

    Parameters
    ----------
    rows : list of lists of Tensor
        Blocks in one row have equal heights; rows have equal widths.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.block([[cr.eye(2), cr.zeros((2, 1))], [cr.ones((1, 2)), cr.full((1, 1), 5.0)]])
    tensor([[1., 0., 0.],
            [0., 1., 0.],
            [1., 1., 5.]])
    """
    counts = [len(row) if isinstance(row, list | tuple) else 0 for row in rows]
    if not counts or len(set(counts)) != 1 or not counts[0]:
        raise error("linalg.blocks", got=counts)
    named = [
        [as_one_matrix("block", x, f"block ({i}, {j})") for j, x in enumerate(r)] for i, r in enumerate(rows)
    ]
    return concatenate([concatenate(row, 1) for row in named], 0)


def block_diagonal(*blocks: Any) -> Tensor:
    """Matrices along the diagonal, zeros elsewhere.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.block_diagonal(cr.ones((1, 2)), cr.full((2, 1), 3.0))
    tensor([[1., 1., 0.],
            [0., 0., 3.],
            [0., 0., 3.]])
    """
    if not blocks:
        raise error("linalg.blocks", got=[])
    parts = [as_one_matrix("block_diagonal", x, f"block {i}") for i, x in enumerate(blocks)]
    dtype = promote(x.dtype for x in parts)
    return block(
        [
            [
                x if i == j else lift(np.zeros((x.shape[0], other.shape[1]), dtype))
                for j, other in enumerate(parts)
            ]
            for i, x in enumerate(parts)
        ]
    )
