"""Building a program: rewrites, lowering, fusion, machine code, memory."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from chainrule.compiler import target as targets
from chainrule.compiler.loops import rules  # noqa: F401  (registers how rows are lowered)
from chainrule.compiler.loops.precision import with_rounded_operands
from chainrule.compiler.native.jit import Source, load
from chainrule.compiler.native.pool import get_threads
from chainrule.compiler.options import DEFAULT, Options
from chainrule.compiler.program.addresses import FIRST
from chainrule.compiler.program.calls import KernelCall
from chainrule.compiler.program.entry import written
from chainrule.compiler.program.kernels import calls_of
from chainrule.compiler.program.making import Making, layout_of
from chainrule.compiler.program.prepared import calls_once
from chainrule.compiler.program.program import Program, ProgramReport
from chainrule.compiler.program.schedule import schedule
from chainrule.graph import Graph, rewrites


class _Clock:
    """Seconds that stages took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def build(graph: Graph, options: Options = DEFAULT, target: targets.Target | None = None) -> Program:
    """A graph as a program for this machine, or for another target."""
    machine = targets.host() if target is None else target
    clock = _Clock()
    making, fired = made(graph, options, machine, clock)
    with clock.stage("machine code"):
        library = load(sources(making), machine, threads=get_threads())
    report = ProgramReport(
        kernels=sum(isinstance(call, KernelCall) for call in making.calls),
        distinct=len(sources(making)) - 1,
        arena=making.arena.size,
        fallbacks=tuple(call.node.op.name for call in making.of_numpy),
        rewrites=fired,
        seconds=clock.seconds,
    )
    has_numpy = bool(making.of_numpy)
    return Program(graph, layout_of(making, graph), library, report, lambda: making, uses_numpy=has_numpy)


def made(
    graph: Graph, options: Options, machine: targets.Target, clock: _Clock | None = None
) -> tuple[Making, Counter[str]]:
    """All of a program but its machine code, and how often each rewrite of the graph was made."""
    clock = _Clock() if clock is None else clock
    with clock.stage("rewrites"):
        is_assigned = any(state.after is not None for state in graph.states)
        graph, fired = rewrites.rewrite(graph, rewrites.DEFAULT if is_assigned else rewrites.INFERENCE)
        if options.precision is not None:
            graph = with_rounded_operands(graph, options.precision)
    with clock.stage("loops"):
        scheduled = schedule(graph, options, machine)
        graph, lowering, arena = scheduled.graph, scheduled.lowering, scheduled.arena
    with clock.stage("llvm"):
        before, after = calls_once(
            calls_of(scheduled.prepared, machine), calls_of(scheduled.kernels, machine)
        )
        inputs, outputs = [lowering.buffers[x] for x in graph.inputs], lowering.outputs
        dynamic = {x: FIRST + i for i, x in enumerate((*inputs, *outputs))}
        entry = written(before, after, dynamic)
    states = [lowering.buffers[s.before] for s in graph.states]
    calls = [*before, *after]
    return Making(graph, calls, arena, entry, inputs, outputs, states, scheduled.at_risk), fired


def sources(making: Making) -> list[Source]:
    """The modules of a program: its kernels, each once, and its entry."""
    kernels = {
        call.function: Source(call.text, call.passes) for call in making.calls if isinstance(call, KernelCall)
    }
    return [*kernels.values(), Source(making.entry.text)]
