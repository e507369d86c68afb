r"""Incomplete gamma and beta integrals with powers of logarithms, by double-exponential quadrature.

The places, the weights and how far the hump of the integrand reaches are those of the definition
(`chainrule.ops.pointwise.incomplete`), whose error is below 1e-10.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from chainrule.compiler.llvm.math.base import FLOAT64
from chainrule.compiler.llvm.memory import Memory
from chainrule.compiler.llvm.special.iteration import Iteration
from chainrule.compiler.llvm.types import INDEX, Value
from chainrule.ops.pointwise.incomplete import REACH, tanh_sinh

Integrand = Callable[[Value], Value]


class Quadrature(Iteration, Memory):
    """Integrals of humps."""

    def gamma_integral(self, n: Value, a: Value, x: Value) -> Value:
        r""":math:`\frac{1}{Γ(a)} \int_0^x t^{a-1} e^{-t} (\ln t)^n \, dt`."""
        return self.in_double(lambda a, x: self._gamma_integral(self.cast(n, INDEX), a, x), a, x)

    def _gamma_integral(self, n: Value, a: Value, x: Value) -> Value:
        norm, end, peak = self.lgamma(a), self.log(x), self.log(a)
        top = self.minimum(peak, end)
        falls = self.add(self.maximum(self.negative(peak), 0.0), 5.0)
        falls = self.minimum(self.divide(REACH, self.sqrt(a)), falls)

        def integrand(s: Value) -> Value:
            exponent = self.subtract(self.subtract(self.multiply(a, s), self.exp(s)), norm)
            return self.multiply(self.whole_power(s, n), self.exp(exponent))

        left = self._extent(a, a, self.subtract(top, peak))
        found = self._hump(integrand, top, left, self.minimum(self.subtract(end, top), falls))
        return self.select(self.compare("eq", x, 0.0), 0.0, found)

    def beta_integral(self, m: Value, n: Value, a: Value, b: Value, x: Value) -> Value:
        r""":math:`\frac{1}{B(a, b)} \int_0^x t^{a-1} (1-t)^{b-1} (\ln t)^m (\ln(1-t))^n \, dt`."""
        powers = self.cast(m, INDEX), self.cast(n, INDEX)
        return self.in_double(lambda a, b, x: self._beta_integral(*powers, a, b, x), a, b, x)

    def _beta_integral(self, m: Value, n: Value, a: Value, b: Value, x: Value) -> Value:
        total = self.add(a, b)
        norm = self.log_beta(a, b)
        end = self.subtract(self.log(x), self.log1p(self.negative(x)))
        curvature = self.multiply(a, self.divide(b, total))
        log_a, log_b = self.log(a), self.log(b)
        top = self.minimum(self.log(self.divide(a, b)), end)

        def integrand(s: Value) -> Value:
            tail = self.log1p(self.exp(self.negative(self.absolute(s))))
            log_t = self.negative(self.add(tail, self.maximum(self.negative(s), 0.0)))
            log_rest = self.negative(self.add(tail, self.maximum(s, 0.0)))
            exponent = self.add(self.multiply(a, log_t), self.multiply(b, log_rest))
            powers = self.multiply(self.whole_power(log_t, m), self.whole_power(log_rest, n))
            return self.multiply(powers, self.exp(self.subtract(exponent, norm)))

        left = self._extent(curvature, a, self.subtract(top, log_a))
        right = self._extent(curvature, b, self.negative(self.add(log_b, top)))
        found = self._hump(integrand, top, left, self.minimum(self.subtract(end, top), right))
        return self.select(self.compare("eq", x, 0.0), 0.0, found)

    def log_beta(self, a: Value, b: Value) -> Value:
        """The logarithm of the beta function; of Stirling's terms only those are left that do not cancel."""
        total = self.add(a, b)
        main = self.subtract(self.add(self.log(a), self.log(b)), self.log(total))
        main = self.fma(main, -0.5, math.log(2 * math.pi) / 2)
        main = self.subtract(main, self.multiply(a, self.log1p(self.divide(b, a))))
        main = self.subtract(main, self.multiply(b, self.log1p(self.divide(a, b))))
        rests = self.add(self.stirling_rest(a), self.stirling_rest(b))
        found = self.add(main, self.subtract(rests, self.stirling_rest(total)))
        zero = self.bits_or(self.compare("eq", a, 0.0), self.compare("eq", b, 0.0))
        return self.select(zero, math.inf, found)

    def _extent(self, curvature: Value, shape: Value, shoulder: Value) -> Value:
        """How far a hump reaches, if past its shoulder it falls as ``exp(-shape · distance)``."""
        widths = self.maximum(self.divide(1.0, self.sqrt(curvature)), self.divide(1.0, shape))
        falls = self.add(self.add(self.maximum(shoulder, 0.0), 5.0), self.divide(REACH, shape))
        return self.minimum(self.multiply(widths, REACH), falls)

    def _hump(self, integrand: Integrand, top: Value, left: Value, right: Value) -> Value:
        """The integral of a hump from ``top - left`` to ``top + right``."""
        tables = [self.module.table(np.ascontiguousarray(x)) for x in tanh_sinh()]
        count = len(tanh_sinh()[0])
        start = self.constant(0.0, top.dtype, top.lanes)
        with self.loop(0, count, carried=[start]) as loop:
            place, weight = (
                self.splat(self.load(self.element(x, loop.index, FLOAT64), FLOAT64), top.lanes)
                for x in tables
            )
            below = self.multiply(left, integrand(self.subtract(top, self.multiply(left, place))))
            above = self.multiply(right, integrand(self.add(top, self.multiply(right, place))))
            loop.next(self.fma(weight, self.add(below, above), loop.carried[0]))
        (found,) = loop.results
        return found

    def whole_power(self, x: Value, n: Value) -> Value:
        """A power with a whole exponent, by repeated squaring."""
        one = self.constant(1.0, x.dtype, x.lanes)
        base = self.select(self.compare("lt", n, 0), self.divide(one, x), x)

        def step(product: Value, square: Value, rest: Value) -> tuple[Value, list[Value]]:
            odd = self.compare("ne", self.bits_and(rest, 1), 0)
            product = self.multiply(product, self.select(odd, square, 1.0))
            rest = self.shift_right(rest, 1)
            more = self.any_lane(self.compare("gt", rest, 0))
            return more, [product, self.multiply(square, square), rest]

        return self.repeat_while([one, base, self.absolute(n)], step)[0]
