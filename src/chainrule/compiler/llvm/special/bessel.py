r"""Modified Bessel functions of the first kind, and spherical ones.

All terms of :math:`I_n(x) = \frac{(x/2)^n}{n!} \sum_k \frac{(x^2/4)^k}{k! (n+1) \cdots (n+k)}` have one sign
(Abramowitz and Stegun, 9.6.10), so the series has no bad places. Spherical functions go upwards in n from
:math:`\frac{\sin x}{x}` while that is stable, up to n = x, and downwards by Miller's algorithm beyond
(ibid., 10.1.19 and 10.5); for small x the series 10.1.2 is summed. Relative errors are below 1e-13 for
orders up to 170, 1e-11 beyond, and of spherical functions below 1e-12 of their size nearby.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.math.base import FLOAT64
from chainrule.compiler.llvm.special.iteration import EPSILON, Iteration
from chainrule.compiler.llvm.types import Value

_LIMIT = 1 << 15
# Beyond it the function is infinite for all orders that the definition can tell from 0.
_LARGEST = 1e4
_HUGE = 1e150
# Up to this order the first term is a product of numbers, beyond it a sum of logarithms.
_MANY = 170.0


class Bessel(Iteration):
    """Bessel functions of whole orders."""

    def bessel_i(self, n: Value, x: Value) -> Value:
        """The modified Bessel function of order n."""
        order = self.absolute(self.cast(n, FLOAT64))
        return self.in_double(lambda x: self._bessel_i(order, x), x)

    def _bessel_i(self, n: Value, x: Value) -> Value:
        size = self.minimum(self.absolute(x), _LARGEST)
        half = self.multiply(size, 0.5)
        square = self.multiply(half, half)
        one = self.constant(1.0, x.dtype, x.lanes)

        def step(k: Value, total: Value, term: Value) -> tuple[Value, list[Value]]:
            term = self.multiply(term, self.divide(square, self.multiply(k, self.add(n, k))))
            total = self.add(total, term)
            more = self.compare("gt", term, self.multiply(total, EPSILON / 4))
            return self.bits_and(more, self.compare("lt", total, math.inf)), [total, term]

        series = self.iterate(self.compare("gt", size, 0.0), [one, one], step, _LIMIT)[0]
        # For large n the first factor may vanish where the product does not.
        exponent = self.subtract(self.multiply(n, self.log(half)), self.lgamma(self.add(n, 1.0)))
        by_logarithms = self.exp(self.add(exponent, self.log(series)))
        few = self.compare("le", n, _MANY)
        found = self.multiply(self._power_by_factorial(few, half, n), series)
        found = self.select(few, found, by_logarithms)
        found = self.select(self._odd(n), self.copysign(found, x), found)
        return self.select(self.is_nan(x), x, found)

    def _power_by_factorial(self, active: Value, x: Value, n: Value) -> Value:
        r""":math:`x^n / n!`, factor by factor."""
        one = self.constant(1.0, x.dtype, x.lanes)

        def step(k: Value, product: Value) -> tuple[Value, list[Value]]:
            return self.compare("lt", k, n), [self.multiply(product, self.divide(x, k))]

        return self.iterate(self.bits_and(active, self.compare("gt", n, 0.0)), [one], step, _LIMIT)[0]

    def _odd(self, n: Value) -> Value:
        half = self.multiply(n, 0.5)
        return self.compare("ne", self.floor(half), half)

    def spherical_bessel(self, n: Value, x: Value) -> Value:
        """The spherical Bessel function of order n; NaN for negative orders."""
        order = self.cast(n, FLOAT64)
        return self.in_double(lambda x: self._spherical_bessel(order, x), x)

    def _spherical_bessel(self, n: Value, x: Value) -> Value:
        size = self.absolute(x)
        usual = self.bits_and(self.compare("ge", n, 0.0), self.compare("lt", size, math.inf))
        small = self.compare("lt", self.multiply(size, size), self.fma(n, 2.0, 3.0))
        up = self.bits_and(self.compare("lt", n, size), self.bits_not(small))
        down = self.bits_not(self.bits_or(small, up))
        inner = self.select(small, 1.0, size)
        first = self.divide(self.sin(inner), inner)
        second = self.divide(self.subtract(first, self.cos(inner)), inner)
        found = self.select(up, self._upwards(self.bits_and(up, usual), n, inner, first, second), 0.0)
        below = self._downwards(self.bits_and(down, usual), n, inner, first, second)
        found = self.select(down, below, found)
        found = self.select(small, self._spherical_series(self.bits_and(small, usual), n, size), found)
        found = self.select(self.compare("eq", size, math.inf), 0.0, found)
        found = self.select(
            self.bits_and(self._odd(n), self.compare("lt", x, 0.0)), self.negative(found), found
        )
        unfit = self.bits_or(self.compare("lt", n, 0.0), self.is_nan(x))
        return self.select(unfit, math.nan, found)

    def _spherical_series(self, active: Value, n: Value, x: Value) -> Value:
        """The product of x / (2k + 1) over k from 1 to n, times a series in -x² / 2."""
        one = self.constant(1.0, x.dtype, x.lanes)

        def factor(k: Value, product: Value) -> tuple[Value, list[Value]]:
            product = self.multiply(product, self.divide(x, self.fma(k, 2.0, 1.0)))
            more = self.bits_and(self.compare("lt", k, n), self.compare("gt", product, 0.0))
            return more, [product]

        some = self.bits_and(active, self.compare("gt", n, 0.0))
        product = self.iterate(some, [one], factor, _LIMIT)[0]
        half = self.multiply(self.multiply(x, x), -0.5)

        def step(k: Value, total: Value, term: Value) -> tuple[Value, list[Value]]:
            below = self.multiply(k, self.add(self.fma(n, 2.0, 1.0), self.add(k, k)))
            term = self.multiply(term, self.divide(half, below))
            return self.compare("gt", self.absolute(term), EPSILON / 8), [self.add(total, term), term]

        return self.multiply(product, self.iterate(active, [one, one], step, _LIMIT)[0])

    def _upwards(self, active: Value, n: Value, x: Value, first: Value, second: Value) -> Value:
        def step(k: Value, low: Value, high: Value) -> tuple[Value, list[Value]]:
            following = self.subtract(self.multiply(self.divide(self.fma(k, 2.0, 1.0), x), high), low)
            return self.compare("lt", self.add(k, 1.0), n), [high, following]

        some = self.bits_and(active, self.compare("gt", n, 1.0))
        _, found = self.iterate(some, [first, second], step, _LIMIT)
        return self.select(self.compare("eq", n, 0.0), first, found)

    def _downwards(self, active: Value, n: Value, x: Value, first: Value, second: Value) -> Value:
        """From an order at which the function is as good as 0; what comes out has a factor too much."""
        root = self.sqrt(self.multiply(n, 100.0))
        last = self.add(self.floor(self.add(n, root)), 20.0)
        zero, start = self.constant(0.0, x.dtype, x.lanes), self.constant(1e-150, x.dtype, x.lanes)

        def step(k: Value, order: Value, above: Value, here: Value, kept: Value) -> tuple[Value, list[Value]]:
            below = self.subtract(self.multiply(self.divide(self.fma(order, 2.0, 1.0), x), here), above)
            order = self.subtract(order, 1.0)
            kept = self.select(self.compare("eq", order, n), below, kept)
            large = self.compare("gt", self.absolute(below), _HUGE)
            scale = self.select(large, 1 / _HUGE, self.constant(1.0, x.dtype, x.lanes))
            values = [self.multiply(z, scale) for z in (here, below, kept)]
            return self.compare("gt", order, 0.0), [order, *values]

        _, one, zeroth, kept = self.iterate(active, [last, zero, start, zero], step, _LIMIT)
        by_first = self.compare("ge", self.absolute(first), self.absolute(second))
        exact, found = self.select(by_first, first, second), self.select(by_first, zeroth, one)
        return self.multiply(kept, self.divide(exact, found))
