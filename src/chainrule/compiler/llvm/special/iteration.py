r"""What the special functions share: iterations of all lanes, and Stirling's approximation.

Densities of the gamma and beta distributions are products of huge and tiny factors. With
:math:`\ln Γ(a) = (a - \frac12) \ln a - a + \frac12 \ln 2π + Δ(a)` and :math:`φ(λ) = λ - \ln(1 + λ)` they
have exponents that are small wherever the density is not (Loader, *Fast and accurate computation of
binomial probabilities*, 2000).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from chainrule.compiler.llvm.math import Math
from chainrule.compiler.llvm.math.base import FLOAT64
from chainrule.compiler.llvm.types import Value

EPSILON = 2.0**-53
# Parameters below it are as good as it: all of a distribution is at one end.
SMALLEST = 1e-306
# A denominator of a continued fraction that is 0 is replaced by this (Thompson and Barnett, 1986).
_TINY = 1e-307
HALF_LOG_TAU = math.log(2 * math.pi) / 2

# B_2k / (2k (2k - 1)): Stirling's series (Abramowitz and Stegun, 6.1.40).
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)
_LARGE = 10.0
# 2 artanh s = 2 s (1 + s²/3 + s⁴/5 + …); with |λ| < 1/2, s² is at most 1/9.
_ARTANH = tuple(1 / (2 * k + 3) for k in range(18))

Step = Callable[..., tuple[Value, Sequence[Value]]]


class Iteration(Math):
    """Iterations, and Stirling's approximation."""

    def iterate(self, active: Value, start: Sequence[Value], step: Step, limit: int) -> list[Value]:
        """Repeat ``step(k, *values) -> (lanes that go on, values)`` as long as an active lane goes on.

        k counts 1, 2, …, up to a limit; values of lanes that are done stay as they are.
        """
        first = start[0]
        count = self.constant(1.0, FLOAT64, first.lanes)

        def once(k: Value, going: Value, *values: Value) -> tuple[Value, Sequence[Value]]:
            more, following = step(k, *values)
            kept = [self.select(going, new, old) for new, old in zip(following, values, strict=True)]
            following_k = self.add(k, 1.0)
            going = self.bits_and(self.bits_and(going, more), self.compare("le", following_k, float(limit)))
            return self.any_lane(going), [following_k, going, *kept]

        def run() -> Sequence[Value]:
            return self.repeat_while([count, active, *start], once)[2:]

        return list(self.choose(self.any_lane(active), run, lambda: list(start)))

    def fraction(
        self, active: Value, first: Value, step: Callable[[Value], tuple[Value, Value]], limit: int
    ) -> Value:
        r"""The continued fraction :math:`\frac{1}{b_0 + \frac{a_1}{b_1 + \cdots}}` by Lentz's method.

        ``step(k) -> (a, b)``; ``first`` is b₀.
        """
        inverse = self.divide(1.0, self._off_zero(first))
        ratio = self.constant(1 / _TINY, first.dtype, first.lanes)

        def once(k: Value, value: Value, above: Value, below: Value) -> tuple[Value, Sequence[Value]]:
            a, b = step(k)
            below = self.divide(1.0, self._off_zero(self.fma(a, below, b)))
            above = self._off_zero(self.add(b, self.divide(a, above)))
            change = self.multiply(below, above)
            more = self.compare("gt", self.absolute(self.subtract(change, 1.0)), 4 * EPSILON)
            return more, [self.multiply(value, change), above, below]

        return self.iterate(active, [inverse, ratio, inverse], once, limit)[0]

    def _off_zero(self, x: Value) -> Value:
        return self.select(self.compare("lt", self.absolute(x), _TINY), _TINY, x)

    def stirling_rest(self, a: Value) -> Value:
        r"""What Stirling's formula leaves of the logarithm of the gamma function, Δ(a).

        Small numbers are raised: :math:`Δ(a) - Δ(a+1) = (a + \frac12) \ln(1 + \frac1a) - 1`, which is
        :math:`\frac{s^2}{3} + \frac{s^4}{5} + …` with :math:`s = 1 / (2a + 1)`.
        """
        first = self.fma(self.add(a, 0.5), self.log1p(self.divide(1.0, a)), -1.0)
        tiny = self.compare("lt", a, 1.0)
        total = self.select(tiny, first, 0.0)
        a = self.select(tiny, self.add(a, 1.0), a)
        with self.loop(0, int(_LARGE) - 1, carried=[total, a]) as loop:
            total, a = loop.carried
            s = self.divide(1.0, self.fma(a, 2.0, 1.0))
            square = self.multiply(s, s)
            small = self.compare("lt", a, _LARGE)
            term = self.multiply(square, self.polynomial(square, {8: _ARTANH}))
            total = self.add(total, self.select(small, term, 0.0))
            loop.next(total, self.select(small, self.add(a, 1.0), a))
        total, a = loop.results
        inverse = self.divide(1.0, a)
        series = self.polynomial(self.multiply(inverse, inverse), {8: _STIRLING})
        return self.fma(inverse, series, total)

    def excess(self, gap: Value, logarithm: Value) -> Value:
        r""":math:`φ(λ) = λ - \ln(1 + λ)` of a gap λ; the logarithm is used where λ is not small.

        With :math:`s = λ / (2 + λ)` it is :math:`s λ - 2 (\frac{s^3}{3} + \frac{s^5}{5} + …)`.
        """
        near = self.compare("lt", self.absolute(gap), 0.5)
        small = self.select(near, gap, 0.0)
        s = self.divide(small, self.add(small, 2.0))
        square = self.multiply(s, s)
        series = self.multiply(self.multiply(square, 2.0), self.polynomial(square, {8: _ARTANH}))
        return self.select(
            near, self.multiply(s, self.subtract(small, series)), self.subtract(gap, logarithm)
        )

    def weighted_excess(self, a: Value, gap: Value, logarithm: Value) -> Value:
        """The excess of gap / a, times a; where it is large, gap stands alone, so that nothing overflows."""
        ratio = self.divide(gap, a)
        near = self.compare("lt", self.absolute(ratio), 0.5)
        small = self.multiply(
            a, self.excess(self.select(near, ratio, 0.0), self.select(near, logarithm, 0.0))
        )
        return self.select(near, small, self.subtract(gap, self.multiply(a, logarithm)))
