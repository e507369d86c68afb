r"""Complex numbers and their parts.

The parts, the conjugate and the angle are not complex-differentiable: their derivatives are those by the
argument's two real parts (see `chainrule.core.derivative`). At 0 the angle has none; it is given as 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Linear, is_complex, unbroadcast
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.dtypes import DType, complex_type, real_type
from chainrule.ops.pointwise.row import OFF_AXES, pointwise
from chainrule.ops.pointwise.selection import cast, without_zero
from chainrule.ops.types import NUMBERS


def to_real(found: tuple[DType, ...], params: dict[str, Any]) -> DType:
    """Type rule of rows whose result is real."""
    return real_type(found[0])


_PARTS = DTypeRule(NUMBERS.kinds, output=to_real)


def _as(g: Any, x: Any) -> Any:
    return g if g.dtype == x.dtype else cast(g, dtype=x.dtype)


def _complex(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Put together, not computed as x + iy, which would make NaN of an infinite part."""
    z = np.empty(np.broadcast_shapes(x.shape, y.shape), complex_type(x.dtype))
    z.real, z.imag = x, y
    return z


real: Op = pointwise(
    "real",
    r"\operatorname{Re} x",
    np.real,
    Linear(lambda g, x: _as(g, x)),
    dtype=_PARTS,
    domain=OFF_AXES,
    flops=0,
    emit=lambda b, x: b.real(x),
)
imag: Op = pointwise(
    "imag",
    r"\operatorname{Im} x",
    np.imag,
    Linear(lambda g, x: _as(1j * g, x)),
    dtype=_PARTS,
    domain=OFF_AXES,
    flops=0,
    emit=lambda b, x: b.imag(x),
)
conj: Op = pointwise(
    "conj",
    r"\operatorname{conj} x",
    np.conjugate,
    Linear(lambda g, x: conj(g)),
    dtype=NUMBERS,
    domain=OFF_AXES,
    flops=0,
    emit=lambda b, x: b.conj(x),
)
complex_ = pointwise(
    "complex",
    r"x + \mathrm{i} \, y",
    _complex,
    Linear(
        lambda g, x, y: unbroadcast(_as(real(g), x), x.shape),
        lambda g, x, y: unbroadcast(_as(imag(g), y), y.shape),
    ),
    args="x y",
    dtype=DTypeRule("f", output=lambda found, params: complex_type(found[0]), lift_to_float=True),
    flops=0,
    emit=lambda b, x, y: b.complex(x, y),
)


def _turning(y: Any, x: Any) -> Any:
    r"""The gradient :math:`i / \bar x`; a real number does not turn."""
    return 1j * x / without_zero(x * conj(x)) if is_complex(x) else 0


angle = pointwise(
    "angle",
    r"\operatorname{arg} x",
    np.angle,
    [_turning],
    dtype=DTypeRule("fc", output=to_real, lift_to_float=True),
    domain=OFF_AXES,
    flops=4,
    emit=lambda b, x: b.angle(x),
)
