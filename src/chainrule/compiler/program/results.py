"""Memory of large results, which serves again when nobody holds it any more.

Fresh memory costs a fault for each of its pages, for large arrays several times what it costs to fill them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from chainrule.compiler.ownership import reference_counts

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
        By its number, the arrays of each result that is worth it.

    Examples
    --------
    >>> memory = ResultMemory([1 << 20])
    >>> def get():
    ...     return memory.array(0, lambda: np.empty(1 << 17))
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
        counts = reference_counts(kept)
        if _FREE in counts:
            return kept[counts.index(_FREE)].view()
        made = make()
        if made.base is not None:
            return made
        kept.append(made)
        del kept[:-_MOST]
        return made.view()


def _free_count() -> int | None:
    """References to an array that only a list holds; None where Python does not count exactly."""
    counts = reference_counts([np.empty(1)])
    return counts[0] if counts else None


_FREE = _free_count()
