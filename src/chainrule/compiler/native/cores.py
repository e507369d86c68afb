"""How many cores this process may use."""

from __future__ import annotations

import os
from pathlib import Path

_SYSTEM = Path("/sys/fs/cgroup")


def usable_cores() -> int:
    """Cores that the process may run on: not more than its affinity and its container's share allow.

    >>> usable_cores() >= 1
    True
    """
    try:
        allowed = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):  # Linux alone tells it
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, container_cores(allowed)))


def container_cores(otherwise: int, folder: Path = _SYSTEM) -> int:
    """Whole cores' worth of time that Linux grants a control group, or ``otherwise`` without a limit."""
    try:
        quota, period = _limit(folder)
        return int(quota) // int(period) if int(quota) > 0 else otherwise
    except (OSError, ValueError, ZeroDivisionError):
        return otherwise


def _limit(folder: Path) -> list[str]:
    """Time granted in each period: version 2 of control groups has one file, version 1 two."""
    try:
        return (folder / "cpu.max").read_text(encoding="ascii").split()
    except OSError:
        names = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
        return [(folder / "cpu" / name).read_text(encoding="ascii") for name in names]
