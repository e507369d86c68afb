"""Norms of vectors and matrices, and the condition number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from chainrule.core.composite import composite
from chainrule.errors import error
from chainrule.functions import reductions
from chainrule.functions.reductions import as_float
from chainrule.functions.shaping import expand_dims, moveaxis
from chainrule.linalg.arguments import as_matrix, as_square
from chainrule.ops import pointwise
from chainrule.ops.linalg.solve import inv
from chainrule.ops.linalg.svd import svdvals
from chainrule.ops.pointwise import absolute, where
from chainrule.ops.shapes import normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Axis = int | tuple[int, ...] | None
_MATRIX_ORDERS = ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf)


def _power_sum(size: Any, order: float, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    r"""The sum of :math:`|x|^p`; its derivative is 0 where an element is 0, for all p > 0."""
    if order > 0 and order != 2:
        zero = size == 0
        powers = where(zero, 0, pointwise.power(where(zero, 1, size), order))
    else:
        powers = size * size if order == 2 else pointwise.power(size, order)
    return reductions.sum(powers, axes, keepdims=keepdims)


def _root(total: Any, order: float) -> Tensor:
    """The p-th root; its derivative at 0 is 0, a subgradient of the norm there."""
    if order < 0:
        return pointwise.power(total, 1 / order)
    zero = total == 0
    inside = where(zero, 1, total)
    return where(zero, 0, pointwise.sqrt(inside) if order == 2 else pointwise.power(inside, 1 / order))


def _is_order(ord: Any) -> bool:
    return isinstance(ord, int | float) and not isinstance(ord, bool) and not math.isnan(ord)


@composite(r"\left(\sum_i |x_i|^p\right)^{1/p}")
def vector_norm(x: Any, *, axis: Axis = None, keepdims: bool = False, ord: float = 2) -> Tensor:
    r"""The norm of vectors.

    .. math:: \|x\|_p = \Big(\sum_i |x_i|^p\Big)^{1/p}, \qquad \|x\|_\infty = \max_i |x_i|

    Parameters
    ----------
    x : Tensor
        Any shape; integers become ``float32``.
    axis : int, tuple of int or None
        The axes that hold one vector; all of them if None.
    keepdims : bool
        Keep these axes, with extent 1.
    ord : float
        The order p. Infinity gives the largest magnitude, minus infinity the smallest, 0 the number of
        elements that are not 0.

    Returns
    -------
    Tensor
        Real. At 0 its derivative is 0, which is a subgradient.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.tensor([3.0, -4.0])
    >>> [float(cr.linalg.vector_norm(x, ord=p)) for p in (1, 2, float("inf"))]
    [7.0, 5.0, 4.0]
    >>> cr.grad(cr.linalg.vector_norm)(cr.zeros(2))
    tensor([0., 0.])
    """
    if not _is_order(ord):
        raise error("linalg.order", op="vector_norm", got=repr(ord), known="-inf … inf")
    x = as_float(x)
    axes, size = normalize_axes("vector_norm", axis, x.shape), absolute(x)
    if ord == 0:
        return reductions.sum((size != 0).astype(size.dtype), axes, keepdims=keepdims)
    if math.isinf(ord):
        fold = reductions.max if ord > 0 else reductions.min
        return fold(size, axes, keepdims=keepdims)
    if ord == 1:
        return reductions.sum(size, axes, keepdims=keepdims)
    return _root(_power_sum(size, float(ord), axes, keepdims), float(ord))


@composite(r"\left\| A \right\|")
def matrix_norm(x: Any, *, keepdims: bool = False, ord: Any = "fro") -> Tensor:
    r"""The norm of matrices, over the last two axes.

    Parameters
    ----------
    x : Tensor, shape (…, m, n)
        Integers become ``float32``.
    keepdims : bool
        Keep the last two axes, with extent 1.
    ord : {"fro", "nuc", 1, -1, 2, -2, inf, -inf}
        ``"fro"``: :math:`\sqrt{\sum |x_{ij}|^2}`. ``"nuc"``: the sum of the singular values; 2 and -2: the
        largest and smallest of them. 1 and -1: the largest and smallest column sum of magnitudes; inf and
        -inf: that of rows.

    Returns
    -------
    Tensor
        Real.

    Examples
    --------
    >>> import chainrule as cr
    >>> a = cr.tensor([[3.0, 0.0], [0.0, -4.0]])
    >>> [float(cr.linalg.matrix_norm(a, ord=p)) for p in ("fro", "nuc", 2, 1)]
    [5.0, 7.0, 4.0, 4.0]
    """
    x = as_matrix("matrix_norm", x, "x")
    if not any(type(ord) is not bool and ord == known for known in _MATRIX_ORDERS):
        known = ", ".join(map(repr, _MATRIX_ORDERS))
        raise error("linalg.order", op="matrix_norm", got=repr(ord), known=known)
    if ord == "fro":
        return vector_norm(x, axis=(-2, -1), keepdims=keepdims)
    if ord in ("nuc", 2, -2):
        fold = {"nuc": reductions.sum, 2: reductions.max, -2: reductions.min}[ord]
        found = fold(svdvals(x), -1)
    else:
        summed, rest = (-2, -1) if abs(ord) == 1 else (-1, -1)
        fold = reductions.max if ord > 0 else reductions.min
        found = fold(reductions.sum(absolute(x), summed), rest)
    return expand_dims(found, (-2, -1)) if keepdims else found


def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """The norm of a vector or a matrix, as `numpy.linalg.norm` has it.

    Parameters
    ----------
    x : Tensor
        Without an order or axis, all elements count as one vector.
    ord : float or str, optional
        As for `vector_norm` where vectors are meant, as for `matrix_norm` where matrices are.
    axis : int or pair of int, optional
        One axis: norms of vectors. Two: norms of matrices. By default all axes of a vector or matrix.
    keepdims : bool
        Keep these axes, with extent 1.

    Raises
    ------
    ConfigError
        There is no norm of that order.
    ShapeError
        It is not clear whether vectors or matrices are meant.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.norm(cr.tensor([[3.0, 4.0], [6.0, 8.0]]), axis=1)
    tensor([ 5., 10.])
    """
    x = as_float(x)
    if axis is None and ord is None:
        return vector_norm(x, keepdims=keepdims)
    given = tuple(range(len(x.shape))) if axis is None else axis
    axes = given if isinstance(given, tuple) else (given,)
    if axis is None and len(axes) not in (1, 2):
        raise error("linalg.norm_ndim", ndim=len(x.shape), shapes={"x": x.shape})
    if len(axes) == 1:
        return vector_norm(x, axis=axes, keepdims=keepdims, ord=2 if ord is None else ord)
    if len(axes) != 2 or len(normalize_axes("norm", axes, x.shape)) != 2:
        raise error("linalg.norm_axes", axis=axis, shapes={"x": x.shape})
    return _norm_over(x, axes, "fro" if ord is None else ord, keepdims)


def _norm_over(x: Any, axes: tuple[int, int], ord: Any, keepdims: bool) -> Tensor:
    """The matrix norm over any two axes."""
    rows, columns = (a % len(x.shape) for a in axes)
    # Taking the rows' axis to the end moves those behind it one place forward.
    moved = moveaxis(moveaxis(x, rows, -1), columns - (columns > rows), -1)
    found = matrix_norm(moved, ord=ord)
    return expand_dims(found, (rows, columns)) if keepdims else found


@composite(r"\left\| A \right\| \cdot \left\| A^{-1} \right\|")
def cond(a: Any, p: Any = None) -> Tensor:
    r"""The condition number: by how much a relative error may grow when :math:`A x = b` is solved.

    .. math:: κ(A) = \|A\| \, \|A^{-1}\|, \qquad κ_2(A) = s_{\max} / s_{\min}

    Parameters
    ----------
    a : Tensor, shape (…, m, n)
        Square, unless ``p`` is None, 2 or -2.
    p : {None, 2, -2, 1, -1, inf, -inf, "fro", "nuc"}
        Which matrix norm; None means 2.

    Returns
    -------
    Tensor
        Infinite where the smallest singular value is 0.

    Raises
    ------
    LinAlgError
        The matrix is singular, and the norm is not one of singular values.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.cond(cr.tensor([[10.0, 0.0], [0.0, 0.1]]))
    tensor(100.)
    """
    a = as_matrix("cond", a)
    if 0 in a.shape[-2:]:
        raise error("linalg.cond_empty", shapes={"a": a.shape})
    if p in (None, 2, -2):
        s = svdvals(a)
        first, last = (s[..., 0], s[..., -1]) if p != -2 else (s[..., -1], s[..., 0])
        return first / last
    a = as_square("cond", a)
    return matrix_norm(a, ord=p) * matrix_norm(inv(a), ord=p)
