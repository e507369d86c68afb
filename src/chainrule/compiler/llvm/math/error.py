r"""The error function, its complement and their inverses.

In float32, erf is :math:`x + x P(x^2)` up to 0.92, and beyond :math:`1 - 2^{Q(x)}`, for the logarithm of erfc
is as smooth as a parabola. In float64, :math:`\operatorname{erfc} x = e^{-x^2} R(t) / (1 + 2x)` with
:math:`t = (x - 4) / (x + 4)`, one polynomial for all x ≥ 0 (the transformation is Shepherd and Laframboise's,
*Chebyshev approximation of (1 + 2x) exp(x²) erfc x*, 1981). The inverses begin with a polynomial of
:math:`w = -\ln(1 - x^2)` (Giles, *Approximating the erfinv function*, 2012), and float64 takes one of
Halley's steps then.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.math.base import FLOAT32, FLOAT64
from chainrule.compiler.llvm.math.coefficients import (
    ERF_SMALL,
    ERF_TAIL,
    ERFCX,
    ERFINV_MIDDLE,
    ERFINV_TAIL,
    EXP2,
)
from chainrule.compiler.llvm.math.exponential import Exponential
from chainrule.compiler.llvm.math.logarithm import Logarithm
from chainrule.compiler.llvm.types import Value

_SLOPE = 2 / math.sqrt(math.pi)


class ErrorFunctions(Exponential, Logarithm):
    """The error function, its complement and their inverses."""

    def erf(self, x: Value) -> Value:
        r""":math:`\operatorname{erf} x`; polynomials of degrees 13 and 5 (float64: 25 and 22)."""
        size = self.absolute(x)
        near = self._erf_near_0(size)
        if x.dtype == FLOAT32:
            far = self._erf_far(self.minimum(size, 3.95))
        else:
            far = self.subtract(1.0, self._erfc_of_positive(size))
        border = self.pick(x, 0.92, 1.0)
        return self.copysign(self.select(self.compare("lt", size, border), near, far), x)

    def _erf_near_0(self, x: Value) -> Value:
        return self.fma(x, self.polynomial(self.multiply(x, x), ERF_SMALL), x)

    def _erf_far(self, x: Value) -> Value:
        exponent = self.polynomial(x, ERF_TAIL)
        n, power = self.nearest(exponent)
        value = self.polynomial(self.subtract(exponent, n), EXP2)
        return self.fma(self.negative(value), power, 1.0)

    def erfc(self, x: Value) -> Value:
        r""":math:`\operatorname{erfc} x`, of negative numbers 2 less that; in float32 computed in float64."""
        return self.in_double(self._erfc, x)

    def _erfc(self, x: Value) -> Value:
        y = self._erfc_of_positive(self.absolute(x))
        return self.select(self.compare("lt", x, 0.0), self.subtract(2.0, y), y)

    def _erfc_of_positive(self, x: Value) -> Value:
        x = self.minimum(x, 28.0)
        square, error = self.two_product(x, x)
        rest = self._scaled_erfc(x)
        rest = self.fma(rest, self.negative(error), rest)
        return self.multiply(self.exp(self.negative(square)), rest)

    def _scaled_erfc(self, x: Value) -> Value:
        """The complement times the exponential of x²."""
        t = self.divide(self.subtract(x, 4.0), self.add(x, 4.0))
        return self.divide(self.polynomial(t, ERFCX), self.fma(x, 2.0, 1.0))

    def erfinv(self, x: Value) -> Value:
        r""":math:`\operatorname{erfinv} x`; NaN beyond ±1, infinite there. In float32 computed in float64."""
        refined = x.dtype == FLOAT64
        return self.in_double(lambda x: self._erfinv(x, refined), x)

    def _erfinv(self, x: Value, refined: bool) -> Value:
        size = self.absolute(x)
        return self.copysign(self._inverse(size, self.subtract(1.0, size), refined), x)

    def ndtri(self, x: Value) -> Value:
        r"""The normal distribution's quantile, :math:`\sqrt 2 \operatorname{erfinv}(2x - 1)`; as `erfinv`."""
        refined = x.dtype == FLOAT64
        return self.in_double(lambda q: self._ndtri(q, refined), x)

    def _ndtri(self, q: Value, refined: bool) -> Value:
        upper = self.compare("ge", q, 0.5)
        tail = self.select(upper, self.subtract(1.0, q), q)
        twice = self.add(tail, tail)
        y = self.multiply(self._inverse(self.subtract(1.0, twice), twice, refined), math.sqrt(2))
        return self.select(upper, y, self.negative(y))

    def _inverse(self, x: Value, rest: Value, refined: bool) -> Value:
        """The number whose erf is ``x`` and whose erfc is ``rest``; they add up to 1."""
        log_rest = self.log(rest)
        w = self.negative(self.add(log_rest, self.log1p(x)))
        t = self.divide(1.0, self.sqrt(self.maximum(w, 5.0)))
        tail = self.divide(self.polynomial(t, ERFINV_TAIL), t)
        middle = self.multiply(x, self.polynomial(self.minimum(w, 5.0), ERFINV_MIDDLE))
        y = self.select(self.compare("lt", w, 5.0), middle, tail)
        if refined:
            y = self._halley(y, x, log_rest)
        y = self.select(self.compare("eq", rest, 0.0), math.inf, y)
        return self.select(self.compare("ge", rest, 0.0), y, math.nan)

    def _halley(self, y: Value, x: Value, log_rest: Value) -> Value:
        """A step towards erf y = x; from 0.8 on by the complements, which are more exact there."""
        small = self.compare("lt", x, 0.8)
        growth = self.exp(self.fma(y, y, self.select(small, 0.0, log_rest)))
        below = self.multiply(self.subtract(self._erf_near_0(y), x), growth)
        excess = self.select(small, below, self.subtract(growth, self._scaled_erfc(y)))
        step = self.multiply(excess, 1 / _SLOPE)
        return self.subtract(y, self.divide(step, self.fma(y, step, 1.0)))
