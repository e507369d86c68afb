r"""Powers, roots and lengths.

In float32, `power`, `cbrt` and `hypot` are computed in float64. In float64 :math:`x^y = e^{y \ln x}` needs a
logarithm of more digits than one float holds, or large exponents would magnify its error: it is a sum of
two (Dekker, *A floating-point technique for extending the available precision*, 1971), of which
:math:`\ln(1 + f) = 2s + \frac23 s^3 + s^5 R(s^2)`, :math:`s = f / (2 + f)`, has the first two terms in pairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from chainrule.compiler.llvm.core import Number
from chainrule.compiler.llvm.math.base import FLOAT32, FLOAT64, FORMATS, Pair
from chainrule.compiler.llvm.math.coefficients import CBRT, EXP, LOG_REST
from chainrule.compiler.llvm.math.constants import LN2
from chainrule.compiler.llvm.math.exponential import Exponential
from chainrule.compiler.llvm.math.logarithm import Logarithm
from chainrule.compiler.llvm.types import Value

_TWO_THIRDS = (2 / 3, 3.700743415417188e-17)


class Power(Exponential, Logarithm):
    """Powers, roots and lengths."""

    def rsqrt(self, x: Value) -> Value:
        r""":math:`1 / \sqrt{x}`, each rounded."""
        return self.divide(1.0, self.sqrt(x))

    def cbrt(self, x: Value) -> Value:
        r""":math:`\sqrt[3]{x}`, by Newton's method for :math:`w^{-1/3}`, 0.35 ≤ w < 2.8, from 17 bits on."""
        return self.in_double(self._cbrt, x)

    def _cbrt(self, x: Value) -> Value:
        e, f = self._split(self.absolute(x))
        third, power = self.nearest(e, 1 / 3)
        left = self.fma(third, -3.0, e)
        w = self.scaled_by(self.add(f, 1.0), left, 0.5, 2.0)
        r = self.scaled_by(self.polynomial(f, CBRT), left, 2 ** (1 / 3), 2 ** (-1 / 3))
        for _ in range(2):
            cube = self.multiply(self.multiply(r, r), r)
            r = self.fma(self.multiply(r, 1 / 3), self.fma(self.negative(w), cube, 1.0), r)
        square = self.multiply(r, r)
        y = self.multiply(w, square)
        excess = self.fma(self.multiply(y, y), y, self.negative(w))
        y = self.fma(self.multiply(excess, square), -1 / 3, y)
        y = self.copysign(self.multiply(y, power), x)
        ordinary = self.bits_and(self.compare("ne", x, 0.0), self.compare("lt", self.absolute(x), math.inf))
        return self.select(ordinary, y, x)

    def scaled_by(self, x: Value, left: Value, below: float, above: float) -> Value:
        """``x`` times one of two constants where ``left`` is -1 or 1."""
        one = self.constant(1.0, x.dtype, x.lanes)
        factor = self.select(self.compare("lt", left, 0.0), below, one)
        return self.multiply(x, self.select(self.compare("gt", left, 0.0), above, factor))

    def hypot(self, x: Number, y: Number) -> Value:
        r""":math:`\sqrt{x^2 + y^2}`, scaled by a power of two so that no square overflows or vanishes."""
        return self.in_double(self._hypot, x, y)

    def _hypot(self, x: Value, y: Value) -> Value:
        a, b = self.absolute(x), self.absolute(y)
        longer, shorter = self.maximum(a, b), self.minimum(a, b)
        form = FORMATS[x.dtype]
        exponent = self.bits_and(self.as_bits(longer), ~((1 << form.mantissa) - 1))
        exponent = self.maximum(exponent, 1 << form.mantissa)
        inverse = self.subtract((2 * form.bias + 1) << form.mantissa, exponent)
        scale = self.reinterpret(inverse, x.dtype)
        longer, shorter = self.multiply(longer, scale), self.multiply(shorter, scale)
        length = self.sqrt(self.fma(longer, longer, self.multiply(shorter, shorter)))
        infinite = self.bits_or(self.compare("eq", a, math.inf), self.compare("eq", b, math.inf))
        return self.select(infinite, math.inf, self.divide(length, scale))

    def logaddexp(self, x: Number, y: Number) -> Value:
        r""":math:`\ln(e^x + e^y) = \max(x, y) + \ln(1 + e^{-|x - y|})`."""
        return self.in_double(lambda x, y: self._add_of_logarithms(x, y, self.exp, 1.0), x, y)

    def logaddexp2(self, x: Number, y: Number) -> Value:
        r""":math:`\log_2(2^x + 2^y) = \max(x, y) + \ln(1 + 2^{-|x - y|}) / \ln 2`."""
        return self.in_double(lambda x, y: self._add_of_logarithms(x, y, self.exp2, 1 / math.log(2)), x, y)

    def _add_of_logarithms(self, x: Value, y: Value, power: Callable[[Value], Value], factor: float) -> Value:
        larger = self.maximum(x, y)
        gap, error = self.two_sum(larger, self.negative(self.minimum(x, y)))
        # Of infinities the difference, or its error, is not a number.
        gap = self.select(self.compare("eq", x, y), 0.0, gap)
        error = self.select(self.is_nan(error), 0.0, error)
        ratio = power(self.negative(gap))
        ratio = self.fma(self.multiply(ratio, error), -1 / factor, ratio)
        return self.add(larger, self.multiply(self.log1p(ratio), factor))

    def power(self, x: Number, y: Number) -> Value:
        """:math:`x^y`, as C defines it for zeros, infinities and NaN; NaN for roots of negative numbers.

        Of integers the exponents are not negative; what overflows keeps its lowest bits.
        """
        base, exponent = self.alike(x, y)
        if base.kind != "f":
            return self._integer_power(base, exponent)
        if base.dtype == FLOAT32:
            wide, by = self.cast(base, FLOAT64), self.cast(exponent, FLOAT64)
            product = self.multiply(by, self.log(self.absolute(wide)))
            size = self.cast(self.exp(product), FLOAT32)
        else:
            size = self._power(self.absolute(base), exponent)
        return self._with_sign_of_power(base, exponent, size)

    def _integer_power(self, x: Value, y: Value) -> Value:
        """By repeated squaring."""

        def step(product: Value, square: Value, rest: Value) -> tuple[Value, list[Value]]:
            odd = self.compare("ne", self.bits_and(rest, 1), 0)
            product = self.multiply(product, self.select(odd, square, 1))
            rest = self.shift_right(rest, 1)
            return self.any_lane(self.compare("gt", rest, 0)), [product, self.multiply(square, square), rest]

        return self.repeat_while([self.constant(1, x.dtype, x.lanes), x, y], step)[0]

    def _with_sign_of_power(self, x: Value, y: Value, size: Value) -> Value:
        """The power from its absolute value."""
        whole = self.compare("eq", self._truncated(y), y)
        half = self.multiply(y, 0.5)
        odd = self.bits_and(whole, self.compare("ne", self._truncated(half), half))
        signed = self.select(odd, self.copysign(size, x), size)
        negative = self.bits_and(self.compare("lt", x, 0.0), self.compare("gt", x, -math.inf))
        signed = self.select(self.bits_and(negative, self.bits_not(whole)), math.nan, signed)
        # ±1 to an infinite power, anything to the power 0, and 1 to any power.
        endless = self.compare("eq", self.absolute(y), math.inf)
        unit = self.bits_and(self.compare("eq", x, -1.0), endless)
        one = self.bits_or(self.compare("eq", x, 1.0), self.compare("eq", y, 0.0))
        return self.select(self.bits_or(one, unit), 1.0, signed)

    def _truncated(self, x: Value) -> Value:
        return self.intrinsic("trunc", x.dtype, x)

    def _power(self, x: Value, y: Value) -> Value:
        high, low = self._log_pair(x)
        product, error = self.two_product(y, high)
        error = self.fma(y, low, error)
        # Beyond this only the sign matters; an infinite product has no error.
        error = self.select(self.compare("lt", self.absolute(product), 1000.0), error, 0.0)
        # The parts of a number near the largest may overflow, where the product is 0 or as large.
        error = self.select(self.is_nan(error), 0.0, error)
        product = self.between(-1000.0, product, 1000.0)
        n, lower, upper = self.nearest_halved(product, 1 / math.log(2))
        rest = self.add(self.less_multiple(product, n, LN2[8]), error)
        return self.multiply(self.multiply(self.polynomial(rest, EXP), lower), upper)

    def _log_pair(self, x: Value) -> Pair:
        r""":math:`\ln x` as a sum of two numbers."""
        e, f = self._split(x)
        near, near_low = self._log_near_1_pair(f)
        high, low = LN2[8]
        total, error = self.two_sum(self.multiply(e, high), near)
        error = self.add(error, self.fma(e, low, near_low))
        total, error = self.quick_two_sum(total, error)
        finite = self.bits_and(self.compare("gt", x, 0.0), self.compare("lt", x, math.inf))
        end = self.select(self.compare("eq", x, 0.0), -math.inf, x)
        return self.select(finite, total, end), self.select(finite, error, 0.0)

    def _log_near_1_pair(self, f: Value) -> Pair:
        """The logarithm of 1 + f as a sum of two numbers."""
        below, below_low = self.two_sum(2.0, f)
        s = self.divide(f, below)
        back, back_low = self.two_product(s, below)
        left = self.subtract(self.subtract(self.subtract(f, back), back_low), self.multiply(s, below_low))
        s_low = self.divide(left, below)
        z, z_low = self.two_product(s, s)
        z_low = self.fma(self.add(s, s), s_low, z_low)
        u, u_low = self.two_product(_TWO_THIRDS[0], z)
        u_low = self.fma(z, _TWO_THIRDS[1], self.fma(z_low, _TWO_THIRDS[0], u_low))
        u_low = self.fma(self.multiply(z, z), self.polynomial(z, LOG_REST), u_low)
        u, error = self.quick_two_sum(self.constant(2.0, f.dtype, f.lanes), u)
        u_low = self.add(error, u_low)
        y, y_low = self.two_product(s, u)
        y_low = self.fma(s, u_low, self.fma(s_low, u, y_low))
        return self.quick_two_sum(y, y_low)
