"""Several modules at a time: code generation is most of what compiling takes, and modules share nothing.

llvmlite lets one thread at a time into LLVM. LLVM itself allows one for each context, with a target machine
of its own: so code generation alone, which is one call, is called without llvmlite's lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from ctypes import string_at
from threading import Thread
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
    shop = _Shop(work, given)
    # Not an executor of `concurrent.futures`: these hold a lock of their own during a fork, which waits for
    # LLVM's turn, which whoever called this has.
    threads = [Thread(target=shop.run, args=(machine,), daemon=True) for machine in machines[1:]]
    for thread in threads:
        thread.start()
    try:
        shop.run(machines[0])
    finally:
        shop.close()
        for thread in threads:
            thread.join()
    return shop.results()


class _Shop:
    """What is left to do, and what was made."""

    def __init__(self, work: Callable[[Any, Any], bytes], given: Sequence[Any]) -> None:
        self._work, self._left = work, deque(enumerate(given))
        self._made: dict[int, bytes] = {}
        self._problems: list[BaseException] = []

    def run(self, machine: Any) -> None:
        """Take one after the other until nothing is left."""
        while self._left and not self._problems:
            try:
                place, x = self._left.popleft()
            except IndexError:
                return
            try:
                self._made[place] = self._work(x, machine)
            except BaseException as problem:
                self._problems.append(problem)

    def close(self) -> None:
        """Leave what was not begun."""
        self._left.clear()

    def results(self) -> list[bytes]:
        """All that was made, in order."""
        if self._problems:
            raise self._problems[0]
        return [self._made[place] for place in range(len(self._made))]
