r"""From random bits to numbers of the unit interval.

A ``float32`` holds 24 binary digits, a ``float64`` 53: that many random bits make a number, which takes
one word of `random_bits` or two.
"""

from __future__ import annotations

from chainrule.core.interpreter import Value
from chainrule.dtypes import DType, uint64
from chainrule.ops.pointwise import cast
from chainrule.ops.random import random_bits
from chainrule.random.arguments import DIGITS
from chainrule.random.keys import fold_in
from chainrule.tensor import Tensor

_WORD = 32
_UPPER = 27


def unit(key: Value, shape: tuple[int, ...], dtype: DType) -> Tensor:
    r"""Numbers :math:`k\, 2^{-d}` with :math:`0 \le k < 2^d`: spread evenly over :math:`[0, 1)`."""
    digits = DIGITS[dtype.name]
    return _whole(key, shape, dtype, digits) * 2.0**-digits


def open_unit(key: Value, shape: tuple[int, ...], dtype: DType) -> Tensor:
    r"""Numbers :math:`(k + ½)\, 2^{1-d}`: evenly over :math:`(0, 1)`, where logarithms are finite."""
    digits = DIGITS[dtype.name] - 1
    return (_whole(key, shape, dtype, digits) + 0.5) * 2.0**-digits


def _whole(key: Value, shape: tuple[int, ...], dtype: DType, digits: int) -> Tensor:
    r"""Whole numbers below :math:`2^{digits}`, as floats that hold them exactly."""
    if digits <= _WORD:
        return cast(random_bits(key, shape=shape) // 2 ** (_WORD - digits), dtype=dtype)
    words = random_bits(key, shape=(*shape, 2))
    upper = cast(words[..., 0] // 2 ** (_WORD - _UPPER), dtype=dtype)
    lower = cast(words[..., 1] // 2 ** (_WORD + _UPPER - digits), dtype=dtype)
    return upper * 2.0 ** (digits - _UPPER) + lower


def long_words(key: Value, shape: tuple[int, ...]) -> Tensor:
    """64 random bits per element; the upper half is that of `random_bits` with the same key."""
    upper = cast(random_bits(key, shape=shape), dtype=uint64)
    lower = cast(random_bits(fold_in(key, 0), shape=shape), dtype=uint64)
    return upper * 2**_WORD + lower
