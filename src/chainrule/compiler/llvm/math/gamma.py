r"""The logarithm of the gamma function, and its derivatives.

Near the zeros of :math:`\ln Γ`, 1 and 2, a sum of large terms would have no right digits: from 1 to 3 it is
:math:`(x - 1)(x - 2) G(x)` with a polynomial G. Smaller arguments are raised by one, those up to 8 lowered
by the recurrence :math:`Γ(x + 1) = x Γ(x)`, and above 8 Stirling's series is used (Abramowitz and Stegun,
*Handbook of Mathematical Functions*, 6.1.40); below 0 the reflection formula (6.1.17).
The polygamma functions are Stirling's series differentiated (6.4.11), for which arguments are raised to 10
and more by the recurrence; below 0 they are reflected (6.4.7). Everything is computed in float64.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from fractions import Fraction

from chainrule.compiler.llvm.math.coefficients import LGAMMA
from chainrule.compiler.llvm.math.power import Power
from chainrule.compiler.llvm.math.rounding import Rounding
from chainrule.compiler.llvm.math.trigonometric import Trigonometric
from chainrule.compiler.llvm.types import Value, register_type

# B_2, B_4, … (Abramowitz and Stegun, table 23.2).
_BERNOULLI = [
    Fraction(*ratio)
    for ratio in [
        (1, 6),
        (-1, 30),
        (1, 42),
        (-1, 30),
        (5, 66),
        (-691, 2730),
        (7, 6),
        (-3617, 510),
        (43867, 798),
    ]
]
_HALF_LOG_TAU = math.log(2 * math.pi) / 2
_FROM, _STEPS = 10.0, 10


def known_integer(x: Value) -> int | None:
    """The integer that a value is in every lane, if it is a constant; else None.

    Examples
    --------
    >>> import numpy as np
    >>> known_integer(Value("splat (i64 2)", np.dtype(np.int64), 8))
    2
    """
    text = x.text.removeprefix(f"splat ({register_type(x.dtype)} ").removesuffix(")")
    if x.kind in "iu":
        return int(text) if text.lstrip("-").isdigit() else None
    if not text.startswith("0x"):
        return None
    number = struct.unpack(">d", bytes.fromhex(text[2:]))[0]
    return int(number) if number.is_integer() else None


class Gamma(Power, Rounding, Trigonometric):
    """The logarithm of the gamma function, and its derivatives."""

    def lgamma(self, x: Value) -> Value:
        r""":math:`\ln |Γ(x)|`, infinite at 0 and negative integers."""
        return self.in_double(self._lgamma, x)

    def _lgamma(self, x: Value) -> Value:
        size = self.absolute(x)
        above = self._lgamma_of_positive(size)
        # Γ(x) Γ(-x) = -π / (x sin πx)
        sine = self.absolute(self._sin_of_turns(size))
        below = self.subtract(self.log(self.divide(math.pi, self.multiply(size, sine))), above)
        # Near 0 it is -ln |x|, even where 1 / |x| is infinite.
        below = self.select(self.compare("lt", size, 1e-300), above, below)
        below = self.select(self.compare("eq", sine, 0.0), math.inf, below)
        y = self.select(self.compare("lt", x, 0.0), below, above)
        return self.select(self.compare("eq", size, math.inf), x, y)

    def _lgamma_of_positive(self, x: Value) -> Value:
        small, large = self.compare("lt", x, 1.0), self.compare("ge", x, 8.0)
        within, factor = self._brought_to_2(self.minimum(x, 8.0))
        u = self.select(small, self.subtract(x, 1.0), self.subtract(within, 2.0))
        near = self.multiply(self.multiply(u, self.add(u, 1.0)), self.polynomial(u, LGAMMA))
        logarithm = self.log(self.select(self.bits_or(small, large), x, factor))
        near = self.select(small, self.subtract(near, logarithm), self.add(near, logarithm))
        return self.select(large, self._stirling(x, logarithm), near)

    def _brought_to_2(self, x: Value) -> tuple[Value, Value]:
        """A number below 8 less an integer, from 1 to 3, and by what the gamma function has grown between."""
        factor = self.constant(1.0, x.dtype, x.lanes)
        for _ in range(5):
            more = self.compare("ge", x, 3.0)
            x = self.subtract(x, self.select(more, self.constant(1.0, x.dtype, x.lanes), 0.0))
            factor = self.multiply(factor, self.select(more, x, 1.0))
        return x, factor

    def _stirling(self, x: Value, logarithm: Value) -> Value:
        inverse = self.divide(1.0, x)
        terms = [b / (2 * k * (2 * k - 1)) for k, b in enumerate(_BERNOULLI, 1)]
        rest = self.multiply(inverse, self._series(self.multiply(inverse, inverse), terms))
        # x (ln x - 1) must not overflow before it is large.
        main = self.fma(self.subtract(x, 0.5), self.subtract(logarithm, 1.0), _HALF_LOG_TAU - 0.5)
        y = self.add(main, rest)
        return self.select(self.compare("lt", x, math.inf), y, x)

    def _series(self, x: Value, terms: Sequence[Fraction]) -> Value:
        return self.polynomial(x, {8: [float(term) for term in terms]})

    def _sin_of_turns(self, x: Value) -> Value:
        r""":math:`\sin πx` but for the sign: of the distance from the nearest integer, which is exact."""
        away = self.subtract(x, self.round(x))
        return self._sin_near_0(self.multiply(away, math.pi))

    def polygamma(self, n: int | Value, x: Value) -> Value:
        r"""The derivative :math:`ψ_n(x) = \frac{d^{n+1}}{dx^{n+1}} \ln Γ(x)`.

        Each order is a program of its own: ``n`` is a constant, that is, `known_integer` finds a number.
        """
        order = n if isinstance(n, int) else known_integer(n)
        assert order is not None, "the order of polygamma is not a constant"
        return self.in_double(lambda x: self._polygamma(order, x), x)

    def _polygamma(self, n: int, x: Value) -> Value:
        negative = self.compare("lt", x, 0.0)
        y = self._polygamma_of_positive(n, self.select(negative, self.subtract(1.0, x), x))
        sign = -1.0 if n % 2 else 1.0
        reflected = self.fma(y, sign, self.negative(self._cotangent_derivative(n, x)))
        y = self.select(negative, reflected, y)
        pole = self.bits_and(self.compare("le", x, 0.0), self.compare("eq", self.floor(x), x))
        return self.select(pole, self._at_pole(n, x), y)

    def _at_pole(self, n: int, x: Value) -> Value:
        """SciPy's values: of ψ itself infinity of the other sign at 0 and NaN elsewhere, else infinity."""
        if n:
            return self.constant(math.inf if n % 2 else -math.inf, x.dtype, x.lanes)
        infinite = self.copysign(self.constant(math.inf, x.dtype, x.lanes), self.negative(x))
        return self.select(self.compare("eq", x, 0.0), infinite, math.nan)

    def _polygamma_of_positive(self, n: int, x: Value) -> Value:
        r"""Of positive numbers: :math:`ψ_n(x) = ψ_n(x + k) - (-1)^n n! \sum_{i<k} (x + i)^{-n-1}`."""
        total = self.constant(0.0, x.dtype, x.lanes)
        for _ in range(_STEPS):
            more = self.compare("lt", x, _FROM)
            term = self._whole_power(self.divide(1.0, x), n + 1)
            total = self.add(total, self.select(more, term, 0.0))
            x = self.add(x, self.select(more, self.constant(1.0, x.dtype, x.lanes), 0.0))
        sign = -1.0 if n % 2 else 1.0
        return self.fma(total, -sign * math.factorial(n), self._asymptotic(n, x))

    def _asymptotic(self, n: int, x: Value) -> Value:
        inverse = self.divide(1.0, x)
        square = self.multiply(inverse, inverse)
        if n == 0:
            terms = [-b / (2 * k) for k, b in enumerate(_BERNOULLI, 1)]
            rest = self.fma(inverse, -0.5, self.multiply(square, self._series(square, terms)))
            return self.add(self.log(x), rest)
        sign = -1 if n % 2 == 0 else 1
        terms = [
            sign * b * Fraction(math.factorial(2 * k + n - 1), math.factorial(2 * k))
            for k, b in enumerate(_BERNOULLI, 1)
        ]
        first, second = sign * math.factorial(n - 1), sign * math.factorial(n) / 2
        rest = self.fma(inverse, self._series(square, terms), second)
        return self.multiply(self._whole_power(inverse, n), self.fma(inverse, rest, float(first)))

    def _cotangent_of_turns(self, x: Value) -> Value:
        r""":math:`\cot πx`, by the distance from the nearest integer or half, which is exact."""
        away = self.subtract(x, self.round(x))
        size = self.absolute(away)
        steep = self.compare("lt", size, 0.25)
        angle = self.multiply(self.select(steep, size, self.subtract(0.5, size)), math.pi)
        sine, cosine = self._sin_near_0(angle), self._cos_near_0(angle)
        ratio = self.divide(self.select(steep, cosine, sine), self.select(steep, sine, cosine))
        return self.copysign(ratio, away)

    def _whole_power(self, x: Value, n: int) -> Value:
        y = x
        for _ in range(n - 1):
            y = self.multiply(y, x)
        return y

    def _cotangent_derivative(self, n: int, x: Value) -> Value:
        r""":math:`\frac{d^n}{dx^n} π \cot πx`, up to the sign in the reflection formula.

        With :math:`c = \cot πx` each derivative is a polynomial in c, as :math:`c' = -π (1 + c^2)`.
        """
        polynomial = [0, 1]
        for _ in range(n):
            slope = [k * c for k, c in enumerate(polynomial)][1:]
            polynomial = [-a - b for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
        value = self.polynomial(self._cotangent_of_turns(x), {8: [float(c) for c in polynomial]})
        return self.multiply(value, math.pi ** (n + 1))
