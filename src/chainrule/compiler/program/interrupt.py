"""Looks for signals: a long loop of native code lets Python see, some ten times a second, whether one waits.

So Ctrl-C ends a scan or a while loop. The loop reads the processor's clock at every step, which takes a few
nanoseconds, and calls Python where enough time has passed since the last look (`looks` writes that).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from chainrule.compiler import target as targets


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
