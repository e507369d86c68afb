"""A program that is ready to run."""

from __future__ import annotations

import ctypes
import struct
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from chainrule.compiler.backend import Counts
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.step import Window
from chainrule.compiler.native.arrays import address, aligned_empty, array_at, handle
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library
from chainrule.compiler.native.pool import POOL as THREADS
from chainrule.compiler.ownership import WRITES, writable
from chainrule.compiler.program import messages  # noqa: F401  (registers the messages used here)
from chainrule.compiler.program.addresses import CALLBACK, FIRST, PARALLEL, PATIENCE, POOL, STOPPED
from chainrule.compiler.program.arena import Arena
from chainrule.compiler.program.callback import callback
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, flat
from chainrule.compiler.program.entry import NAME, PREPARE, Entry, has_loops
from chainrule.compiler.program.interrupt import NEVER, interval, looks_for_signals
from chainrule.compiler.program.memory import arena_memory, result_memory
from chainrule.compiler.program.prepared import is_prepared
from chainrule.compiler.program.results import ResultMemory
from chainrule.compiler.replay import name_line
from chainrule.compiler.turns import PROGRAM, Turn, turns_of
from chainrule.core.interpreter import EAGER, lift, using_layers
from chainrule.core.spec import Spec
from chainrule.errors import ChainruleError, error
from chainrule.graph import Graph


@dataclass
class ProgramReport(Counts):
    """What a native program consists of, besides what every program does.

    Attributes
    ----------
    distinct : int
        Different native functions.
    rewrites : mapping
        How often each rewrite of the graph was made.
    """

    distinct: int = 0
    rewrites: Mapping[str, int] = field(default_factory=dict)


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
    at_risk : list of Buffer
        States that get new elements while something may still fail.
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
        at_risk: Sequence[Buffer] = (),
    ) -> None:
        self.graph, self.calls, self.report = graph, list(flat(calls)), report
        self.calls_in_order = list(calls)
        self.inputs, self.outputs, self.states = buffers
        self.arena, self.library = arena, library
        self._turn, self._turns = Turn(PROGRAM), turns_of([s.tensor for s in graph.states])
        self._is_running, self._was_cut_short = False, False
        self._assigns = any(s.after is not None for s in graph.states)
        self._run = function(library, NAME, "void", "ptr", "ptr")
        self._prepare = function(library, PREPARE, "void", "ptr", "ptr")
        self._memory = arena_memory(arena, self.calls, graph.name)
        self._results = ResultMemory([x.spec.size * x.dtype.itemsize for x in graph.outputs])
        self._new_results = [partial(np.empty, x.shape, x.dtype) for x in graph.outputs]
        self._arrays: dict[Buffer, np.ndarray] = {}
        self._slots = aligned_empty((max(len(entry.slots), 1),), np.dtype(np.int64))
        self._slots[:] = 0
        self._places: dict[Buffer, list[int]] = {}
        for place, buffer in enumerate(entry.slots):
            self._places.setdefault(buffer, []).append(place)
        self._bind_fixed(arena, entry)
        self._prepared_from: list[weakref.ref[np.ndarray]] = []
        self._prepared_at = -1
        self._has_prepared = any(map(is_prepared, self.calls))
        self._state_addresses = [0] * len(self.states)
        self._tensors = {buffer: s.tensor for buffer, s in zip(self.states, graph.states, strict=True)}
        of_numpy = [call for call in self.calls if isinstance(call, NumpyCall)]
        used = {x for call in of_numpy for x in (*call.inputs, *call.outputs)}
        self._of_numpy = used.intersection((*self.inputs, *self.outputs))
        self._at_risk = [self._tensors[buffer] for buffer in at_risk]
        self._has_loops, self._interval = has_loops(self.calls_in_order), interval()
        self._problem: BaseException | None = None
        self._uses_pool = not all(isinstance(x, KernelCall) and x.pieces == 1 for x in self.calls)
        self._dynamic = aligned_empty((FIRST + len(self.inputs) + len(self.outputs),), np.dtype(np.int64))
        self._dynamic[:] = 0
        self._dynamic[[PARALLEL, POOL]] = THREADS.parallel, THREADS.address
        # The same words; single ones are read and written in half the time.
        self._words = memoryview(self._dynamic)
        self._bind_callback()
        self._addresses = address(self._slots), address(self._dynamic)
        handles = struct.Struct(f"={len(self.inputs) + len(self.outputs)}q")
        self._give = partial(handles.pack_into, self._dynamic.data, FIRST * self._dynamic.itemsize)

    def _bind_callback(self) -> None:
        self._callback = callback(self._answer, self._fail)
        self._dynamic[CALLBACK] = ctypes.cast(self._callback, ctypes.c_void_p).value

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

    def run(
        self, inputs: Sequence[np.ndarray], entry: Callable[[int, int], Any] | None = None
    ) -> list[np.ndarray]:
        """The results for some inputs; states get their new elements.

        ``entry`` is run in place of the program's own: one that measures.
        """
        given = [np.ascontiguousarray(x) for x in inputs]
        with self._turn.lock:
            if self._is_running:
                raise error("program.reentered", name=self.graph.name)
            self._is_running = True
            try:
                return self._in_turn(given, self._run if entry is None else entry)
            finally:
                self._is_running = False

    def _in_turn(self, given: Sequence[np.ndarray], entry: Callable[[int, int], Any]) -> list[np.ndarray]:
        results = self._kept_results() if self._results.kept else self._fresh_results()
        self._give(*map(handle, (*given, *results)))
        if self._of_numpy:
            self._show_numpy(given, results)
        if not self.states:
            self._call(entry)
        else:
            self._call_on_states(entry)
        for buffer in self._of_numpy:
            self._arrays.pop(buffer, None)
        return results

    def _call_on_states(self, entry: Callable[[int, int], Any]) -> None:
        with self._turns:
            # Who is kept here is neither freed nor overwritten by other threads.
            held = self._bind_states()
            if self._assigns:
                self._call(entry)
        if not self._assigns:
            self._call(entry)
        del held

    def _fresh_results(self) -> list[np.ndarray]:
        try:
            return [new() for new in self._new_results]
        except (MemoryError, ValueError):
            return [result_memory(self.graph, symbol) for symbol in self.graph.outputs]  # Says what is too large.

    def _kept_results(self) -> list[np.ndarray]:
        new = partial(partial, result_memory, self.graph)
        return [self._results.array(place, new(symbol)) for place, symbol in enumerate(self.graph.outputs)]

    def _call(self, entry: Callable[[int, int], Any]) -> None:
        """Run the native code, and raise the error that it stopped for; then states are as they were."""
        if self._was_cut_short:
            self._forget_failures()
        self._was_cut_short = True
        old = [np.array(tensor.data) for tensor in self._at_risk] if self._at_risk else []
        if self._uses_pool:
            # The threads of a forked process, or of a pool that was resized, start here.
            self._words[POOL] = THREADS.address
        if self._has_loops:
            self._words[PATIENCE] = self._interval if looks_for_signals() else NEVER
        if self._has_prepared and not self._is_prepared():
            self._prepare(*self._addresses)
        entry(*self._addresses)
        if self._words[STOPPED]:
            for tensor, elements in zip(self._at_risk, old, strict=True):
                np.copyto(tensor.data, elements)
            raise self._failure()
        self._was_cut_short = False

    def _forget_failures(self) -> None:
        """Begin anew after a run that did not come to its end."""
        self._problem, self._dynamic[STOPPED], self._prepared_at = None, 0, -1
        self._bind_callback()
        for buffer, array in self._arrays.items():
            if buffer.kind == "record":
                array[:] = 0

    def _is_prepared(self) -> bool:
        """Whether nothing has changed since what lasts was computed; else note what it now comes from."""
        arrays = [state.tensor.data for state in self.graph.states]
        same = len(self._prepared_from) == len(arrays) and self._prepared_at == WRITES.count
        if same and all(ref() is array for ref, array in zip(self._prepared_from, arrays, strict=True)):
            return True
        self._prepared_from, self._prepared_at = [weakref.ref(array) for array in arrays], WRITES.count
        return False

    def _failure(self) -> BaseException:
        """The error that the program stopped for: of NumPy or of a signal, or an index out of range."""
        if self._problem is not None:
            return self._problem
        call = self.calls[int(self._dynamic[STOPPED]) - 1]
        if not isinstance(call, KernelCall):
            # A second signal came while the exception of the first was noted.
            return KeyboardInterrupt()
        assert call.record is not None
        record = self._arrays[call.record]
        _, index, size = record.tolist()
        node = call.step.nodes[0]
        shapes = {x.name: x.shape for x in node.inputs}
        return error("program.index", op=node.op.name, index=index, size=size, line=node.line, shapes=shapes)

    def _show_numpy(self, given: Sequence[np.ndarray], results: Sequence[np.ndarray]) -> None:
        """Let operations that are left to NumPy find inputs and results."""
        buffers = (*self.inputs, *self.outputs)
        for buffer, array in zip(buffers, (*given, *results), strict=True):
            if buffer in self._of_numpy:
                self._arrays[buffer] = array.reshape(-1)

    def _bind_states(self) -> list[np.ndarray]:
        """Tell kernels where the elements of states lie; those that change are the states' own first."""
        held = []
        for place, (buffer, state) in enumerate(zip(self.states, self.graph.states, strict=True)):
            tensor = state.tensor
            array = tensor.data if state.after is None else writable(tensor)
            if not array.flags.c_contiguous:
                array = tensor.data = np.ascontiguousarray(array)
            where = address(array)
            if where != self._state_addresses[place]:
                self._state_addresses[place] = where
                self._slots[self._places.get(buffer, [])] = where
            held.append(array)
        return held

    def _answer(self, number: int) -> None:
        """What the native code calls back for: an operation of NumPy, or a look at signals that wait.

        Their handlers run by themselves where Python code does. Until the end the run counts as stopped.
        """
        call = self.calls[number]
        if isinstance(call, NumpyCall):
            self._by_definition(call)
        self._dynamic[STOPPED] = 0

    def _fail(self, problem: BaseException) -> None:
        """Stop the run because of what an answer has raised."""
        self._problem, self._dynamic[STOPPED] = problem, 1

    def _by_definition(self, call: NumpyCall) -> None:
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
        if isinstance(buffer, Window):
            where = int(self._slots[self._places[buffer][0]])
            return array_at(where, spec.shape, buffer.dtype)
        array = self._tensors[buffer].data if buffer in self._tensors else self._arrays[buffer]
        return array.reshape(spec.shape)
