r"""Sine, cosine and tangent.

The nearest multiple of π (for the tangent of π/2) is taken from the argument: up to a bound with π in parts
(Cody and Waite, *Software Manual for the Elementary Functions*, 1980), beyond it with as many bits of 1/π
as the argument's exponent demands (`reduction`), in a branch that is taken only if a lane needs it. The rest
r, :math:`|r| \le π/2`, has the sine :math:`r + r^3 P(r^2)`, whose sign the multiple's parity decides; the
cosine is the same with multiples of π that are odd halves.
"""

from __future__ import annotations

import math

from chainrule.compiler.llvm.math.base import FLOAT32, FLOAT64, FORMATS, Pair
from chainrule.compiler.llvm.math.coefficients import COS, SIN
from chainrule.compiler.llvm.math.constants import PI
from chainrule.compiler.llvm.math.reduction import Reduction
from chainrule.compiler.llvm.types import Value


class Trigonometric(Reduction):
    """Sine, cosine and tangent."""

    def sin(self, x: Value) -> Value:
        r""":math:`\sin x`; polynomial of degree 9 (float64: 17)."""
        rest, parity = self._reduce(x, turn=1.0)
        y = self._at_most_1(self._sin_near_0(self.flip_sign(rest, parity)))
        return self.select(self.compare("eq", x, 0.0), x, y)

    def cos(self, x: Value) -> Value:
        r""":math:`\cos x = -\sin(x - π/2)`; polynomial of degree 9 (float64: 17)."""
        rest, parity = self._reduce(x, turn=1.0, offset=0.5)
        return self._at_most_1(self._sin_near_0(self.flip_sign(rest, parity)))

    def tan(self, x: Value) -> Value:
        r""":math:`\tan x = \sin r / \cos r`, or :math:`-\cos r / \sin r` after an odd multiple of π/2.

        In float32 computed in float64.
        """
        return self.in_double(self._tan, x)

    def _tan(self, x: Value) -> Value:
        rest, parity = self._reduce(x, turn=0.5)
        sine, cosine = self._sin_near_0(rest), self._cos_near_0(rest)
        odd = self.compare("ne", self.bits_and(parity, 1), 0)
        above, below = self.select(odd, cosine, sine), self.select(odd, sine, cosine)
        y = self.flip_sign(self.divide(above, below), parity)
        return self.select(self.compare("eq", x, 0.0), x, y)

    def _at_most_1(self, y: Value) -> Value:
        """Rounding must not make a sine larger than 1."""
        return self.between(-1.0, y, 1.0)

    def _sin_near_0(self, r: Value) -> Value:
        z = self.multiply(r, r)
        return self.fma(self.multiply(z, r), self.polynomial(z, SIN), r)

    def _cos_near_0(self, r: Value) -> Value:
        z = self.multiply(r, r)
        return self.fma(self.multiply(z, z), self.polynomial(z, COS), self.fma(z, -0.5, 1.0))

    def _reduce(self, x: Value, turn: float, offset: float = 0.0) -> Pair:
        """``x`` less the nearest n + ``offset`` times ``turn`` π, and n; for cosines n + 1."""
        if x.dtype == FLOAT32 and not self.module.fused:
            rest, count = self._reduce(self.cast(x, FLOAT64), turn, offset)
            return self.cast(rest, FLOAT32), self.cast(count, FORMATS[FLOAT32].integer)
        bound = turn * self.pick(x, 2.0**15, 2.0**20)
        far = self.bits_not(self.compare("le", self.absolute(x), bound))
        near = self._reduce_by_parts(x, turn, offset)
        # A lane's result is the same whatever the other lanes hold.
        rest, count = self.choose(
            self.any_lane(far),
            lambda: [
                self.select(far, *both)
                for both in zip(self.reduce_exactly(x, turn, offset), near, strict=True)
            ],
            lambda: near,
        )
        return rest, count

    def _reduce_by_parts(self, x: Value, turn: float, offset: float) -> Pair:
        form = FORMATS[x.dtype]
        shift = form.magic + (1.0 if offset else 0.0)
        if offset:
            shifted = self.add(self.fma(x, 1 / (turn * math.pi), -offset), shift)
            n = self.add(self.subtract(shifted, shift), offset)
        else:
            shifted = self.fma(x, 1 / (turn * math.pi), shift)
            n = self.subtract(shifted, shift)
        rest = x
        for part in PI[x.dtype.itemsize]:
            rest = self.fma(n, -turn * part, rest)
        return rest, self.as_bits(shifted)
