"""A program that is ready to run."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.backend import Counts
from chainrule.compiler.loops.step import RECORD
from chainrule.compiler.native.arrays import address, aligned_empty, handle
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library
from chainrule.compiler.native.pool import POOL as THREADS
from chainrule.compiler.ownership import WRITES
from chainrule.compiler.program import messages  # noqa: F401  (registers the messages used here)
from chainrule.compiler.program.addresses import (
    CALLBACK,
    ENTRY,
    FIRST,
    PARALLEL,
    PATIENCE,
    POOL,
    PREPARE,
    STOPPED,
)
from chainrule.compiler.program.callback import callback
from chainrule.compiler.program.interrupt import NEVER, interval, looks_for_signals
from chainrule.compiler.program.layout import Layout, Slots
from chainrule.compiler.program.memory import arena_memory, result_memory
from chainrule.compiler.program.results import ResultMemory, maker_of
from chainrule.compiler.program.states import StateArrays
from chainrule.compiler.turns import PROGRAM, Turn, turns_of
from chainrule.errors import error
from chainrule.graph import Graph

if TYPE_CHECKING:
    from chainrule.compiler.loops.expr import Buffer
    from chainrule.compiler.program.arena import Arena
    from chainrule.compiler.program.calls import Call
    from chainrule.compiler.program.making import Making


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
        What it was made of, as it was recorded.
    layout : Layout
        Where everything lies.
    library : Library
        The code.
    report : ProgramReport
        Counts and times.
    make : callable
        Gives how it came to be; asked when somebody looks, or NumPy has a part in it.
    uses_numpy : bool
        Whether operations are left to NumPy.

    Attributes
    ----------
    prepared : list of array
        What is computed once, as bytes.
    """

    def __init__(
        self,
        graph: Graph,
        layout: Layout,
        library: Library,
        report: ProgramReport,
        make: Callable[[], Making],
        *,
        uses_numpy: bool = False,
    ) -> None:
        self.recorded, self.report, self.library = graph, report, library
        self.layout, self._make = layout, make
        self._turn = Turn(PROGRAM)
        self._at_risk = [graph.states[place.number].tensor for place in layout.states if place.is_at_risk]
        self._turns = turns_of([graph.states[place.number].tensor for place in layout.states])
        self._is_running, self._was_cut_short = False, False
        self._run = function(library, ENTRY, "void", "ptr", "ptr")
        self._prepare = function(library, PREPARE, "void", "ptr", "ptr")
        self._results = ResultMemory([x.spec.size * x.dtype.itemsize for x in graph.outputs])
        self._new_results = [maker_of(x.shape, x.dtype) for x in graph.outputs]
        self._memory = arena_memory(layout.arena, graph.name, make)
        self._bind()
        self._definitions = self._definitions_of_numpy() if uses_numpy else None
        self._states = StateArrays(graph, layout, self._slots)
        self._prepared_at = -1
        self._has_loops, self._interval = layout.has_loops, interval()
        self._problem: BaseException | None = None
        self._begin_dynamic()

    def _bind(self) -> None:
        """Give everything that stays where it is its address."""
        layout = self.layout
        self._slots = aligned_empty((max(layout.slots, 1),), np.dtype(np.int64))
        self._slots[:] = 0
        if layout.offsets:
            begin = address(self._memory)
            self._slots[list(layout.offsets)] = np.fromiter(layout.offsets.values(), np.int64) + begin
        self._held: list[np.ndarray] = []
        for places, array in layout.constants:
            self._place(places, array)
        self.prepared = [
            self._place(places, aligned_empty((size,), np.dtype(np.uint8)))
            for places, size in layout.prepared
        ]
        # Several calls may note in the same place.
        records = {
            places: self._place(places, np.zeros(RECORD, np.int64))
            for places in dict.fromkeys(layout.records.values())
        }
        self._records = {number: records[places] for number, places in layout.records.items()}

    def _place(self, places: Slots, array: np.ndarray) -> np.ndarray:
        """Keep an array, and its address in some slots."""
        self._held.append(array)
        self._slots[list(places)] = address(array) if array.size else 0
        return array

    def _definitions_of_numpy(self) -> Any:
        from chainrule.compiler.program.definitions import Definitions

        return Definitions(self.making, self._memory, self._slots)

    def _begin_dynamic(self) -> None:
        """The words that change from call to call."""
        count = len(self.recorded.inputs) + len(self.recorded.outputs)
        self._dynamic = aligned_empty((FIRST + count,), np.dtype(np.int64))
        self._dynamic[:] = 0
        self._dynamic[[PARALLEL, POOL]] = THREADS.parallel, THREADS.address
        # The same words; single ones are read and written in half the time.
        self._words = self._dynamic.data
        self._bind_callback()
        self._addresses = address(self._slots), address(self._dynamic)
        handles = struct.Struct(f"={count}q")
        self._give = partial(handles.pack_into, self._dynamic.data, FIRST * self._dynamic.itemsize)

    def _bind_callback(self) -> None:
        self._callback = callback(self._answer, self._fail)
        self._dynamic[CALLBACK] = ctypes.cast(self._callback, ctypes.c_void_p).value

    @cached_property
    def making(self) -> Making:
        """How it came to be."""
        return self._make()

    @property
    def graph(self) -> Graph:
        """What it computes, after all rewrites."""
        return self.making.graph

    @property
    def calls(self) -> list[Call]:
        """What it calls, by number."""
        return self.making.calls

    @property
    def calls_in_order(self) -> Sequence[Call]:
        """What its entry calls."""
        return self.making.calls_in_order

    @property
    def arena(self) -> Arena:
        """Where buffers lie."""
        return self.making.arena

    @property
    def inputs(self) -> Sequence[Buffer]:
        """Buffers of the inputs."""
        return self.making.inputs

    @property
    def outputs(self) -> Sequence[Buffer]:
        """Buffers of the results."""
        return self.making.outputs

    @property
    def states(self) -> Sequence[Buffer]:
        """Buffers of the states."""
        return self.making.states

    def run(
        self, inputs: Sequence[np.ndarray], entry: Callable[[int, int], Any] | None = None
    ) -> list[np.ndarray]:
        """The results for some inputs; states get their new elements.

        ``entry`` is run in place of the program's own: one that measures.
        """
        given = [np.ascontiguousarray(x) for x in inputs]
        with self._turn.lock:
            if self._is_running:
                raise error("program.reentered", name=self.recorded.name)
            self._is_running = True
            try:
                return self._in_turn(given, self._run if entry is None else entry)
            finally:
                self._is_running = False

    def _in_turn(self, given: Sequence[np.ndarray], entry: Callable[[int, int], Any]) -> list[np.ndarray]:
        results = self._arrays_for_results()
        self._give(*map(handle, (*given, *results)))
        if self._definitions is not None:
            self._definitions.show((*given, *results))
        if not self.layout.states:
            self._call(entry)
        else:
            self._call_on_states(entry)
        if self._definitions is not None:
            self._definitions.hide()
        return results

    def _call_on_states(self, entry: Callable[[int, int], Any]) -> None:
        with self._turns:
            # Who is kept here is neither freed nor overwritten by other threads.
            held = self._bind_states()
            if self._states.are_assigned:
                self._call(entry)
        if not self._states.are_assigned:
            self._call(entry)
        del held

    def _arrays_for_results(self) -> list[np.ndarray]:
        try:
            if not self._results.kept:
                return [new() for new in self._new_results]
            return [self._results.array(place, new) for place, new in enumerate(self._new_results)]
        except (MemoryError, ValueError):
            # This says what is too large.
            return [result_memory(self.recorded, symbol) for symbol in self.recorded.outputs]

    def _call(self, entry: Callable[[int, int], Any]) -> None:
        """Run the native code, and raise the error that it stopped for; then states are as they were."""
        if self._was_cut_short:
            self._forget_failures()
        self._was_cut_short = True
        old = [np.array(tensor.data) for tensor in self._at_risk] if self._at_risk else []
        if self.layout.uses_pool:
            # The threads of a forked process, or of a pool that was resized, start here.
            self._words[POOL] = THREADS.address
        if self._has_loops:
            self._words[PATIENCE] = self._interval if looks_for_signals() else NEVER
        if self.layout.has_prepared and not self._is_prepared():
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
        for record in self._records.values():
            record[:] = 0

    def _is_prepared(self) -> bool:
        """Whether nothing has changed since what lasts was computed; else that is done now.

        A program that assigns states lets nothing last that depends on them.
        """
        before, self._prepared_at = self._prepared_at, 0 if self._states.are_assigned else WRITES.count
        return before == self._prepared_at

    def _failure(self) -> BaseException:
        """The error that the program stopped for: of NumPy or of a signal, or an index out of range."""
        if self._problem is not None:
            return self._problem
        number = int(self._dynamic[STOPPED]) - 1
        if number not in self._records:
            # A second signal came while the exception of the first was noted.
            return KeyboardInterrupt()
        _, index, size = self._records[number].tolist()
        node = self.calls[number].step.nodes[0]
        shapes = {x.name: x.shape for x in node.inputs}
        return error("program.index", op=node.op.name, index=index, size=size, line=node.line, shapes=shapes)

    def _bind_states(self) -> list[np.ndarray]:
        """Tell kernels where the elements of states lie."""
        arrays, has_moved = self._states.bind()
        if has_moved and not self._states.are_assigned:
            self._prepared_at = -1
        return arrays

    def _answer(self, number: int) -> None:
        """What the native code calls back for: an operation of NumPy, or a look at signals that wait.

        Their handlers run by themselves where Python code does. Until the end the run counts as stopped.
        """
        if self._definitions is not None:
            self._definitions.run(number)
        self._dynamic[STOPPED] = 0

    def _fail(self, problem: BaseException) -> None:
        """Stop the run because of what an answer has raised."""
        self._problem, self._dynamic[STOPPED] = problem, 1
