"""Several modules at a time: code generation is most of what compiling takes, and modules share nothing.

llvmlite lets one thread at a time into LLVM. LLVM itself allows one for each context, with a target machine
of its own: so code generation alone, which is one call, is called without llvmlite's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ctypes import string_at
from queue import SimpleQueue
from typing import Any, TypeVar

from llvmlite.binding import ffi

T = TypeVar("T")


def object_code(machine: Any, module: Any) -> bytes:
    """What `TargetMachine.emit_object` gives, made while other threads are in LLVM too."""
    function = ffi.lib.LLVMPY_TargetMachineEmitToMemory
    without_lock = getattr(function, "_cfn", function)
    with ffi.OutputString() as problem:
        buffer = without_lock(machine, module, 1, problem)
        if not buffer:
            raise RuntimeError(str(problem))
    try:
        return string_at(ffi.lib.LLVMPY_GetBufferStart(buffer), ffi.lib.LLVMPY_GetBufferSize(buffer))
    finally:
        ffi.lib.LLVMPY_DisposeMemoryBuffer(buffer)


def side_by_side(work: Callable[[T, Any], bytes], given: Sequence[T], machines: Sequence[Any]) -> list[bytes]:
    """Do some work for each of what is given, with one of the machines each time; results in order.

    The first problem is raised, and what was not begun by then is not done.
    """
    if len(machines) == 1 or len(given) == 1:
        return [work(x, machines[0]) for x in given]
    free: SimpleQueue[Any] = SimpleQueue()
    for machine in machines:
        free.put(machine)

    def done(x: T) -> bytes:
        with _taken(free) as machine:
            return work(x, machine)

    pool = ThreadPoolExecutor(len(machines), thread_name_prefix="chainrule-compile")
    try:
        return list(pool.map(done, given))
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _taken(free: SimpleQueue[Any]) -> Iterator[Any]:
    machine = free.get()
    try:
        yield machine
    finally:
        free.put(machine)
