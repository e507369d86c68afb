"""Operations that a program leaves to NumPy: run by their definitions, on the program's own memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.native.arrays import array_at
from chainrule.compiler.program.calls import NumpyCall
from chainrule.compiler.program.making import Making, slots_of
from chainrule.compiler.replay import name_line
from chainrule.core.interpreter import EAGER, lift, using_layers
from chainrule.core.spec import Spec
from chainrule.errors import ChainruleError


class Definitions:
    """The operations of a program that NumPy runs.

    Parameters
    ----------
    making : Making
        Of the program.
    memory : array
        Its arena, as bytes.
    slots : array
        Addresses of what kernels work on.
    """

    def __init__(self, making: Making, memory: np.ndarray, slots: np.ndarray) -> None:
        self._making, self._slots = making, slots
        self._places = slots_of(making)
        self._tensors = {
            buffer: state.tensor for buffer, state in zip(making.states, making.graph.states, strict=True)
        }
        used = {x for call in making.of_numpy for x in (*call.inputs, *call.outputs)}
        self._given = [x if x in used else None for x in (*making.inputs, *making.outputs)]
        self._arrays: dict[Buffer, np.ndarray] = {}
        for buffer in used:
            if buffer.kind == "constant" and buffer.content is not None:
                self._arrays[buffer] = buffer.content
            elif buffer in making.arena.offsets:
                offset = making.arena.offsets[buffer]
                self._arrays[buffer] = memory[offset : offset + buffer.nbytes].view(buffer.dtype)

    def show(self, arrays: Sequence[np.ndarray]) -> None:
        """Let them find inputs and results of a run."""
        for buffer, array in zip(self._given, arrays, strict=True):
            if buffer is not None:
                self._arrays[buffer] = array.reshape(-1)

    def hide(self) -> None:
        """Keep inputs and results no longer."""
        for buffer in self._given:
            if buffer is not None:
                self._arrays.pop(buffer, None)

    def run(self, number: int) -> None:
        """Run the operation that a call of a number stands for, if it is one."""
        call = self._making.calls[number]
        if not isinstance(call, NumpyCall):
            return
        node = call.node
        given = [self._shaped(buffer, x.spec) for buffer, x in zip(call.inputs, node.inputs, strict=True)]
        try:
            with using_layers([EAGER]):
                found: Any = node.op(*map(lift, given), **node.params)
        except ChainruleError as problem:
            name_line(problem, node)
            raise
        results = found if isinstance(found, tuple) else (found,)
        for buffer, symbol, result in zip(call.outputs, node.outputs, results, strict=True):
            self._shaped(buffer, symbol.spec)[...] = result.data

    def _shaped(self, buffer: Buffer, spec: Spec) -> np.ndarray:
        if buffer in self._tensors:
            return self._tensors[buffer].data.reshape(spec.shape)
        if buffer in self._arrays:
            return self._arrays[buffer].reshape(spec.shape)
        # What kernels have prepared, and windows, which move on.
        return array_at(int(self._slots[self._places[buffer][0]]), spec.shape, buffer.dtype)
