"""Poison: memory that nobody has written yet is filled with NaN, so that reading it changes results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from chainrule.compiler.native import arrays
from chainrule.compiler.program import program as programs

# As float16, bfloat16, float32 and float64 a NaN, as integers -1 or the greatest one, as bool neither.
PATTERN = 0xFF


def poison(program: Any) -> None:
    """Fill what a program works in, and what its last run left in it."""
    program._memory[:] = PATTERN


@contextmanager
def poisoned(pattern: int = PATTERN) -> Iterator[None]:
    """Every program that runs meanwhile finds a poisoned arena, and results in poisoned arrays."""
    patch = pytest.MonkeyPatch()
    run, results = programs.Program.run, programs.Program._arrays_for_results
    empty = arrays.aligned_empty

    def run_poisoned(self: Any, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        self._memory[:] = pattern
        return run(self, inputs)

    def filled(array: np.ndarray) -> np.ndarray:
        array.reshape(-1).view(np.uint8)[...] = pattern
        return array

    patch.setattr(programs.Program, "run", run_poisoned)
    patch.setattr(programs, "aligned_empty", lambda *args, **kwargs: filled(empty(*args, **kwargs)))
    patch.setattr(programs.Program, "_arrays_for_results", lambda self: list(map(filled, results(self))))
    try:
        yield
    finally:
        patch.undo()
