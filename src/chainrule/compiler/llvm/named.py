"""Tests, signs and neighbours: rows of the table that take a few instructions, with NumPy's meaning."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from chainrule.compiler.llvm.arithmetic import Arithmetic
from chainrule.compiler.llvm.types import BOOL, Value
from chainrule.dtypes import float16, float32


class Named(Arithmetic):
    """Tests and signs of real numbers, and the parts that these have as complex numbers."""

    def truth(self, x: Value) -> Value:
        """Whether a number is not 0; NaN is not."""
        return self.cast(x, BOOL)

    def isnan(self, x: Value) -> Value:
        """It is NaN."""
        return self.is_nan(x) if x.kind == "f" else self.constant(False, BOOL, x.lanes)

    def isinf(self, x: Value) -> Value:
        """It is infinite."""
        if x.kind != "f":
            return self.constant(False, BOOL, x.lanes)
        return self.compare("eq", self.absolute(x), math.inf)

    def isfinite(self, x: Value) -> Value:
        """It is neither infinite nor NaN."""
        if x.kind != "f":
            return self.constant(True, BOOL, x.lanes)
        return self.compare("lt", self.absolute(x), math.inf)

    def signbit(self, x: Value) -> Value:
        """It is negative, as -0 and some NaN are."""
        if x.kind in "bu":
            return self.constant(False, BOOL, x.lanes)
        bits = self.reinterpret(x, np.dtype(f"int{8 * x.dtype.itemsize}"))
        return self.compare("lt", bits, 0)

    def real(self, x: Value) -> Value:
        """x: a real number is its own real part."""
        return x

    def imag(self, x: Value) -> Value:
        """0: a real number has no imaginary part."""
        return self.constant(0, x.dtype, x.lanes)

    def conj(self, x: Value) -> Value:
        """x: a real number is its own conjugate."""
        return x

    def angle(self, x: Value) -> Value:
        """0, and π for negative numbers and -0."""
        zero = self.constant(0.0, x.dtype, x.lanes)
        found = self.select(self.signbit(x), math.pi, zero)
        return self.select(self.is_nan(x), x, found)

    def reciprocal(self, x: Value) -> Value:
        """1 / x."""
        return self.divide(self.constant(1, x.dtype, x.lanes), x)

    def sign(self, x: Value) -> Value:
        """-1, 0 or 1; NaN stays."""
        one, zero = self.constant(1, x.dtype, x.lanes), self.constant(0, x.dtype, x.lanes)
        if x.kind in "bu":
            return self.select(self.compare("ne", x, 0), one, zero)
        minus = self.select(self.compare("lt", x, 0), self.negative(one), zero)
        found = self.select(self.compare("gt", x, 0), one, minus)
        return self.select(self.is_nan(x), x, found) if x.kind == "f" else found

    def fmax(self, x: Value, y: Value) -> Value:
        """The larger number; a NaN counts as missing."""
        return self._of_numbers(x, y, self.maximum)

    def fmin(self, x: Value, y: Value) -> Value:
        """The smaller number; a NaN counts as missing."""
        return self._of_numbers(x, y, self.minimum)

    def _of_numbers(self, x: Value, y: Value, pick: Callable[[Value, Value], Value]) -> Value:
        found = pick(x, y)
        if found.kind != "f":
            return found
        return self.select(self.is_nan(x), y, self.select(self.is_nan(y), x, found))

    def heaviside(self, x: Value, y: Value) -> Value:
        """0 below 0, y at 0, 1 above; NaN stays."""
        one, zero = self.constant(1, x.dtype, x.lanes), self.constant(0, x.dtype, x.lanes)
        found = self.select(self.compare("lt", x, 0), zero, one)
        found = self.select(self.compare("eq", x, 0), y, found)
        return self.select(self.is_nan(x), x, found)

    def nextafter(self, x: Value, y: Value) -> Value:
        """The neighbour of x on the way to y: as an integer, a float of a sign is one larger or smaller."""
        whole = np.dtype(f"int{8 * x.dtype.itemsize}")
        bits, other = self.reinterpret(x, whole), self.reinterpret(y, whole)
        wide = float32 if x.dtype.itemsize < 4 else x.dtype
        x_wide, y_wide = (self.cast(z, wide) for z in (x, y))
        away = self.compare("eq", self.compare("lt", x_wide, y_wide), self.compare("gt", x_wide, 0))
        found = self.add(bits, self.select(away, self.constant(1, whole, x.lanes), -1))
        # From 0 on, the smallest number with the sign of y.
        smallest = self.bits_or(self.bits_and(other, np.iinfo(whole).min), 1)
        found = self.select(self.compare("eq", x_wide, 0), smallest, found)
        # Of two zeros, NumPy's own functions give the first one, and the C library's the second one.
        equal = bits if x.dtype == float16 else other
        found = self.select(self.compare("eq", x_wide, y_wide), equal, found)
        found = self.select(self.is_nan(x_wide), bits, self.select(self.is_nan(y_wide), other, found))
        return self.reinterpret(found, x.dtype)
