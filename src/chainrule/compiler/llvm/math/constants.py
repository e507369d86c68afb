"""Constants in parts: the sum is the number to more digits than one float holds.

All parts but the last have trailing zeros, so that a product with a small integer is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

Parts = Mapping[int, tuple[float, ...]]

# 80 digits are enough for any of the parts below.
_LN2 = Fraction("0.69314718055994530941723212145817656807550013436025525412068000949339362196969472")


def parts(number: Fraction, *bits: int) -> tuple[float, ...]:
    """A number as a sum of floats of so many bits each."""
    found = []
    for count in bits:
        exponent = 0
        while number and abs(number) * Fraction(2) ** exponent < 2 ** (count - 1):
            exponent += 1
        part = Fraction(round(number * Fraction(2) ** exponent)) / Fraction(2) ** exponent
        found.append(float(part))
        number -= part
    return tuple(found)


_PI = Fraction("3.14159265358979323846264338327950288419716939937510582097494459230781640628620900")
_LOG10_2 = Fraction("0.30102999566398119521373889472449302676818988146210854131042746112710818927442451")

# By the bytes of the element type. A multiple of these has up to 8 bits (float64: 11).
LOG10_2: Parts = {4: parts(_LOG10_2, 15, 24), 8: parts(_LOG10_2, 41, 53)}
LN2: Parts = {4: parts(_LN2, 15, 24), 8: parts(_LN2, 41, 53)}
# A multiple of this has up to 20 bits. In float32 only a fused product with the parts is exact.
PI: Parts = {4: parts(_PI, 24, 24, 24), 8: parts(_PI, 33, 33, 33, 53)}


def inverse_pi(before: int, words: int) -> list[int]:
    """Bits of 1/π after so many zeros, 64 of them from each 32nd bit on."""
    bits = 32 * (words + 2)
    number = (1 << (2 * bits)) // _pi_times(bits) >> before
    return [(number >> (bits - 64 - 32 * k)) & (2**64 - 1) for k in range(words)]


def _pi_times(bits: int) -> int:
    """π times a power of two, rounded down (Machin's formula)."""
    guard = 32
    one = 1 << (bits + guard)
    total = 4 * (4 * _arctan_of_inverse(5, one) - _arctan_of_inverse(239, one))
    return total >> guard


def _arctan_of_inverse(n: int, one: int) -> int:
    total, term, k = 0, one // n, 0
    while term:
        total += term // (2 * k + 1) if k % 2 == 0 else -(term // (2 * k + 1))
        term, k = term // (n * n), k + 1
    return total
