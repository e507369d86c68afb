"""The machine that figures are from."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """Its processor's name, how many of them this process may use, memory in bytes, and the system."""

    processor: str
    processors: int
    memory: int
    system: str


def this_machine() -> Machine:
    """What the system tells of itself."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    return Machine(
        _processor(), _processors(), pages, f"{platform.system()} {platform.release().partition('-')[0]}"
    )


def busy_processors(seconds: float) -> float:
    """How many processors are in use, by whomever, while this process waits so long; 0 where none tells."""
    first = _ticks()
    time.sleep(seconds)
    return (_ticks() - first) / os.sysconf("SC_CLK_TCK") / seconds


def _ticks() -> int:
    """Time that processors have worked, of all programs, as Linux counts it."""
    counts = Path("/proc/stat")
    if not counts.exists():
        return 0
    user, nice, system, _idle, _waiting, *others = map(
        int, counts.read_text("ascii").split("\n")[0].split()[1:]
    )
    return user + nice + system + sum(others[:3])


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    """The model's name where Linux tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
