r"""Numbers of one element type as numbers of another, exactly as NumPy converts them.

Floats are rounded to nearest, ties to even. Not every processor has instructions for 16-bit floats, and
some that it has flush subnormal numbers to 0, so those are converted by their bits.

Floats become integers toward 0. What the integer type cannot hold is undefined in NumPy; here, as NumPy has
it on x86, a number in the range of int32 keeps its lowest bits in smaller types (-1.0 becomes 255 in uint8),
and so does one in the range of int64 in uint32 and uint64. Larger numbers and NaN become arbitrary integers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule import dtypes
from chainrule.compiler.llvm.storage import packed, unpacked
from chainrule.compiler.llvm.types import BOOL, Value, register_type
from chainrule.dtypes import DType, float32, float64, int32, int64, uint32, uint64

if TYPE_CHECKING:
    from chainrule.compiler.llvm.arithmetic import Arithmetic

_INFINITY, _MAGNITUDE, _SIGN = 0x7F800000, 0x7FFFFFFF, 0x80000000
_UINT16 = np.dtype(np.uint16)


def convert(b: Arithmetic, x: Value, dtype: DType) -> Value:
    """A number in another element type."""
    if x.dtype == dtype:
        return x
    if dtypes.is_stored_only(x.dtype):
        return convert(b, unpacked(b, x), dtype)
    if dtypes.is_stored_only(dtype):
        return packed(b, x, dtype)
    if dtype == BOOL and x.kind != "f":
        return b.compare("ne", x, 0)
    if _is_short(x.dtype):
        return convert(b, widened(b, x), dtype)
    if dtype == BOOL:
        return b.compare("ne", x, 0)
    if _is_short(dtype):
        return narrowed(b, _as_float32(b, x, dtype), dtype)
    if x.kind == "f" and dtypes.letter(dtype) in "iu":
        return _to_integer(b, x, dtype)
    how = _instruction(x.kind, dtypes.letter(dtype), x.dtype.itemsize, dtype.itemsize)
    if how is None:
        return Value(x.text, dtype, x.lanes)
    return b.define(f"{how} {x} to {register_type(dtype, x.lanes)}", dtype, x.lanes)


def _is_short(dtype: DType) -> bool:
    return dtypes.computed_in(dtype) != dtype


def _instruction(before: str, after: str, size_before: int, size_after: int) -> str | None:
    """The instruction that converts between letters and sizes of types; None where bits stay."""
    if after == "f":
        if before == "f":
            return "fpext" if size_after > size_before else "fptrunc"
        return "sitofp" if before == "i" else "uitofp"
    if before == "b":
        return "zext"
    if size_after == size_before:
        return None
    if size_after < size_before:
        return "trunc"
    return "sext" if before == "i" else "zext"


def _to_integer(b: Arithmetic, x: Value, dtype: DType) -> Value:
    """A float without its fraction."""
    if dtype == uint64:
        # Only signed integers are what all processors make; the upper half is brought down before.
        upper = b.compare("ge", x, 2.0**63)
        low = b.select(upper, b.subtract(x, 2.0**63), x)
        bits = b.reinterpret(_to_integer(b, low, int64), uint64)
        return b.select(upper, b.bits_xor(bits, 1 << 63), bits)
    through = dtype if dtype == int64 else int64 if dtype == uint32 else int32
    whole = b.define(f"fptosi {x} to {register_type(through, x.lanes)}", through, x.lanes)
    return convert(b, whole, dtype)


def _as_float32(b: Arithmetic, x: Value, dtype: DType) -> Value:
    """A number as float32, such that rounding it again gives what rounding it once does."""
    if x.dtype != float64:
        return convert(b, x, float32)
    rounded = b.define(f"fptrunc {x} to {register_type(float32, x.lanes)}", float32, x.lanes)
    # bfloat16 is rounded twice by its definition in ml_dtypes.
    return rounded if dtype.name == "bfloat16" else _rounded_to_odd(b, x, rounded)


def _rounded_to_odd(b: Arithmetic, x: Value, rounded: Value) -> Value:
    """Of the two neighbours of a number that is none itself, the one whose last bit is set."""
    back, bits = convert(b, rounded, float64), b.reinterpret(rounded, uint32)
    too_large = b.compare("gt", b.absolute(back), b.absolute(x))
    bits = b.select(too_large, b.subtract(bits, 1), bits)
    inexact = b.compare("ne", back, x)
    return b.reinterpret(b.select(inexact, b.bits_or(bits, 1), bits), float32)


def widened(b: Arithmetic, x: Value) -> Value:
    """The ``float32`` of a 16-bit float."""
    wide = convert(b, b.reinterpret(x, _UINT16), uint32)
    if x.dtype.name == "bfloat16":
        return b.reinterpret(b.shift_left(wide, 16), float32)
    if b.module.fused:
        return _from_half_by_instruction(b, x)
    magnitude = b.shift_left(b.bits_and(wide, 0x7FFF), 13)
    # The exponents' biases differ by 112, also for subnormal numbers.
    scaled = b.reinterpret(b.multiply(b.reinterpret(magnitude, float32), 2.0**112), uint32)
    is_finite = b.compare("lt", magnitude, 0x0F800000)
    found = b.select(is_finite, scaled, b.bits_or(magnitude, _INFINITY))
    return b.reinterpret(b.bits_or(found, b.shift_left(b.bits_and(wide, 0x8000), 16)), float32)


def narrowed(b: Arithmetic, x: Value, dtype: DType) -> Value:
    """A ``float32`` rounded to a 16-bit float."""
    bits = b.reinterpret(x, uint32)
    sign, magnitude = b.bits_and(bits, _SIGN), b.bits_and(bits, _MAGNITUDE)
    if dtype.name == "bfloat16":
        found = b.select(b.is_nan(x), 0x7FC0, _without_places(b, magnitude, 16))
    elif b.module.fused:
        found = _to_half_by_instruction(b, b.absolute(x))
    else:
        found = _half(b, magnitude)
    sign = convert(b, b.shift_right(sign, 16), _UINT16)
    return b.reinterpret(b.bits_or(convert(b, found, _UINT16), sign), dtype)


def _from_half_by_instruction(b: Arithmetic, x: Value) -> Value:
    """Processors that have fused products have this too."""
    half = b.define(f"bitcast {x} to {_half_type(x.lanes)}", x.dtype, x.lanes)
    return b.define(
        f"fpext {_half_type(x.lanes)} {half.text} to {register_type(float32, x.lanes)}", float32, x.lanes
    )


def _to_half_by_instruction(b: Arithmetic, x: Value) -> Value:
    """Bits of a half; of a positive number, or LLVM may move a sign's transfer across, and fail."""
    half = b.define(f"fptrunc {x} to {_half_type(x.lanes)}", _UINT16, x.lanes)
    return b.define(
        f"bitcast {_half_type(x.lanes)} {half.text} to {register_type(_UINT16, x.lanes)}", _UINT16, x.lanes
    )


def _half_type(lanes: int) -> str:
    return "half" if lanes == 1 else f"<{lanes} x half>"


def _without_places(b: Arithmetic, bits: Value, places: int) -> Value:
    """Bits without the last ``places``, rounded; a carry into the exponent is right."""
    is_odd = b.bits_and(b.shift_right(bits, places), 1)
    below_half = (1 << (places - 1)) - 1
    return b.shift_right(b.add(b.add(bits, below_half), is_odd), places)


def _half(b: Arithmetic, magnitude: Value) -> Value:
    """The magnitude's bits as ``float16``: normal, subnormal, or beyond the largest."""
    normal = b.subtract(_without_places(b, magnitude, 13), 112 << 10)
    # One ulp of 0.5 is the smallest subnormal: adding it rounds at the right place.
    aligned = b.add(b.reinterpret(magnitude, float32), 0.5)
    subnormal = b.bits_and(b.reinterpret(aligned, uint32), 0x7FFF)
    is_nan = b.compare("gt", magnitude, _INFINITY)
    beyond = b.select(is_nan, 0x7E00, b.constant(0x7C00, uint32, magnitude.lanes))
    found = b.select(b.compare("lt", magnitude, 113 << 23), subnormal, normal)
    return b.select(b.compare("lt", magnitude, 143 << 23), found, beyond)
