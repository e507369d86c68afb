"""What the mathematical functions are made of: polynomials, exponents, rounding, and pairs of numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chainrule.compiler.llvm.arithmetic import Arithmetic
from chainrule.compiler.llvm.core import Number
from chainrule.compiler.llvm.math.coefficients import Coefficients
from chainrule.compiler.llvm.types import BOOL, Value
from chainrule.dtypes import DType

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


@dataclass(frozen=True)
class Format:
    """A binary floating-point format of IEEE 754.

    Attributes
    ----------
    integer : dtype
        Signed integers of the same size.
    mantissa : int
        Bits of the fraction.
    bias : int
        What the stored exponent of 1 is.
    """

    integer: DType
    mantissa: int
    bias: int

    @property
    def unsigned(self) -> DType:
        """Unsigned integers of the same size."""
        return np.dtype(f"uint{8 * self.integer.itemsize}")

    @property
    def magic(self) -> float:
        """A number so large that adding it rounds to integers, which are then its lowest bits."""
        return 1.5 * 2.0**self.mantissa

    @property
    def smallest(self) -> float:
        """The smallest number that is not subnormal."""
        return 2.0 ** (1 - self.bias)

    @property
    def epsilon(self) -> float:
        """Half the distance from 1 to the next number: numbers below it do not change 1 when added."""
        return 2.0 ** -(self.mantissa + 1)


FORMATS = {
    FLOAT32: Format(np.dtype(np.int32), 23, 127),
    FLOAT64: Format(np.dtype(np.int64), 52, 1023),
}

Pair = tuple[Value, Value]


class Elementary(Arithmetic):
    """The common parts of mathematical functions."""

    def polynomial(self, x: Value, coefficients: Coefficients) -> Value:
        """Σ cₖ xᵏ by Horner's rule: fewest instructions, and processors overlap the elements of a loop."""
        *lower, highest = coefficients[x.dtype.itemsize]
        total = self.constant(highest, x.dtype, x.lanes)
        for c in reversed(lower):
            total = self.fma(total, x, c)
        return total

    def pick(self, x: Value, float32: float, float64: float) -> float:
        """One of two constants, by the element type."""
        return float32 if x.dtype == FLOAT32 else float64

    def as_bits(self, x: Value) -> Value:
        """A float's bits as an integer."""
        return self.reinterpret(x, FORMATS[x.dtype].integer)

    def bits_of(self, constant: float, like: Value) -> int:
        """The bits of a constant."""
        form = FORMATS[like.dtype]
        return int(np.asarray(constant, like.dtype).view(form.integer))

    def copysign(self, x: Value, y: Number) -> Value:
        """``x`` with the sign of ``y``."""
        x, sign = self.alike(x, y)
        return self.intrinsic("copysign", x.dtype, x, sign)

    def flip_sign(self, x: Value, odd: Value) -> Value:
        """``-x`` where an integer of the same size is odd."""
        sign = self.shift_left(odd, 8 * x.dtype.itemsize - 1)
        return self.reinterpret(self.bits_xor(self.as_bits(x), sign), x.dtype)

    def nearest(self, x: Value, factor: float = 1.0, exponent: int = 0) -> Pair:
        """The integer next to ``factor · x``, and 2 to its power.

        Adding a large number shifts the fraction out. With the exponent's bias added too, what is left in
        the lowest bits is the exponent of the power of two, which a shift brings to its place.
        """
        form = FORMATS[x.dtype]
        shift = form.magic + form.bias + exponent
        shifted = self.fma(x, factor, shift) if factor != 1 else self.add(x, shift)
        power = self.reinterpret(self.shift_left(self.as_bits(shifted), form.mantissa), x.dtype)
        return self.subtract(shifted, shift), power

    def nearest_halved(self, x: Value, factor: float) -> tuple[Value, Value, Value]:
        """The integer n next to ``factor · x``, and the powers of two of n/2 rounded down and up."""
        form = FORMATS[x.dtype]
        shift = form.magic + 2 * form.bias
        shifted = self.fma(x, factor, shift) if factor != 1 else self.add(x, shift)
        whole = self.reinterpret(self.as_bits(shifted), form.unsigned)
        lower = self.shift_right(whole, 1)
        powers = (self.shift_left(half, form.mantissa) for half in (lower, self.subtract(whole, lower)))
        low, high = (self.reinterpret(power, x.dtype) for power in powers)
        return self.subtract(shifted, shift), low, high

    def small_integer(self, x: Value, dtype: DType) -> Value:
        """A small integer as a float; not every processor can convert vectors of 64-bit integers."""
        if dtype == FLOAT32:
            return self.cast(x, dtype)
        magic = FORMATS[dtype].magic
        shifted = self.add(x, self.bits_of(magic, Value("", dtype)))
        return self.subtract(self.reinterpret(shifted, dtype), magic)

    def any_lane(self, x: Value) -> Value:
        """Whether a condition holds anywhere in a vector."""
        if x.lanes == 1:
            return x
        return self.call(f"llvm.vector.reduce.or.v{x.lanes}i1", BOOL, 1, x)

    def in_double(self, function: Callable[..., Value], *numbers: Number) -> Value:
        """A function computed in float64; of float32 numbers the result is rounded once."""
        values = self.alike(*numbers)
        dtype = values[0].dtype
        return self.cast(function(*(self.cast(x, FLOAT64) for x in values)), dtype)

    def between(self, low: float, x: Value, high: float) -> Value:
        """``x`` no less than ``low`` and no more than ``high``; NaN stays."""
        return self.maximum(self.minimum(x, high), low)

    def where_tiny(self, x: Value, y: Value) -> Value:
        """``x`` where it is so small that the function is as good as the identity; keeps the zeros' signs."""
        tiny = self.compare("lt", self.absolute(x), FORMATS[x.dtype].epsilon)
        return self.select(tiny, x, y)

    def two_sum(self, x: Number, y: Number) -> Pair:
        """The sum and its rounding error (Knuth)."""
        a, b = self.alike(x, y)
        total = self.add(a, b)
        part = self.subtract(total, a)
        return total, self.add(self.subtract(a, self.subtract(total, part)), self.subtract(b, part))

    def quick_two_sum(self, x: Value, y: Value) -> Pair:
        """The sum and its rounding error, where ``x`` is the larger one (Dekker)."""
        total = self.add(x, y)
        return total, self.subtract(y, self.subtract(total, x))

    def two_product(self, x: Number, y: Number) -> Pair:
        """The product and its rounding error; without fused products by splitting (Dekker, Veltkamp)."""
        a, b = self.alike(x, y)
        product = self.multiply(a, b)
        if self.module.fused:
            return product, self.fma(a, b, self.negative(product))
        (a1, a2), (b1, b2) = self._halves(a), self._halves(b)
        error = self.subtract(self.multiply(a1, b1), product)
        error = self.add(self.add(error, self.multiply(a1, b2)), self.multiply(a2, b1))
        return product, self.add(error, self.multiply(a2, b2))

    def _halves(self, x: Value) -> Pair:
        """Two numbers of half as many bits with the sum ``x``."""
        scaled = self.multiply(x, 2.0 ** ((FORMATS[x.dtype].mantissa + 2) // 2) + 1)
        high = self.subtract(scaled, self.subtract(scaled, x))
        return high, self.subtract(x, high)
