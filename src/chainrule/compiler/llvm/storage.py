"""Types that are for storage alone, a byte each: converted to those that are computed with, and back.

Integers of 4 bits are the lowest bits of their byte. ``float8_e5m2`` is the upper half of a ``float16``;
``float8_e4m3fn`` has no infinity, and its largest magnitude is NaN. Rounding is to nearest, ties to even.
Source: Micikevicius et al., *FP8 formats for deep learning* (2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule import dtypes
from chainrule.compiler.llvm.types import Value
from chainrule.dtypes import DType, float16, float32, int8, uint8, uint16, uint32

if TYPE_CHECKING:
    from chainrule.compiler.llvm.arithmetic import Arithmetic

_MAGNITUDE = 0x7F
_NIBBLE = 0x0F


@dataclass(frozen=True)
class Small:
    """A floating-point format of 8 bits.

    Attributes
    ----------
    mantissa, bias : int
        Bits of the fraction, and what the stored exponent of 1 is.
    largest : int
        Bits of the largest finite magnitude.
    overflow, nan : int
        Bits of what lies beyond it, and of NaN.
    """

    mantissa: int
    bias: int
    largest: int
    overflow: int
    nan: int


_SMALL = {
    "float8_e4m3fn": Small(3, 7, 0x7E, 0x7F, 0x7F),
    "float8_e5m2": Small(2, 15, 0x7B, 0x7C, 0x7E),
}


def unpacked(b: Arithmetic, x: Value) -> Value:
    """A stored number as ``int8`` or ``float32``, which hold all of them."""
    if x.dtype.name == "float8_e5m2":
        half = b.shift_left(b.cast(b.reinterpret(x, uint8), uint16), 8)
        return b.cast(b.reinterpret(half, float16), float32)
    if x.dtype.name == "float8_e4m3fn":
        return _from_e4m3fn(b, b.cast(b.reinterpret(x, uint8), uint32))
    bits = b.shift_left(b.reinterpret(x, int8), 4)
    if dtypes.letter(x.dtype) == "i":
        return b.shift_right(bits, 4)
    return b.reinterpret(b.shift_right(b.reinterpret(bits, uint8), 4), int8)


def _from_e4m3fn(b: Arithmetic, wide: Value) -> Value:
    """The exponents' biases differ by 120, also for subnormal numbers."""
    magnitude = b.bits_and(wide, _MAGNITUDE)
    size = b.multiply(b.reinterpret(b.shift_left(magnitude, 20), float32), 2.0**120)
    size = b.select(b.compare("eq", magnitude, _MAGNITUDE), np.nan, size)
    sign = b.shift_left(b.bits_and(wide, 0x80), 24)
    return b.reinterpret(b.bits_or(b.reinterpret(size, uint32), sign), float32)


def packed(b: Arithmetic, x: Value, dtype: DType) -> Value:
    """A number as a stored one: floats rounded, of integers the lowest bits."""
    if dtypes.letter(dtype) != "f":
        whole = b.cast(x, int8 if x.kind in "biu" else np.dtype(np.int32))
        return b.reinterpret(b.bits_and(b.cast(whole, uint8), _NIBBLE), dtype)
    bits = b.reinterpret(b.cast(x, float32), uint32)
    magnitude, sign = b.bits_and(bits, 0x7FFFFFFF), b.bits_and(b.shift_right(bits, 24), 0x80)
    return b.reinterpret(b.cast(b.bits_or(_rounded(b, magnitude, _SMALL[dtype.name]), sign), uint8), dtype)


def _rounded(b: Arithmetic, magnitude: Value, form: Small) -> Value:
    """The magnitude's bits: normal, subnormal, or beyond the largest."""
    places = 23 - form.mantissa
    odd = b.bits_and(b.shift_right(magnitude, places), 1)
    normal = b.shift_right(b.add(b.add(magnitude, (1 << (places - 1)) - 1), odd), places)
    normal = b.subtract(normal, (127 - form.bias) << form.mantissa)
    # One ulp of this number is the smallest subnormal: adding it rounds at the right place.
    aligned = 2.0 ** (24 - form.bias - form.mantissa)
    raised = b.reinterpret(b.add(b.reinterpret(magnitude, float32), aligned), uint32)
    subnormal = b.subtract(raised, int(np.float32(aligned).view(np.uint32)))
    smallest = int(np.float32(2.0 ** (1 - form.bias)).view(np.uint32))
    found = b.select(b.compare("lt", magnitude, smallest), subnormal, normal)
    found = b.select(b.compare("gt", found, form.largest), form.overflow, found)
    return b.select(b.compare("gt", magnitude, 0x7F800000), form.nan, found)
