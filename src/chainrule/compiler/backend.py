"""What turns a graph into something that runs: native code, or NumPy as the definitions have it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

import chainrule.compiler.messages  # noqa: F401  (registers the messages used here)
from chainrule.errors import error, hint


class ProgramReport(Protocol):
    """What a program consists of; the meaning of each attribute is that of `Counts`."""

    kernels: int
    arena: int
    fallbacks: Sequence[str]
    seconds: Mapping[str, float]


@dataclass
class Counts:
    """The report of a program, as plain values.

    Attributes
    ----------
    kernels : int
        Native functions that are called.
    arena : int
        Bytes of memory for what is computed on the way.
    fallbacks : sequence of str
        Operations that are left to NumPy.
    seconds : mapping
        Time that each stage of building took.
    """

    kernels: int = 0
    arena: int = 0
    fallbacks: Sequence[str] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


class Program(Protocol):
    """A graph that is ready to run."""

    @property
    def report(self) -> ProgramReport:
        """What it consists of."""

    def run(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The graph's outputs in their order, as new arrays; its states get their new elements."""


Build = Callable[..., Program]

# Modules that define ``build``, imported when they are first used.
BACKENDS: dict[str, str] = {
    "llvm": "chainrule.compiler.program.stored",
    "numpy": "chainrule.compiler.replay",
}
DEFAULT = "llvm"


def check_backend(name: str) -> None:
    """Refuse a backend that there is not."""
    if name not in BACKENDS:
        meant = hint("compile.did_you_mean", str(name), BACKENDS)
        raise error("compile.backend", name=name, hint=meant, known=", ".join(BACKENDS))


def builder(name: str) -> Build:
    """The function of a backend that makes a program of a graph."""
    build: Build = importlib.import_module(BACKENDS[name]).build
    return build
