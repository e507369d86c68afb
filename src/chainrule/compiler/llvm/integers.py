"""Integers with NumPy's meaning: shifts by any number, division by 0, common divisors."""

from __future__ import annotations

import numpy as np

from chainrule.compiler.llvm.core import Number
from chainrule.compiler.llvm.math.base import Elementary
from chainrule.compiler.llvm.types import Value


class Integers(Elementary):
    """Shifts, division and divisors of integers; processors leave some cases open, or trap there."""

    def left_shift(self, x: Value, y: Value) -> Value:
        """X · 2^y; bits that are pushed out are lost."""
        inside, places = self._places(x, y)
        return self.select(inside, self.shift_left(x, places), 0)

    def right_shift(self, x: Value, y: Value) -> Value:
        """The bits moved down; a shift by all of them leaves the sign."""
        inside, places = self._places(x, y)
        rest: Number = 0 if x.kind == "u" else self.shift_right(x, 8 * x.dtype.itemsize - 1)
        return self.select(inside, self.shift_right(x, places), rest)

    def _places(self, x: Value, y: Value) -> tuple[Value, Value]:
        """Whether a shift is by fewer places than there are bits, and by how many then."""
        inside = self.compare("lt", y, 8 * x.dtype.itemsize)
        if y.kind == "i":
            inside = self.bits_and(inside, self.compare("ge", y, 0))
        return inside, self.select(inside, y, 0)

    def floor_divide_integers(self, x: Value, y: Value) -> Value:
        """The quotient rounded down; 0 where it is divided by 0."""
        quotient, rest = self._integer_division(x, y)
        if x.kind == "i":
            quotient = self.select(self._rounds_up(rest, y), self.subtract(quotient, 1), quotient)
        return self.select(self.compare("eq", y, 0), 0, quotient)

    def remainder_of_integers(self, x: Value, y: Value) -> Value:
        """What the quotient, rounded down, leaves: it has the sign of the divisor."""
        _, rest = self._integer_division(x, y)
        if x.kind == "i":
            rest = self.select(self._rounds_up(rest, y), self.add(rest, y), rest)
        return self.select(self.compare("eq", y, 0), 0, rest)

    def fmod_of_integers(self, x: Value, y: Value) -> Value:
        """What the quotient, cut to an integer, leaves: it has the sign of the dividend."""
        _, rest = self._integer_division(x, y)
        return self.select(self.compare("eq", y, 0), 0, rest)

    def _rounds_up(self, rest: Value, y: Value) -> Value:
        """Whether a quotient that was cut to an integer is above the true one."""
        differ = self.compare("lt", self.bits_xor(rest, y), 0)
        return self.bits_and(self.compare("ne", rest, 0), differ)

    def _integer_division(self, x: Value, y: Value) -> tuple[Value, Value]:
        """Quotient cut to an integer, and rest; processors trap where there is none, so 1 is divided by."""
        x, y = self.alike(x, y)
        unfit = self.compare("eq", y, 0)
        if x.kind == "i":
            # The smallest integer has no opposite: x / -1 is 0 - x.
            unfit = self.bits_or(unfit, self.compare("eq", y, -1))
        safe = self.select(unfit, 1, y)
        quotient = self.divide(x, safe)
        if x.kind == "i":
            quotient = self.select(self.compare("eq", y, -1), self.negative(x), quotient)
        return quotient, self.subtract(x, self.multiply(quotient, y))

    def gcd(self, x: Value, y: Value) -> Value:
        """The greatest common divisor, by Euclid's algorithm; 0 divides nothing but is divided by all."""
        return self.reinterpret(self._gcd(*self._sizes(x, y)), x.dtype)

    def lcm(self, x: Value, y: Value) -> Value:
        """The least common multiple; what overflows keeps its lowest bits."""
        a, b = self._sizes(x, y)
        divisor = self._gcd(a, b)
        safe = self.select(self.compare("eq", divisor, 0), 1, divisor)
        return self.reinterpret(self.multiply(self.divide(a, safe), b), x.dtype)

    def _sizes(self, x: Value, y: Value) -> tuple[Value, Value]:
        """Absolute values, unsigned: that of the smallest integer is none of its own type."""
        unsigned = np.dtype(f"uint{8 * x.dtype.itemsize}")
        a, b = (self.reinterpret(self.absolute(z), unsigned) for z in self.alike(x, y))
        return a, b

    def _gcd(self, a: Value, b: Value) -> Value:
        def step(a: Value, b: Value) -> tuple[Value, list[Value]]:
            ends = self.compare("eq", b, 0)
            rest = self.define(f"urem {a}, {self.select(ends, 1, b).text}", a.dtype, a.lanes)
            following = self.select(ends, a, b), self.select(ends, 0, rest)
            return self.any_lane(self.compare("ne", following[1], 0)), list(following)

        return self.repeat_while([a, b], step)[0]
