"""What a machine offers to compiled code: its instructions, registers and caches."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import llvmlite.binding as llvm

from chainrule.compiler.native import messages as messages
from chainrule.compiler.native.machine import CPUS, LEVELS, CacheSizes, Level, cache_sizes
from chainrule.errors import error, hint

VARIABLE = "CHAINRULE_CPU"
NATIVE = "native"


@dataclass(frozen=True)
class Target:
    """A kind of processor that code is made for.

    Attributes
    ----------
    triple : str
        LLVM's name of architecture, system and object format.
    cpu, features : str
        LLVM's name of the processor, and its features as ``+fma,-avx512f``.
    vector_bytes : int
        Size of a vector register: 64 with AVX-512, 32 with AVX2, 16 with SSE, NEON and WebAssembly.
    registers : int
        How many of them there are.
    has_fma : bool
        Multiplication and addition are one instruction.
    has_bf16_dot : bool
        Products of pairs of bfloat16 are added up in float32 by one instruction.
    has_masks : bool
        Loading or storing a part of a vector costs little more than the whole.
    caches : CacheSizes
        Bytes of the caches.

    Examples
    --------
    >>> named("aarch64").vector_bytes
    16
    """

    triple: str
    cpu: str
    features: str
    vector_bytes: int
    registers: int
    has_fma: bool = False
    has_bf16_dot: bool = False
    has_masks: bool = False
    caches: CacheSizes = field(default_factory=CacheSizes)

    @property
    def architecture(self) -> str:
        """First part of the triple: ``x86_64``, ``aarch64``, ``wasm32``."""
        return self.triple.split("-")[0]


# Code for these can be made anywhere; it runs elsewhere.
_EMITTED = {
    "aarch64": Target("aarch64-unknown-linux-gnu", "generic", "+neon", 16, 32, has_fma=True),
    "wasm32": Target("wasm32-unknown-unknown", "generic", "+simd128", 16, 16),
}


def named(name: str) -> Target:
    """A target that code is emitted for but not run: ``"aarch64"`` or ``"wasm32"``.

    Raises
    ------
    ConfigError
        There is no such target.

    Examples
    --------
    >>> named("wasm32").triple
    'wasm32-unknown-unknown'
    """
    if name not in _EMITTED:
        meant = hint("native.did_you_mean", name, _EMITTED)
        raise error("native.no_target", name=name, hint=meant, known=", ".join(_EMITTED))
    return _EMITTED[name]


def host() -> Target:
    """The machine that runs this, or the lesser one that ``CHAINRULE_CPU`` names.

    Raises
    ------
    ConfigError
        ``CHAINRULE_CPU`` is no known processor, or one with instructions that this machine lacks.
    """
    return _host(os.environ.get(VARIABLE, "").strip() or NATIVE)


@cache
def _host(name: str) -> Target:
    features = llvm.get_host_cpu_features()
    native = _native(features)
    if name == NATIVE:
        return native
    if native.architecture != "x86_64":
        raise error("native.cpu_choice", variable=VARIABLE, name=name, native=native.cpu)
    if name not in CPUS:
        meant = hint("native.did_you_mean", name, CPUS)
        raise error("native.no_cpu", variable=VARIABLE, name=name, hint=meant, known=_runnable(features))
    missing = _missing(LEVELS[CPUS[name]], features)
    if missing:
        lacks = ", ".join(missing)
        known = _runnable(features)
        raise error(
            "native.cpu_lacks", variable=VARIABLE, name=name, cpu=native.cpu, lacks=lacks, known=known
        )
    return _with_level(native, name, LEVELS[CPUS[name]], _disabled(features))


def _native(features: llvm.FeatureMap) -> Target:
    triple, cpu = llvm.get_process_triple(), llvm.get_host_cpu_name()
    known = Target(triple, cpu, features.flatten(), 16, 32, caches=cache_sizes())
    if known.architecture in ("aarch64", "arm64"):
        return replace(known, has_fma=True, has_bf16_dot=features.get("bf16", False))
    levels = [level for level in LEVELS.values() if not _missing(level, features)]
    if not levels:
        raise error("native.too_old", cpu=cpu, lacks=", ".join(_missing(LEVELS["SSE"], features)))
    return _with_level(known, cpu, levels[-1], known.features)


def _with_level(target: Target, cpu: str, level: Level, features: str) -> Target:
    return replace(
        target,
        cpu=cpu,
        features=features,
        vector_bytes=level.vector_bytes,
        registers=level.registers,
        has_fma=level.has_fma,
        has_bf16_dot=level.has_bf16_dot,
        has_masks=level.has_masks,
    )


def _missing(level: Level, features: Mapping[str, bool]) -> list[str]:
    return [name for name in level.features if not features.get(name)]


def _runnable(features: Mapping[str, bool]) -> str:
    """Names of all processors whose instructions this machine has."""
    levels = [name for name, level in LEVELS.items() if not _missing(level, features)]
    return ", ".join([NATIVE, *(name for name, level in CPUS.items() if level in levels)])


def _disabled(features: Mapping[str, bool]) -> str:
    """What this machine lacks, switched off: a processor of the same level may have it."""
    return ",".join(f"-{name}" for name, present in sorted(features.items()) if not present)
