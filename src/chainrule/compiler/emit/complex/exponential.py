r"""Exponentials, logarithms, roots and powers of complex numbers.

Special values are those of the C standard (annex G). Everything is computed in complex128.
"""

from __future__ import annotations

import math

from chainrule.compiler.emit.complex.arithmetic import Arithmetic
from chainrule.compiler.emit.complex.pair import Pair
from chainrule.compiler.llvm import Value

# From here on the exponential may overflow where its product with a sine does not.
_LARGE = 709.0


class Exponential(Arithmetic):
    """Exponentials, logarithms, roots and powers."""

    def exp(self, z: Pair) -> Pair:
        r""":math:`e^x (\cos y + i \sin y)`."""
        return self.in_double(self._exp, z)

    def _exp(self, z: Pair) -> Pair:
        b = self.b
        real, imag = self.times_exp(z.real, b.cos(z.imag)), self.times_exp(z.real, b.sin(z.imag))
        imag = b.select(b.compare("eq", z.imag, 0.0), z.imag, imag)
        # Without an angle only the length is known, at 0 and at infinity.
        lost = b.bits_not(b.isfinite(z.imag))
        nothing = b.bits_and(lost, b.compare("eq", z.real, -math.inf))
        endless = b.bits_and(lost, b.compare("eq", z.real, math.inf))
        zero = b.copysign(b.constant(0.0, imag.dtype, imag.lanes), z.imag)
        real = b.select(nothing, 0.0, b.select(endless, math.inf, real))
        return Pair(real, b.select(nothing, zero, imag))

    def times_exp(self, x: Value, factor: Value, scale: float = 1.0) -> Value:
        """A factor times the exponential and a scale; the exponential by itself may overflow."""
        b = self.b
        large = b.compare("gt", x, _LARGE)
        power = b.exp(b.select(large, b.multiply(x, 0.5), x))
        once = b.multiply(factor, power if scale == 1 else b.multiply(power, scale))
        return b.select(large, b.multiply(once, power), once)

    def exp2(self, z: Pair) -> Pair:
        r""":math:`e^{z \ln 2}`."""
        return self.in_double(lambda z: self._exp(self.scaled(z, math.log(2))), z)

    def expm1(self, z: Pair) -> Pair:
        r""":math:`(e^x - 1) \cos y - 2 \sin^2 \frac y2 + i e^x \sin y`."""
        return self.in_double(self._expm1, z)

    def _expm1(self, z: Pair) -> Pair:
        b = self.b
        half = b.sin(b.multiply(z.imag, 0.5))
        lost = b.multiply(b.multiply(half, half), 2.0)
        cosine = b.cos(z.imag)
        real = b.subtract(b.multiply(b.expm1(z.real), cosine), lost)
        # Where 1 is nothing beside the exponential, that by itself may overflow.
        real = b.select(b.compare("gt", z.real, 40.0), self.times_exp(z.real, cosine), real)
        return Pair(real, self.times_exp(z.real, b.sin(z.imag)))

    def log(self, z: Pair) -> Pair:
        r""":math:`\ln |z| + i \arg z`."""
        return self.in_double(self._log, z)

    def _log(self, z: Pair) -> Pair:
        return Pair(self.log_of_length(z.real, z.imag), self.angle(z))

    def log_of_length(self, x: Value, y: Value) -> Value:
        r""":math:`\ln \sqrt{x^2 + y^2}`; near 1 by the exact difference of the squares from 1."""
        b = self.b
        x, y = b.absolute(x), b.absolute(y)
        longer, shorter = b.maximum(x, y), b.minimum(x, y)
        square, error = b.two_product(longer, longer)
        other, other_error = b.two_product(shorter, shorter)
        total, rest = b.two_sum(b.subtract(square, 1.0), other)
        total = b.add(total, b.add(rest, b.add(error, other_error)))
        near = b.bits_and(b.compare("gt", longer, 0.5), b.compare("lt", longer, 1.5))
        near = b.bits_and(near, b.compare("lt", b.absolute(total), 0.5))
        close = b.multiply(b.log1p(b.select(near, total, 0.0)), 0.5)
        return b.select(near, close, self._log_of_scaled(x, y, longer))

    def _log_of_scaled(self, x: Value, y: Value, size: Value) -> Value:
        """The logarithm of a length whose square may overflow, or have lost digits."""
        b = self.b
        tiny, huge = b.compare("lt", size, 2.0**-900), b.compare("gt", size, 2.0**1000)
        scale = b.select(tiny, 2.0**200, b.select(huge, 2.0**-200, self._one(size)))
        length = b.hypot(b.multiply(x, scale), b.multiply(y, scale))
        lost = 200 * math.log(2)
        zero = b.constant(0.0, size.dtype, size.lanes)
        return b.add(b.log(length), b.select(tiny, -lost, b.select(huge, lost, zero)))

    def log2(self, z: Pair) -> Pair:
        r""":math:`\ln z / \ln 2`."""
        return self.in_double(lambda z: self.scaled(self._log(z), 1 / math.log(2)), z)

    def log10(self, z: Pair) -> Pair:
        r""":math:`\ln z / \ln 10`."""
        return self.in_double(lambda z: self.scaled(self._log(z), 1 / math.log(10)), z)

    def log1p(self, z: Pair) -> Pair:
        r""":math:`\ln(1 + z)`; of small numbers :math:`\frac12 \ln(1 + (x (2 + x) + y^2))`."""
        return self.in_double(self._log1p, z)

    def _log1p(self, z: Pair) -> Pair:
        b = self.b
        x, y = z.real, z.imag
        more = Pair(b.add(x, 1.0), y)
        found = self._log(more)
        first, error = b.two_product(x, b.add(x, 2.0))
        second, second_error = b.two_product(y, y)
        total, rest = b.two_sum(first, second)
        total = b.add(total, b.add(rest, b.add(error, second_error)))
        small = b.bits_and(b.compare("lt", b.absolute(x), 0.5), b.compare("lt", b.absolute(y), 0.5))
        near = b.multiply(b.log1p(b.select(small, total, 0.0)), 0.5)
        return Pair(b.select(small, near, found.real), found.imag)

    def sqrt(self, z: Pair) -> Pair:
        r""":math:`t + i \frac{y}{2t}, t = \sqrt{(|x| + |z|) / 2}`; for x < 0 the parts are exchanged."""
        return self.in_double(self._sqrt, z)

    def _sqrt(self, z: Pair) -> Pair:
        b = self.b
        x, y = z.real, z.imag
        wide, tall = b.absolute(x), b.absolute(y)
        largest = b.maximum(wide, tall)
        # Scaled by even powers of two, no sum overflows and no root of a subnormal number is taken.
        one = self._one(x)
        scale = b.select(b.compare("gt", largest, 2.0**1000), 2.0**-60, one)
        scale = b.select(b.compare("lt", largest, 2.0**-900), 2.0**120, scale)
        root_of_scale = b.select(b.compare("gt", largest, 2.0**1000), 2.0**30, one)
        root_of_scale = b.select(b.compare("lt", largest, 2.0**-900), 2.0**-60, root_of_scale)
        wide, tall = b.multiply(wide, scale), b.multiply(tall, scale)
        total = b.multiply(b.add(wide, b.hypot(wide, tall)), 0.5)
        longer = b.sqrt(total)
        shorter = b.divide(b.multiply(tall, 0.5), b.select(b.compare("eq", longer, 0.0), 1.0, longer))
        longer, shorter = b.multiply(longer, root_of_scale), b.multiply(shorter, root_of_scale)
        endless = b.compare("eq", tall, math.inf)
        longer, shorter = (b.select(endless, math.inf, part) for part in (longer, shorter))
        back = b.signbit(x)
        real, imag = b.select(back, shorter, longer), b.select(back, longer, shorter)
        return Pair(real, b.copysign(imag, y))

    def rsqrt(self, z: Pair) -> Pair:
        r""":math:`1 / \sqrt z`."""
        return self.in_double(lambda z: self.divide(self.number(1.0, z), self._sqrt(z)), z)

    def power(self, z: Pair, w: Pair) -> Pair:
        r""":math:`e^{w \ln z}`; by multiplication for whole exponents below 100."""
        return self.in_double(self._power, z, w)

    def _power(self, z: Pair, w: Pair) -> Pair:
        b = self.b
        plain = b.compare("eq", w.imag, 0.0)
        size = b.absolute(w.real)
        whole = b.bits_and(b.compare("lt", size, 100.0), b.compare("eq", b.trunc(size), size))
        whole = b.bits_and(plain, whole)
        by_squares = self._whole_power(z, b.select(whole, size, 0.0))
        inverse = self.divide(self.number(1.0, z), by_squares)
        by_squares = self.select(b.compare("lt", w.real, 0.0), inverse, by_squares)
        general = self._exp(self.multiply(w, self._log(z)))
        found = self.select(whole, by_squares, general)
        one, square = self.number(1.0, z), self.multiply(z, z)
        # Without a product by 1, zeros keep their signs.
        for n, power in ((1.0, z), (2.0, square), (3.0, self.multiply(z, square))):
            found = self.select(b.bits_and(plain, b.compare("eq", w.real, n)), power, found)
        # A power of 0 is known for exponents with a positive real part alone.
        none = b.constant(math.nan, size.dtype, size.lanes)
        rises = b.compare("gt", w.real, 0.0)
        of_zero = self.select(rises, self.number(0.0, z), Pair(none, none))
        found = self.select(self.truth(z), found, of_zero)
        return self.select(self.truth(w), found, one)

    def _whole_power(self, z: Pair, size: Value) -> Pair:
        """By repeated squaring, for exponents below 128."""
        b = self.b
        product, square, rest = self.number(1.0, z), z, size
        for _ in range(7):
            half = b.trunc(b.multiply(rest, 0.5))
            odd = b.compare("ne", b.add(half, half), rest)
            product = self.select(odd, self.multiply(product, square), product)
            square, rest = self.multiply(square, square), half
        return product
