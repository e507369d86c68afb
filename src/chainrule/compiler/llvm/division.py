r"""Division with remainder, of integers and of floats.

Of floats the remainder is exact: it is the one of schoolbook division, 26 bits of the quotient at a time.
With :math:`q` so short, the products of it and each half of the divisor are exact, and so is what is left.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.integers import Integers
from chainrule.compiler.llvm.math.base import FLOAT64
from chainrule.compiler.llvm.math.rounding import Rounding
from chainrule.compiler.llvm.types import Value

# The last bits of a float64: without them, it has half as many as a product can hold.
_LOW = (1 << 27) - 1
# Quotients beyond the largest float64 are divided by multiples of the divisor first.
_MULTIPLE, _MULTIPLES = 2.0**700, 2


class Division(Integers, Rounding):
    """Division with remainder."""

    def floor_divide(self, x: Value, y: Value) -> Value:
        """The quotient rounded down; 0 where an integer is divided by 0."""
        if x.kind != "f":
            return self.floor_divide_integers(x, y)
        rest = self._exact_rest(x, y)
        quotient = self.divide(self.subtract(x, rest), y)
        quotient = self.select(self._is_opposite(rest, y), self.subtract(quotient, 1.0), quotient)
        # It is whole but for its rounding.
        below = self.floor(quotient)
        above = self.compare("gt", self.subtract(quotient, below), 0.5)
        found = self.select(above, self.add(below, 1.0), below)
        ratio = self.divide(x, y)
        found = self.select(self.compare("eq", quotient, 0.0), self.copysign(self._zero(x), ratio), found)
        return self.select(self.compare("eq", y, 0.0), ratio, found)

    def remainder(self, x: Value, y: Value) -> Value:
        """What the quotient, rounded down, leaves: it has the sign of the divisor."""
        if x.kind != "f":
            return self.remainder_of_integers(x, y)
        rest = self._exact_rest(x, y)
        found = self.select(self._is_opposite(rest, y), self.add(rest, y), rest)
        found = self.select(self.compare("eq", rest, 0.0), self.copysign(self._zero(x), y), found)
        return self.select(self.compare("eq", y, 0.0), rest, found)

    def fmod(self, x: Value, y: Value) -> Value:
        """What the quotient, cut to an integer, leaves: it has the sign of the dividend."""
        return self._exact_rest(x, y) if x.kind == "f" else self.fmod_of_integers(x, y)

    def _zero(self, like: Value) -> Value:
        return self.constant(0.0, like.dtype, like.lanes)

    def _is_opposite(self, rest: Value, y: Value) -> Value:
        """Whether rest and divisor differ in sign: the quotient that was cut is above the true one then."""
        differ = self.bits_xor(self.compare("lt", rest, 0.0), self.compare("lt", y, 0.0))
        return self.bits_and(differ, self.compare("ne", rest, 0.0))

    def _exact_rest(self, x: Value, y: Value) -> Value:
        """What a quotient of floats, cut to an integer, leaves."""
        size, divisor = (self.cast(self.absolute(z), FLOAT64) for z in (x, y))
        multiples = [divisor]
        if x.dtype == FLOAT64:
            for _ in range(_MULTIPLES):
                multiples.append(self.multiply(multiples[-1], _MULTIPLE))
        rest = size
        for multiple in reversed(multiples):
            rest = self._rest_of_sizes(rest, multiple)
        rest = self.copysign(self.cast(rest, x.dtype), x)
        known = self.bits_and(self.compare("lt", size, math.inf), self.compare("gt", divisor, 0.0))
        known = self.bits_and(known, self.bits_not(self.is_nan(y)))
        return self.select(known, rest, math.nan)

    def _rest_of_sizes(self, x: Value, y: Value) -> Value:
        """The remainder of positive numbers; arbitrary where there is none."""
        low = self.reinterpret(self.bits_and(self.as_bits(y), ~_LOW), FLOAT64)
        parts = low, self.subtract(y, low)

        def step(rest: Value) -> tuple[Value, list[Value]]:
            ratio = self.divide(rest, y)
            quotient = self.reinterpret(self.bits_and(self.as_bits(ratio), ~_LOW), FLOAT64)
            quotient = self.trunc(quotient)
            following = rest
            for part in parts:
                following = self.subtract(following, self.multiply(quotient, part))
            # A ratio that was rounded up may be one step too large.
            before = self.reinterpret(self.subtract(self.as_bits(quotient), _LOW + 1), FLOAT64)
            unit = self.maximum(self.subtract(quotient, before), 1.0)
            raised = following
            for part in parts:
                raised = self.add(raised, self.multiply(unit, part))
            following = self.select(self.compare("lt", following, 0.0), raised, following)
            goes_on = self.bits_and(self.compare("ge", rest, y), self.compare("lt", ratio, math.inf))
            following = self.select(goes_on, following, rest)
            goes_on = self.bits_and(goes_on, self.compare("ge", following, y))
            return self.any_lane(goes_on), [following]

        return self.repeat_while([x], step)[0]
