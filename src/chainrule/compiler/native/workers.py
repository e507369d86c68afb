"""The native side of the pool: its functions, its memory, and the threads that work for it."""

from __future__ import annotations

import ctypes
import threading
import time
from importlib.resources import files

import numpy as np

from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library, load
from chainrule.compiler.target import host

# Long enough for the gap between two calls of a training loop, short enough to cost no power.
SPIN_SECONDS = 50e-6

# Where things are in the words of %Pool and %Sleeper, see pool.ll.
POOL_WORDS, SLEEPER_WORDS = 80, 16
TEAM, CALLER, LOCK = 48, 64, 1

_PROCESSORS = {"x86_64": "pool_x86_64.ll", "aarch64": "pool_aarch64.ll", "arm64": "pool_aarch64.ll"}

_allocate_lock = ctypes.pythonapi.PyThread_allocate_lock
_allocate_lock.restype, _allocate_lock.argtypes = ctypes.c_void_p, []
_acquire_lock = ctypes.pythonapi.PyThread_acquire_lock
_acquire_lock.restype, _acquire_lock.argtypes = ctypes.c_int, [ctypes.c_void_p, ctypes.c_int]
_free_lock = ctypes.pythonapi.PyThread_free_lock
_free_lock.restype, _free_lock.argtypes = None, [ctypes.c_void_p]
_release_lock = ctypes.pythonapi.PyThread_release_lock


class Native:
    """The functions of ``pool.ll``, and the memory of the pool.

    Attributes
    ----------
    memory_address, parallel_address : int
        What compiled code is given.
    """

    def __init__(self) -> None:
        self._library = _load()
        self.memory = aligned_empty((POOL_WORDS,), np.dtype(np.int64))
        self.memory_address = address(self.memory)
        self.parallel_address = self._library.address("parallel")
        self.parallel = function(self._library, "parallel", "void", "ptr", "ptr", "ptr", "i64")
        self.worker = function(self._library, "worker", "void", "ptr", "ptr", "i64")
        self.stop_workers = function(self._library, "stop_workers", "void", "ptr", "i64")
        self._try_enter = function(self._library, "try_enter", "i64", "ptr")
        self._leave = function(self._library, "leave", "void", "ptr")
        self._looks = self._looks_per(SPIN_SECONDS)
        self.clear()

    def clear(self) -> None:
        """A pool without workers or job."""
        self.memory[:] = 0
        self.memory[CALLER + LOCK] = _held_lock()

    def set_team(self, team: Team | None) -> None:
        """Say who works; to be called while no job runs."""
        count, sleepers = (0, 0) if team is None else (len(team.threads), team.address)
        self.memory[TEAM + 1 : TEAM + 4] = count, sleepers, self._looks

    def try_enter(self) -> bool:
        """Keep jobs from running on the pool, unless one is."""
        return bool(self._try_enter(self.memory_address))

    def leave(self) -> None:
        """Let them run again."""
        self._leave(self.memory_address)

    def _looks_per(self, seconds: float) -> int:
        """How many pauses take so long: from 10 to 150 cycles each, depending on the processor."""
        pause, tried = function(self._library, "pause", "void", "i64"), 2000
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            pause(tried)
            taken.append(time.perf_counter() - began)
        return max(1, int(seconds / min(taken) * tried))


class Team:
    """Threads that wait for work.

    Parameters
    ----------
    native : Native
        Whom they work for.
    count : int
        How many; there are fewer where the system allows no more.
    """

    def __init__(self, native: Native, count: int) -> None:
        self._native = native
        self._sleepers = aligned_empty((count, SLEEPER_WORDS), np.dtype(np.int64))
        self._sleepers[:] = 0
        self.address = address(self._sleepers)
        self.threads: list[threading.Thread] = []
        try:
            for number in range(count):
                self._sleepers[number, LOCK] = _held_lock()
                thread = threading.Thread(target=self._work, args=(number,), name="chainrule", daemon=True)
                thread.start()
                self.threads.append(thread)
        except (RuntimeError, MemoryError):  # no more threads can be started
            pass
        except BaseException:
            self.stop()
            raise

    def _work(self, number: int) -> None:
        sleeper = self.address + number * SLEEPER_WORDS * 8
        self._native.worker(self._native.memory_address, sleeper, number + 1)

    def stop(self) -> None:
        """End the threads."""
        self._native.stop_workers(self.address, len(self.threads))
        for thread in self.threads:
            thread.join()
        # Only now does nobody use them.
        for lock in filter(None, self._sleepers[:, LOCK].tolist()):
            _free_lock(lock)


def _load() -> Library:
    target = host()
    names = ("pool.ll", _PROCESSORS.get(target.architecture, "pool_other.ll"))
    modules = [files(__package__).joinpath(name).read_text(encoding="utf-8") for name in names]
    locks = {"PyThread_acquire_lock": _acquire_lock, "PyThread_release_lock": _release_lock}
    addresses = {name: ctypes.cast(lock, ctypes.c_void_p).value or 0 for name, lock in locks.items()}
    return load(modules, target, symbols=addresses)


def _held_lock() -> int:
    """A lock of the interpreter's own kind, which needs no interpreter to be released or acquired."""
    lock = _allocate_lock()
    if not lock:
        raise MemoryError
    _acquire_lock(lock, 1)
    return lock
