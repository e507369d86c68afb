"""What a program does in which order, and where in memory: from a graph to planned kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.images import in_groups
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.rows import with_rows
from chainrule.compiler.loops.step import Step
from chainrule.compiler.loops.sums import with_column_sums
from chainrule.compiler.options import Options
from chainrule.compiler.program.arena import Arena, planned
from chainrule.compiler.program.kernels import with_plans
from chainrule.compiler.program.order import states_last
from chainrule.compiler.program.prepared import prepared_and_others
from chainrule.compiler.program.standing import Standing
from chainrule.compiler.remat import with_less_kept
from chainrule.compiler.target import Target
from chainrule.graph import Graph


@dataclass(frozen=True)
class Schedule:
    """A program before it is written.

    Attributes
    ----------
    graph : Graph
        What it computes, with what is computed again.
    lowering : Lowering
        The buffers of the graph's variables.
    prepared, kernels : list of Step
        What is done once, and what at every call.
    arena : Arena
        Where buffers lie.
    at_risk : list of Buffer
        States that a run which fails may leave changed.
    """

    graph: Graph
    lowering: Lowering
    prepared: list[Step]
    kernels: list[Step]
    arena: Arena
    at_risk: list[Buffer]


def schedule(graph: Graph, options: Options, target: Target) -> Schedule:
    """The steps of a graph; on request with less kept in memory, if that makes its arena smaller.

    What memory is saved is estimated from the graph, before it is known what is fused: so both are planned.
    """
    whole = _scheduled(graph, options, target)
    if not options.remat:
        return whole
    other = _scheduled(with_less_kept(graph), options, target)
    return other if other.arena.size < whole.arena.size else whole


def _arranged(steps: Sequence[Step], graph: Graph, kept: set[Buffer], target: Target) -> list[Step]:
    """Steps in groups of images, if the program only predicts."""
    is_assigned = any(state.after is not None for state in graph.states)
    counts = dict.fromkeys(x.shape[0] for x in graph.inputs if x.shape)
    return list(steps) if is_assigned else in_groups(steps, kept, list(counts), target)


def _scheduled(graph: Graph, options: Options, target: Target) -> Schedule:
    lowering = Lowering(graph, options)
    steps = lowering.run()
    kept = {*lowering.buffers.values(), *lowering.outputs}
    standing = Standing(lowering)
    prepared, kernels = prepared_and_others(
        steps,
        graph,
        kept,
        lambda kernels, fixed: with_plans(kernels, target, fixed),
        lambda changing: standing.others(_arranged(changing, graph, kept, target), kept),
    )
    kernels, at_risk = states_last(list(map(with_rows, with_column_sums(kernels))))
    arena = planned([*prepared, *kernels], standing.apart)
    return Schedule(graph, lowering, [*standing.kernels, *prepared], kernels, arena, at_risk)
