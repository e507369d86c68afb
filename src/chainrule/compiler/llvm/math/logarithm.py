r"""Logarithms.

:math:`x = 2^e (1 + f)` with :math:`0.7 \le 1 + f < 1.4`, and :math:`\ln x = e \ln 2 + \ln(1 + f)`. In float32
the latter is a polynomial. In float64 it is one of :math:`s = f / (2 + f)`, as in Tang, *Table-driven
implementation of the logarithm function* (1990), without his table, and in fdlibm:
:math:`\ln(1 + f) = 2 \operatorname{artanh} s = f - s (f - s^2 R(s^2))`.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.math.base import FLOAT32, FORMATS, Elementary, Pair
from chainrule.compiler.llvm.math.coefficients import ATANH, LOG, LOG2, LOG10, Coefficients
from chainrule.compiler.llvm.math.constants import LOG10_2
from chainrule.compiler.llvm.types import Value

# From here to twice it, logarithms are small on both sides, and little cancels when e ln 2 is added.
_LOWEST = 0.7


class Logarithm(Elementary):
    """Logarithms."""

    def log(self, x: Value) -> Value:
        r""":math:`\ln x`; polynomial of degree 10 (float64: 6, of :math:`s^2`)."""
        e, f = self._split(x)
        return self._at_ends(x, self.fma(e, math.log(2), self._log_near_1(f)))

    def log2(self, x: Value) -> Value:
        r""":math:`\log_2 x`, exact for powers of two; polynomial of degree 10 (float64: that of `log`)."""
        e, f = self._split(x)
        if x.dtype == FLOAT32:
            return self._at_ends(x, self.fma(f, self.polynomial(f, LOG2), e))
        return self._at_ends(x, self.fma(self._log_near_1(f), 1 / math.log(2), e))

    def log10(self, x: Value) -> Value:
        r""":math:`\log_{10} x`; polynomial of degree 10 (float64: that of `log`)."""
        high, low = LOG10_2[x.dtype.itemsize]
        e, f = self._split(x)
        rest = self.multiply(e, low)
        if x.dtype == FLOAT32:
            near = self.fma(f, self.polynomial(f, LOG10), rest)
        else:
            near = self.fma(self._log_near_1(f), 1 / math.log(10), rest)
        return self._at_ends(x, self.fma(e, high, near))

    def log1p(self, x: Value) -> Value:
        r""":math:`\ln(1 + x)` with :math:`f = 2^{-e} x + (2^{-e} - 1)`, which is rounded only once."""
        form = FORMATS[x.dtype]
        u = self.add(x, 1.0)
        places = self.subtract(self.as_bits(u), self.bits_of(_LOWEST, x))
        e = self.shift_right(places, form.mantissa)
        # Four times the power, for the power itself may be subnormal.
        scale = self.subtract(self.bits_of(4.0, x), self.shift_left(e, form.mantissa))
        scale = self.reinterpret(scale, x.dtype)
        f = self.fma(scale, self.multiply(x, 0.25), self.fma(scale, 0.25, -1.0))
        y = self.fma(self.small_integer(e, x.dtype), math.log(2), self._log_near_1(f))
        return self.where_tiny(x, self._at_ends(x, y, pole=-1.0))

    def _split(self, x: Value) -> Pair:
        """Exponent and fraction, e and f."""
        form = FORMATS[x.dtype]
        lowest, up = self.bits_of(_LOWEST, x), form.mantissa + 1
        tiny = self.compare("lt", x, form.smallest)
        scaled = self.select(tiny, self.multiply(x, 2.0**up), x)
        offset = self.select(
            tiny,
            self.constant(lowest + (up << form.mantissa), form.integer, x.lanes),
            self.constant(lowest, form.integer, x.lanes),
        )
        places = self.subtract(self.as_bits(scaled), offset)
        e = self.small_integer(self.shift_right(places, form.mantissa), x.dtype)
        fraction = self.add(self.bits_and(places, (1 << form.mantissa) - 1), lowest)
        return e, self.subtract(self.reinterpret(fraction, x.dtype), 1.0)

    def _log_near_1(self, f: Value) -> Value:
        """The logarithm of 1 + f."""
        if f.dtype == FLOAT32:
            return self.fma(self.multiply(f, f), self.polynomial(f, LOG), f)
        s = self.divide(f, self.add(f, 2.0))
        return self.subtract(f, self.multiply(s, self.subtract(f, self._artanh_rest(s, ATANH))))

    def _artanh_rest(self, s: Value, coefficients: Coefficients) -> Value:
        z = self.multiply(s, s)
        return self.multiply(z, self.polynomial(z, coefficients))

    def _at_ends(self, x: Value, y: Value, pole: float = 0.0) -> Value:
        """``y`` but for the pole, what lies beyond it, infinity and NaN."""
        beyond = self.select(
            self.compare("eq", x, pole),
            self.constant(-math.inf, x.dtype, x.lanes),
            self.constant(math.nan, x.dtype, x.lanes),
        )
        y = self.select(self.compare("lt", x, math.inf), y, x)
        return self.select(self.compare("le", x, pole), beyond, y)
