r"""Rounding, division with remainder, and the bits of floating-point numbers.

Integers are whole already and stay as they are. `remainder` has the sign of the divisor and `fmod` that of
the dividend; integer division by 0 gives 0, as in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import REALS, Domain
from chainrule.ops.pointwise.arithmetic import sign
from chainrule.ops.pointwise.row import OFF_ZERO, POSITIVE, ZERO, pointwise
from chainrule.ops.types import NUMBERS, REAL_FLOATS
from chainrule.ops.types import REALS as REAL_NUMBERS


def _of_fractions(numpy: Callable[..., Any]) -> Callable[..., Any]:
    """The definition on what can have a fraction; going through floats, large integers would be damaged."""
    return lambda x: x if x.dtype.kind in "iu" else numpy(x)


def _rounding(
    name: str,
    formula: str,
    numpy: Callable[..., Any],
    steps: Sequence[float],
    emit: Callable[..., Any],
    dtype: DTypeRule = REAL_NUMBERS,
) -> Op:
    domain = Domain(-2, 2, tuple(steps))
    return pointwise(name, formula, _of_fractions(numpy), ZERO, dtype=dtype, domain=domain, emit=emit)


floor = _rounding("floor", r"\lfloor x \rfloor", np.floor, [-1, 0, 1], lambda b, x: b.floor(x))
ceil = _rounding("ceil", r"\lceil x \rceil", np.ceil, [-1, 0, 1], lambda b, x: b.ceil(x))
trunc = _rounding("trunc", r"\operatorname{trunc} x", np.trunc, [-1, 1], lambda b, x: b.trunc(x))
# Halves go to the even neighbour.
round_ = _rounding(
    "round", r"\mathrm{round}(x)", np.rint, [-1.5, -0.5, 0.5, 1.5], lambda b, x: b.round(x), dtype=NUMBERS
)

_BETWEEN_STEPS = (Domain(2.2, 2.6), Domain(0.92, 1.0))
floor_divide = pointwise(
    "floor_divide",
    r"\left\lfloor \frac{x}{y} \right\rfloor",
    np.floor_divide,
    ZERO,
    args="x y",
    dtype=REAL_NUMBERS,
    domain=(REALS, POSITIVE),
    emit=lambda b, x, y: b.floor_divide(x, y),
)
remainder = pointwise(
    "remainder",
    r"x \bmod y",
    np.remainder,
    [lambda z, x, y: 1, lambda z, x, y: -floor_divide(x, y)],
    args="x y",
    dtype=REAL_NUMBERS,
    domain=_BETWEEN_STEPS,
    emit=lambda b, x, y: b.remainder(x, y),
)
fmod = pointwise(
    "fmod",
    r"x - y \cdot \operatorname{trunc} \frac{x}{y}",
    np.fmod,
    [lambda z, x, y: 1, lambda z, x, y: -trunc(x / y)],
    args="x y",
    dtype=REAL_NUMBERS,
    domain=_BETWEEN_STEPS,
    emit=lambda b, x, y: b.fmod(x, y),
)

copysign = pointwise(
    "copysign",
    r"\operatorname{copysign}(x, y)",
    np.copysign,
    [lambda z, x, y: sign(x) * sign(z), None],
    args="x y",
    dtype=REAL_FLOATS,
    domain=OFF_ZERO,
    emit=lambda b, x, y: b.copysign(x, y),
)
nextafter = pointwise(
    "nextafter",
    r"\operatorname{nextafter}(x, y)",
    np.nextafter,
    [lambda z, x, y: 1, None],
    args="x y",
    # The neighbour among the numbers of the type itself, so not computed in a wider one.
    dtype=DTypeRule("f", lift_to_float=True, stores=True),
    emit=lambda b, x, y: b.nextafter(x, y),
)
