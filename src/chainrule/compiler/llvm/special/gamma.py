r"""The incomplete gamma function and its inverse's equation.

With :math:`D = x^a e^{-x} / Γ(a)`, below :math:`x = a + 1` the series
:math:`P = \frac{D}{a} \sum_k \frac{x^k}{(a+1) \cdots (a+k)}` is summed, above it the continued fraction of
:math:`Q = 1 - P` (Abramowitz and Stegun, 6.5.29 and 6.5.31). Both take some :math:`\sqrt a` steps near
:math:`x = a`; for large a Temme's uniform expansion is used instead (DLMF 8.12). Where the result is not
below 1e-12, relative errors are below 2e-14 for a up to 10,000, and 2e-13 beyond; where it is tiny, they
grow with its logarithm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from chainrule.compiler.llvm.special.iteration import EPSILON, HALF_LOG_TAU, SMALLEST, Iteration
from chainrule.compiler.llvm.types import Value

# From here on Temme's expansion has all digits with two terms.
_UNIFORM = 1e6
_LIMIT = 1 << 15
# Coefficients of c_0(η) and c_1(η) (DLMF 8.12.11 and 8.12.12).
_C0 = (-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835, -139 / 777600, 1 / 25515, -571 / 261273600)
_C1 = (-1 / 540, -1 / 288, 1 / 378, -77 / 77760)


@dataclass(frozen=True)
class Parts:
    """A distribution function in parts that neither overflow nor vanish.

    Attributes
    ----------
    log_density : Value
        Logarithm of the density of a logarithm or logit, D.
    lower, upper : Value
        The distribution function and its complement, divided by D.
    """

    log_density: Value
    lower: Value
    upper: Value


class IncompleteGamma(Iteration):
    """The incomplete gamma function."""

    def gammainc(self, a: Value, x: Value) -> Value:
        r""":math:`P(a, x) = \frac{1}{Γ(a)} \int_0^x t^{a-1} e^{-t} \, dt`; NaN where a or x is negative."""
        return self.in_double(self._gammainc, a, x)

    def _gammainc(self, a: Value, x: Value) -> Value:
        usual = self._inside(a, x)
        shape = self.maximum(self.select(usual, a, 1.0), SMALLEST)
        within = self.select(usual, x, 1.0)
        parts = self.gamma_parts(shape, within, self.log(within))
        density = self.exp(parts.log_density)
        below = self.multiply(density, parts.lower)
        above = self.subtract(1.0, self.multiply(density, parts.upper))
        found = self.select(self.compare("lt", below, 0.5), below, above)
        # Without a density nothing is left on one side.
        step = self.select(self.compare("lt", x, a), 0.0, self.constant(1.0, x.dtype, x.lanes))
        found = self.select(self.is_nan(found), step, found)
        return self.select(usual, self.between(0.0, found, 1.0), self._at_ends_of_gammainc(a, x))

    def _inside(self, a: Value, x: Value) -> Value:
        ends = [self.bits_and(self.compare("gt", z, 0.0), self.compare("lt", z, math.inf)) for z in (a, x)]
        return self.bits_and(*ends)

    def _at_ends_of_gammainc(self, a: Value, x: Value) -> Value:
        """All of it is at 0 where a is, and at infinity where a is that."""
        first, last = self.compare("eq", x, 0.0), self.compare("eq", x, math.inf)
        none, endless = self.compare("eq", a, 0.0), self.compare("eq", a, math.inf)
        zero = self.constant(0.0, x.dtype, x.lanes)
        found = self.select(self.bits_or(last, none), 1.0, zero)
        unclear = self.bits_or(self.bits_and(first, none), self.bits_and(last, endless))
        right = self.bits_and(self.compare("ge", a, 0.0), self.compare("ge", x, 0.0))
        return self.select(self.bits_and(right, self.bits_not(unclear)), found, math.nan)

    def gamma_parts(self, a: Value, x: Value, log_x: Value) -> Parts:
        """The parts at a positive x, whose logarithm may be known where x itself has vanished."""
        gap, ratio = self.subtract(x, a), self.subtract(log_x, self.log(a))
        main = self.subtract(self.multiply(self.log(a), 0.5), self.add(self.stirling_rest(a), HALF_LOG_TAU))
        log_density = self.subtract(main, self.weighted_excess(a, gap, ratio))
        large = self.compare("ge", a, _UNIFORM)
        small_x = self.compare("lt", x, self.add(a, 1.0))
        series = self._gamma_series(self.bits_and(small_x, self.bits_not(large)), a, x)
        fraction = self._gamma_fraction(self.bits_not(self.bits_or(small_x, large)), a, x)
        size = self.exp(self.negative(log_density))
        lower = self.select(small_x, series, self.subtract(size, fraction))
        upper = self.select(small_x, self.subtract(size, series), fraction)
        below, above = self._uniform(a, self.divide(gap, a), ratio, size)
        return Parts(log_density, self.select(large, below, lower), self.select(large, above, upper))

    def _gamma_series(self, active: Value, a: Value, x: Value) -> Value:
        first = self.divide(1.0, a)

        def step(k: Value, total: Value, term: Value) -> tuple[Value, list[Value]]:
            term = self.multiply(term, self.divide(x, self.add(a, k)))
            total = self.add(total, term)
            return self.compare("gt", term, self.multiply(total, EPSILON / 4)), [total, term]

        return self.iterate(active, [first, first], step, _LIMIT)[0]

    def _gamma_fraction(self, active: Value, a: Value, x: Value) -> Value:
        first = self.subtract(self.add(x, 1.0), a)

        def step(k: Value) -> tuple[Value, Value]:
            return self.multiply(k, self.subtract(a, k)), self.fma(k, 2.0, first)

        return self.fraction(active, first, step, _LIMIT)

    def _uniform(self, a: Value, gap: Value, logarithm: Value, size: Value) -> tuple[Value, Value]:
        """Temme's expansion; both parts divided by the density."""
        excess = self.excess(gap, logarithm)
        eta = self.copysign(self.sqrt(self.add(excess, excess)), gap)
        # Beyond it the density vanishes, and so does all but one of the parts.
        near = self.between(-0.5, eta, 0.5)
        inverse = self.divide(1.0, a)
        rest = self.fma(self.polynomial(near, {8: _C1}), inverse, self.polynomial(near, {8: _C0}))
        # D = sqrt(a / 2π) exp(-a φ - Δ(a)) here.
        rest = self.multiply(rest, self.multiply(inverse, self.exp(self.stirling_rest(a))))
        place = self.multiply(eta, self.sqrt(self.multiply(a, 0.5)))
        half = self.multiply(size, 0.5)
        below, above = (self.multiply(half, self.erfc(z)) for z in (self.negative(place), place))
        return self.subtract(below, rest), self.add(above, rest)
