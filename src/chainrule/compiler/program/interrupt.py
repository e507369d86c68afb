"""Looks for signals: a long loop of native code lets Python see, some ten times a second, whether one waits.

So Ctrl-C ends a scan or a while loop. The loop reads the processor's clock at every step, which takes a few
nanoseconds, and calls Python where enough time has passed since the last look.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from chainrule.compiler import target as targets
from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.types import INDEX
from chainrule.compiler.program.addresses import COUNT, LOOKED, PATIENCE


@dataclass(frozen=True)
class Clock:
    """What counts the time between looks.

    Attributes
    ----------
    reading : str
        How it is read: a call, as LLVM writes it.
    ticks : int
        How many pass between two looks.
    """

    reading: str
    ticks: int


# Arm's manual, D12: 24 MHz to 1 GHz. Programs must not read its counter of cycles.
_ARM = Clock('@llvm.read_volatile_register.i64(metadata !{!"CNTVCT_EL0"})', 1 << 22)

# Intel's manual, volume 2, RDTSC: 1 to 5 GHz. Processors that are not here count steps.
CLOCKS = {"x86_64": Clock("@llvm.readcyclecounter()", 1 << 27), "aarch64": _ARM, "arm64": _ARM}
STEPS = 1 << 12
NEVER = (1 << 62) - 1

# How many short steps are made between two readings of the clock: a power of two.
SHORT_STEPS = 16


def clock() -> Clock | None:
    """The clock of this machine."""
    return CLOCKS.get(targets.host().architecture)


def interval() -> int:
    """How many ticks, or steps of a loop, pass between two looks."""
    found = clock()
    return STEPS if found is None else found.ticks


def looks_for_signals() -> bool:
    """Whether this is the main thread: the only one that looks, since Python handles signals there.

    Other threads may still be running when the interpreter ends, and must not ask for it then.
    """
    return threading.get_ident() == threading.main_thread().ident


def start(b: Builder) -> None:
    """Note that Python has looked now."""
    found = clock()
    _write(b, LOOKED, b.number(0) if found is None else _now(b, found))


@contextmanager
def when_due(b: Builder, is_short: bool) -> Iterator[None]:
    """Do what is written inside if it is time to look again.

    Reading the clock would be most of a short step: it is done at some of them.
    """
    with b.when(_at_some_steps(b)) if is_short else nullcontext(), b.when(_is_due(b)):
        start(b)
        yield


def _at_some_steps(b: Builder) -> Value:
    count = b.define(f"add {_read(b, COUNT)}, 1", INDEX)
    _write(b, COUNT, count)
    return b.compare("eq", b.bits_and(count, SHORT_STEPS - 1), 0)


def _is_due(b: Builder) -> Value:
    found, last = clock(), _read(b, LOOKED)
    if found is not None:
        passed = b.define(f"sub {_now(b, found)}, {last.text}", INDEX)
    else:
        passed = b.define(f"add {last}, 1", INDEX)
        _write(b, LOOKED, passed)
    return b.compare("gt", passed, _read(b, PATIENCE))


def _now(b: Builder, clock: Clock) -> Value:
    return b.define(f"call i64 {clock.reading}", INDEX)


def _read(b: Builder, place: int) -> Value:
    return b.load(b.element(b.pointer("dynamic"), place, INDEX), INDEX)


def _write(b: Builder, place: int, x: Value) -> None:
    b.store(x, b.element(b.pointer("dynamic"), place, INDEX))
