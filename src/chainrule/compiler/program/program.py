"""A program that is ready to run."""

from __future__ import annotations

import ctypes
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library
from chainrule.compiler.native.pool import POOL as THREADS
from chainrule.compiler.ownership import WRITES, writable
from chainrule.compiler.program import messages  # noqa: F401  (registers the messages used here)
from chainrule.compiler.program.arena import Arena
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, flat
from chainrule.compiler.program.entry import CALLBACK, FIRST, NAME, PARALLEL, POOL, PREPARE, STOPPED, Entry
from chainrule.core.interpreter import EAGER, lift, using_layers
from chainrule.core.spec import Spec
from chainrule.errors import error
from chainrule.graph import Graph

_Callback = ctypes.CFUNCTYPE(None, ctypes.c_int64)


@dataclass
class ProgramReport:
    """What a program consists of.

    Attributes
    ----------
    kernels : int
        Calls of native functions.
    distinct : int
        Different functions among them.
    arena : int
        Bytes of memory for what is computed on the way.
    fallbacks : tuple of str
        Operations that are left to NumPy.
    rewrites : mapping
        How often each rewrite of the graph was made.
    seconds : dict
        Time that each stage of compiling took.
    """

    kernels: int
    distinct: int
    arena: int
    fallbacks: tuple[str, ...]
    rewrites: Mapping[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Program:
    """Machine code with the memory that it works on.

    Parameters
    ----------
    graph : Graph
        What it computes.
    calls : list
        What its entry calls, in order.
    arena : Arena
        Where buffers lie.
    entry : Entry
        The entry's text and slots.
    library : Library
        The code.
    inputs, outputs, states : list of Buffer
        In the graph's order.
    report : ProgramReport
        Counts and times.
    """

    def __init__(
        self,
        graph: Graph,
        calls: Sequence[Call],
        arena: Arena,
        entry: Entry,
        library: Library,
        buffers: tuple[list[Buffer], list[Buffer], list[Buffer]],
        report: ProgramReport,
    ) -> None:
        self.graph, self.calls, self.report = graph, list(flat(calls)), report
        self.inputs, self.outputs, self.states = buffers
        self._specs = [x.spec for x in graph.outputs]
        self._lock = threading.Lock()
        self._library, self._run = library, function(library, NAME, "void", "ptr", "ptr")
        self._prepare = function(library, PREPARE, "void", "ptr", "ptr")
        self._memory = aligned_empty((max(arena.size, 1),), np.dtype(np.uint8))
        self._arrays: dict[Buffer, np.ndarray] = {}
        self._slots = aligned_empty((max(len(entry.slots), 1),), np.dtype(np.int64))
        self._slots[:] = 0
        self._places: dict[Buffer, list[int]] = {}
        for place, buffer in enumerate(entry.slots):
            self._places.setdefault(buffer, []).append(place)
        self._bind_fixed(arena, entry)
        self._prepared_from: list[weakref.ref[np.ndarray]] = []
        self._prepared_at = -1
        self._has_prepared = any(x.kind == "prepared" for x in self._arrays)
        self._state_addresses = [0] * len(self.states)
        self._tensors = {buffer: s.tensor for buffer, s in zip(self.states, graph.states, strict=True)}
        self._callback = _Callback(self._numpy)
        self._problem: BaseException | None = None
        self._dynamic = aligned_empty((FIRST + len(self.inputs) + len(self.outputs),), np.dtype(np.int64))
        self._dynamic[:] = 0
        self._dynamic[[PARALLEL, POOL]] = THREADS.parallel, THREADS.address
        self._dynamic[CALLBACK] = ctypes.cast(self._callback, ctypes.c_void_p).value
        self._addresses = address(self._slots), address(self._dynamic)

    def _bind_fixed(self, arena: Arena, entry: Entry) -> None:
        """Give every buffer that stays where it is its address."""
        for buffer, offset in arena.offsets.items():
            part = self._memory[offset : offset + buffer.nbytes]
            self._bind(buffer, part.view(buffer.dtype))
        for call in self.calls:
            for buffer in (*call.step.reads(), *call.step.writes()):
                if buffer.kind == "constant" and buffer.content is not None:
                    self._bind(buffer, buffer.content)
                elif buffer.kind == "prepared" and buffer not in self._arrays:
                    self._bind(buffer, aligned_empty((buffer.size,), buffer.dtype))
                elif buffer.kind == "record":
                    self._bind(buffer, np.zeros(buffer.size, buffer.dtype))

    def _bind(self, buffer: Buffer, array: np.ndarray) -> None:
        self._arrays[buffer] = array
        places = self._places.get(buffer)
        if places:
            self._slots[places] = address(array) if array.size else 0

    def run(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The results for some inputs; states get their new elements."""
        given = [np.ascontiguousarray(x) for x in inputs]
        with self._lock:
            self._bind_states()
            results = [np.empty(spec.shape, spec.dtype) for spec in self._specs]
            self._bind_dynamic(given, results)
            # The threads of a forked process, or of a pool that was resized, start here.
            self._dynamic[POOL] = THREADS.address
            if self._has_prepared and not self._is_prepared():
                self._prepare(*self._addresses)
            self._run(*self._addresses)
            problem, self._problem = self._problem or self._stopped(), None
        if problem is not None:
            raise problem
        return results

    def _is_prepared(self) -> bool:
        """Whether nothing has changed since what lasts was computed; else note what it is computed from now."""
        arrays = [state.tensor.data for state in self.graph.states]
        same = len(self._prepared_from) == len(arrays) and self._prepared_at == WRITES.count
        if same and all(ref() is array for ref, array in zip(self._prepared_from, arrays, strict=True)):
            return True
        self._prepared_from, self._prepared_at = [weakref.ref(array) for array in arrays], WRITES.count
        return False

    def _stopped(self) -> BaseException | None:
        """The error of an index out of range, if the program had to stop for one."""
        number = int(self._dynamic[STOPPED])
        if not number:
            return None
        self._dynamic[STOPPED] = 0
        call = self.calls[number - 1]
        assert isinstance(call, KernelCall) and call.record is not None
        record = self._arrays[call.record]
        _, index, size = record.tolist()
        record[:] = 0
        node = call.step.nodes[0]
        shapes = {x.name: x.shape for x in node.inputs}
        return error("program.index", op=node.op.name, index=index, size=size, line=node.line, shapes=shapes)

    def _bind_dynamic(self, given: Sequence[np.ndarray], results: Sequence[np.ndarray]) -> None:
        buffers = (*self.inputs, *self.outputs)
        for place, (buffer, array) in enumerate(zip(buffers, (*given, *results), strict=True), FIRST):
            self._dynamic[place] = address(array) if array.size else 0
            self._arrays[buffer] = array.reshape(-1)

    def _bind_states(self) -> None:
        """Tell kernels where the elements of states lie; those that change are the states' own first."""
        for place, (buffer, state) in enumerate(zip(self.states, self.graph.states, strict=True)):
            tensor = state.tensor
            array = tensor.data if state.after is None else writable(tensor)
            if not array.flags.c_contiguous:
                array = tensor.data = np.ascontiguousarray(array)
            where = address(array)
            if where != self._state_addresses[place]:
                self._state_addresses[place] = where
                self._slots[self._places.get(buffer, [])] = where

    def _numpy(self, number: int) -> None:
        """Run one operation by its NumPy definition: what the native code calls back for."""
        if self._problem is not None:
            return
        try:
            call = self.calls[number]
            assert isinstance(call, NumpyCall)
            self._by_definition(call)
        except BaseException as problem:
            self._problem = problem

    def _by_definition(self, call: NumpyCall) -> None:
        node = call.node
        given = [self._shaped(buffer, x.spec) for buffer, x in zip(call.inputs, node.inputs, strict=True)]
        with using_layers([EAGER]):
            found: Any = node.op(*map(lift, given), **node.params)
        results = found if isinstance(found, tuple) else (found,)
        for buffer, symbol, result in zip(call.outputs, node.outputs, results, strict=True):
            self._shaped(buffer, symbol.spec)[...] = result.data

    def _shaped(self, buffer: Buffer, spec: Spec) -> np.ndarray:
        array = self._tensors[buffer].data if buffer in self._tensors else self._arrays[buffer]
        return array.reshape(spec.shape)
