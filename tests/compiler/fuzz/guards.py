"""Results with guard zones around them: code that writes beside a result is found out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainrule.compiler.program import program as programs

_ZONE, _PATTERN = 256, 0xA5


@contextmanager
def guarded_results() -> Iterator[list[str]]:
    """Programs write results into guarded memory; at the end the list tells what was written beside them."""
    made: list[Any] = []
    original, found = programs.Program._arrays_for_results, []

    def guarded(symbol: Any) -> Any:
        size = math.prod(symbol.shape) * symbol.dtype.itemsize
        memory = np.full(size + 2 * _ZONE, _PATTERN, np.uint8)
        made.append((symbol, memory))
        return memory[_ZONE : _ZONE + size].view(symbol.dtype).reshape(symbol.shape)

    programs.Program._arrays_for_results = lambda self: list(map(guarded, self.recorded.outputs))
    try:
        yield found
    finally:
        programs.Program._arrays_for_results = original
        for symbol, memory in made:
            if (memory[:_ZONE] != _PATTERN).any() or (memory[-_ZONE:] != _PATTERN).any():
                found.append(f"{symbol.name}: written beside the result")
