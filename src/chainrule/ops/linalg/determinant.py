r"""Determinants.

The derivative of :math:`\det` is the adjugate (Jacobi's formula), which exists for singular matrices too:

.. math:: \mathrm{d} \det A = \operatorname{tr}(\operatorname{adj}(A)\, \mathrm{d}A)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Rule, conjugated, is_complex
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import TABLE, Op
from chainrule.core.sample import sample
from chainrule.core.spec import Shape
from chainrule.dtypes import real_type
from chainrule.ops.linalg import tools
from chainrule.ops.linalg.base import (
    Matrices,
    batch_of_square,
    check_finite,
    converging,
    matrix_row,
    same_square,
)
from chainrule.ops.linalg.check import require
from chainrule.ops.linalg.solve import COMPLEX_MATRICES, inv
from chainrule.ops.linalg.tools import adjoint, as_factor, matmul, trace

_SAMPLES = (
    *(sample((3, 3)), sample((2, 1, 1)), sample((2, 3, 3)), sample((0, 2, 2))),
    sample((3, 3), domains=(COMPLEX_MATRICES,)),
)


def _adjugate(a: np.ndarray) -> np.ndarray:
    """By singular values: of a diagonal matrix it is the products of all other elements."""
    check_finite("det", a=a)
    with converging("det", a):
        u, s, vh = np.linalg.svd(a)
    one = np.ones((*s.shape[:-1], 1), s.dtype)
    before = np.cumprod(np.concatenate([one, s[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([one, s[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    phase = np.linalg.det(u) * np.linalg.det(vh)
    v, uh = (np.swapaxes(x, -1, -2).conj() for x in (vh, u))
    return np.asarray(phase[..., None, None] * (v * (before * after)[..., None, :]) @ uh)


def _divisor(a: Any) -> Any:
    """The determinant, where it may be divided by."""
    return as_factor(det(require(a, check="nonsingular", by="det")))


adjugate: Op = matrix_row(
    "adjugate",
    r"\operatorname{adj}(a)",
    _adjugate,
    Rule(
        reverse=lambda g, y, a: (
            (as_factor(trace(matmul(adjoint(y), g))) * adjoint(y) - matmul(adjoint(y), g, adjoint(y)))
            / conjugated(_divisor(a))
        ),
        forward=lambda t, y, a: (as_factor(trace(matmul(y, t))) * y - matmul(y, t, y)) / _divisor(a),
    ),
    shape=same_square,
    domain=Matrices(),
    samples=_SAMPLES,
    flops=lambda m, n: 22 * n**3,
)


def _det(a: np.ndarray) -> np.ndarray:
    check_finite("det", a=a)
    return np.asarray(np.linalg.det(a))


det: Op = matrix_row(
    "det",
    r"\det a",
    _det,
    Rule(
        reverse=lambda g, y, a: as_factor(g) * adjoint(adjugate(a)),
        forward=lambda t, y, a: trace(matmul(adjugate(a), t)),
    ),
    shape=batch_of_square,
    domain=Matrices(),
    samples=_SAMPLES,
    flops=lambda m, n: 2 * n**3 / 3,
)


def _slogdet_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    return [batch_of_square(op, found, params)] * 2


def _slogdet(a: np.ndarray) -> Any:
    check_finite("slogdet", a=a)
    return np.linalg.slogdet(a)


def _slogdet_reverse(g: Any, y: Any, a: Any) -> Any:
    r"""The adjoint of the forward rule; the sign of a real determinant does not move."""
    g_sign, g_log = g
    turned = None
    if g_sign is not None and is_complex(a):
        turned = -1j * tools.imaginary_part(conjugated(g_sign) * y[0])
    parts = [part for part in (g_log, turned) if part is not None]
    if not parts:
        return None
    to_trace = parts[0] if len(parts) == 1 else parts[0] + parts[1]
    return as_factor(to_trace) * adjoint(inv(a))


def _slogdet_forward(t: Any, y: Any, a: Any) -> tuple[Any, Any]:
    r"""Logarithm and angle move by the real and imaginary part of :math:`\mathrm{tr}(A^{-1} \dot A)`."""
    moved = trace(TABLE["solve"](a, t))
    if not is_complex(a):
        return None, moved
    return 1j * (y[0] * tools.imaginary_part(moved)), tools.real_part(moved)


slogdet = matrix_row(
    "slogdet",
    r"(\mathrm{sign}(\det a), \ln |\det a|)",
    _slogdet,
    Rule(_slogdet_reverse, _slogdet_forward),
    shape=_slogdet_shape,
    dtype=DTypeRule("fc", lift_to_float=True, output=lambda found, params: [found[0], real_type(found[0])]),
    domain=Matrices(),
    samples=_SAMPLES,
    flops=lambda m, n: 2 * n**3 / 3,
    outputs=2,
)
