"""Memory of large results, which serves again when nobody holds it any more.

Fresh memory costs a fault for each of its pages, for large arrays several times what it costs to fill them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from chainrule.compiler.native.arrays import aligned_empty
from chainrule.compiler.ownership import reference_counts
from chainrule.core.spec import Shape
from chainrule.dtypes import DType

# What is smaller, the system's allocator keeps by itself.
_LARGE = 1 << 20

# While a new result is computed, the one before is often held still.
_MOST = 2


class ResultMemory:
    """Arrays for a program's results.

    Parameters
    ----------
    sizes : sequence of int
        Bytes of each result.

    Attributes
    ----------
    kept : dict
        By its number, the arrays of each result that is worth it. Each is a view of memory of its own.

    Examples
    --------
    >>> memory = ResultMemory([1 << 20])
    >>> def get():
    ...     return memory.array(0, lambda: aligned_empty((1 << 17,), np.dtype(float)))
    >>> x = get()
    >>> y, place = get(), x.ctypes.data
    >>> y.ctypes.data == place
    False
    >>> del x
    >>> get().ctypes.data == place
    True
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        is_exact = _FREE is not None
        self.kept: dict[int, list[np.ndarray]] = {
            place: [] for place, size in enumerate(sizes) if size >= _LARGE and is_exact
        }

    def array(self, place: int, make: Callable[[], np.ndarray]) -> np.ndarray:
        """An array for a result that nobody else holds: one that was given before, or else a new one."""
        if place not in self.kept:
            return make()
        kept = self.kept[place]
        counts = reference_counts([array.base for array in kept])
        if _FREE in counts:
            return kept[counts.index(_FREE)].view()
        made = make()
        kept.append(made)
        del kept[:-_MOST]
        return made.view()


def maker_of(shape: Shape, dtype: DType) -> Callable[[], np.ndarray]:
    """What makes an array for a result: a large one begins where a cache line does."""
    size = math.prod(shape) * dtype.itemsize
    return partial(np.empty if size < _LARGE else aligned_empty, shape, dtype)


def _free_count() -> int | None:
    """References to memory that only one array is a view of; None where Python does not count exactly."""
    array = aligned_empty((1,), np.dtype(float))
    counts = reference_counts([array.base])
    return counts[0] if counts else None


_FREE = _free_count()
