"""Taking turns: threads that run programs on the same states, record, or fork do not meet half-done work.

Every state of a program has a turn, which programs share that share states. A program that gives states new
elements holds its turns for the whole run. One that only reads them holds them just until it has taken hold
of their arrays: who writes later sees that somebody else holds an array, and moves on to a new one. While a
function is recorded its states hold no elements, so a recording holds all of them; and so does a fork, whose
child would else find states half-updated and turns that nobody will ever end.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
import weakref
from collections.abc import Iterable, Sequence
from typing import Any

# How long a fork waits for runs of other threads.
PATIENCE = 10.0

# A thread takes turns in this order, so that no two wait for each other.
RECORDING, FUNCTION, PROGRAM, STATE, LLVM = range(5)

_numbers = itertools.count()
_all: weakref.WeakSet[Turn] = weakref.WeakSet()
_changing = threading.Lock()


class Turn:
    """What one thread has at a time; a thread that has it may take it again."""

    def __init__(self, level: int) -> None:
        self.order = level, next(_numbers)
        self.lock = threading.RLock()
        with _changing:
            _all.add(self)

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *problem: object) -> None:
        self.lock.release()


class Turns:
    """Several turns, taken in their order."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = sorted(set(turns), key=lambda turn: turn.order)

    def __enter__(self) -> None:
        for turn in self._turns:
            turn.lock.acquire()

    def __exit__(self, *problem: object) -> None:
        for turn in reversed(self._turns):
            turn.lock.release()


# By the identity of the state. Programs keep their states and turns; when the last one goes, so do these.
_of_state: weakref.WeakValueDictionary[int, Turn] = weakref.WeakValueDictionary()


def turns_of(states: Sequence[Any]) -> Turns:
    """The turns of some states; those that no program has yet get one together."""
    fresh = Turn(STATE)
    return Turns([_of_state.setdefault(id(x), fresh) for x in states])


def everyones() -> Turns:
    """The turns of all states."""
    with _changing:
        return Turns([turn for turn in _all if turn.order[0] == STATE])


class _Fork:
    """Takes all turns before a fork, as far as other threads end theirs in time."""

    def __init__(self) -> None:
        self._held: list[Turn] = []

    def before(self) -> None:
        deadline = time.monotonic() + PATIENCE
        with _changing:
            turns = sorted(_all, key=lambda turn: turn.order)
        for turn in turns:
            # A child in which LLVM was left in the middle could not go on.
            seconds = -1 if turn.order[0] == LLVM else max(0.0, deadline - time.monotonic())
            if turn.lock.acquire(timeout=seconds):
                self._held.append(turn)
        _changing.acquire()

    def after_in_parent(self) -> None:
        while self._held:
            self._held.pop().lock.release()
        _changing.release()

    def after_in_child(self) -> None:
        ours = set(self._held)
        for turn in _all:
            if turn not in ours:
                turn.lock = threading.RLock()
        self.after_in_parent()


if hasattr(os, "register_at_fork"):
    _fork = _Fork()
    os.register_at_fork(
        before=_fork.before, after_in_parent=_fork.after_in_parent, after_in_child=_fork.after_in_child
    )
