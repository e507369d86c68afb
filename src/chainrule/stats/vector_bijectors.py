"""Bijectors of vectors: onto probabilities, and onto triangular and positive definite matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions import reductions
from chainrule.functions.activations import softmax
from chainrule.functions.diagonals import diagonal
from chainrule.functions.indexing import take
from chainrule.functions.products import matmul
from chainrule.functions.shaping import concatenate, reshape, swapaxes
from chainrule.ops.linalg.factor import cholesky
from chainrule.ops.pointwise import exp, log, where
from chainrule.stats.bijector import Bijector
from chainrule.stats.sets import POSITIVE_DEFINITE, SIMPLEX, TRIANGLES, VECTORS
from chainrule.tensor import Tensor


class Softmax(Bijector):
    """Vectors of n numbers onto n + 1 probabilities: the softmax, with a last exponent of 0."""

    formula = r"\operatorname{softmax}(x_1, \dots, x_n, 0)"
    domain = VECTORS
    codomain = SIMPLEX

    def forward(self, x: Any) -> Tensor:
        """Probabilities."""
        x = lift(x)
        return softmax(concatenate([x, 0 * x[..., :1]], axis=-1))

    def inverse(self, y: Any) -> Tensor:
        r""":math:`\ln y_i - \ln y_{n + 1}`."""
        y = lift(y)
        return log(y[..., :-1]) - log(y[..., -1:])

    def log_det(self, x: Any) -> Tensor:
        r""":math:`\sum_i \ln y_i`, by the first n probabilities."""
        return reductions.sum(log(self.forward(x)), axis=-1)


class Triangle(Bijector):
    """Vectors onto lower triangular matrices, row by row, with the exponential on the diagonal."""

    formula = r"L, \quad L_{ii} = e^{x_{ii}}, \quad L_{ij} = x_{ij}"
    domain = VECTORS
    codomain = TRIANGLES

    def forward(self, x: Any) -> Tensor:
        """The matrix."""
        x = lift(x)
        n = _side(type(self).__name__, x.shape[-1])
        places = np.full((n, n), x.shape[-1])
        places[np.tril_indices(n)] = np.arange(x.shape[-1])
        filled = take(concatenate([x, 0 * x[..., :1]], axis=-1), places.ravel(), axis=-1)
        matrix = reshape(filled, (*x.shape[:-1], n, n))
        on_diagonal = np.eye(n, dtype=bool)
        return where(on_diagonal, exp(where(on_diagonal, matrix, 0)), matrix)

    def inverse(self, y: Any) -> Tensor:
        """The entries, with the logarithm of the diagonal."""
        y = lift(y)
        n = y.shape[-1]
        on_diagonal = np.eye(n, dtype=bool)
        plain = where(on_diagonal, log(where(on_diagonal, y, 1)), y)
        rows, columns = np.tril_indices(n)
        return take(reshape(plain, (*y.shape[:-2], n * n)), rows * n + columns, axis=-1)

    def log_det(self, x: Any) -> Tensor:
        """The sum of what stands on the diagonal before the exponential."""
        return reductions.sum(log(diagonal(self.forward(x), axis1=-2, axis2=-1)), axis=-1)


class Covariance(Bijector):
    """Vectors onto symmetric positive definite matrices :math:`L L^T`, with the `Triangle` of the vector."""

    formula = r"L L^{T}"
    domain = VECTORS
    codomain = POSITIVE_DEFINITE

    def forward(self, x: Any) -> Tensor:
        """The matrix."""
        factor = Triangle().forward(x)
        return matmul(factor, swapaxes(factor, -1, -2))

    def inverse(self, y: Any) -> Tensor:
        """The entries of the Cholesky factor."""
        return Triangle().inverse(cholesky(y))

    def log_det(self, x: Any) -> Tensor:
        r""":math:`n \ln 2 + \sum_i (n - i + 2) \ln L_{ii}`, :math:`i` from 1, by the lower triangle."""
        factors = diagonal(Triangle().forward(x), axis1=-2, axis2=-1)
        n = factors.shape[-1]
        powers = np.arange(n + 1, 1, -1).astype(factors.dtype)
        return n * math.log(2) + reductions.sum(powers * log(factors), axis=-1)


def _side(bijector: str, size: int) -> int:
    n = (math.isqrt(8 * size + 1) - 1) // 2
    if n * (n + 1) // 2 != size or n == 0:
        raise error("stats.bijector_size", bijector=bijector, size=size)
    return n
