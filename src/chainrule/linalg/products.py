"""Products of several matrices, powers, and what the array API names in linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions import diagonals, products
from chainrule.functions.reductions import as_float
from chainrule.functions.shaping import broadcast_to, expand_dims, squeeze, swapaxes
from chainrule.linalg.arguments import as_vector
from chainrule.ops.linalg.base import check_matrix, check_square
from chainrule.ops.linalg.solve import inv

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def matrix_transpose(x: Any) -> Tensor:
    """Rows and columns exchanged: the last two axes.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.matrix_transpose(cr.ones((5, 2, 3))).shape
    (5, 3, 2)
    """
    return swapaxes(x, -1, -2)


def diagonal(x: Any, *, offset: int = 0) -> Tensor:
    """The elements of a diagonal of the last two axes.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.diagonal(cr.tensor([[1, 2, 3], [4, 5, 6]]), offset=1)
    tensor([2, 6])
    """
    return diagonals.diagonal(x, offset, -2, -1)


def trace(x: Any, *, offset: int = 0, dtype: Any = None) -> Tensor:
    r"""The sum of a diagonal of the last two axes, :math:`\sum_i x_{ii}`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.trace(cr.tensor([[1, 2], [3, 4]]))
    tensor(5)
    """
    return diagonals.trace(x, offset, -2, -1, dtype=dtype)


def outer(x: Any, y: Any) -> Tensor:
    """All products of an element of one vector with an element of the other.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.outer(cr.tensor([1, 10]), cr.tensor([1, 2, 3]))
    tensor([[ 1,  2,  3],
            [10, 20, 30]])
    """
    x, y = lift(x), lift(y)
    for name, v in (("x", x), ("y", y)):
        if len(v.shape) != 1:
            raise error("linalg.vector", op="outer", name=name, ndim=len(v.shape), shapes={name: v.shape})
    return products.outer(x, y)


def cross(x: Any, y: Any, *, axis: int = -1) -> Tensor:
    """The vector product in three dimensions, along one axis.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.cross(cr.tensor([1.0, 0.0, 0.0]), cr.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    return products.cross(x, y, axis=axis)


@composite(r"A_1 A_2 \dots A_n")
def multi_dot(factors: Sequence[Any]) -> Tensor:
    """The product of several matrices, in the order of multiplication that needs the fewest operations.

    Parameters
    ----------
    factors : sequence of Tensor
        At least two matrices; the first and the last may be vectors.

    Returns
    -------
    Tensor
        The product; the order is found by dynamic programming (Cormen et al., *Introduction to Algorithms*,
        section 14.2).

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.multi_dot([cr.ones((2, 3)), cr.ones((3, 4)), cr.ones(4)])
    tensor([12., 12.])
    """
    if len(factors) < 2:
        raise error("linalg.few_factors", got=len(factors))
    first, *inner, last = (lift(x) for x in factors)
    is_row, is_column = len(first.shape) == 1, len(last.shape) == 1
    row = expand_dims(first, 0) if is_row else first
    column = expand_dims(last, -1) if is_column else last
    chain = (row, *inner, column)
    for i, x in enumerate(chain):
        check_matrix("multi_dot", f"factors[{i}]", x.shape)
    product = _multiplied(chain)
    dropped = (*((-2,) if is_row else ()), *((-1,) if is_column else ()))
    return squeeze(product, dropped) if dropped else product


def _multiplied(chain: Sequence[Any]) -> Tensor:
    """The product of a chain of matrices, split where that is cheapest."""
    sizes = (*(x.shape[-2] for x in chain), chain[-1].shape[-1])

    @cache
    def cheapest(i: int, j: int) -> tuple[int, int]:
        """The number of multiplications for factors i to j, and after which to split."""
        if i == j:
            return 0, i
        return min(
            (cheapest(i, k)[0] + cheapest(k + 1, j)[0] + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
            for k in range(i, j)
        )

    def product(i: int, j: int) -> Any:
        split = cheapest(i, j)[1]
        return chain[i] if i == j else products.matmul(product(i, split), product(split + 1, j))

    return product(0, len(chain) - 1)


@composite("A^n")
def matrix_power(a: Any, n: int) -> Tensor:
    """A square matrix to a whole power, by repeated squaring.

    Parameters
    ----------
    a : Tensor, shape (…, m, m)
        Of a negative power, not singular. Integers stay integers, unless the power is negative.
    n : int
        The exponent; 0 gives the unit matrix.

    Raises
    ------
    LinAlgError
        The exponent is negative and the matrix singular.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.matrix_power(cr.tensor([[1.0, 1.0], [1.0, 0.0]]), 10)
    tensor([[89., 55.],
            [55., 34.]])
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise error("linalg.power", got=repr(n))
    base = lift(a)
    check_square("matrix_power", "a", base.shape)
    base, exponent = (inv(as_float(base)), -int(n)) if n < 0 else (base, int(n))
    if exponent == 0:
        return broadcast_to(np.eye(base.shape[-1], dtype=base.dtype), base.shape)
    return _power(base, exponent)


def _power(base: Any, exponent: int) -> Tensor:
    result = None
    while exponent:
        if exponent % 2:
            result = base if result is None else products.matmul(result, base)
        exponent //= 2
        base = products.matmul(base, base) if exponent else base
    return result  # type: ignore[return-value]


def cross_matrix(v: Any) -> Tensor:
    r"""The skew-symmetric matrix that makes the vector product: :math:`[v]_\times x = v \times x`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.cross_matrix(cr.tensor([1.0, 2.0, 3.0]))
    tensor([[ 0., -3.,  2.],
            [ 3.,  0., -1.],
            [-2.,  1.,  0.]])
    """
    v = as_vector("cross_matrix", v, "v")
    return swapaxes(products.cross(v, np.eye(3, dtype=v.dtype)), 0, 1)
