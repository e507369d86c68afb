r"""Inverse trigonometric functions.

The arctangent's argument is turned into the quotient of the smaller by the larger of two numbers, at most 1,
with a single division; the arcsine's beyond 9/16 into :math:`\sqrt{(1 - |x|) / 2}` (Muller, *Elementary
Functions*, chapter 11; fdlibm). What is left are minimax polynomials of the square.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.core import Number
from chainrule.compiler.llvm.math.base import FLOAT64, Elementary
from chainrule.compiler.llvm.math.coefficients import ASIN, ATAN
from chainrule.compiler.llvm.types import BOOL, Value

# What the nearest float64 to π/2 lacks.
_LACKS = 6.123233995736766e-17
# Beyond it, half the angle to the vertical is less than 1/2, and twice its error small.
_BORDER = 0.5625


class Inverse(Elementary):
    """Inverse trigonometric functions."""

    def arctan(self, x: Value) -> Value:
        r""":math:`\arctan x`; polynomial of degree 19 (float64: 41)."""
        size = self.absolute(x)
        over = self.compare("gt", size, 1.0)
        above, below = self.select(over, -1.0, size), self.select(over, size, 1.0)
        y = self._arctan_near_0(self.divide(above, below))
        return self.copysign(self._add_quarters(y, over, 0.5), x)

    def arctan2(self, y: Number, x: Number) -> Value:
        """Angle of the point (x, y), from -π to π; polynomial of degree 19 (float64: 41)."""
        y, x = self.alike(y, x)
        tall, wide = self.absolute(y), self.absolute(x)
        steep = self.compare("gt", tall, wide)
        larger, smaller = self.select(steep, tall, wide), self.select(steep, wide, tall)
        # 0 / 0 and ∞ / ∞ stand for a flat and for an even angle.
        same = self.bits_and(self.compare("eq", larger, smaller), self.compare("eq", larger, math.inf))
        ratio = self.divide(smaller, self.select(self.compare("eq", larger, 0.0), 1.0, larger))
        angle = self._arctan_near_0(self.select(same, 1.0, ratio))
        back = self.compare("lt", self.as_bits(x), 0)
        angle = self._add_quarters(self._negative_if(steep, angle), steep, 0.5)
        angle = self._add_quarters(self._negative_if(back, angle), back, 1.0)
        return self.copysign(angle, y)

    def arcsin(self, x: Value) -> Value:
        r""":math:`\arcsin x`; polynomial of degree 13 (float64: 29)."""
        size = self.absolute(x)
        outer = self.compare("gt", size, _BORDER)
        y = self._arcsin_near_0(self._halved_angle(outer, size))
        folded = self._add_quarters(self.multiply(y, -2.0), outer, 0.5)
        return self.copysign(self.select(outer, folded, y), x)

    def arccos(self, x: Value) -> Value:
        r""":math:`\arccos x`; polynomial of degree 13 (float64: 29)."""
        outer = self.compare("gt", self.absolute(x), _BORDER)
        y = self._arcsin_near_0(self._halved_angle(outer, self.absolute(x)))
        back = self.bits_and(outer, self.compare("lt", x, 0.0))
        twice = self._add_quarters(self._negative_if(back, self.add(y, y)), back, 1.0)
        inner = self._add_quarters(self.negative(self.copysign(y, x)), self.bits_not(outer), 0.5)
        return self.select(outer, twice, inner)

    def _halved_angle(self, outer: Value, size: Value) -> Value:
        """The sine of half the angle to the vertical where ``outer``, NaN beyond 1; else what is given."""
        return self.select(outer, self.sqrt(self.fma(size, -0.5, 0.5)), size)

    def _arctan_near_0(self, t: Value) -> Value:
        z = self.multiply(t, t)
        return self.fma(self.multiply(z, t), self.polynomial(z, ATAN), t)

    def _arcsin_near_0(self, t: Value) -> Value:
        z = self.multiply(t, t)
        return self.fma(self.multiply(z, t), self.polynomial(z, ASIN), t)

    def _negative_if(self, condition: Value, x: Value) -> Value:
        return self.select(condition, self.negative(x), x)

    def _add_quarters(self, x: Value, condition: Value, halves: float) -> Value:
        """``x``, plus π times ``halves`` where a condition holds."""
        angle = 2 * halves * math.pi / 2
        if x.dtype == FLOAT64:
            x = self.add(x, self._where(condition, 2 * halves * _LACKS, x))
        return self.add(x, self._where(condition, angle, x))

    def _where(self, condition: Value, constant: float, like: Value) -> Value:
        assert condition.dtype == BOOL
        return self.select(condition, self.constant(constant, like.dtype, like.lanes), 0.0)
