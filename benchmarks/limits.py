"""What the machine can do at most: ``python -m benchmarks.limits THREADS`` prints it as JSON.

Measured by native loops of our compiler's: multiply-adds that read and write registers alone, on one core
and on all threads at once, and a copy of an array that no cache holds.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

REPEATS = 20
STEPS = 3_000_000


@dataclass(frozen=True)
class MachineLimits:
    """float32 operations per second of one core and of all threads; bytes read and written per second."""

    one_core: float
    all_threads: float
    copying: float
    threads: int


def multiply_adds(threads: int) -> float:
    """Operations per second of threads that do nothing but multiply and add; the best of some runs."""
    from chainrule.compiler import target as targets
    from chainrule.compiler.native.functions import function
    from chainrule.compiler.native.jit import load
    from chainrule.explain.stages.machine import SUMS, fma_text

    target = targets.host()
    lanes = target.vector_bytes // 4
    run = function(load([fma_text(target, lanes)], target), "multiply_adds", "void", "ptr", "i64")
    seconds = min(_together(run, lanes, threads) for _ in range(REPEATS))
    return 2.0 * lanes * SUMS * STEPS * threads / seconds


def _together(run: Callable[..., Any], lanes: int, threads: int) -> float:
    """Seconds from the moment all threads are there until the last has ended."""
    from chainrule.compiler.native.arrays import address, aligned_empty

    memory = [aligned_empty((lanes,), np.dtype(np.float32)) for _ in range(threads)]
    for x in memory:
        x[:] = 1.0
    ready = threading.Barrier(threads + 1)

    def work(x: Any) -> None:
        ready.wait()
        run(address(x), STEPS)

    started = [threading.Thread(target=work, args=(x,)) for x in memory]
    for thread in started:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    for thread in started:
        thread.join()
    return time.perf_counter() - begin


def measured(threads: int) -> MachineLimits:
    """The limits of this machine with so many threads."""
    import chainrule as cr
    from chainrule.explain.stages.machine import limits

    cr.set_threads(threads)
    return MachineLimits(multiply_adds(1), multiply_adds(threads), limits().bandwidth, threads)


if __name__ == "__main__":
    print(json.dumps(asdict(measured(int(sys.argv[1])))))
