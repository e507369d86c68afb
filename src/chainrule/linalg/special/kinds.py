"""The table of special matrices: what each kind is, how it is made and recognised, and what follows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.derivative import conjugated
from chainrule.functions.diagonals import diag, tril, triu
from chainrule.functions.elementwise import allclose
from chainrule.functions.products import matmul
from chainrule.functions.reductions import prod
from chainrule.functions.shaping import swapaxes
from chainrule.linalg.eigen import eigvals
from chainrule.linalg.equations import det, inv
from chainrule.linalg.factors import cholesky
from chainrule.linalg.products import diagonal, matrix_power, trace
from chainrule.linalg.special import isometries, pattern_predicates, patterns, predicates, symmetry
from chainrule.linalg.subspaces import matrix_rank, projection_matrix
from chainrule.random import Generator

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

KINDS: dict[str, Kind] = {}


@dataclass(frozen=True)
class Kind:
    r"""One kind of matrix.

    Parameters
    ----------
    name : str
        Its key in `KINDS`.
    definition : str
        What makes a matrix one of this kind, in LaTeX.
    construct : callable
        Makes one.
    example : callable
        Calls ``construct`` with arguments.
    predicate : callable
        ``(a, tol) -> bool tensor``: whether a matrix is one.
    law : str
        What holds of every matrix of this kind, in LaTeX.
    holds : callable
        Whether the law holds of a matrix.
    """

    name: str
    definition: str
    construct: Callable[..., Any]
    example: Callable[[Callable[..., Any]], Any]
    predicate: Callable[..., Any]
    law: str
    holds: Callable[[Any], Any]

    def __post_init__(self) -> None:
        KINDS[self.name] = self

    def make(self) -> Tensor:
        """A matrix of this kind, in float64."""
        return self.example(self.construct)


def _fourier(n: int) -> np.ndarray:
    places = np.arange(n)
    return np.asarray(np.exp(-2j * math.pi * np.outer(places, places) / n))


def _is_diagonalised_by_fourier(a: Any) -> Any:
    f = _fourier(a.shape[-1])
    return pattern_predicates.is_diagonal(matmul(matmul(f, a), np.linalg.inv(f)))


def _is_product_of_differences(a: Any) -> Any:
    x = a[:, 1].tolist()
    differences = [x[j] - x[i] for i in range(len(x)) for j in range(i + 1, len(x))]
    return allclose(det(a), math.prod(differences))


def _transposed(a: Any) -> Any:
    return swapaxes(a, -1, -2)


def _near(a: Any, b: Any) -> Any:
    return allclose(a, b, 1e-9, 1e-9)


_MATRIX = np.array([[2.0, -1.0, 0.5], [0.25, 1.5, 3.0], [-2.0, 0.75, 1.0]])
_COMPLEX = _MATRIX + 1j * _MATRIX[::-1]
_VECTOR = np.array([1.0, -2.0, 0.5])
_BLOCKS = (_MATRIX, np.array([[1.0, 2.0], [3.0, 5.0]]))

Kind(
    "identity",
    r"a_{ij} = [i = j]",
    patterns.identity,
    lambda make: make(3, "float64"),
    pattern_predicates.is_identity,
    "A x = x",
    lambda a: _near(matmul(a, _VECTOR), _VECTOR),
)
Kind(
    "diagonal",
    r"a_{ij} = 0 \text{ for } i \ne j",
    diag,
    lambda make: make(_VECTOR),
    pattern_predicates.is_diagonal,
    r"A^3 = \mathrm{diag}(a_{ii}^3)",
    lambda a: _near(matrix_power(a, 3), diag(diagonal(a) ** 3)),
)
Kind(
    "symmetric",
    "A = A^T",
    symmetry.symmetrize,
    lambda make: make(_MATRIX),
    predicates.is_symmetric,
    r"\mathrm{Im}\, λ_i = 0",
    lambda a: _near(eigvals(a), conjugated(eigvals(a))),
)
Kind(
    "Hermitian",
    "A = A^H",
    symmetry.symmetrize,
    lambda make: make(_COMPLEX),
    predicates.is_hermitian,
    r"\mathrm{Im}\, λ_i = 0",
    lambda a: _near(eigvals(a), conjugated(eigvals(a))),
)
Kind(
    "skew-symmetric",
    "A = -A^T",
    symmetry.skew,
    lambda make: make(_MATRIX),
    predicates.is_skew,
    r"\mathrm{Re}\, λ_i = 0",
    lambda a: _near(eigvals(a), -conjugated(eigvals(a))),
)
Kind(
    "positive definite",
    r"A = A^H, \quad x^H A x > 0",
    symmetry.random_positive_definite,
    lambda make: make(4, dtype="float64", generator=Generator(0)),
    predicates.is_positive_definite,
    "A = L L^H",
    lambda a: _near(matmul(cholesky(a), _transposed(cholesky(a))), a),
)
Kind(
    "lower triangular",
    r"a_{ij} = 0 \text{ for } i < j",
    tril,
    lambda make: make(_MATRIX),
    pattern_predicates.is_lower_triangular,
    r"\det A = \prod_i a_{ii}",
    lambda a: _near(det(a), prod(diagonal(a))),
)
Kind(
    "upper triangular",
    r"a_{ij} = 0 \text{ for } i > j",
    triu,
    lambda make: make(_MATRIX),
    pattern_predicates.is_upper_triangular,
    r"\det A = \prod_i a_{ii}",
    lambda a: _near(det(a), prod(diagonal(a))),
)
Kind(
    "orthogonal",
    "A^T A = I",
    isometries.random_orthogonal,
    lambda make: make(4, dtype="float64", generator=Generator(0)),
    predicates.is_orthogonal,
    "A^{-1} = A^T",
    lambda a: _near(inv(a), _transposed(a)),
)
Kind(
    "permutation",
    r"a_{ij} = [j = π(i)]",
    isometries.permutation_matrix,
    lambda make: make([2, 0, 3, 1], "float64"),
    pattern_predicates.is_permutation,
    "A^{-1} = A^T",
    lambda a: _near(inv(a), _transposed(a)),
)
Kind(
    "rotation",
    r"A^T A = I, \quad \det A = 1",
    isometries.rotation,
    lambda make: make(np.array(0.7), _VECTOR),
    predicates.is_rotation,
    r"\det A = 1",
    lambda a: _near(det(a), 1.0),
)
Kind(
    "reflection",
    r"A = I - 2 u u^H, \quad u^H u = 1",
    isometries.reflection,
    lambda make: make(_VECTOR),
    predicates.is_reflection,
    "A^2 = I",
    lambda a: pattern_predicates.is_identity(matmul(a, a)),
)
Kind(
    "projection",
    "A^2 = A = A^H",
    projection_matrix,
    lambda make: make(_MATRIX[:, :2]),
    predicates.is_projection,
    r"\mathrm{tr}\, A = \mathrm{rank}\, A",
    lambda a: _near(trace(a), matrix_rank(a, rtol=1e-9)),
)
Kind(
    "Toeplitz",
    r"a_{ij} = t_{i - j}",
    patterns.toeplitz,
    lambda make: make(_VECTOR, np.array([1.0, 3.0, 4.0])),
    pattern_predicates.is_toeplitz,
    "J A J = A^T",
    lambda a: _near(a[::-1, ::-1], _transposed(a)),
)
Kind(
    "circulant",
    r"a_{ij} = c_{(i - j) \bmod n}",
    patterns.circulant,
    lambda make: make(np.array([1.0, -2.0, 0.5, 3.0, 0.0])),
    pattern_predicates.is_circulant,
    r"F A F^{-1} \text{ is diagonal}, \quad F_{jk} = e^{-2 π i j k / n}",
    _is_diagonalised_by_fourier,
)
Kind(
    "Hankel",
    r"a_{ij} = h_{i + j}",
    patterns.hankel,
    lambda make: make(_VECTOR, np.array([0.5, 3.0, 4.0])),
    pattern_predicates.is_hankel,
    r"A J \text{ is Toeplitz}",
    lambda a: pattern_predicates.is_toeplitz(a[:, ::-1]),
)
Kind(
    "Vandermonde",
    "a_{ij} = x_i^j",
    patterns.vandermonde,
    lambda make: make(_VECTOR),
    pattern_predicates.is_vandermonde,
    r"\det A = \prod_{i < j} (x_j - x_i)",
    _is_product_of_differences,
)
Kind(
    "block diagonal",
    r"A = A_1 \oplus A_2",
    patterns.block_diagonal,
    lambda make: make(*_BLOCKS),
    lambda a, tol=None: pattern_predicates.is_block_diagonal(a, (3, 2), tol),
    r"\det A = \det A_1 \cdot \det A_2",
    lambda a: _near(det(a), det(a[:3, :3]) * det(a[3:, 3:])),
)
