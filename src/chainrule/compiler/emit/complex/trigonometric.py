r"""Hyperbolic and trigonometric functions of complex numbers: the latter are the former turned by i."""

from __future__ import annotations

import math

from chainrule.compiler.emit.complex.exponential import Exponential
from chainrule.compiler.emit.complex.pair import Pair
from chainrule.compiler.llvm import Value

# From here on sinh and cosh are half the exponential, and tanh is 1.
_LARGE = 22.0


class Trigonometric(Exponential):
    """Hyperbolic and trigonometric functions."""

    def sinh(self, z: Pair) -> Pair:
        r""":math:`\sinh x \cos y + i \cosh x \sin y`."""
        return self.in_double(self._sinh, z)

    def _sinh(self, z: Pair) -> Pair:
        b, x, y = self.b, z.real, z.imag
        real, imag = self._times_sinh(x, b.cos(y)), self._times_cosh(x, b.sin(y))
        # Without an angle, 0 and infinity stay.
        kept = b.bits_or(b.isinf(x), b.compare("eq", x, 0.0))
        real = b.select(b.bits_and(kept, b.bits_not(b.isfinite(y))), x, real)
        return Pair(real, b.select(b.compare("eq", y, 0.0), y, imag))

    def cosh(self, z: Pair) -> Pair:
        r""":math:`\cosh x \cos y + i \sinh x \sin y`."""
        return self.in_double(self._cosh, z)

    def _cosh(self, z: Pair) -> Pair:
        b, x, y = self.b, z.real, z.imag
        real, imag = self._times_cosh(x, b.cos(y)), self._times_sinh(x, b.sin(y))
        lost = b.bits_and(b.isinf(x), b.bits_not(b.isfinite(y)))
        # Where 0 meets infinity the part is 0.
        on_axis = b.bits_or(b.compare("eq", x, 0.0), b.compare("eq", y, 0.0))
        sign = b.multiply(b.copysign(self._one(x), x), b.copysign(self._one(x), y))
        zero = b.copysign(b.constant(0.0, x.dtype, x.lanes), sign)
        imag = b.select(b.bits_and(on_axis, b.is_nan(imag)), zero, imag)
        return Pair(b.select(lost, math.inf, real), imag)

    def _times_sinh(self, x: Value, factor: Value) -> Value:
        b = self.b
        signed = b.multiply(factor, b.copysign(self._one(x), x))
        return self._times_half_exp(x, signed, b.multiply(b.sinh(x), factor))

    def _times_cosh(self, x: Value, factor: Value) -> Value:
        return self._times_half_exp(x, factor, self.b.multiply(self.b.cosh(x), factor))

    def _times_half_exp(self, x: Value, factor: Value, otherwise: Value) -> Value:
        """Where the argument is large, half the exponential of its size."""
        size = self.b.absolute(x)
        large = self.b.compare("gt", size, _LARGE)
        return self.b.select(large, self.times_exp(size, factor, 0.5), otherwise)

    def tanh(self, z: Pair) -> Pair:
        r"""With :math:`t = \tan y` and :math:`s = \sinh x`.

        .. math:: \frac{(1 + t^2) s \sqrt{1 + s^2} + it}{1 + (1 + t^2) s^2}

        Kahan, *Branch cuts for complex elementary functions* (1987).
        """
        return self.in_double(self._tanh, z)

    def _tanh(self, z: Pair) -> Pair:
        b, x, y = self.b, z.real, z.imag
        large = b.compare("gt", b.absolute(x), _LARGE)
        s, t = b.sinh(b.select(large, 0.0, x)), b.tan(y)
        slope = b.fma(t, t, 1.0)
        below = b.fma(b.multiply(slope, s), s, 1.0)
        length = b.sqrt(b.fma(s, s, 1.0))
        real = b.divide(b.multiply(b.multiply(slope, s), length), below)
        # t / (1 + t²) = sin y cos y
        tail = b.exp(b.multiply(b.absolute(x), -2.0))
        far = b.multiply(b.multiply(b.divide(t, slope), tail), 4.0)
        real = b.select(large, b.copysign(self._one(x), x), real)
        imag = b.select(large, far, b.divide(t, below))
        return self._tanh_at_ends(z, Pair(real, imag))

    def _tanh_at_ends(self, z: Pair, found: Pair) -> Pair:
        """On the axes and at infinity, where the angle does not matter, and NaN where it does."""
        b, x, y = self.b, z.real, z.imag
        angle_counts = b.bits_not(b.bits_or(b.isfinite(y), b.isinf(x)))
        zero = b.copysign(b.constant(0.0, x.dtype, x.lanes), y)
        imag = b.select(b.bits_and(b.isinf(x), b.bits_not(b.isfinite(y))), zero, found.imag)
        real = b.select(angle_counts, math.nan, found.real)
        real = b.select(b.compare("eq", x, 0.0), x, real)
        return Pair(real, b.select(b.compare("eq", y, 0.0), y, imag))

    def sigmoid(self, z: Pair) -> Pair:
        r""":math:`\frac12 (\tanh \frac z2 + 1)`."""
        return self.in_double(self._sigmoid, z)

    def _sigmoid(self, z: Pair) -> Pair:
        half, one = self.number(0.5, z), self.number(1.0, z)
        return self.multiply(half, self.add(self._tanh(self.multiply(half, z)), one))

    def sin(self, z: Pair) -> Pair:
        r""":math:`-i \sinh iz`."""
        return self.turned_back(self.sinh(self.turned(z)))

    def cos(self, z: Pair) -> Pair:
        r""":math:`\cosh iz`."""
        return self.cosh(self.turned(z))

    def tan(self, z: Pair) -> Pair:
        r""":math:`-i \tanh iz`."""
        return self.turned_back(self.tanh(self.turned(z)))
