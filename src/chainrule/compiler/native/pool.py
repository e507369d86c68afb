"""The fork-join pool: threads that run the pieces of a job together.

The workers are Python threads that spend their lives in a native function (``pool.ll``), outside the global
interpreter lock. They start when the pool's address is asked for, and sleep when there is nothing to do.
"""

from __future__ import annotations

import atexit
import operator
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chainrule.compiler.native import messages as messages
from chainrule.compiler.native.cores import usable_cores
from chainrule.errors import error

VARIABLE = "CHAINRULE_THREADS"
MOST_THREADS = 1024

# How long exit and fork wait for a job of another thread to end.
PATIENCE = 1.0


class Pool:
    """The threads of this process that compiled code runs on.

    There is one, `POOL`: its memory and its functions are made once and stay for good, since compiled code
    may hold their addresses.
    """

    def __init__(self) -> None:
        self._reset()
        self._threads: int | None = None
        self._native: Any = None
        self._over = False

    def _reset(self) -> None:
        self._making, self._changing = threading.Lock(), threading.Lock()
        self._team: Any = None

    @property
    def address(self) -> int:
        """Of the pool's memory: the first argument of `parallel`. Starts the workers if there are none."""
        if self._team is None:
            self._start()
        return self._native.memory_address

    @property
    def parallel(self) -> int:
        """Address of the native function ``void parallel(pool, function, argument, pieces)``.

        It calls ``function(argument, piece)`` for each piece from 0 to pieces - 1, on several threads in any
        order, and returns when all have ended. A call from within a piece, or while another thread's job
        runs, runs all its pieces on the calling thread.
        """
        return self._made().parallel_address

    def run(self, function: int, argument: int, pieces: int) -> None:
        """Call ``parallel`` from Python, with addresses of a function and of what it works on."""
        self._made().parallel(self.address, function, argument, pieces)

    @property
    def threads(self) -> int:
        """How many threads take part, the calling one included."""
        if self._threads is not None:
            return self._threads
        given = os.environ.get(VARIABLE, "").strip()
        return _checked(VARIABLE, given) if given else usable_cores()

    @threads.setter
    def threads(self, number: int) -> None:
        self._threads = _checked("set_threads", number)
        self.rest(patience=float("inf"))

    def rest(self, patience: float) -> None:
        """End the workers; the next call starts them again. What runs meanwhile runs on its own thread."""
        if self._team is None or not self._changing.acquire(timeout=min(patience, threading.TIMEOUT_MAX)):
            return
        try:
            with self._exclusive(patience) as is_ours:
                if is_ours and self._team is not None:
                    team, self._team = self._team, None
                    self._native.set_team(None)
                    team.stop()
        finally:
            self._changing.release()

    def close(self) -> None:
        """End the workers for good, before the interpreter ends."""
        self._over = True
        self.rest(PATIENCE)

    def after_fork(self) -> None:
        """Begin anew in a child process, which has none of its parent's threads."""
        self._reset()
        if self._native is not None:
            self._native.clear()

    def _made(self) -> Any:
        if self._native is None:
            from chainrule.compiler.native.workers import Native

            with self._making:
                if self._native is None:
                    self._native = Native()
                    atexit.register(self.close)
        return self._native

    def _start(self) -> None:
        from chainrule.compiler.native.workers import Team

        native = self._made()
        with self._changing, self._exclusive(float("inf")):
            if self._team is None:
                # Python starts no thread once it has begun to exit.
                team = Team(native, 0 if self._over else self.threads - 1)
                native.set_team(team)
                self._team = team

    @contextmanager
    def _exclusive(self, patience: float) -> Iterator[bool]:
        """Keep jobs out, or give False where one does not end in time."""
        deadline = time.monotonic() + patience
        while not self._native.try_enter():
            if time.monotonic() > deadline:
                yield False
                return
            time.sleep(1e-4)
        try:
            yield True
        finally:
            self._native.leave()


def _checked(name: str, number: Any) -> int:
    try:
        if isinstance(number, bool):
            raise TypeError
        count = int(number) if isinstance(number, str) else operator.index(number)
        if 1 <= count <= MOST_THREADS:
            return count
    except (TypeError, ValueError):
        pass
    raise error("native.threads", name=name, most=MOST_THREADS, got=number)


POOL = Pool()

if hasattr(os, "register_at_fork"):
    # A process with one thread forks safely, and without Python's warning.
    os.register_at_fork(before=lambda: POOL.rest(PATIENCE), after_in_child=POOL.after_fork)


def set_threads(number: int) -> None:
    """Set how many threads compiled functions run on, the calling one included.

    Results are bitwise the same for any number. The default is ``CHAINRULE_THREADS`` if it is set, and else
    the number of cores that the process may use.

    Parameters
    ----------
    number : int
        From 1 to 1024.

    Raises
    ------
    ConfigError
        It is no such number.

    Examples
    --------
    >>> import chainrule as cr
    >>> before = cr.get_threads()
    >>> cr.set_threads(2)
    >>> cr.get_threads()
    2
    >>> cr.set_threads(before)
    """
    POOL.threads = number


def get_threads() -> int:
    """How many threads compiled functions run on, the calling one included.

    Raises
    ------
    ConfigError
        ``CHAINRULE_THREADS`` is set to something that is no number of threads.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.get_threads() >= 1
    True
    """
    return POOL.threads
