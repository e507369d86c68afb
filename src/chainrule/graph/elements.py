"""Elements of constants as text, from which the same bits are read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.dtypes import DType, letter

SHOWN_ELEMENTS = 4


def shown(array: np.ndarray, full: bool) -> str:
    """A scalar, a flat list, or the bits in hexadecimal; long ones are left out unless all are asked for."""
    if array.size > SHOWN_ELEMENTS:
        return _bits(array) if full else f"<{array.size} elements>"
    words = [_word(x) for x in array.ravel()]
    if from_words(words, array.dtype).tobytes() != array.tobytes():
        return _bits(array)
    return words[0] if array.shape == () else f"[{', '.join(words)}]"


def _bits(array: np.ndarray) -> str:
    return f'bits "{_little_endian(array).tobytes().hex()}"'


def _little_endian(array: np.ndarray) -> np.ndarray:
    return array.astype(array.dtype.newbyteorder("<")) if array.dtype.kind in "iufc" else array


def _word(x: Any) -> str:
    """The shortest decimal that reads back to a number, where its type knows one."""
    kind = letter(x.dtype)
    if kind == "b":
        return str(bool(x))
    if kind in "iu":
        return str(int(x))
    if kind == "c":
        return f"complex({_word(x.real)}, {_word(x.imag)})"
    short = str(x) if x.dtype.kind == "f" else repr(float(x))
    with np.errstate(over="ignore"):
        reads_back = x.dtype.type(float(short)) == x
    return short if reads_back else repr(float(x))


def from_words(words: Sequence[Any], dtype: DType) -> np.ndarray:
    """An array from words, or from the numbers read from them."""
    numbers = [_number(word, dtype) for word in words]
    with np.errstate(all="ignore"):
        return np.array(numbers, dtype)


def _number(word: Any, dtype: DType) -> Any:
    if not isinstance(word, str):
        return word
    if letter(dtype) == "c":
        real, imaginary = word.removeprefix("complex(").removesuffix(")").split(", ")
        return complex(float(real), float(imaginary))
    return {"b": lambda w: w == "True", "f": float}.get(letter(dtype), int)(word)


def from_bits(digits: str, dtype: DType) -> np.ndarray:
    """A flat array from hexadecimal digits; a ValueError where they are none or too few for an element."""
    data = bytes.fromhex(digits)
    stored = dtype.newbyteorder("<") if dtype.kind in "iufc" else dtype
    return np.frombuffer(data, stored).astype(dtype)
