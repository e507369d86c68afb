"""Arrays for native code: aligned to cache lines, and their addresses at little cost."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.compiler.native import messages as messages
from chainrule.dtypes import DType
from chainrule.errors import error, text

# A cache line, and the largest vector register.
ALIGNMENT = 64

_MOST = 2**63 - 1 - ALIGNMENT
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def aligned_empty(shape: Sequence[int], dtype: DType, *, what: str = "") -> np.ndarray:
    """A new C-contiguous array whose address is a multiple of 64; its elements are arbitrary.

    An array without elements may have any address.

    Parameters
    ----------
    shape : sequence of int
        Its shape.
    dtype : dtype
        Its element type.
    what : str, optional
        What it is for, in the error's words.

    Raises
    ------
    OutOfMemoryError
        There is not so much memory.

    Examples
    --------
    >>> x = aligned_empty((3, 5), np.dtype(np.float32))
    >>> x.shape, address(x) % 64
    ((3, 5), 0)
    """
    size = math.prod(shape) * dtype.itemsize
    try:
        if size > _MOST:
            raise MemoryError
        room = np.empty(size + ALIGNMENT, np.uint8)
    except MemoryError as problem:
        named = what or text("native.an_array")
        raise error(
            "native.memory", what=named, size=readable_size(size), shape=tuple(shape), dtype=dtype
        ) from problem
    start = -address(room) % ALIGNMENT
    return room[start : start + size].view(dtype).reshape(shape)


def array_at(place: int, shape: Sequence[int], dtype: DType) -> np.ndarray:
    """The elements that lie at an address, as an array that does not own them."""
    size = math.prod(shape) * dtype.itemsize
    if size == 0:
        return np.empty(shape, dtype)
    room: Any = (ctypes.c_uint8 * size).from_address(place)
    return np.frombuffer(room, np.uint8).view(dtype).reshape(shape)


def readable_size(size: int) -> str:
    """A number of bytes in words.

    >>> readable_size(3), readable_size(2_500_000)
    ('3 bytes', '2.5 MB')
    """
    if size < 1000:
        return f"{size} bytes"
    power = min(int(math.log10(size)) // 3, len(_UNITS) - 1)
    return f"{size / 1000**power:.3g} {_UNITS[power]}"


def _address_by_numpy(array: np.ndarray) -> int:
    return array.ctypes.data


def _address_by_layout(array: np.ndarray) -> int:
    return _word_at(id(array) + _DATA).value


# The address is the first field of an array's object in NumPy's binary interface (PyArrayObject_fields).
# Reading it there takes 0.08 µs, `ctypes.data` 0.8 µs.
_DATA = object.__basicsize__
_word_at = ctypes.c_size_t.from_address


def _is_as_expected() -> bool:
    probes = (np.empty(3), np.empty((4, 4))[1:, 1:], np.empty(0))
    return all(_address_by_layout(probe) == _address_by_numpy(probe) for probe in probes)


# The quick way where Python is laid out as expected, and NumPy's own elsewhere.
address = _address_by_layout if _is_as_expected() else _address_by_numpy

# What compiled code is given for an array at each call, and where from there it finds the address; None if it
# is given the address. Python's `id` is the address of an object, and takes 0.02 µs.
handle, ADDRESS_IN_HANDLE = (id, _DATA) if _is_as_expected() else (address, None)
