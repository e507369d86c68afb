r"""Exponentials, and functions made of one: the logistic function.

The argument is split into a multiple of a logarithm and a rest (Cody and Waite, *Software Manual for the
Elementary Functions*, 1980): :math:`e^x = 2^n e^r` with :math:`|r| \le \ln 2 / 2`, and of the rest a minimax
polynomial is taken. Multiplying by :math:`2^{n/2}` twice, n/2 rounded down and up, gives infinities and
subnormal numbers with a single rounding, and needs no special cases.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.core import Number
from chainrule.compiler.llvm.math.base import Elementary
from chainrule.compiler.llvm.math.coefficients import EXP, EXP2, EXPM1, Coefficients
from chainrule.compiler.llvm.math.constants import LN2
from chainrule.compiler.llvm.types import Value


class Exponential(Elementary):
    """Exponentials."""

    def exp(self, x: Value) -> Value:
        """:math:`e^x`; polynomial of degree 6 (float64: 11)."""
        low, high = self._range_of_exp(x)
        return self._exp(self.between(low, x, high))

    def exp2(self, x: Value) -> Value:
        """:math:`2^x`; polynomial of degree 6 (float64: 11), exact for integers."""
        low, high = self.pick(x, -254.0, -2046.0), self.pick(x, 129.0, 1025.0)
        return self._power_of(self.between(low, x, high), 1.0, (1.0,), EXP2)

    def expm1(self, x: Value) -> Value:
        r""":math:`e^x - 1 = 2^n (e^r - 1) + (2^n - 1)`, :math:`|r| \le \ln 2 / 2`; degree 7 (float64: 11)."""
        low, high = self.pick(x, -18.0, -38.0), self._range_of_exp(x)[1]
        return self.where_tiny(x, self._expm1(self.between(low, x, high)))

    def sigmoid(self, x: Value) -> Value:
        r""":math:`1 / (1 + e^{-x})`, and :math:`e^x / (1 + e^x)` below 0, where the other overflows."""
        low, _ = self._range_of_exp(x)
        tail = self._exp(self.maximum(self.negative(self.absolute(x)), low))
        above = self.select(self.compare("lt", x, 0.0), tail, 1.0)
        below = self.add(tail, 1.0)
        # What the sum has lost is a part of it that the quotient gains.
        excess = self.subtract(self.subtract(below, 1.0), tail)
        y = self.divide(above, below)
        return self.fma(y, excess, y)

    def _range_of_exp(self, x: Value) -> tuple[float, float]:
        """Beyond these the exponential is 0 and infinity.

        At the lower ones the power of two is 0 itself: products that underflow take many times as long, and
        the exponentials of all that a mask excludes would.
        """
        return self.pick(x, -176.0, -1418.0), self.pick(x, 89.0, 710.0)

    def _exp(self, x: Value) -> Value:
        """The exponential within its range."""
        return self._power_of(x, 1 / math.log(2), LN2[x.dtype.itemsize], EXP)

    def _power_of(
        self, x: Value, factor: float, parts: tuple[float, ...], coefficients: Coefficients
    ) -> Value:
        """The power of a base whose logarithm has the inverse ``factor`` and is in ``parts``."""
        n, lower, upper = self.nearest_halved(x, factor)
        value = self.polynomial(self.less_multiple(x, n, parts), coefficients)
        return self.multiply(self.multiply(value, lower), upper)

    def _expm1(self, x: Value) -> Value:
        half = self._half_of_expm1(x)
        return self.add(half, half)

    def _half_of_expm1(self, x: Value) -> Value:
        """Half the exponential less 1, for x above -18 (float64: -38); 2^n overflows before the half does."""
        n, half_power = self.nearest(x, 1 / math.log(2), -1)
        rest = self.less_multiple(x, n, LN2[x.dtype.itemsize])
        inner = self.fma(self.multiply(rest, rest), self.polynomial(rest, EXPM1), rest)
        return self.fma(half_power, inner, self.subtract(half_power, 0.5))

    def less_multiple(self, x: Value, n: Number, parts: tuple[float, ...]) -> Value:
        """``x - n · c``, the constant in parts, of which all but the last have exact products with n."""
        for part in parts:
            x = self.fma(n, -part, x)
        return x
