"""Which arrays a program may write to.

A compiled step gives states their new elements in place, while to everyone else tensors never change. So
before it writes, a program asks whether anything but the state holds the array, or a view of it: a detached
tensor, what `numpy` gave, an entry of the tape, another state. Python counts references exactly, so two
counts tell; where somebody else does, the state moves to an array of its own, and the old one stays as it is.
Python without its global lock counts otherwise: there a new array is made each time.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.compiler.native.arrays import aligned_empty
from chainrule.core.interpreter import Value, wrap

_count = getattr(sys, "getrefcount", None)


def _counts(tensor: Value) -> tuple[int, int]:
    """References to a tensor's array and to the memory that it is a view of."""
    assert _count is not None
    array = tensor.data
    base = array.base
    return _count(array), _count(base)


def _counts_alone() -> tuple[int, int]:
    """What `_counts` gives where nobody else holds the array; versions of Python differ in it."""
    return _counts(wrap(aligned_empty((1,), np.dtype(np.float32))))


def _is_exact() -> bool:
    """Whether Python counts each reference at once."""
    return _count is not None and getattr(sys, "_is_gil_enabled", lambda: True)()


def reference_counts(arrays: Sequence[Any]) -> list[int]:
    """References to each of some arrays in a list; nothing where Python does not count exactly."""
    return [_count(array) for array in arrays] if _count is not None and _is_exact() else []


_ALONE = _counts_alone() if _is_exact() else None


def is_shared(tensor: Value) -> bool:
    """Whether writing to a tensor's array could be seen by others, or is not possible as it lies."""
    if _ALONE is None:
        return True
    array: Any = tensor.data
    # Memory of this package's own is an array too; that of others (files, buffers) is left alone.
    if type(array.base) is not np.ndarray or not array.flags.carray:
        return True
    del array
    return _counts(tensor) != _ALONE


class _Writes:
    """How often programs were given arrays to write to: what was derived from a state may be stale since."""

    count = 0


WRITES = _Writes()


def writable(tensor: Value) -> np.ndarray:
    """A state's array, which may be written to until Python code runs again.

    Its elements are those of the state. If somebody else could see a change, the state is given a copy first.
    """
    WRITES.count += 1
    if is_shared(tensor):
        own = aligned_empty(tensor.data.shape, tensor.data.dtype)
        np.copyto(own, tensor.data)
        tensor.data = own
    array: np.ndarray = tensor.data
    return array


def _counts_in_a_list(tensor: Value) -> list[int]:
    """What `reference_counts` gives for the array of a state that nobody else holds, and for its base."""
    arrays = [tensor.data]
    return reference_counts(arrays) + reference_counts([array.base for array in arrays])


_ALONE_IN_A_LIST = _counts_in_a_list(wrap(aligned_empty((1,), np.dtype(np.float32))))


def held_by_others(arrays: Sequence[np.ndarray]) -> list[int]:
    """Places of those arrays that may not be written to as they lie, for others hold them too.

    All were `writable` before, and ``arrays`` is the only list that holds them.
    """
    if not _ALONE_IN_A_LIST:
        return list(range(len(arrays)))
    counts = reference_counts(arrays), reference_counts([array.base for array in arrays])
    alone = [[count] * len(arrays) for count in _ALONE_IN_A_LIST]
    if counts == (alone[0], alone[1]):
        return []
    pairs = zip(zip(*counts, strict=True), zip(*alone, strict=True), strict=True)
    return [place for place, (found, expected) in enumerate(pairs) if found != expected]


def contiguous(tensor: Value) -> np.ndarray:
    """A state's array, whose elements lie in order from now on."""
    if not tensor.data.flags.c_contiguous:
        tensor.data = np.ascontiguousarray(tensor.data)
    array: np.ndarray = tensor.data
    return array
