"""16-bit floats as ``float32`` and back, by their bits: not every processor has instructions for them.

Rounding is to nearest, ties to even, as IEEE 754 has it; a NaN stays one.
"""

from __future__ import annotations

from chainrule.compiler.llvm import Builder, Value
from chainrule.dtypes import DType, float32, uint16, uint32

_INFINITY = 0x7F800000
_MAGNITUDE = 0x7FFFFFFF


def widen(b: Builder, bits: Value, dtype: DType) -> Value:
    """The ``float32`` of a 16-bit float whose bits are given as ``uint16``."""
    wide = b.cast(bits, uint32)
    if dtype.name == "bfloat16":
        return b.reinterpret(b.shift_left(wide, 16), float32)
    magnitude = b.shift_left(b.bits_and(wide, 0x7FFF), 13)
    # The exponents' biases differ by 112, also for subnormal numbers.
    scaled = b.reinterpret(b.multiply(b.reinterpret(magnitude, float32), 2.0**112), uint32)
    is_finite = b.compare("lt", magnitude, 0x0F800000)
    found = b.select(is_finite, scaled, b.bits_or(magnitude, _INFINITY))
    sign = b.shift_left(b.bits_and(wide, 0x8000), 16)
    return b.reinterpret(b.bits_or(found, sign), float32)


def narrow(b: Builder, x: Value, dtype: DType) -> Value:
    """The bits, as ``uint16``, of a ``float32`` rounded to a 16-bit float."""
    bits = b.reinterpret(x, uint32)
    if dtype.name == "bfloat16":
        found = b.select(b.is_nan(x), 0x7FC0, _rounded(b, bits, 16))
    else:
        magnitude = b.bits_and(bits, _MAGNITUDE)
        sign = b.bits_and(b.shift_right(bits, 16), 0x8000)
        found = b.bits_or(_half(b, magnitude), sign)
    return b.cast(found, uint16)


def _rounded(b: Builder, bits: Value, places: int) -> Value:
    """Bits without the last ``places``, rounded; a carry into the exponent is right."""
    is_odd = b.bits_and(b.shift_right(bits, places), 1)
    below_half = (1 << (places - 1)) - 1
    return b.shift_right(b.add(b.add(bits, below_half), is_odd), places)


def _half(b: Builder, magnitude: Value) -> Value:
    """The magnitude's bits as ``float16``: normal, subnormal, or beyond the largest."""
    normal = b.subtract(_rounded(b, magnitude, 13), 112 << 10)
    # One ulp of 0.5 is the smallest subnormal: adding it rounds at the right place.
    aligned = b.add(b.reinterpret(magnitude, float32), 0.5)
    subnormal = b.bits_and(b.reinterpret(aligned, uint32), 0x7FFF)
    is_nan = b.compare("gt", magnitude, _INFINITY)
    beyond = b.select(is_nan, 0x7E00, b.constant(0x7C00, uint32, magnitude.lanes))
    found = b.select(b.compare("lt", magnitude, 113 << 23), subnormal, normal)
    return b.select(b.compare("lt", magnitude, 143 << 23), found, beyond)
