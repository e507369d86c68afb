"""Matrix notation for derivative rules: what they say in one letter, as rows of the table.

All work on the last two axes; leading axes are a batch, of equal shape in all arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_uppercase
from typing import Any

import numpy as np

from chainrule.core.derivative import conjugated, is_complex
from chainrule.core.interpreter import lift
from chainrule.core.op import TABLE
from chainrule.dtypes import real_type
from chainrule.ops.contract import contract


def matmul(*factors: Any) -> Any:
    """The product of matrices, from the left."""
    product = factors[0]
    for factor in factors[1:]:
        batch = ascii_uppercase[: len(product.shape) - 2]
        product = contract(product, factor, spec=f"{batch}ik,{batch}kj->{batch}ij")
    return product


def adjoint(x: Any) -> Any:
    r"""The conjugate transpose :math:`x^H`; of a real matrix the transpose."""
    ndim = len(x.shape)
    return conjugated(TABLE["transpose"](x, axes=(*range(ndim - 2), ndim - 1, ndim - 2)))


def hermitian_part(x: Any) -> Any:
    r""":math:`\tfrac12 (x + x^H)`."""
    return 0.5 * (x + adjoint(x))


def real_part(x: Any) -> Any:
    """The real part of a complex tensor; a real one as it is."""
    return TABLE["real"](x) if is_complex(x) else x


def imaginary_part(x: Any) -> Any:
    """The imaginary part of a complex tensor."""
    return TABLE["imag"](x)


def of_kind(x: Any, like: Any) -> Any:
    """The real part, where the argument that ``x`` belongs to is real."""
    return x if is_complex(like) else real_part(x)


def _weighted(x: Any, weights: Callable[[int, int], np.ndarray]) -> Any:
    return x * lift(weights(x.shape[-2], x.shape[-1]).astype(real_type(x.dtype)))


def lower(x: Any, diagonal: float = 1.0) -> Any:
    """The lower triangle, its diagonal times a number."""
    return _weighted(x, lambda m, n: np.tri(m, n, -1) + diagonal * np.eye(m, n))


def upper(x: Any, diagonal: float = 1.0) -> Any:
    """The upper triangle, its diagonal times a number."""
    return _weighted(x, lambda m, n: np.tri(n, m, -1).T + diagonal * np.eye(m, n))


def eye_like(x: Any) -> Any:
    """The unit matrix of the same shape and type, without a batch."""
    return lift(np.eye(*x.shape[-2:], dtype=x.dtype))


def diagonal(x: Any) -> Any:
    """The diagonal of square matrices, as vectors."""
    return TABLE["sum"](x * eye_like(x), axis=(len(x.shape) - 1,), keepdims=False)


def diagonal_matrix(v: Any) -> Any:
    """Matrices with these vectors on their diagonals."""
    n = v.shape[-1]
    return as_column(v) * lift(np.eye(n, dtype=v.dtype))


def trace(x: Any) -> Any:
    """The sum of the diagonal."""
    return TABLE["sum"](x * eye_like(x), axis=(len(x.shape) - 2, len(x.shape) - 1), keepdims=False)


def as_column(v: Any) -> Any:
    """Vectors (or numbers of a batch) with an axis of extent 1 after them."""
    return TABLE["reshape"](v, shape=(*v.shape, 1))


def as_row(v: Any) -> Any:
    """Vectors with an axis of extent 1 before their last."""
    return TABLE["reshape"](v, shape=(*v.shape[:-1], 1, v.shape[-1]))


def as_factor(c: Any) -> Any:
    """Numbers, one for each matrix of a batch, shaped to be multiplied with these."""
    return TABLE["reshape"](c, shape=(*c.shape, 1, 1))


def cropped(x: Any, rows: int, columns: int) -> Any:
    """The first rows and columns of each matrix."""
    batch = x.shape[:-2]
    if x.shape[-2:] == (rows, columns):
        return x
    return TABLE["slice"](
        x, start=(0,) * len(x.shape), stop=(*batch, rows, columns), step=(1,) * len(x.shape)
    )


def enlarged(x: Any, rows: int, columns: int) -> Any:
    """Each matrix with zeros below and to the right, to a given size."""
    added = (rows - x.shape[-2], columns - x.shape[-1])
    none = (0,) * len(x.shape)
    high = (*none[:-2], *added)
    return x if added == (0, 0) else TABLE["pad"](x, low=none, high=high, interior=none)


def reciprocal_gaps(w: Any) -> Any:
    r""":math:`F_{ij} = 1 / (w_j - w_i)`, and 0 on the diagonal."""
    one = lift(np.eye(w.shape[-1], dtype=w.dtype))
    return 1 / (as_row(w) - as_column(w) + one) - one
