"""How long each kernel of a program takes: an entry that reads the processor's clock around every call."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.compiler import target as targets
from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.types import INDEX
from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library, load
from chainrule.compiler.program.addresses import ENTRY, FIRST
from chainrule.compiler.program.calls import Call, KernelCall, RepeatCall
from chainrule.compiler.program.entry import Writer
from chainrule.compiler.program.prepared import is_prepared
from chainrule.compiler.program.program import Program

# Below this many seconds the clock's own steps are a large part of what it says.
RESOLUTION = 1e-7

# Whole runs are repeated for as long as this, and at least so often.
BUDGET = 0.3
FEWEST = 3

# Intel's manual, volume 2, RDTSC: it runs on at a constant rate, and any program may read it. Elsewhere
# Python's clock is called, which takes about a microsecond that is counted too.
CLOCKS = {"x86_64": "llvm.readcyclecounter"}
PYTHONS = "chainrule_clock"


@dataclass(frozen=True)
class Times:
    """Shortest times of many runs.

    Attributes
    ----------
    calls : tuple of (float, int)
        For each of the program's calls its seconds in one run, and how often it was called.
    whole : float
        Seconds of a run, called from Python, without measuring inside.
    runs : int
        How many runs were measured.
    """

    calls: tuple[tuple[float, int], ...]
    whole: float
    runs: int

    @property
    def total(self) -> float:
        """Sum of all calls."""
        return sum(seconds for seconds, _ in self.calls)


class TimedWriter(Writer):
    """Writes an entry that adds up ticks and calls of each kernel in a table, and notes when it began."""

    clock = PYTHONS
    runs_shares_in_turn = True

    def begin(self, name: str) -> None:
        """A function with a third argument: the table."""
        super().begin(name)
        arguments = [("ptr", "slots"), ("ptr", "dynamic"), ("ptr", "times")]
        self.b = Builder(self.module, name, arguments)

    def now(self) -> Value:
        """Read the clock."""
        return self.b.call(self.clock, INDEX, 1)

    def calls(self, calls: Sequence[Call]) -> None:
        """The calls, each between two readings."""
        for call in calls:
            if isinstance(call, RepeatCall):
                super().calls([call])
                continue
            before = self.now()
            super().calls([call])
            ticks = self.b.define(f"sub {self.now()}, {before.text}", INDEX)
            number = self.numbers[id(call)]
            self.add(2 * number, ticks)
            self.add(2 * number + 1, self.b.number(1))

    def add(self, place: int, amount: Value) -> None:
        """Add to a number of the table."""
        at = self.b.element(self.b.pointer("times"), place, INDEX)
        self.b.store(self.b.add(self.b.load(at, INDEX), amount), at)

    def note_start(self, place: int) -> None:
        """Write the clock's reading into the table."""
        self.b.store(self.now(), self.b.element(self.b.pointer("times"), place, INDEX))


def timed_text(program: Program, clock: str) -> str:
    """The text of a program's measuring entry."""
    writer = TimedWriter(program.calls_in_order)
    writer.clock = clock
    writer.note_start(2 * len(program.calls))
    dynamic = {x: FIRST + i for i, x in enumerate((*program.inputs, *program.outputs))}
    writer.whole([call for call in program.calls_in_order if not is_prepared(call)], dynamic)
    return str(writer.module)


def measured(program: Program, arrays: Sequence[np.ndarray], clock: str | None = None) -> Times:
    """Run a program again and again, and time its calls; states are as before afterwards.

    ``clock`` is the function that reads it, by default the quickest there is.
    """
    if clock is None:
        clock = CLOCKS.get(targets.host().architecture, PYTHONS)
    kept = [(s.tensor, s.tensor.data.copy()) for s in program.graph.states if s.after is not None]
    try:
        return _measured(program, arrays, clock)
    finally:
        for tensor, data in kept:
            tensor.assign(data)


def _measured(program: Program, arrays: Sequence[np.ndarray], clock: str) -> Times:
    table = aligned_empty((2 * len(program.calls) + 1,), np.dtype(np.int64))
    library = _library(program, clock)
    native = function(library, ENTRY, "void", "ptr", "ptr", "ptr")
    where = address(table)
    program.run(arrays)
    rows: list[np.ndarray] = []
    starts: list[float] = []
    whole: list[float] = []
    began = time.perf_counter()
    while len(rows) < FEWEST or time.perf_counter() - began < BUDGET:
        table[:] = 0
        start = time.perf_counter()
        program.run(arrays, lambda slots, dynamic: native(slots, dynamic, where))
        middle = time.perf_counter()
        program.run(arrays)
        whole.append(time.perf_counter() - middle)
        starts.append(start)
        rows.append(table.copy())
    return _times(np.array(rows), starts, min(whole))


def _times(ticks: np.ndarray, starts: Sequence[float], whole: float) -> Times:
    """Shortest times, from tables of ticks and what another clock said when each was begun."""
    rate = (ticks[-1, -1] - ticks[0, -1]) / (starts[-1] - starts[0])
    calls = ticks[:, :-1].reshape(len(ticks), -1, 2)
    seconds = calls[:, :, 0].min(axis=0) / rate
    counts = calls[:, :, 1].max(axis=0)
    return Times(tuple(zip(seconds.tolist(), counts.tolist(), strict=True)), whole, len(ticks))


def _library(program: Program, clock: str) -> Library:
    kernels = {call.function for call in program.calls if isinstance(call, KernelCall)}
    symbols = {name: program.library.address(name) for name in sorted(kernels)}
    if clock == PYTHONS:
        symbols[PYTHONS] = _address_of(_python_clock)
    return load([timed_text(program, clock)], targets.host(), symbols=symbols)


_python_clock = ctypes.CFUNCTYPE(ctypes.c_int64)(time.perf_counter_ns)


def _address_of(callback: Any) -> int:
    return int(ctypes.cast(callback, ctypes.c_void_p).value or 0)
