"""Runs every row with arrays between pages that end the process if they are touched.

``python -m tests.compiler.irregular.protected``, from the root of the repository.
"""

from __future__ import annotations

import ctypes
import mmap

import numpy as np

from chainrule.compiler.emit.irregular import RULES
from chainrule.compiler.target import host
from chainrule.ops import TABLE

from .cases import LARGER, cases, some_types
from .running import Compiled, case_of

_PAGE = mmap.PAGESIZE
_LIBRARY = ctypes.CDLL(None)
_LIBRARY.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_NOTHING, _ALL = 0, mmap.PROT_READ | mmap.PROT_WRITE


class Behind:
    """An array that ends directly before a protected page."""

    at_end = True

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype, alignment: int | None = None) -> None:
        nbytes = int(np.prod(shape)) * dtype.itemsize
        room = -(-max(nbytes, 1) // _PAGE) * _PAGE
        self.memory = mmap.mmap(-1, room + 2 * _PAGE)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        self.pages = [start, start + _PAGE + room]
        offset = room - nbytes if self.at_end else 0
        offset -= offset % (1 if alignment is None else alignment)
        self.address = start + _PAGE + offset
        content = np.frombuffer(self.memory, np.uint8, nbytes, _PAGE + offset)
        self.array = content.view(dtype).reshape(shape)
        self._protect(_NOTHING)

    def _protect(self, rights: int) -> None:
        for page in self.pages:
            if _LIBRARY.mprotect(page, _PAGE, rights):
                raise OSError("a page could not be protected")

    def check(self) -> None:
        """Touching a protected page ends the process: nothing is left to be checked."""

    def __del__(self) -> None:
        self._protect(_ALL)


class Before(Behind):
    """An array that begins directly behind a protected page."""

    at_end = False


def run(row: str, hold: type[Behind]) -> int:
    """Run a row's cases, and how many there were."""
    rng = np.random.default_rng(17)
    tried = list(cases(row, some_types(row, [*TABLE[row].samples, *LARGER[row]], 2), rng))
    compiled = Compiled([case for case, _ in tried], host(), hold)
    for i, (_, arrays) in enumerate(tried):
        compiled.run(i, arrays, rng)
    return len(tried)


def run_out_of_range(hold: type[Behind]) -> None:
    """Indices far outside, into arrays that have elements and one that has none."""
    rng, far = np.random.default_rng(17), np.array([0, 1 << 40, -(1 << 40)])
    u = np.ones((3, 5), np.float32)
    for x in (np.ones((4, 5), np.float32), np.ones((0, 5), np.float32)):
        tried = [
            (case_of("gather", [x, far], axes=(0,)), [x, far]),
            (case_of("scatter_add", [u, far], axes=(0,), shape=x.shape), [u, far]),
            (case_of("scatter_set", [x, u, far], axes=(0,)), [x, u, far]),
        ]
        compiled = Compiled([case for case, _ in tried], host(), hold)
        for i, (_, arrays) in enumerate(tried):
            assert compiled.run(i, arrays, rng).failure is not None


def main() -> None:
    """Run everything."""
    for hold in (Behind, Before):
        count = sum(run(row, hold) for row in RULES)
        run_out_of_range(hold)
        print(f"{hold.__name__}: {count} cases")


if __name__ == "__main__":
    main()
