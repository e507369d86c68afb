r"""Hyperbolic functions and their inverses.

With :math:`x = n \ln 2 + r` and :math:`p = 2^n, q = 2^{-n}`, the addition theorem

.. math:: \sinh x = \frac{(p - q) \cosh r + (p + q) \sinh r}{2},
          \qquad \cosh x = \frac{(p + q) \cosh r + (p - q) \sinh r}{2}

needs no division and no special case for small arguments. The inverses are logarithms, written so that
nothing cancels (Kahan, *Branch cuts for complex elementary functions*, 1987).
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.math.coefficients import COSH, SINH
from chainrule.compiler.llvm.math.constants import LN2
from chainrule.compiler.llvm.math.exponential import Exponential
from chainrule.compiler.llvm.math.logarithm import Logarithm
from chainrule.compiler.llvm.types import Value


class Hyperbolic(Exponential, Logarithm):
    """Hyperbolic functions and their inverses."""

    def sinh(self, x: Value) -> Value:
        r""":math:`\sinh x`; polynomials of degrees 11 and 12. In float32 computed in float64."""
        return self.in_double(self._sinh, x)

    def _sinh(self, x: Value) -> Value:
        cosh, sinh, total, difference = self._parts(x)
        y = self.fma(difference, cosh, self.multiply(total, sinh))
        return self.copysign(self.add(y, y), x)

    def cosh(self, x: Value) -> Value:
        r""":math:`\cosh x`; polynomials of degrees 11 and 12. In float32 computed in float64."""
        return self.in_double(self._cosh, x)

    def _cosh(self, x: Value) -> Value:
        cosh, sinh, total, difference = self._parts(x)
        y = self.fma(total, cosh, self.multiply(difference, sinh))
        return self.add(y, y)

    def tanh(self, x: Value) -> Value:
        r""":math:`\tanh x = t / (1 + t)`, :math:`t = (e^{2|x|} - 1) / 2`; degree 7 (float64: 11)."""
        size = self.minimum(self.absolute(x), self.pick(x, 9.1, 20.0))
        t = self._half_of_expm1(self.add(size, size))
        below = self.add(t, 1.0)
        y = self.divide(t, below)
        # What the sum has gained, times the derivative -y / (1 + t), where 1 / (1 + t) = 1 - y.
        excess = self.subtract(self.subtract(below, 1.0), t)
        y = self.fma(self.fma(self.negative(y), y, y), excess, y)
        return self.copysign(self.minimum(y, 1.0), x)

    def _parts(self, x: Value) -> tuple[Value, Value, Value, Value]:
        """The functions of r, (p + q) / 4 and (p - q) / 4; quarters, as p overflows before the result."""
        x = self.minimum(self.absolute(x), 710.6)
        n, power = self.nearest(x, 1 / math.log(2), -2)
        sixteenth = self.bits_of(1 / 16, x)
        # Exponents add up to that of 1/16.
        inverse = self.subtract(sixteenth + self.bits_of(1.0, x), self.as_bits(power))
        inverse = self.reinterpret(self.maximum(inverse, 0), x.dtype)
        r = self.less_multiple(x, n, LN2[x.dtype.itemsize])
        z = self.multiply(r, r)
        sinh = self.fma(self.multiply(z, r), self.polynomial(z, SINH), r)
        cosh = self.fma(z, self.polynomial(z, COSH), 1.0)
        return cosh, sinh, self.add(power, inverse), self.subtract(power, inverse)

    def arcsinh(self, x: Value) -> Value:
        r""":math:`\operatorname{arsinh} x = \ln(1 + a + a^2 / (1 + \sqrt{1 + a^2}))`, a = \|x\|.

        In float32 computed in float64.
        """
        return self.in_double(self._arcsinh, x)

    def _arcsinh(self, x: Value) -> Value:
        size = self.absolute(x)
        large, within = self._within_squares(size)
        square = self.multiply(within, within)
        root = self.sqrt(self.add(square, 1.0))
        inner = self.add(within, self.divide(square, self.add(root, 1.0)))
        y = self._log_of_large(large, size, self.log1p(self.select(large, size, inner)))
        return self.copysign(y, x)

    def arccosh(self, x: Value) -> Value:
        r""":math:`\operatorname{arcosh} x = \ln(1 + t + \sqrt{2t + t^2})`, t = x - 1.

        In float32 computed in float64.
        """
        return self.in_double(self._arccosh, x)

    def _arccosh(self, x: Value) -> Value:
        large, within = self._within_squares(x)
        t = self.subtract(within, 1.0)
        inner = self.add(t, self.sqrt(self.fma(t, t, self.add(t, t))))
        y = self._log_of_large(large, x, self.log1p(self.select(large, x, inner)))
        return self.select(self.compare("lt", x, 1.0), math.nan, y)

    def _within_squares(self, x: Value) -> tuple[Value, Value]:
        """Whether the number is so large that 1 is nothing beside its square; and it, or 1 where it is."""
        large = self.compare("gt", x, 2.0**60)
        return large, self.select(large, 1.0, x)

    def _log_of_large(self, large: Value, x: Value, y: Value) -> Value:
        r"""``y``, and :math:`\ln x + \ln 2` for large numbers, of which y is the logarithm."""
        return self.add(y, self.select(large, self.constant(math.log(2), x.dtype, x.lanes), 0.0))

    def arctanh(self, x: Value) -> Value:
        r""":math:`\operatorname{artanh} x = \frac12 \ln(1 + 2a / (1 - a))`, a = \|x\|.

        In float32 computed in float64.
        """
        return self.in_double(self._arctanh, x)

    def _arctanh(self, x: Value) -> Value:
        size = self.absolute(x)
        inner = self.divide(self.add(size, size), self.subtract(1.0, size))
        return self.copysign(self.multiply(self.log1p(inner), 0.5), x)
