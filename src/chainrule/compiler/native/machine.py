"""Processors and caches: the levels of x86-64, who has which, and the sizes of this machine's caches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SYSTEM_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20}


@dataclass(frozen=True)
class Level:
    """A level of the x86-64 instruction set.

    Attributes
    ----------
    features : tuple of str
        What a processor must have, in LLVM's names.
    vector_bytes, registers, has_fma, has_bf16_dot, has_masks
        As in `Target`.
    """

    features: tuple[str, ...]
    vector_bytes: int
    registers: int
    has_fma: bool = False
    has_bf16_dot: bool = False
    has_masks: bool = False


# The psABI's levels v2, v3 and v4 (x86-64 psABI, section 3.1.1), and the one that multiplies bfloat16.
_V2 = ("cx16", "popcnt", "sse4.2", "ssse3")
_V3 = (*_V2, "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe")
_V4 = (*_V3, "avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl")

LEVELS = {
    "SSE": Level(_V2, 16, 16),
    "AVX2": Level(_V3, 32, 16, has_fma=True),
    "AVX-512": Level(_V4, 64, 32, has_fma=True, has_masks=True),
    "AVX-512 BF16": Level((*_V4, "avx512bf16"), 64, 32, has_fma=True, has_bf16_dot=True, has_masks=True),
}

_PROCESSORS = {
    "SSE": "x86-64-v2 nehalem westmere sandybridge ivybridge silvermont goldmont tremont btver2",
    "AVX2": "x86-64-v3 haswell broadwell skylake alderlake raptorlake meteorlake arrowlake lunarlake "
    "gracemont sierraforest znver1 znver2 znver3",
    "AVX-512": "x86-64-v4 skylake-avx512 cannonlake icelake-client icelake-server tigerlake rocketlake "
    "cascadelake",
    "AVX-512 BF16": "cooperlake sapphirerapids emeraldrapids graniterapids znver4 znver5",
}

CPUS = {name: level for level, names in _PROCESSORS.items() for name in names.split()}


@dataclass(frozen=True)
class CacheSizes:
    """Bytes of the data caches; the defaults are those of a usual processor.

    Examples
    --------
    >>> CacheSizes().l1
    32768
    """

    l1: int = 32 << 10
    l2: int = 512 << 10
    l3: int = 8 << 20

    @property
    def rows_of_a_set(self) -> int:
        """Lines a page apart, which share a set of the first cache, that this has room for."""
        return self.l1 // 4096


def cache_sizes(folder: Path = _SYSTEM_CACHES) -> CacheSizes:
    """Sizes of the caches as Linux tells them in a folder, and the usual ones for what it does not tell."""
    found = {}
    for entry in sorted(folder.glob("index*")):
        kind, level, size = (_line(entry / name) for name in ("type", "level", "size"))
        match = re.fullmatch(r"(\d+)([KM]?)", size)
        if match and kind in ("Data", "Unified") and level in ("1", "2", "3"):
            found[f"l{level}"] = int(match[1]) * _UNITS[match[2]]
    return CacheSizes(**found)


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
