"""Poison: memory that nobody has written yet is filled with NaN, so that reading it changes results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    run = programs.Program.run
    empty, plain = arrays.aligned_empty, np.empty

    def run_poisoned(self: Any, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        self._memory[:] = pattern
        return run(self, inputs)

    def filled(make: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
        def made(*args: Any, **kwargs: Any) -> np.ndarray:
            array = make(*args, **kwargs)
            if array.dtype != object:
                array.reshape(-1).view(np.uint8)[...] = pattern
            return array

        return made

    patch.setattr(programs.Program, "run", run_poisoned)
    patch.setattr(programs, "aligned_empty", filled(empty))
    patch.setattr(programs.np, "empty", filled(plain))
    try:
        yield
    finally:
        patch.undo()
