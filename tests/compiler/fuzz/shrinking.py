"""Failing programs made small: results of nodes become arguments, as long as the program still fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chainrule.graph import Graph

from .checking import problems, values_of
from .programs import Recorded

Test = Callable[[Recorded], bool]


def fails(case: Recorded) -> bool:
    """Whether a program is compiled wrongly, or not at all."""
    try:
        return bool(problems(case))
    except Exception:
        return True


def shrunk(case: Recorded, test: Test = fails) -> Recorded:
    """A small program that fails as well."""
    for smaller in (_fewer_results, _fewer_assignments, _fewer_nodes, _fewer_results):
        case = smaller(case, test)
    return case


def _fewer_results(case: Recorded, test: Test) -> Recorded:
    for count in (len(case.graph.outputs) // 2, 1):
        step = 0
        while count and step < len(case.graph.outputs) and len(case.graph.outputs) > 1:
            outputs = case.graph.outputs[:step] + case.graph.outputs[step + count :]
            tried = pruned(case, replace(case.graph, outputs=outputs, result=None))
            if outputs and test(tried):
                case = tried
            else:
                step += count
    return case


def _fewer_assignments(case: Recorded, test: Test) -> Recorded:
    for i, state in enumerate(case.graph.states):
        if state.after is None:
            continue
        states = [replace(s, after=None) if j == i else s for j, s in enumerate(case.graph.states)]
        tried = pruned(case, replace(case.graph, states=states), keep_states=True)
        case = tried if test(tried) else case
    tried = pruned(case, case.graph)
    return tried if test(tried) else case


def _fewer_nodes(case: Recorded, test: Test) -> Recorded:
    """Results of nodes as arguments, from the first node on."""
    done = 0
    while done < len(case.graph.nodes):
        node = case.graph.nodes[done]
        values = values_of(case.graph, case.arrays, case.states)
        given = [x for x in node.outputs if x not in case.graph.inputs]
        graph = replace(
            case.graph,
            inputs=[*case.graph.inputs, *given],
            nodes=[n for n in case.graph.nodes if n is not node],
        )
        tried = pruned(Recorded(graph, [*case.arrays, *(values[x].data for x in given)], case.states), graph)
        if test(tried):
            case = tried
        else:
            done += 1
    return case


def pruned(case: Recorded, graph: Graph, keep_states: bool = False) -> Recorded:
    """A graph without what nothing needs."""
    needed = {*graph.outputs, *(s.after for s in graph.states if s.after is not None)}
    nodes = []
    for node in reversed(graph.nodes):
        if not needed.isdisjoint(node.outputs):
            nodes.insert(0, node)
            needed.update(node.inputs)
    arrays = dict(zip(case.graph.inputs, case.arrays, strict=True))
    inputs = [x for x in graph.inputs if x in needed]
    kept = [i for i, s in enumerate(graph.states) if keep_states or s.before in needed or s.after is not None]
    constants = {x: y for x, y in graph.constants.items() if x in needed}
    states = [graph.states[i] for i in kept]
    small = replace(graph, inputs=inputs, nodes=nodes, constants=constants, states=states, result=None)
    return Recorded(small, [arrays[x] for x in inputs], [case.states[i] for i in kept])


def told(case: Recorded, seeds: Sequence[int]) -> str:
    """A failing program in words: seeds, what is wrong, the graph, the arguments."""
    try:
        wrong: Any = problems(case)
    except Exception as problem:
        wrong = [f"{type(problem).__name__}: {problem}"]
    arrays = "\n".join(
        f"  {x.name} = {a.tolist() if a.size <= 24 else a.shape} strides {a.strides}"
        for x, a in zip(case.graph.inputs, case.arrays, strict=True)
    )
    return f"seeds {list(seeds)}\n" + "\n".join(wrong) + f"\n{case.graph.to_text(full=True)}\n{arrays}"
