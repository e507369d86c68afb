r"""Singular values, with or without their vectors.

Derivatives: Giles (2008); of complex vectors, Wan & Zhang (2019), *Automatic differentiation for complex
valued SVD*. Each pair of vectors is determined up to a common factor of modulus 1; the derivatives leave its
change out, so functions that do not depend on the factor have the right ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Rule, is_complex, zeros_like
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import sample
from chainrule.core.spec import Shape
from chainrule.dtypes import real_type
from chainrule.errors import error
from chainrule.ops.linalg import tools
from chainrule.ops.linalg.base import (
    Matrices,
    check_finite,
    check_matrix,
    converging,
    matrix_row,
)
from chainrule.ops.linalg.check import require
from chainrule.ops.linalg.solve import COMPLEX_MATRICES
from chainrule.ops.linalg.tools import adjoint, as_row, diagonal, diagonal_matrix, matmul


def _svd_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    check_matrix(op.name, "a", found[0])
    *batch, m, n = found[0]
    k = min(m, n)
    left, right = (m, n) if params["full_matrices"] else (k, k)
    return [(*batch, m, left), (*batch, k), (*batch, right, n)]


def _svd(a: np.ndarray, full_matrices: bool) -> Any:
    check_finite("svd", a=a)
    with converging("svd", a):
        return np.linalg.svd(a, full_matrices)


def _refuse_added(a: Any, full_matrices: bool) -> None:
    rows, columns = a.shape[-2:]
    if full_matrices and rows != columns:
        options: dict[str, Any] = {"option": "full_matrices=True", "instead": "full_matrices=False"}
        raise error("linalg.full", by="svd", rows=rows, columns=columns, **options)


def _svd_parts(y: Any, a: Any, full_matrices: bool) -> tuple[Any, Any, Any, Any, Any]:
    """U, s and V; :math:`F_{ij} = 1 / (s_j^2 - s_i^2)`; and s where it may be divided by."""
    _refuse_added(a, full_matrices)
    (u, s, vh), (m, n) = y, a.shape[-2:]
    gaps = tools.reciprocal_gaps(require(s, check="distinct", by="svd") ** 2)
    is_divided = m != n or is_complex(a)
    divisor = require(s, check="nonzero", by="svd") if is_divided else s
    return u, s, adjoint(vh), gaps, divisor


def _svd_forward(t: Any, y: Any, a: Any, full_matrices: bool) -> tuple[Any, Any, Any]:
    u, s, v, gaps, divisor = _svd_parts(y, a, full_matrices)
    p = matmul(adjoint(u), t, v)
    left = p * as_row(s) + adjoint(p * as_row(s))
    right = tools.as_column(s) * p + adjoint(tools.as_column(s) * p)
    in_u, in_v = gaps * left, gaps * right
    if is_complex(a):
        turned = diagonal_matrix(0.5j * tools.imaginary_part(diagonal(p)) / divisor)
        in_u, in_v = in_u + turned, in_v - turned
    t_u, t_v = matmul(u, in_u), matmul(v, in_v)
    if u.shape[-2] != u.shape[-1]:
        t_u = t_u + _outside(u, matmul(t, v)) / as_row(divisor)
    if v.shape[-2] != v.shape[-1]:
        t_v = t_v + _outside(v, matmul(adjoint(t), u)) / as_row(divisor)
    return t_u, tools.real_part(diagonal(p)), adjoint(t_v)


def _outside(q: Any, x: Any) -> Any:
    """The part of the columns of ``x`` that is orthogonal to those of ``q``."""
    return x - matmul(q, adjoint(q), x)


def _svd_reverse(g: Any, y: Any, a: Any, full_matrices: bool) -> Any:
    g_u, g_s, g_vh = g
    if g_u is None and g_vh is None:
        return _from_values(g_s, *y)
    u, s, v, gaps, divisor = _svd_parts(y, a, full_matrices)
    g_u = zeros_like(y[0]) if g_u is None else g_u
    g_v = adjoint(zeros_like(y[2]) if g_vh is None else g_vh)
    of_u, of_v = matmul(adjoint(u), g_u), matmul(adjoint(v), g_v)
    in_u, in_v = gaps * of_u, gaps * of_v
    inner = (in_u + adjoint(in_u)) * as_row(s) + tools.as_column(s) * (in_v + adjoint(in_v))
    inner = inner if g_s is None else inner + diagonal_matrix(g_s)
    if is_complex(a):
        turned = tools.imaginary_part(diagonal(of_u) - diagonal(of_v))
        inner = inner + diagonal_matrix(0.5j * turned / divisor)
    found = matmul(u, inner, adjoint(v))
    if u.shape[-2] != u.shape[-1]:
        found = found + matmul(_outside(u, g_u) / as_row(divisor), adjoint(v))
    if v.shape[-2] != v.shape[-1]:
        found = found + matmul(u, adjoint(_outside(v, g_v) / as_row(divisor)))
    return found


def _from_values(g: Any, u: Any, s: Any, vh: Any) -> Any:
    r"""The cotangent of the matrix from that of its singular values: :math:`U \bar S V^H`."""
    k = s.shape[-1]
    u, vh = tools.cropped(u, u.shape[-2], k), tools.cropped(vh, k, vh.shape[-1])
    return matmul(u * as_row(g), vh)


svd: Op = matrix_row(
    "svd",
    r"\operatorname{svd}(a)",
    _svd,
    Rule(_svd_reverse, _svd_forward),
    shape=_svd_shape,
    dtype=DTypeRule(
        "fc", lift_to_float=True, output=lambda found, params: [found[0], real_type(found[0]), found[0]]
    ),
    domain=Matrices(),
    samples=(
        *(sample((3, 3), full_matrices=True), sample((2, 4, 3), full_matrices=False)),
        *(sample((2, 3), full_matrices=False), sample((3, 1), full_matrices=False)),
        sample((3, 0), full_matrices=False),
    ),
    flops=lambda m, n: 22 * m * n * min(m, n),
    outputs=3,
)


def _values_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    check_matrix(op.name, "a", found[0])
    return (*found[0][:-2], min(found[0][-2:]))


def _svdvals(a: np.ndarray) -> np.ndarray:
    check_finite("svdvals", a=a)
    with converging("svdvals", a):
        return np.linalg.svd(a, compute_uv=False)


def _svdvals_forward(t: Any, s: Any, a: Any) -> Any:
    u, _, vh = svd(a, full_matrices=False)
    return tools.real_part(diagonal(matmul(adjoint(u), t, adjoint(vh))))


svdvals = matrix_row(
    "svdvals",
    r"\operatorname{svdvals}(a)",
    _svdvals,
    Rule(
        reverse=lambda g, s, a: _from_values(g, *svd(a, full_matrices=False)),
        forward=_svdvals_forward,
    ),
    shape=_values_shape,
    dtype=DTypeRule("fc", lift_to_float=True, output=lambda found, params: real_type(found[0])),
    domain=Matrices(),
    samples=(
        *(sample((3, 3)), sample((2, 4, 3)), sample((2, 3)), sample((3, 0))),
        sample((3, 2), domains=(COMPLEX_MATRICES,)),
    ),
    flops=lambda m, n: 4 * m * n * min(m, n),
)
