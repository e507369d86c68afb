"""Arithmetic of complex numbers, by NumPy's algorithms, so that infinities and zeros come out as there."""

from __future__ import annotations

import math
from collections.abc import Callable

from chainrule import dtypes
from chainrule.compiler.emit.complex.pair import Pair, Register
from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.types import BOOL
from chainrule.dtypes import DType, float64


class Arithmetic:
    """Arithmetic, tests and parts of complex numbers.

    Parameters
    ----------
    b : Builder
        Writes the real numbers that the complex ones are made of.
    """

    def __init__(self, b: Builder) -> None:
        self.b = b

    def number(self, x: float, like: Pair) -> Pair:
        """A real constant."""
        real = like.real
        return Pair(*(self.b.constant(part, real.dtype, real.lanes) for part in (x, 0.0)))

    def in_double(self, function: Callable[..., Pair], *numbers: Pair) -> Pair:
        """A function computed in complex128; of complex64 the result is rounded once."""
        dtype = numbers[0].real.dtype
        return self._parts_in(function(*(self._parts_in(z, float64) for z in numbers)), dtype)

    def _parts_in(self, z: Pair, dtype: DType) -> Pair:
        return Pair(self.b.cast(z.real, dtype), self.b.cast(z.imag, dtype))

    def complex(self, x: Value, y: Value) -> Pair:
        """The number x + iy."""
        return Pair(x, y)

    def real(self, z: Pair) -> Value:
        """The real part."""
        return z.real

    def imag(self, z: Pair) -> Value:
        """The imaginary part."""
        return z.imag

    def conj(self, z: Pair) -> Pair:
        """The conjugate, x - iy."""
        return Pair(z.real, self.b.negative(z.imag))

    def cast(self, z: Register, dtype: DType) -> Register:
        """The number in another type; a complex number becomes real by its real part."""
        if isinstance(z, Value):
            part = dtypes.real_type(dtype)
            return Pair(self.b.cast(z, part), self.b.constant(0, part, z.lanes))
        if dtype == BOOL:
            return self.truth(z)
        if dtypes.letter(dtype) == "c":
            return self._parts_in(z, dtypes.real_type(dtype))
        return self.b.cast(z.real, dtype)

    def select(self, condition: Value, z: Pair, w: Pair) -> Pair:
        """The number z where a condition holds, w elsewhere."""
        return Pair(
            self.b.select(condition, z.real, w.real),
            self.b.select(condition, z.imag, w.imag),
        )

    def truth(self, z: Pair) -> Value:
        """Whether a number is not 0."""
        return self.b.bits_or(self.b.truth(z.real), self.b.truth(z.imag))

    def bits_and(self, x: Value, y: Value) -> Value:
        """Both of two conditions."""
        return self.b.bits_and(x, y)

    def bits_or(self, x: Value, y: Value) -> Value:
        """One of two conditions."""
        return self.b.bits_or(x, y)

    def bits_xor(self, x: Value, y: Value) -> Value:
        """Just one of two conditions."""
        return self.b.bits_xor(x, y)

    def bits_not(self, x: Value) -> Value:
        """The opposite of a condition."""
        return self.b.bits_not(x)

    def compare(self, how: str, z: Pair, w: Pair) -> Value:
        """One bit: eq or ne."""
        parts = self.b.compare(how, z.real, w.real), self.b.compare(how, z.imag, w.imag)
        return self.b.bits_and(*parts) if how == "eq" else self.b.bits_or(*parts)

    def isnan(self, z: Pair) -> Value:
        """A part is NaN."""
        return self.b.bits_or(self.b.is_nan(z.real), self.b.is_nan(z.imag))

    def isinf(self, z: Pair) -> Value:
        """A part is infinite."""
        return self.b.bits_or(self.b.isinf(z.real), self.b.isinf(z.imag))

    def isfinite(self, z: Pair) -> Value:
        """Both parts are finite."""
        return self.b.bits_and(self.b.isfinite(z.real), self.b.isfinite(z.imag))

    def add(self, z: Pair, w: Pair) -> Pair:
        """The sum z + w."""
        return Pair(self.b.add(z.real, w.real), self.b.add(z.imag, w.imag))

    def subtract(self, z: Pair, w: Pair) -> Pair:
        """The difference z - w."""
        return Pair(self.b.subtract(z.real, w.real), self.b.subtract(z.imag, w.imag))

    def negative(self, z: Pair) -> Pair:
        """The opposite -z."""
        return Pair(self.b.negative(z.real), self.b.negative(z.imag))

    def scaled(self, z: Pair, factor: float) -> Pair:
        """The number z times a real constant."""
        return Pair(self.b.multiply(z.real, factor), self.b.multiply(z.imag, factor))

    def turned(self, z: Pair) -> Pair:
        """The number iz: a quarter turn."""
        return Pair(self.b.negative(z.imag), z.real)

    def turned_back(self, z: Pair) -> Pair:
        """The number -iz: a quarter turn back."""
        return Pair(z.imag, self.b.negative(z.real))

    def multiply(self, z: Pair, w: Pair) -> Pair:
        """The product z · w."""
        b = self.b
        real = b.subtract(b.multiply(z.real, w.real), b.multiply(z.imag, w.imag))
        return Pair(real, b.add(b.multiply(z.real, w.imag), b.multiply(z.imag, w.real)))

    def divide(self, z: Pair, w: Pair) -> Pair:
        """The quotient z / w, by Smith's algorithm (*Algorithm 116: complex division*, 1962)."""
        b = self.b
        wide, tall = b.absolute(w.real), b.absolute(w.imag)
        flat = b.compare("ge", wide, tall)
        longer, shorter = b.select(flat, w.real, w.imag), b.select(flat, w.imag, w.real)
        ratio = b.divide(shorter, longer)
        scale = b.divide(self._one(longer), b.add(longer, b.multiply(shorter, ratio)))
        (real, real_rest), (imag, imag_rest) = self._terms(flat, z)
        found = Pair(
            b.multiply(b.add(real, b.multiply(real_rest, ratio)), scale),
            b.multiply(b.add(imag, b.multiply(imag_rest, ratio)), scale),
        )
        zero = b.bits_and(b.compare("eq", wide, 0.0), b.compare("eq", tall, 0.0))
        return self.select(zero, Pair(b.divide(z.real, wide), b.divide(z.imag, wide)), found)

    def _terms(self, flat: Value, z: Pair) -> tuple[tuple[Value, Value], tuple[Value, Value]]:
        """Of either part of a quotient's numerator, the term by itself and the one times the ratio."""
        b = self.b
        x, y, back = z.real, z.imag, b.negative(z.real)
        real = b.select(flat, x, y), b.select(flat, y, x)
        return real, (b.select(flat, y, back), b.select(flat, back, y))

    def _one(self, like: Value) -> Value:
        return self.b.constant(1.0, like.dtype, like.lanes)

    def reciprocal(self, z: Pair) -> Pair:
        """The quotient 1 / z."""
        b = self.b
        flat = b.compare("le", b.absolute(z.imag), b.absolute(z.real))
        longer, shorter = b.select(flat, z.real, z.imag), b.select(flat, z.imag, z.real)
        ratio = b.divide(shorter, longer)
        below, one = b.add(longer, b.multiply(shorter, ratio)), self._one(longer)
        real, imag = b.select(flat, one, ratio), b.select(flat, ratio, one)
        return Pair(b.divide(real, below), b.divide(b.negative(imag), below))

    def absolute(self, z: Pair) -> Value:
        """|z|."""
        return self.b.hypot(z.real, z.imag)

    def angle(self, z: Pair) -> Value:
        """The angle to the positive axis, from -π to π."""
        return self.b.arctan2(z.imag, z.real)

    def sign(self, z: Pair) -> Pair:
        """The quotient z / |z|, 0 at 0; of an infinite number ±1 or ±i, or NaN if both parts are infinite."""
        b = self.b
        size = self.absolute(z)
        zero, endless = b.compare("eq", size, 0.0), b.compare("eq", size, math.inf)
        plain = b.bits_not(b.bits_or(zero, endless))
        divisor = b.select(plain, size, self._one(size))
        found = Pair(b.divide(z.real, divisor), b.divide(z.imag, divisor))
        found = self.select(zero, self.number(0.0, z), found)
        found = self.select(endless, self._sign_at_infinity(z), found)
        none = b.constant(math.nan, size.dtype, size.lanes)
        lost = b.bits_or(b.is_nan(size), b.bits_and(b.isinf(z.real), b.isinf(z.imag)))
        return self.select(lost, Pair(none, none), found)

    def _sign_at_infinity(self, z: Pair) -> Pair:
        b = self.b
        flat, one = b.isinf(z.real), self._one(z.real)
        real = b.select(flat, b.copysign(one, z.real), 0.0)
        return Pair(real, b.select(flat, 0.0, b.copysign(one, z.imag)))

    def round(self, z: Pair) -> Pair:
        """Both parts rounded."""
        return Pair(self.b.round(z.real), self.b.round(z.imag))
