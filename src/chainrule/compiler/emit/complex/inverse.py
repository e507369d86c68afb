r"""Inverse trigonometric and hyperbolic functions of complex numbers.

The formulas are those of Kahan, *Branch cuts for complex elementary functions* (1987): nothing cancels, and
the sign of a zero says on which side of a branch cut a number lies.
"""

from __future__ import annotations

import math

from chainrule.compiler.emit.complex.exponential import Exponential
from chainrule.compiler.emit.complex.pair import Pair
from chainrule.compiler.llvm import Value

# From here on 1 is nothing beside a square.
_LARGE = 2.0**60


class Inverse(Exponential):
    """Inverse trigonometric and hyperbolic functions."""

    def arcsin(self, z: Pair) -> Pair:
        r"""With p and q the roots of 1 - z and 1 + z.

        .. math:: \operatorname{arctan2}(x, \Re pq) + i \operatorname{arsinh} \Im \bar p q
        """
        return self.in_double(self._arcsin, z)

    def _arcsin(self, z: Pair) -> Pair:
        b = self.b
        below, above = self._roots_around(z)
        across = self._imag_of_product(self.conj(below), above)
        real = b.arctan2(z.real, self.multiply(below, above).real)
        large, far = self._far(z)
        real = b.select(large, b.arctan2(z.real, b.absolute(z.imag)), real)
        real = b.select(b.compare("eq", z.real, 0.0), z.real, real)
        return Pair(real, b.select(large, b.copysign(far, z.imag), b.arcsinh(across)))

    def arccos(self, z: Pair) -> Pair:
        r"""With p and q the roots of 1 - z and 1 + z.

        .. math:: 2 \operatorname{arctan2}(\Re p, \Re q) + i \operatorname{arsinh} \Im \bar q p
        """
        return self.in_double(self._arccos, z)

    def _arccos(self, z: Pair) -> Pair:
        b = self.b
        below, above = self._roots_around(z)
        across = self._imag_of_product(self.conj(above), below)
        angle = b.arctan2(below.real, above.real)
        large, far = self._far(z)
        real = b.select(large, b.arctan2(b.absolute(z.imag), z.real), b.add(angle, angle))
        imag = b.select(large, b.copysign(far, b.negative(z.imag)), b.arcsinh(across))
        return Pair(b.select(self._is_upright(z), math.pi / 2, real), imag)

    def _is_upright(self, z: Pair) -> Value:
        """Whether the angle is right, though the length is NaN."""
        return self.b.bits_and(self.b.compare("eq", z.real, 0.0), self.b.is_nan(z.imag))

    def arccosh(self, z: Pair) -> Pair:
        r"""With p and q the roots of z - 1 and z + 1.

        .. math:: \operatorname{arsinh} \Re \bar p q + 2i \operatorname{arctan2}(\Im p, \Re q)
        """
        return self.in_double(self._arccosh, z)

    def _arccosh(self, z: Pair) -> Pair:
        b = self.b
        below = self._sqrt(Pair(b.subtract(z.real, 1.0), z.imag))
        above = self._sqrt(Pair(b.add(z.real, 1.0), z.imag))
        along = self.multiply(self.conj(below), above).real
        angle = b.arctan2(below.imag, above.real)
        large, far = self._far(z)
        real = b.select(large, far, b.arcsinh(along))
        imag = b.select(large, self.angle(z), b.add(angle, angle))
        return Pair(real, b.select(self._is_upright(z), math.pi / 2, imag))

    def arctanh(self, z: Pair) -> Pair:
        r"""For x ≥ 0; the function is odd.

        .. math:: \tfrac14 \ln(1 + \tfrac{4x}{(1-x)^2 + y^2})
                  + \tfrac i2 \operatorname{arctan2}(2y, (1-x)(1+x) - y^2)
        """
        return self.in_double(self._arctanh, z)

    def _arctanh(self, z: Pair) -> Pair:
        b = self.b
        x, y = b.absolute(z.real), z.imag
        large = b.bits_or(b.compare("gt", x, _LARGE), b.compare("gt", b.absolute(y), _LARGE))
        near_x, near_y = b.select(large, 0.0, x), b.select(large, 0.0, y)
        rest = b.subtract(self._one(x), near_x)
        square = b.multiply(near_y, near_y)
        ratio = b.divide(b.multiply(near_x, 4.0), b.fma(rest, rest, square))
        real = b.multiply(b.log1p(ratio), 0.25)
        # The square of the distance from 1 may vanish before its logarithm is infinite.
        at_one = b.bits_and(b.compare("eq", x, 1.0), b.compare("lt", b.absolute(y), 1e-100))
        close = b.multiply(b.subtract(math.log(2), b.log(b.absolute(y))), 0.5)
        real = b.select(at_one, close, real)
        inner = b.subtract(b.multiply(rest, b.add(near_x, 1.0)), square)
        imag = b.multiply(b.arctan2(b.add(near_y, near_y), inner), 0.5)
        real = b.select(large, self._inverse_of_large(x, y), real)
        quarter = b.copysign(b.constant(math.pi / 2, x.dtype, x.lanes), y)
        real = b.select(b.compare("eq", x, 0.0), x, real)
        unknown = b.bits_or(b.is_nan(y), b.bits_and(b.is_nan(x), b.bits_not(b.isinf(y))))
        imag = b.select(unknown, math.nan, b.select(large, quarter, imag))
        return Pair(b.copysign(real, z.real), imag)

    def _inverse_of_large(self, x: Value, y: Value) -> Value:
        """The real part of 1 / z, 0 at infinity."""
        b = self.b
        found = self.reciprocal(Pair(x, y)).real
        return b.select(b.bits_or(b.isinf(x), b.isinf(y)), 0.0, found)

    def arcsinh(self, z: Pair) -> Pair:
        r""":math:`-i \arcsin iz`."""
        return self.turned_back(self.arcsin(self.turned(z)))

    def arctan(self, z: Pair) -> Pair:
        r""":math:`-i \operatorname{artanh} iz`."""
        return self.turned_back(self.arctanh(self.turned(z)))

    def _roots_around(self, z: Pair) -> tuple[Pair, Pair]:
        """The roots of 1 - z and 1 + z; the sign of a zero is kept."""
        b = self.b
        below = Pair(b.subtract(self._one(z.real), z.real), b.negative(z.imag))
        return self._sqrt(below), self._sqrt(Pair(b.add(z.real, 1.0), z.imag))

    def _imag_of_product(self, z: Pair, w: Pair) -> Value:
        return self.multiply(z, w).imag

    def _far(self, z: Pair) -> tuple[Value, Value]:
        r"""Whether 1 is nothing beside z, and :math:`\ln |2z|`."""
        b = self.b
        wide, tall = b.absolute(z.real), b.absolute(z.imag)
        large = b.bits_or(b.compare("gt", wide, _LARGE), b.compare("gt", tall, _LARGE))
        return large, b.add(self.log_of_length(wide, tall), math.log(2))
