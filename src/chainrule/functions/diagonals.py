"""Diagonals and triangles of matrices, and of stacks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.dtypes import DTypeLike
from chainrule.errors import error
from chainrule.functions import reductions
from chainrule.functions.shaping import moveaxis, ravel
from chainrule.ops.index import gather, scatter_add
from chainrule.ops.pointwise import where
from chainrule.ops.shapes import as_integers, normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The elements of a diagonal, along a new last axis.

    Parameters
    ----------
    x : Tensor
        At least two axes.
    offset : int
        Which: 0 the main one, above it positive, below it negative.
    axis1, axis2 : int
        Rows and columns; all other axes stay.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.diagonal(cr.tensor([[1, 2, 3], [4, 5, 6]]), offset=1)
    tensor([2, 6])
    """
    x = lift(x)
    _check_matrix("diagonal", x)
    rows, columns = (normalize_axis("diagonal", a, len(x.shape), x.shape) for a in (axis1, axis2))
    if rows == columns:
        raise error("ops.axis_twice", op="diagonal", axis=rows, axes=(axis1, axis2), shapes={"x": x.shape})
    (k,) = as_integers("diagonal", offset)
    count = max(0, min(x.shape[rows] + min(k, 0), x.shape[columns] - max(k, 0)))
    places = np.arange(count)
    picked = gather(x, places + max(-k, 0), places + max(k, 0), axes=(rows, columns))
    return moveaxis(picked, 0, -1)


def diag(x: Any, k: int = 0) -> Tensor:
    """Of a vector: the matrix with it on its k-th diagonal. Of a matrix: its k-th diagonal.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.diag(cr.tensor([1, 2]))
    tensor([[1, 0],
           [0, 2]])
    """
    x = lift(x)
    if len(x.shape) == 2:
        return diagonal(x, k)
    if len(x.shape) != 1:
        raise error("structure.diag", ndim=len(x.shape), shapes={"x": x.shape})
    (offset,) = as_integers("diag", k)
    extent = x.shape[0] + abs(offset)
    places = np.arange(x.shape[0])
    at = places + max(-offset, 0), places + max(offset, 0)
    return scatter_add(x, *at, axes=(0, 1), shape=(extent, extent))


def diagflat(x: Any, k: int = 0) -> Tensor:
    """The matrix with the elements of a tensor, flattened, on its k-th diagonal."""
    return diag(ravel(x), k)


def trace(
    x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, *, dtype: DTypeLike | None = None
) -> Tensor:
    """The sum of a diagonal; arguments as for `diagonal`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.trace(cr.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    return reductions.sum(diagonal(x, offset, axis1, axis2), -1, dtype=dtype)


def tril(x: Any, k: int = 0) -> Tensor:
    """The elements on and below the k-th diagonal of the last two axes, zeros above."""
    x = lift(x)
    _check_matrix("tril", x)
    return where(_on_and_below(x, k), x, lift(0, x.dtype))


def triu(x: Any, k: int = 0) -> Tensor:
    """The elements on and above the k-th diagonal of the last two axes, zeros below."""
    x = lift(x)
    _check_matrix("triu", x)
    return where(_on_and_below(x, k - 1), lift(0, x.dtype), x)


def _on_and_below(x: Any, k: int) -> np.ndarray:
    rows, columns = x.shape[-2:]
    return np.tri(rows, columns, k, dtype=bool)


def _check_matrix(op: str, x: Any) -> None:
    if len(x.shape) < 2:
        raise error("structure.matrix", op=op, ndim=len(x.shape), shapes={"x": x.shape})
