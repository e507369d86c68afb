"""Operations on the bits of integers and bools, and common divisors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import Domain, Integers
from chainrule.ops.pointwise.row import WHOLE, ZERO, pointwise
from chainrule.ops.types import BITS, INTEGERS


def _integers(
    name: str,
    formula: str,
    numpy: Callable[..., Any],
    dtype: DTypeRule,
    emit: Callable[..., Any],
    args: str = "x y",
    domain: Domain | tuple[Domain, ...] = WHOLE,
) -> Op:
    return pointwise(name, formula, numpy, ZERO, args=args, dtype=dtype, domain=domain, emit=emit)


bitwise_and = _integers(
    "bitwise_and", r"\operatorname{bitand}(x, y)", np.bitwise_and, BITS, lambda b, x, y: b.bits_and(x, y)
)
bitwise_or = _integers(
    "bitwise_or", r"\operatorname{bitor}(x, y)", np.bitwise_or, BITS, lambda b, x, y: b.bits_or(x, y)
)
bitwise_xor = _integers(
    "bitwise_xor", r"\operatorname{bitxor}(x, y)", np.bitwise_xor, BITS, lambda b, x, y: b.bits_xor(x, y)
)
bitwise_invert = _integers(
    "bitwise_invert", r"\operatorname{bitnot}(x)", np.invert, BITS, lambda b, x: b.bits_not(x), args="x"
)

_SHIFTED = (WHOLE, Integers(0, 7))
# Bits that are pushed out are lost; a shift by the width of the type or more leaves none.
left_shift = _integers(
    "left_shift",
    r"x \cdot 2^{y}",
    np.left_shift,
    INTEGERS,
    lambda b, x, y: b.left_shift(x, y),
    domain=_SHIFTED,
)
right_shift = _integers(
    "right_shift",
    r"\left\lfloor \frac{x}{2^{y}} \right\rfloor",
    np.right_shift,
    INTEGERS,
    lambda b, x, y: b.right_shift(x, y),
    domain=_SHIFTED,
)

gcd = _integers("gcd", r"\operatorname{gcd}(x, y)", np.gcd, INTEGERS, lambda b, x, y: b.gcd(x, y))
lcm = _integers("lcm", r"\operatorname{lcm}(x, y)", np.lcm, INTEGERS, lambda b, x, y: b.lcm(x, y))
