r"""Polygamma functions of an order that is known only when the program runs.

.. math:: ψ_n(x) = (-1)^{n+1} n! \, ζ(n + 1, x), \qquad
   ζ(s, x) = \sum_{k<N} (x+k)^{-s} + \frac{w^{1-s}}{s-1} + \frac{w^{-s}}{2}
             + \sum_j \frac{B_{2j}}{(2j)!} s (s+1) \cdots (s+2j-2) \, w^{-s-2j+1}, \quad w = x + N

by Euler and Maclaurin's formula (DLMF 25.11.5). As in SciPy the sum begins below 0 for negative x, and
x = 0, -1, -2 … give infinity. Relative errors are below 1e-13.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.math import Math
from chainrule.compiler.llvm.math.base import FLOAT64
from chainrule.compiler.llvm.math.gamma import known_integer
from chainrule.compiler.llvm.types import Value

_STEPS = 12
# B_2j / (2j)!
_BERNOULLI = (
    1 / 12,
    -1 / 720,
    1 / 30240,
    -1 / 1209600,
    1 / 47900160,
    -691 / 1307674368000,
    1 / 74724249600,
    -3617 / 10670622842880000,
)


class Zeta(Math):
    """Polygamma functions of any order."""

    def polygamma_of_any(self, n: Value, x: Value) -> Value:
        """As `polygamma`; an order that is no constant may differ from lane to lane."""
        if known_integer(n) is not None:
            return self.polygamma(n, x)
        order = self.cast(n, FLOAT64)
        return self.in_double(lambda x: self._polygamma_of_any(order, x), x)

    def _polygamma_of_any(self, n: Value, x: Value) -> Value:
        parity = self.subtract(n, self.multiply(self.floor(self.multiply(n, 0.5)), 2.0))
        size = self.multiply(self.exp(self.lgamma(self.add(n, 1.0))), self.hurwitz(self.add(n, 1.0), x))
        found = self.select(self.compare("eq", parity, 1.0), size, self.negative(size))
        found = self.select(self.compare("eq", n, 0.0), self.polygamma(0, x), found)
        return self.select(self.compare("lt", n, 0.0), math.nan, found)

    def hurwitz(self, s: Value, x: Value) -> Value:
        """Hurwitz's zeta function of whole numbers s from 2 on."""
        above, x = self._raised(s, x)
        total = above
        for k in range(_STEPS):
            total = self.add(total, self._inverse_power(self.add(x, float(k)), s))
        w = self.add(x, float(_STEPS))
        inverse = self.divide(1.0, w)
        last = self._inverse_power(w, s)
        total = self.add(total, self.divide(self.power(w, self.subtract(1.0, s)), self.subtract(s, 1.0)))
        factor = self.multiply(s, inverse)
        series = self.constant(0.5, x.dtype, x.lanes)
        square = self.multiply(inverse, inverse)
        for j, b in enumerate(_BERNOULLI, 1):
            series = self.fma(factor, b, series)
            two = self.multiply(self.add(s, float(2 * j - 1)), self.add(s, float(2 * j)))
            factor = self.multiply(factor, self.multiply(two, square))
        total = self.fma(last, series, total)
        whole = self.bits_and(self.compare("le", x, 0.0), self.compare("eq", self.floor(x), x))
        return self.select(whole, math.inf, total)

    def _raised(self, s: Value, x: Value) -> tuple[Value, Value]:
        """Terms of negative numbers, and the number from which on they are positive."""
        zero = self.constant(0.0, x.dtype, x.lanes)

        def step(total: Value, x: Value) -> tuple[Value, list[Value]]:
            below = self.bits_and(self.compare("lt", x, 0.0), self.compare("ne", self.floor(x), x))
            total = self.add(total, self.select(below, self._inverse_power(x, s), 0.0))
            x = self.add(x, self.select(below, self.constant(1.0, x.dtype, x.lanes), 0.0))
            more = self.bits_and(self.compare("lt", x, 0.0), self.compare("ne", self.floor(x), x))
            return self.any_lane(more), [total, x]

        total, x = self.repeat_while([zero, x], step)
        return total, x

    def _inverse_power(self, x: Value, s: Value) -> Value:
        return self.power(x, self.negative(s))
