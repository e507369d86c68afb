"""Matrices that keep lengths: permutations, rotations, reflections, random orthogonal ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.dtypes import DTypeLike, canonical
from chainrule.errors import error
from chainrule.functions.products import matmul
from chainrule.functions.reductions import as_float
from chainrule.functions.shaping import expand_dims, stack
from chainrule.linalg.arguments import adjoint, as_vector, unit_like
from chainrule.linalg.norms import vector_norm
from chainrule.linalg.products import cross_matrix, diagonal
from chainrule.ops import linalg as rows
from chainrule.ops.linalg.check import require
from chainrule.ops.linalg.factor import permutation
from chainrule.ops.pointwise import cos, sign, sin
from chainrule.random import Generator, normal

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def permutation_matrix(order: Any, dtype: DTypeLike = np.float32) -> Tensor:
    """The matrix that puts the elements of a vector in an order: ``P @ x`` is ``x[order]``.

    Parameters
    ----------
    order : Tensor of integers, shape (…, n)
        Each number from 0 to n - 1 once; `random.permutation` gives a random one.
    dtype : dtype
        Of the result.

    Raises
    ------
    LinAlgError
        A number is missing or stands twice.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.linalg.permutation_matrix(cr.tensor([2, 0, 1])) @ cr.tensor([10.0, 20.0, 30.0])
    tensor([30., 10., 20.])
    """
    order = require(lift(order), check="permutation", by="permutation_matrix")
    return permutation(order, canonical(dtype))


def rotation(angle: Any, axis: Any = None) -> Tensor:
    r"""A rotation of the plane, or of space about an axis.

    .. math:: \begin{pmatrix} \cos θ & -\sin θ \\ \sin θ & \cos θ \end{pmatrix}, \qquad
              I + \sin θ \, [k]_\times + (1 - \cos θ) \, [k]_\times^2

    Parameters
    ----------
    angle : float or Tensor, shape (…)
        θ, in radians; counterclockwise, seen with the axis pointing at the eye.
    axis : Tensor, shape (3,), optional
        The direction k of the axis, of any length but 0 (Rodrigues' formula). By default the plane is turned.

    Returns
    -------
    Tensor, shape (…, 2, 2) or (…, 3, 3)

    Examples
    --------
    >>> import chainrule as cr
    >>> import math
    >>> cr.round(cr.linalg.rotation(math.pi / 2) @ cr.tensor([1.0, 0.0]), 3)
    tensor([-0.,  1.])
    """
    angle = as_float(angle)
    c, s = cos(angle), sin(angle)
    if axis is None:
        return stack([stack([c, -s], -1), stack([s, c], -1)], -2)
    axis = as_float(axis)
    if axis.shape != (3,):
        raise error("linalg.axis", got=axis.shape)
    k = cross_matrix(_unit("rotation", axis))
    c, s = (expand_dims(x, (-2, -1)) for x in (c, s))
    return unit_like(k) + s * k + (1 - c) * matmul(k, k)


def _unit(op: str, v: Any) -> Tensor:
    """A vector of length 1 in the direction of another."""
    v = require(v, check="direction", by=op)
    return v / vector_norm(v)


def givens(n: int, i: int, j: int, angle: Any) -> Tensor:
    """The rotation of n dimensions that turns axis i towards axis j and leaves the others.

    Examples
    --------
    >>> import chainrule as cr
    >>> import math
    >>> cr.round(cr.linalg.givens(3, 0, 2, math.pi / 2) @ cr.tensor([1.0, 5.0, 0.0]), 3)
    tensor([0., 5., 1.])
    """
    if i == j or not (0 <= i < n and 0 <= j < n):
        raise error("linalg.plane", n=n, i=i, j=j)
    angle = as_float(angle)
    unit = np.eye(n, dtype=angle.dtype)
    stays = np.outer(unit[i], unit[i]) + np.outer(unit[j], unit[j])
    turns = np.outer(unit[j], unit[i]) - np.outer(unit[i], unit[j])
    return lift(unit) + (cos(angle) - 1) * stays + sin(angle) * turns


def reflection(v: Any) -> Tensor:
    r"""The mirror image in the plane (or hyperplane) that is perpendicular to a vector (Householder).

    .. math:: H = I - 2 \, \frac{v v^H}{v^H v}

    Parameters
    ----------
    v : Tensor, shape (n,)
        Of any length but 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.round(cr.linalg.reflection(cr.tensor([3.0, 4.0])), 3)
    tensor([[ 0.28, -0.96],
            [-0.96, -0.28]])
    """
    column = expand_dims(_unit("reflection", as_vector("reflection", v, "v")), -1)
    mirrored = matmul(column, adjoint(column))
    return unit_like(mirrored) - 2 * mirrored


def random_orthogonal(n: int, *, dtype: DTypeLike = np.float32, generator: Generator | None = None) -> Tensor:
    """A random orthogonal matrix, all equally likely (Haar measure): Q of a matrix of normal numbers.

    The signs of its columns are chosen so that R has a positive diagonal; without that, LAPACK's choice would
    make some matrices likelier than others (Mezzadri, 2007).

    Examples
    --------
    >>> import chainrule as cr
    >>> q = cr.linalg.random_orthogonal(4, generator=cr.random.Generator(0))
    >>> bool(cr.linalg.is_orthogonal(q))
    True
    """
    numbers = normal((n, n), dtype=dtype, generator=generator)
    q, r = rows.qr(numbers, complete=False)
    return q * sign(diagonal(r))
