r"""Reduction of large arguments by π, exactly (Payne and Hanek, *Radian reduction*, 1983).

Of :math:`x = M 2^E`, M an integer of 53 bits, only the fraction of :math:`x / π` and the parity of its
integer part count. Bits of :math:`2^E / π` that are worth 2 or more do not change them; of the following 192
bits the product with M has at least 76 right ones, however near x is to a multiple of π (for numbers of
float64 the fraction is above :math:`2^{-62}`: Muller, *Elementary Functions*, section 11.2.1).
"""

from __future__ import annotations

import math

import numpy as np

from chainrule.compiler.llvm.math.base import FLOAT32, FLOAT64, FORMATS, Elementary, Pair
from chainrule.compiler.llvm.math.constants import inverse_pi
from chainrule.compiler.llvm.memory import Memory
from chainrule.compiler.llvm.types import INDEX, Pointer, Value

_WORD, _MASK, _WORDS = 32, 2**32 - 1, 6
# Zeros before the point, so that small exponents find bits too.
_BEFORE = 64
_UINT64 = np.dtype(np.uint64)


class Reduction(Elementary, Memory):
    """Reduction of large arguments."""

    def reduce_exactly(self, x: Value, turn: float, offset: float) -> Pair:
        """``x`` less the nearest n + ``offset`` times ``turn`` π, and n, for cosines n + 1."""
        if x.dtype == FLOAT32:
            rest, count = self.reduce_exactly(self.cast(x, FLOAT64), turn, offset)
            return self.cast(rest, FLOAT32), self.cast(count, FORMATS[FLOAT32].integer)
        bits = self.reinterpret(self.absolute(x), _UINT64)
        mantissa = self.bits_or(self.bits_and(bits, 2**52 - 1), 2**52)
        exponent = self.subtract(self.shift_right(bits, 52), 1023 + 52)
        # The window starts at the bit worth 1 once multiplied; one further on for half turns.
        first = self.add(exponent, _BEFORE - (1 if turn == 1 else 0))
        top, middle, low = self._product(mantissa, self._window(first))
        if offset:
            top = self.subtract(top, 1 << 62)
        count = self.shift_right(self.add(top, 1 << 62), 63)
        rest = self._fraction(top, middle, low)
        rest = self.multiply(rest, turn * math.pi)
        if offset:
            count = self.add(count, 1)
        else:
            rest, count = self._with_sign(x, rest, count)
        finite = self.compare("lt", self.absolute(x), math.inf)
        return self.select(finite, rest, math.nan), self.reinterpret(count, INDEX)

    def _with_sign(self, x: Value, rest: Value, count: Value) -> Pair:
        """The rest of ``x`` from that of its absolute value; the parity is the same."""
        return self.reinterpret(
            self.bits_xor(self.as_bits(rest), self.bits_and(self.as_bits(x), -(2**63))), FLOAT64
        ), count

    def _window(self, first: Value) -> list[Value]:
        """Six words of 32 bits of 1/π, the highest first, from a bit on."""
        table = self.module.table(_bits_of_inverse_pi())
        word = self.reinterpret(self.shift_right(first, 5), INDEX)
        places = self.bits_and(first, _WORD - 1)
        found = []
        for i in range(_WORDS):
            pair = self._look_up(table, self.add(word, i))
            found.append(self.shift_right(self.shift_left(pair, places), _WORD))
        return found

    def _look_up(self, table: Pointer, places: Value) -> Value:
        # Those of infinity and NaN lie outside.
        places = self.minimum(self.maximum(places, 0), len(_bits_of_inverse_pi()) - 1)
        if places.lanes == 1:
            return self.load(self.element(table, places, _UINT64), _UINT64)
        return self.gather(table, places, _UINT64)

    def _product(self, mantissa: Value, window: list[Value]) -> tuple[Value, Value, Value]:
        """The lowest 192 bits of a product, in three words of 64, the highest first."""
        low, high = self.bits_and(mantissa, _MASK), self.shift_right(mantissa, _WORD)
        words = [self.constant(0, _UINT64, mantissa.lanes)] * _WORDS
        for factor, shift in ((low, 0), (high, 1)):
            carry = self.constant(0, _UINT64, mantissa.lanes)
            for i in range(_WORDS - 1, shift - 1, -1):
                total = self.add(self.multiply(factor, window[i]), self.add(words[i - shift], carry))
                words[i - shift], carry = self.bits_and(total, _MASK), self.shift_right(total, _WORD)
        pairs = zip(words[::2], words[1::2], strict=True)
        first, second, third = (self.bits_or(self.shift_left(a, _WORD), b) for a, b in pairs)
        return first, second, third

    def _fraction(self, top: Value, middle: Value, low: Value) -> Value:
        """What is behind the highest bit, as a signed fraction of at most a half."""
        signed = self.reinterpret(self.shift_left(top, 1), INDEX)
        sign = self.shift_right(signed, 63)
        words = []
        for a, b in ((top, middle), (middle, low)):
            word = self.bits_or(self.shift_left(a, 1), self.shift_right(b, 63))
            word = self.bits_xor(word, self.reinterpret(sign, _UINT64))
            words += [self.shift_right(word, _WORD), self.bits_and(word, _MASK)]
        total = self.constant(0.0, FLOAT64, top.lanes)
        for i in range(len(words) - 1, -1, -1):
            total = self.fma(self._as_float(words[i]), 2.0 ** (-_WORD * (i + 1)), total)
        return self.copysign(total, self.reinterpret(signed, FLOAT64))

    def _as_float(self, word: Value) -> Value:
        """A number below 2^32: as the lowest bits of 2^52, which is then taken away."""
        return self.subtract(self.reinterpret(self.bits_or(word, 0x433 << 52), FLOAT64), 2.0**52)


def _bits_of_inverse_pi() -> np.ndarray:
    """1/π by bits: entry k has 64 of them from bit 32 k on."""
    return np.array(inverse_pi(_BEFORE, 40), np.uint64)
