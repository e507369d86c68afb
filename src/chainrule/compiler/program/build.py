"""Building a program: rewrites, lowering, fusion, machine code, memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from chainrule.compiler import target as targets
from chainrule.compiler.loops import rules  # noqa: F401  (registers how rows are lowered)
from chainrule.compiler.loops.precision import with_rounded_operands
from chainrule.compiler.native.jit import Source, load
from chainrule.compiler.native.pool import get_threads
from chainrule.compiler.options import DEFAULT, Options
from chainrule.compiler.program.addresses import FIRST
from chainrule.compiler.program.calls import KernelCall, NumpyCall, flat
from chainrule.compiler.program.entry import written
from chainrule.compiler.program.kernels import calls_of
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
        calls = [*before, *after]
        inputs = [lowering.buffers[x] for x in graph.inputs]
        outputs = lowering.outputs
        dynamic = {x: FIRST + i for i, x in enumerate((*inputs, *outputs))}
        entry = written(before, after, dynamic)
    with clock.stage("machine code"):
        kernels_by_name = {
            call.function: Source(call.text, call.passes)
            for call in flat(calls)
            if isinstance(call, KernelCall)
        }
        library = load([*kernels_by_name.values(), entry.text], machine, threads=get_threads())
    states = [lowering.buffers[s.before] for s in graph.states]
    report = ProgramReport(
        kernels=sum(isinstance(call, KernelCall) for call in flat(calls)),
        distinct=len(kernels_by_name),
        arena=arena.size,
        fallbacks=tuple(call.node.op.name for call in flat(calls) if isinstance(call, NumpyCall)),
        rewrites=fired,
        seconds=clock.seconds,
    )
    return Program(graph, calls, arena, entry, library, (inputs, outputs, states), report, scheduled.at_risk)
