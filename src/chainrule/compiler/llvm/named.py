"""Rows of the table that are no single instruction, under their own names and with NumPy's meaning."""

from __future__ import annotations

from chainrule.compiler.llvm.arithmetic import Arithmetic
from chainrule.compiler.llvm.core import Number
from chainrule.compiler.llvm.types import BOOL, Value


class Named(Arithmetic):
    """Comparison, logic, bits, signs and division with remainder."""

    def equal(self, x: Value, y: Value) -> Value:
        """x = y."""
        return self.compare("eq", x, y)

    def not_equal(self, x: Value, y: Value) -> Value:
        """x ≠ y; NaN differs from itself."""
        return self.compare("ne", x, y)

    def less(self, x: Value, y: Value) -> Value:
        """x < y."""
        return self.compare("lt", x, y)

    def less_equal(self, x: Value, y: Value) -> Value:
        """x ≤ y."""
        return self.compare("le", x, y)

    def greater(self, x: Value, y: Value) -> Value:
        """x > y."""
        return self.compare("gt", x, y)

    def greater_equal(self, x: Value, y: Value) -> Value:
        """x ≥ y."""
        return self.compare("ge", x, y)

    def truth(self, x: Value) -> Value:
        """Whether a number is not 0; NaN is not."""
        return self.cast(x, BOOL)

    def logical_and(self, x: Value, y: Value) -> Value:
        """Both are not 0."""
        return self.bits_and(self.truth(x), self.truth(y))

    def logical_or(self, x: Value, y: Value) -> Value:
        """One is not 0."""
        return self.bits_or(self.truth(x), self.truth(y))

    def logical_xor(self, x: Value, y: Value) -> Value:
        """One is 0 and the other not."""
        return self.bits_xor(self.truth(x), self.truth(y))

    def logical_not(self, x: Value) -> Value:
        """It is 0."""
        return self.bits_not(self.truth(x))

    def isnan(self, x: Value) -> Value:
        """It is NaN."""
        return self.is_nan(x) if x.kind == "f" else self.constant(False, BOOL, x.lanes)

    def isinf(self, x: Value) -> Value:
        """It is infinite."""
        if x.kind != "f":
            return self.constant(False, BOOL, x.lanes)
        return self.compare("eq", self.absolute(x), float("inf"))

    def isfinite(self, x: Value) -> Value:
        """It is neither infinite nor NaN."""
        if x.kind != "f":
            return self.constant(True, BOOL, x.lanes)
        return self.compare("lt", self.absolute(x), float("inf"))

    def where(self, condition: Value, x: Value, y: Value) -> Value:
        """x where a condition holds, y elsewhere."""
        return self.select(self.truth(condition), x, y)

    def identity(self, x: Value) -> Value:
        """x."""
        return x

    def square(self, x: Value) -> Value:
        """x · x."""
        return self.multiply(x, x)

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

    def _of_numbers(self, x: Value, y: Value, pick: object) -> Value:
        found: Value = pick(x, y)  # type: ignore[operator]
        if found.kind != "f":
            return found
        return self.select(self.is_nan(x), y, self.select(self.is_nan(y), x, found))

    def heaviside(self, x: Value, y: Value) -> Value:
        """0 below 0, y at 0, 1 above; NaN stays."""
        one, zero = self.constant(1, x.dtype, x.lanes), self.constant(0, x.dtype, x.lanes)
        found = self.select(self.compare("lt", x, 0), zero, one)
        found = self.select(self.compare("eq", x, 0), y, found)
        return self.select(self.is_nan(x), x, found)

    def bitwise_and(self, x: Value, y: Value) -> Value:
        """Bitwise and."""
        return self.bits_and(x, y)

    def bitwise_or(self, x: Value, y: Value) -> Value:
        """Bitwise or."""
        return self.bits_or(x, y)

    def bitwise_xor(self, x: Value, y: Value) -> Value:
        """Bitwise exclusive or."""
        return self.bits_xor(x, y)

    def bitwise_invert(self, x: Value) -> Value:
        """Bitwise complement."""
        return self.bits_not(x)

    def left_shift(self, x: Value, y: Value) -> Value:
        """x · 2^y; bits that are pushed out are lost."""
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

    def floor_divide(self, x: Value, y: Value) -> Value:
        """The quotient rounded down; 0 where an integer is divided by 0."""
        quotient, rest = self._integer_division(x, y)
        if x.kind == "i":
            quotient = self.select(self._rounds_up(rest, y), self.subtract(quotient, 1), quotient)
        return self.select(self.compare("eq", y, 0), 0, quotient)

    def remainder(self, x: Value, y: Value) -> Value:
        """What the quotient, rounded down, leaves: it has the sign of the divisor."""
        _, rest = self._integer_division(x, y)
        if x.kind == "i":
            rest = self.select(self._rounds_up(rest, y), self.add(rest, y), rest)
        return self.select(self.compare("eq", y, 0), 0, rest)

    def fmod(self, x: Value, y: Value) -> Value:
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
