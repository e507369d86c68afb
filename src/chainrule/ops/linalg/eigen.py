r"""Eigenvalues, with or without their vectors.

Derivatives: Giles (2008), *Collected matrix derivative results*. Eigenvectors are determined up to a factor
of modulus 1; their derivatives are those for which :math:`v^H \dot v = 0`, so functions that do not depend on
the factor have the right ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Rule, conjugated
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import sample
from chainrule.core.spec import Shape
from chainrule.dtypes import complex_type, real_type
from chainrule.ops.linalg import tools
from chainrule.ops.linalg.base import (
    Matrices,
    check_finite,
    converging,
    matrix_row,
    vector_of_square,
)
from chainrule.ops.linalg.check import require
from chainrule.ops.linalg.solve import inv
from chainrule.ops.linalg.tools import adjoint, as_row, diagonal, diagonal_matrix, matmul

_SYMMETRIC = Matrices(kind="symmetric")
_HERMITIAN = Matrices(kind="symmetric", is_complex=True)


def _hermitian(a: np.ndarray) -> np.ndarray:
    return np.asarray((a + np.swapaxes(a, -1, -2).conj()) / 2)


def _vectors_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    return [vector_of_square(op, found, params), found[0]]


def _eigh(a: np.ndarray) -> Any:
    check_finite("eigh", a=a)
    with converging("eigh", a):
        return np.linalg.eigh(_hermitian(a))


def _gaps(w: Any, by: str) -> Any:
    return tools.reciprocal_gaps(require(w, check="distinct", by=by))


def _eigh_forward(t: Any, y: Any, a: Any) -> tuple[Any, Any]:
    r"""With :math:`P = V^H \dot A V`: :math:`\dot λ = \mathrm{diag}\, P`, :math:`\dot V = V (F \circ P)`."""
    w, v = y
    p = matmul(adjoint(v), tools.hermitian_part(t), v)
    return tools.real_part(diagonal(p)), matmul(v, _gaps(w, "eigh") * p)


def _eigh_reverse(g: Any, y: Any, a: Any) -> Any:
    (w, v), (g_w, g_v) = y, g
    if g_v is None:
        return tools.hermitian_part(matmul(v * as_row(g_w), adjoint(v)))
    inner = _gaps(w, "eigh") * matmul(adjoint(v), g_v)
    inner = inner if g_w is None else inner + diagonal_matrix(g_w)
    return tools.hermitian_part(matmul(v, inner, adjoint(v)))


eigh: Op = matrix_row(
    "eigh",
    r"\operatorname{eigh}(a)",
    _eigh,
    Rule(_eigh_reverse, _eigh_forward),
    shape=_vectors_shape,
    dtype=DTypeRule("fc", lift_to_float=True, output=lambda found, params: [real_type(found[0]), found[0]]),
    domain=_SYMMETRIC,
    samples=(sample((3, 3)), sample((2, 1, 1)), sample((2, 3, 3)), sample((0, 2, 2))),
    flops=lambda m, n: 9 * n**3,
    outputs=2,
)


def _eigvalsh(a: np.ndarray) -> np.ndarray:
    check_finite("eigvalsh", a=a)
    with converging("eigvalsh", a):
        return np.linalg.eigvalsh(_hermitian(a))


def _eigvalsh_reverse(g: Any, w: Any, a: Any) -> Any:
    v = eigh(a)[1]
    return tools.hermitian_part(matmul(v * as_row(g), adjoint(v)))


def _eigvalsh_forward(t: Any, w: Any, a: Any) -> Any:
    v = eigh(a)[1]
    return tools.real_part(diagonal(matmul(adjoint(v), tools.hermitian_part(t), v)))


_REAL = DTypeRule("fc", lift_to_float=True, output=lambda found, params: real_type(found[0]))
eigvalsh = matrix_row(
    "eigvalsh",
    r"\operatorname{eigvalsh}(a)",
    _eigvalsh,
    Rule(_eigvalsh_reverse, _eigvalsh_forward),
    shape=vector_of_square,
    dtype=_REAL,
    domain=_SYMMETRIC,
    samples=(
        *(sample((3, 3)), sample((2, 1, 1)), sample((2, 3, 3)), sample((0, 2, 2))),
        sample((3, 3), domains=(_HERMITIAN,)),
    ),
    flops=lambda m, n: 4 * n**3 / 3,
)


def _eig(a: np.ndarray) -> Any:
    check_finite("eig", a=a)
    with converging("eig", a):
        return np.linalg.eig(a)


def _inverse(v: Any, by: str) -> Any:
    """The inverse of the matrix of eigenvectors, which a defective matrix lacks."""
    return inv(require(v, check="diagonalizable", by=by))


def _eig_forward(t: Any, y: Any, a: Any) -> tuple[Any, Any]:
    r"""As for `eigh`, with :math:`V^{-1}` for :math:`V^H`; :math:`\dot v` has no part along :math:`v`."""
    w, v = y
    p = matmul(_inverse(v, "eig"), t, v)
    moved = matmul(v, _gaps(w, "eig") * p)
    return diagonal(p), moved - v * as_row(diagonal(matmul(adjoint(v), moved)))


def _eig_reverse(g: Any, y: Any, a: Any) -> Any:
    (w, v), (g_w, g_v) = y, g
    inverse = adjoint(_inverse(v, "eig"))
    if g_v is None:
        return tools.of_kind(matmul(inverse * as_row(g_w), adjoint(v)), a)
    turned = matmul(adjoint(v), g_v)
    turned = turned - matmul(adjoint(v), v) * as_row(diagonal(turned))
    gaps = _gaps(w, "eig")
    inner = conjugated(gaps) * turned
    inner = inner if g_w is None else inner + diagonal_matrix(g_w)
    return tools.of_kind(matmul(inverse, inner, adjoint(v)), a)


_DIAGONALIZABLE = Matrices(kind="diagonalizable")
eig: Op = matrix_row(
    "eig",
    r"\operatorname{eig}(a)",
    _eig,
    Rule(_eig_reverse, _eig_forward),
    shape=_vectors_shape,
    dtype=DTypeRule("fc", lift_to_float=True, output=lambda found, params: [complex_type(found[0])] * 2),
    domain=_DIAGONALIZABLE,
    samples=(sample((3, 3)), sample((2, 1, 1)), sample((2, 3, 3)), sample((0, 2, 2))),
    flops=lambda m, n: 25 * n**3,
    outputs=2,
)


def _eigvals(a: np.ndarray) -> np.ndarray:
    check_finite("eigvals", a=a)
    with converging("eigvals", a):
        return np.linalg.eigvals(a)


def _eigvals_reverse(g: Any, w: Any, a: Any) -> Any:
    v = eig(a)[1]
    return tools.of_kind(matmul(adjoint(_inverse(v, "eigvals")) * as_row(g), adjoint(v)), a)


def _eigvals_forward(t: Any, w: Any, a: Any) -> Any:
    v = eig(a)[1]
    return diagonal(matmul(_inverse(v, "eigvals"), t, v))


eigvals = matrix_row(
    "eigvals",
    r"\operatorname{eigvals}(a)",
    _eigvals,
    Rule(_eigvals_reverse, _eigvals_forward),
    shape=vector_of_square,
    dtype=DTypeRule("fc", lift_to_float=True, output=lambda found, params: complex_type(found[0])),
    domain=_DIAGONALIZABLE,
    samples=(
        *(sample((3, 3)), sample((2, 1, 1)), sample((2, 3, 3)), sample((0, 2, 2))),
        sample((3, 3), domains=(Matrices(kind="diagonalizable", is_complex=True),)),
    ),
    flops=lambda m, n: 10 * n**3,
)
