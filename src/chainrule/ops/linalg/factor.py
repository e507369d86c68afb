"""Factorisations: Cholesky, LU and QR.

Derivatives: Murray (2016), *Differentiation of the Cholesky decomposition*; Walter & Lehmann (2010),
*Algorithmic differentiation of linear algebra functions*, for LU and QR.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Rule, total
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.interpreter import lift
from chainrule.core.op import TABLE, Op
from chainrule.core.sample import sample
from chainrule.core.spec import Shape
from chainrule.dtypes import int64
from chainrule.errors import ChainruleError, error
from chainrule.ops.linalg import tools
from chainrule.ops.linalg.base import (
    Matrices,
    check_finite,
    check_matrix,
    entry,
    first_bad,
    matrix_row,
    same_square,
)
from chainrule.ops.linalg.check import require
from chainrule.ops.linalg.solve import COMPLEX_MATRICES, triangular_solve
from chainrule.ops.linalg.tools import adjoint, matmul


def solve_right(x: Any, t: Any, *, lower: bool, unit: bool = False) -> Any:
    """:math:`x t^{-1}` for a triangle ``t``."""
    return adjoint(triangular_solve(adjoint(t), adjoint(x), lower=not lower, unit=unit))


def _cholesky(a: np.ndarray) -> np.ndarray:
    check_finite("cholesky", a=a)
    symmetric = (a + np.swapaxes(a, -1, -2).conj()) / 2
    try:
        return np.linalg.cholesky(symmetric)
    except np.linalg.LinAlgError as problem:
        raise _not_definite(symmetric) from problem


def _not_definite(a: np.ndarray) -> ChainruleError:
    """Which matrix of the batch is not positive definite, and from which leading minor on."""
    batch = first_bad(a, lambda matrix: _bad_minor(matrix) > 0)
    matrix = a[() if batch is None else batch]
    values = {"order": _bad_minor(matrix), "smallest": float(np.linalg.eigvalsh(matrix)[0])}
    return error(
        "linalg.not_definite", op="cholesky", entry=entry(batch or ()), **values, shapes={"a": a.shape}
    )


def _bad_minor(matrix: np.ndarray) -> int:
    from scipy.linalg.lapack import get_lapack_funcs

    (potrf,) = get_lapack_funcs(("potrf",), (matrix,))
    return int(potrf(matrix, lower=1)[1])


def _cholesky_reverse(g: Any, y: Any, a: Any) -> Any:
    r"""The Hermitian part of :math:`L^{-H} Φ(L^H \bar L) L^{-1}`."""
    phi = tools.lower(matmul(adjoint(y), g), 0.5)
    left = triangular_solve(adjoint(y), phi, lower=False, unit=False)
    return tools.hermitian_part(solve_right(left, y, lower=True))


def _cholesky_forward(t: Any, y: Any, a: Any) -> Any:
    r""":math:`\dot L = L\, Φ(L^{-1} \dot A L^{-H})`, with Φ the lower triangle and half the diagonal."""
    left = triangular_solve(y, tools.hermitian_part(t), lower=True, unit=False)
    return matmul(y, tools.lower(solve_right(left, adjoint(y), lower=False), 0.5))


cholesky = matrix_row(
    "cholesky",
    r"\operatorname{chol}(a)",
    _cholesky,
    Rule(_cholesky_reverse, _cholesky_forward),
    shape=same_square,
    domain=Matrices(kind="definite"),
    samples=(
        *(sample((3, 3)), sample((2, 1, 1)), sample((2, 3, 3)), sample((0, 2, 2))),
        sample((3, 3), domains=(Matrices(kind="definite", is_complex=True),)),
    ),
    flops=lambda m, n: n**3 / 3,
)


def _lu_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    check_matrix(op.name, "a", found[0])
    return [found[0], found[0][:-1]]


def _lu(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both factors in one matrix (L's diagonal of ones is not stored), and the order of the rows."""
    from scipy.linalg import lu as factors

    check_finite("lu", a=a)
    if not a.size:
        return a, np.broadcast_to(np.arange(a.shape[-2]), a.shape[:-1])
    places, left, right = factors(a, p_indices=True, check_finite=False)
    packed = np.zeros(a.shape, right.dtype)
    packed[..., : left.shape[-1]] += np.tril(left, -1)
    packed[..., : right.shape[-2], :] += right
    return packed, np.argsort(places, axis=-1)


def permutation(order: Any, dtype: Any) -> Any:
    """The matrix that puts rows into an order: a 1 in row ``i`` and column ``order[i]``."""
    columns = lift(np.arange(order.shape[-1]))
    return TABLE["cast"](TABLE["equal"](tools.as_column(order), columns), dtype=dtype)


def _square_factors(packed: Any) -> tuple[Any, Any]:
    """L and U of a rectangular matrix that unit rows or columns make square."""
    n = max(packed.shape[-2:])
    grown = tools.enlarged(packed, n, n)
    added = np.diag(np.arange(n) >= min(packed.shape[-2:])).astype(packed.dtype)
    return tools.lower(grown, 0.0) + tools.eye_like(grown), tools.upper(grown) + lift(added)


def _lu_forward(t: Any, y: Any, a: Any) -> tuple[Any, None]:
    r""":math:`\dot L = L F_L` and :math:`\dot U = F_U U`, from :math:`F = L^{-1} P \dot A U^{-1}`.

    :math:`F_L` is the part below the diagonal, :math:`F_U` the rest.
    """
    packed, order = y
    left, right = _square_factors(packed)
    moved = tools.enlarged(matmul(permutation(order, t.dtype), t), *left.shape[-2:])
    f = solve_right(triangular_solve(left, moved, lower=True, unit=True), right, lower=False)
    both = matmul(left, tools.lower(f, 0.0)) + matmul(tools.upper(f), right)
    return tools.cropped(both, *packed.shape[-2:]), None


def _lu_reverse(g: Any, y: Any, a: Any) -> Any:
    (packed, order), (g_packed, _) = y, g
    left, right = _square_factors(packed)
    grown = tools.enlarged(g_packed, *left.shape[-2:])
    to_left = tools.lower(matmul(adjoint(left), tools.lower(grown, 0.0)), 0.0)
    to_right = tools.upper(matmul(tools.upper(grown), adjoint(right)))
    below = triangular_solve(adjoint(left), to_left + to_right, lower=False, unit=True)
    moved = tools.cropped(solve_right(below, adjoint(right), lower=True), *packed.shape[-2:])
    return matmul(adjoint(permutation(order, moved.dtype)), moved)


_SHIFTED = Matrices(kind="shifted")
lu = matrix_row(
    "lu",
    r"\operatorname{lu}(a)",
    _lu,
    Rule(_lu_reverse, _lu_forward),
    shape=_lu_shape,
    dtype=DTypeRule("fc", lift_to_float=True, output=lambda found, params: [found[0], int64]),
    domain=_SHIFTED,
    samples=(
        *(sample((3, 3)), sample((2, 4, 3)), sample((2, 3)), sample((1, 1)), sample((0, 3, 2))),
        sample((3, 3), domains=(Matrices(kind="shifted", is_complex=True),)),
    ),
    flops=lambda m, n: m * n * min(m, n) - (m + n) * min(m, n) ** 2 / 2 + min(m, n) ** 3 / 3,
    outputs=2,
)


def _qr_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    check_matrix(op.name, "a", found[0])
    *batch, m, n = found[0]
    k = m if params["complete"] else min(m, n)
    return [(*batch, m, k), (*batch, k, n)]


def _qr(a: np.ndarray, complete: bool) -> Any:
    check_finite("qr", a=a)
    return np.linalg.qr(a, "complete" if complete else "reduced")


def _tall_only(a: Any, complete: bool) -> None:
    """Derivatives are stated for reduced factors of matrices with no more columns than rows."""
    rows, columns = a.shape[-2:]
    if complete and rows != columns:
        options: dict[str, Any] = {"option": "mode='complete'", "instead": "mode='reduced'"}
        raise error("linalg.full", by="qr", rows=rows, columns=columns, **options)


def _full_rank(r: Any) -> Any:
    return require(r, check="independent", by="qr")


def _qr_forward(t: Any, y: Any, a: Any, complete: bool) -> tuple[Any, Any]:
    r""":math:`\dot R = T R` and :math:`\dot Q = \dot A R^{-1} - Q T`.

    T is the upper triangle, with half the diagonal, of :math:`C + C^H`, where :math:`C = Q^H \dot A R^{-1}`.
    """
    _tall_only(a, complete)
    q, r = y
    moved = solve_right(t, _full_rank(r), lower=False)
    inner = matmul(adjoint(q), moved)
    upper = tools.upper(inner + adjoint(inner), 0.5)
    return moved - matmul(q, upper), matmul(upper, r)


def _qr_reverse(g: Any, y: Any, a: Any, complete: bool) -> Any:
    _tall_only(a, complete)
    (q, r), (g_q, g_r) = y, g
    from_r = None if g_r is None else matmul(g_r, adjoint(r))
    from_q = None if g_q is None else -matmul(adjoint(q), g_q)
    weights = tools.upper(total([part for part in (from_r, from_q) if part is not None]), 0.5)
    turned = matmul(q, weights + adjoint(weights))
    moved = turned if g_q is None else g_q + turned
    return solve_right(moved, adjoint(_full_rank(r)), lower=True)


qr = matrix_row(
    "qr",
    r"\operatorname{qr}(a)",
    _qr,
    Rule(_qr_reverse, _qr_forward),
    shape=_qr_shape,
    dtype=DTypeRule("fc", lift_to_float=True, output=lambda found, params: [found[0]] * 2),
    domain=Matrices(),
    samples=(
        *(sample((3, 3), complete=True), sample((2, 4, 3), complete=False), sample((3, 1), complete=False)),
        *(sample((3, 0), complete=False), sample((3, 2), domains=(COMPLEX_MATRICES,), complete=False)),
    ),
    flops=lambda m, n: 4 * m * n * n,
    outputs=2,
)
