"""Systems of linear equations: triangular and general, the inverse and the pseudo-inverse.

Derivatives: Giles (2008), *Collected matrix derivative results*; of the pseudo-inverse, Golub & Pereyra
(1973), *The differentiation of pseudo-inverses and nonlinear least squares problems*.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Rule, total
from chainrule.core.op import Op
from chainrule.core.sample import COMPLEX, REALS, sample
from chainrule.core.spec import Shape
from chainrule.errors import ChainruleError, error
from chainrule.ops.linalg import tools
from chainrule.ops.linalg.base import (
    Matrices,
    check_finite,
    check_matrix,
    converging,
    entry,
    first_bad,
    first_place,
    matrix_row,
    one_by_one,
    right_side,
    same_square,
)
from chainrule.ops.linalg.check import reciprocal_condition
from chainrule.ops.linalg.tools import adjoint, matmul

COMPLEX_MATRICES = Matrices(is_complex=True)


def _triangle(a: Any, is_lower: bool, unit: bool) -> Any:
    """The part of a matrix that a triangular system reads."""
    return tools.lower(a, 0.0 if unit else 1.0) if is_lower else tools.upper(a, 0.0 if unit else 1.0)


def _triangular_solve(a: np.ndarray, b: np.ndarray, lower: bool, unit: bool) -> np.ndarray:
    from scipy.linalg import solve_triangular

    check_finite("solve_triangular", a=a, b=b)
    zero = np.diagonal(a, axis1=-2, axis2=-1) == 0
    if zero.any() and not unit:
        *batch, i = first_place(zero)
        named = {"a": a.shape, "b": b.shape}
        raise error(
            "linalg.triangle", op="solve_triangular", entry=entry(tuple(batch)), place=i, shapes=named
        )
    options = {"lower": lower, "unit_diagonal": unit, "check_finite": False}
    return one_by_one(lambda t, right: solve_triangular(t, right, **options), a, b)


def _triangular_reverse(g: Any, x: Any, a: Any, b: Any, lower: bool, unit: bool) -> list[Any]:
    to_b = triangular_solve(adjoint(a), g, lower=not lower, unit=unit)
    return [-_triangle(matmul(to_b, adjoint(x)), lower, unit), to_b]


def _triangular_forward(t: Any, x: Any, a: Any, b: Any, lower: bool, unit: bool) -> Any:
    t_a, t_b = t
    moved = None if t_a is None else -matmul(_triangle(t_a, lower, unit), x)
    right = total([part for part in (t_b, moved) if part is not None])
    return triangular_solve(a, right, lower=lower, unit=unit)


_DOMINANT = (Matrices(kind="dominant"), REALS)
triangular_solve: Op = matrix_row(
    "triangular_solve",
    r"\operatorname{tri}(a)^{-1} \, b",
    _triangular_solve,
    Rule(_triangular_reverse, _triangular_forward, reached=(0, 1)),
    args="a b",
    shape=right_side,
    samples=(
        sample((3, 3), (3, 2), domains=_DOMINANT, lower=True, unit=False),
        sample((2, 3, 3), (2, 3, 1), domains=_DOMINANT, lower=False, unit=False),
        sample((2, 2), (2, 3), domains=_DOMINANT, lower=True, unit=True),
        sample(
            *((3, 3), (3, 2)),
            domains=(Matrices(kind="dominant", is_complex=True), COMPLEX),
            lower=False,
            unit=False,
        ),
        sample((0, 0), (0, 2), lower=True, unit=False),
    ),
    flops=lambda m, n: n * n,
)


def _singular(op: str, a: np.ndarray, named: dict[str, Shape]) -> ChainruleError:
    """The error of a matrix that LAPACK found singular: which of the batch, and which pivot."""
    batch = first_bad(a, lambda matrix: not _pivots(matrix).all())
    batch = (0,) * (a.ndim - 2) if batch is None else batch
    values = {"pivot": int(_pivots(a[batch]).argmin()), "rcond": reciprocal_condition(a[batch])}
    return error("linalg.singular", op=op, entry=entry(batch), **values, shapes=named)


def _pivots(matrix: np.ndarray) -> np.ndarray:
    from scipy.linalg import lu

    return np.asarray(np.abs(np.diagonal(lu(matrix, permute_l=True)[1])))


def _solve(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    check_finite("solve", a=a, b=b)
    try:
        return np.asarray(np.linalg.solve(a, b))
    except np.linalg.LinAlgError as problem:
        raise _singular("solve", a, {"a": a.shape, "b": b.shape}) from problem


def _solve_reverse(g: Any, x: Any, a: Any, b: Any) -> list[Any]:
    to_b = solve(adjoint(a), g)
    return [-matmul(to_b, adjoint(x)), to_b]


def _solve_forward(t: Any, x: Any, a: Any, b: Any) -> Any:
    t_a, t_b = t
    moved = None if t_a is None else -matmul(t_a, x)
    return solve(a, total([part for part in (t_b, moved) if part is not None]))


solve: Op = matrix_row(
    "solve",
    r"a^{-1} \, b",
    _solve,
    Rule(_solve_reverse, _solve_forward, reached=(0, 1)),
    args="a b",
    shape=right_side,
    samples=(
        sample((3, 3), (3, 2), domains=(Matrices(), REALS)),
        sample((2, 3, 3), (2, 3, 1), domains=(Matrices(), REALS)),
        sample((3, 3), (3, 2), domains=(COMPLEX_MATRICES, COMPLEX)),
        sample((0, 0), (0, 2)),
    ),
    flops=lambda m, n: 2 * n**3 / 3,
)


def _inv(a: np.ndarray) -> np.ndarray:
    check_finite("inv", a=a)
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError as problem:
        raise _singular("inv", a, {"a": a.shape}) from problem


inv = matrix_row(
    "inv",
    "a^{-1}",
    _inv,
    Rule(
        reverse=lambda g, y, a: -matmul(adjoint(y), g, adjoint(y)),
        forward=lambda t, y, a: -matmul(y, t, y),
    ),
    shape=same_square,
    domain=Matrices(),
    samples=(
        *(sample((3, 3)), sample((2, 1, 1)), sample((2, 3, 3)), sample((0, 2, 2))),
        sample((3, 3), domains=(COMPLEX_MATRICES,)),
    ),
    flops=lambda m, n: 2 * n**3,
)


def _pinv_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    check_matrix(op.name, "a", found[0])
    return (*found[0][:-2], found[0][-1], found[0][-2])


def _pinv(a: np.ndarray, rtol: float) -> np.ndarray:
    check_finite("pinv", a=a)
    with converging("pinv", a):
        return np.asarray(np.linalg.pinv(a, rtol))


def _pinv_forward(t: Any, y: Any, a: Any, rtol: float) -> Any:
    r""":math:`-Y \dot A Y + (I - Y A) \dot A^H Y^H Y + Y Y^H \dot A^H (I - A Y)`, where the rank stays."""
    t_h, y_h = adjoint(t), adjoint(y)
    columns, rows = matmul(t_h, y_h, y), matmul(y, y_h, t_h)
    return -matmul(y, t, y) + columns - matmul(y, a, columns) + rows - matmul(rows, a, y)


def _pinv_reverse(g: Any, y: Any, a: Any, rtol: float) -> Any:
    """The adjoint of the forward rule, term by term."""
    g_h, y_h = adjoint(g), adjoint(y)
    columns, rows = matmul(y_h, y, g_h), matmul(g_h, y, y_h)
    return -matmul(y_h, g, y_h) + columns - matmul(columns, y, a) + rows - matmul(a, y, rows)


pinv = matrix_row(
    "pinv",
    "a^{+}",
    _pinv,
    Rule(_pinv_reverse, _pinv_forward),
    shape=_pinv_shape,
    domain=Matrices(),
    samples=(
        *(sample((3, 3), rtol=1e-12), sample((2, 4, 3), rtol=1e-12), sample((2, 3), rtol=1e-12)),
        *(sample((3, 0), rtol=1e-12), sample((3, 2), domains=(COMPLEX_MATRICES,), rtol=1e-12)),
    ),
    flops=lambda m, n: 20 * m * n * min(m, n),
)
