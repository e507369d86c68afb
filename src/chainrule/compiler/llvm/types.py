"""Element types in LLVM's names, and the values that a program's text is about."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.dtypes import DType

INDEX = np.dtype(np.int64)
BOOL = np.dtype(np.bool_)
UINT8 = np.dtype(np.uint8)
_FLOATS = {"float32": "float", "float64": "double"}


@cache
def register_type(dtype: DType, lanes: int = 1) -> str:
    """The LLVM type of an element in a register, or of a vector of them; a bool is one bit."""
    element = "i1" if dtype == BOOL else memory_type(dtype)
    return element if lanes == 1 else f"<{lanes} x {element}>"


@cache
def memory_type(dtype: DType) -> str:
    """The LLVM type of an element in memory: a bool is a byte; types that nothing is computed in are bits.

    So are ``float16`` and ``bfloat16``: few processors have instructions for them (see `conversion`).
    """
    return _FLOATS.get(str(dtype)) or f"i{8 * dtype.itemsize}"


@dataclass(frozen=True)
class Value:
    """A value in a register: its name in the text, its element type, and how many lanes it has."""

    text: str
    dtype: DType
    lanes: int = 1

    @property
    def type(self) -> str:
        """The LLVM type."""
        return register_type(self.dtype, self.lanes)

    @property
    def kind(self) -> str:
        """Letter of the element type: b, i, u or f."""
        return dtypes.letter(self.dtype)

    def __str__(self) -> str:
        return f"{self.type} {self.text}"


@dataclass(frozen=True)
class Pointer:
    """An address in memory."""

    text: str

    def __str__(self) -> str:
        return f"ptr {self.text}"


def literal(value: Any, dtype: DType) -> str:
    """A number as LLVM writes it: floats by the bits of a double, so that nothing is rounded."""
    letter = dtypes.letter(dtype)
    if letter == "b":
        return "true" if value else "false"
    if letter == "f":
        return _float_literal(value, dtype)
    return str(int(value))


def _float_literal(value: Any, dtype: DType) -> str:
    return _literal_of_bits(struct.pack("<d", float(value)), dtype)


@lru_cache(4096)
def _literal_of_bits(bits: bytes, dtype: DType) -> str:
    """The literal of a double: by its bits, since 0 and -0 are equal, and a NaN is not."""
    (value,) = struct.unpack("<d", bits)
    with np.errstate(over="ignore"):
        element = np.asarray(value, dtype)
    if str(dtype) not in _FLOATS:
        return str(int(element.view(f"uint{8 * dtype.itemsize}")))
    double = np.float64(math.nan) if math.isnan(element) else np.float64(element)
    return f"0x{int(double.view(np.uint64)):016X}"
