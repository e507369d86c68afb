"""What this machine can do at most, measured: multiply-adds of one core, and copying through memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from chainrule.compiler import target as targets
from chainrule.compiler.llvm import Builder, Module
from chainrule.compiler.llvm.types import INDEX
from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.native.pool import POOL
from chainrule.compiler.target import Target

_FLOAT = np.dtype(np.float32)

# As many sums are under way at once: a multiply-add ends 4 to 5 cycles after it begins, two begin in each.
SUMS = 12
_STEPS = 200_000
_REPEATS = 4
# Bytes that are copied: what fits into the first cache of all threads, the second, the last one, and none.
_SIZES = tuple(1 << power for power in (15, 18, 21, 24, 27))
# Each size is copied so often that about so many bytes are moved.
_MOVED = 1 << 26


@dataclass(frozen=True)
class Limits:
    """The roof of a roofline.

    Attributes
    ----------
    flops : float
        float32 operations per second of one core.
    copying : tuple of (int, float)
        Bytes that a loop works on, and how many it reads and writes per second, all threads together; from
        what a cache holds to what only memory does.
    threads : int
        How many there are.
    """

    flops: float
    copying: tuple[tuple[int, float], ...]
    threads: int

    @property
    def peak(self) -> float:
        """Operations per second of all threads."""
        return self.flops * self.threads

    @property
    def bandwidth(self) -> float:
        """Bytes per second of memory."""
        return self.copying[-1][1]

    def bandwidth_of(self, nbytes: float) -> float:
        """Bytes per second of the cache, or the memory, that so many bytes fit into."""
        return next((rate for size, rate in self.copying if nbytes <= size), self.bandwidth)

    @property
    def ridge(self) -> float:
        """Operations per byte from which on memory is not the limit."""
        return self.peak / self.bandwidth

    def least_seconds(self, flops: float, nbytes: float) -> float:
        """The time that so much work takes at least, if its bytes are as near as they can be."""
        return max(flops / self.peak, nbytes / self.bandwidth_of(nbytes))


def limits() -> Limits:
    """The limits of this machine; measured once per process and number of threads, in about 0.2 s."""
    return _limits(targets.host(), POOL.threads)


@cache
def _limits(target: Target, threads: int) -> Limits:
    return Limits(_multiply_adds(target), _copying(target, threads), threads)


def _multiply_adds(target: Target) -> float:
    """float32 operations per second of a loop of independent multiply-adds."""
    lanes = target.vector_bytes // _FLOAT.itemsize
    library = load([fma_text(target, lanes)], target)
    run = function(library, "multiply_adds", "void", "ptr", "i64")
    memory = aligned_empty((lanes,), _FLOAT)
    memory[:] = 1.0
    return 2 * lanes * SUMS * _STEPS / _shortest(lambda: run(address(memory), _STEPS))


def fma_text(target: Target, lanes: int) -> str:
    """The loop: every sum is multiplied by a number from memory, and that number is added."""
    module = Module(fused=target.has_fma)
    b = Builder(module, "multiply_adds", [("ptr", "x"), ("i64", "count")])
    x = b.load(b.pointer("x"), _FLOAT, lanes)
    start = [b.constant(float(i), _FLOAT, lanes) for i in range(SUMS)]
    with b.loop(0, b.argument("count"), carried=start) as loop:
        loop.next(*(b.fma(total, x, x) for total in loop.carried))
    total = loop.results[0]
    for other in loop.results[1:]:
        total = b.add(total, other)
    b.store(total, b.pointer("x"))
    b.finish()
    return str(module)


def _copying(target: Target, threads: int) -> tuple[tuple[int, float], ...]:
    """Bytes per second of threads that copy, each its own part, for each size."""
    lanes = target.vector_bytes // _FLOAT.itemsize
    library = load([copy_text(lanes)], target)
    code = library.address("copy_part")
    source, result = (aligned_empty((_SIZES[-1] // 2 // _FLOAT.itemsize,), _FLOAT) for _ in range(2))
    source[:], result[:] = 1.0, 0.0
    found = []
    for size in _SIZES:
        part = size // 2 // _FLOAT.itemsize // threads // lanes * lanes
        rounds = max(1, _MOVED // size)
        arguments = np.array([address(source), address(result), part, rounds], np.int64)
        run = partial(POOL.run, code, address(arguments), threads)
        moved = 2 * part * _FLOAT.itemsize * threads * rounds
        found.append((size, moved / _shortest(run)))
    return tuple(found)


def copy_text(lanes: int) -> str:
    """The loop of one thread: its part of an array is copied, again and again."""
    module = Module()
    b = Builder(module, "copy_part", [("ptr", "arguments"), ("i64", "piece")])
    source, result = b.pointer_in("arguments", 0), b.pointer_in("arguments", 1)
    part, rounds = (b.load(b.element(b.pointer("arguments"), i, INDEX), INDEX) for i in (2, 3))
    start = b.times(b.argument("piece"), part)
    with b.loop(0, rounds), b.loop(start, b.plus(start, part), lanes) as loop:
        x = b.load(b.element(source, loop.index, _FLOAT), _FLOAT, lanes)
        b.store(x, b.element(result, loop.index, _FLOAT))
    b.finish()
    return str(module)


def _shortest(run: Callable[[], object]) -> float:
    """Seconds of the quickest of some runs."""
    found = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)
