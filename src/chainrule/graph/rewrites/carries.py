"""Loops: states and results that nothing needs, and loops that do the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chainrule.core.interpreter import Symbol, wrap
from chainrule.graph.bodies import parts
from chainrule.graph.graph import Graph, Node
from chainrule.graph.rewrites import loop_examples as examples
from chainrule.graph.rewrites.driver import rewrite
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.loops import body_with
from chainrule.graph.rewrites.row import REWRITES, rewrites


@rewrites(
    "unused results",
    "what a body gives back and nothing uses is not given back",
    "scan",
    "cond",
    examples=examples.UNUSED_RESULTS,
    refusals=examples.PLAIN,
)
def unused_results(here: Here) -> Any:
    """The same operation without those results; states of a scan are needed by its next step."""
    node = here.node
    first = len(parts(node)["carries"]) if here.name == "scan" else 0
    kept = [i for i, y in enumerate(node.outputs) if i < first or here.work.is_used(y)]
    if len(kept) == len(node.outputs):
        return None
    keys = ("body",) if here.name == "scan" else ("true", "false")
    made = {key: _giving(node.params[key], kept) for key in keys}
    return _spread(here.again(*here.inputs, **made), kept, len(node.outputs))


def _giving(body: Graph, kept: Iterable[int]) -> Graph:
    return body_with(body, list(body.inputs), [body.outputs[i] for i in kept])


def _spread(results: Iterable[Any], kept: Iterable[int], count: int) -> list[Any]:
    """Results at their old places, None between them."""
    found = dict(zip(kept, results, strict=True))
    return [found.get(i) for i in range(count)]


@rewrites(
    "results given once",
    "what a body gives back twice, it gives back once",
    "scan",
    examples=examples.RESULTS_TWICE,
    refusals=examples.PLAIN,
)
def results_given_once(here: Here) -> Any:
    """The same scan with the first of them, which stands for all."""
    outputs, carries = here.params["body"].outputs, here.params["carries"]
    first: dict[Symbol, int] = {}
    of = [*range(carries), *(first.setdefault(x, i) for i, x in enumerate(outputs) if i >= carries)]
    kept = [i for i, original in enumerate(of) if i == original]
    if len(kept) == len(outputs):
        return None
    found = here.again(*here.inputs, body=_giving(here.params["body"], kept))
    results = _spread(found, kept, len(outputs))
    return [results[i] for i in of]


@rewrites(
    "dead states",
    "a state that no result needs is not carried from step to step",
    "scan",
    "while_loop",
    examples=examples.DEAD_STATES,
    refusals=examples.PLAIN,
)
def dead_states(here: Here) -> Any:
    """The same loop without those states."""
    node, body = here.node, here.params["body"]
    carries = here.params["carries"]
    live = {i for i, y in enumerate(node.outputs) if here.work.is_used(y)}
    if here.name == "while_loop":
        live |= _states_reached(here.params["going"], [0], carries)
    live = _closed(body, live, carries)
    dead = [i for i in range(carries) if i not in live]
    if not dead or not live:
        return None
    kept = [i for i in range(len(node.outputs)) if i not in dead]
    made: dict[str, Any] = {"carries": carries - len(dead)}
    inputs = [x for i, x in enumerate(body.inputs) if i not in dead]
    made["body"] = body_with(body, inputs, [body.outputs[i] for i in kept])
    if here.name == "while_loop":
        going = here.params["going"]
        left = [x for i, x in enumerate(going.inputs) if i not in dead]
        made["going"] = body_with(going, left, going.outputs)
    given = [x for i, x in enumerate(here.inputs) if i not in dead]
    return _spread(here.again(*given, **made), kept, len(node.outputs))


def _closed(body: Graph, live: set[int], carries: int) -> set[int]:
    """The results that are needed, when those are that are needed for the next step."""
    while True:
        wider = live | _states_reached(body, live, carries)
        if wider == live:
            return live
        live = wider


def _states_reached(body: Graph, outputs: Iterable[int], carries: int) -> set[int]:
    """The states that some results of a body depend on."""
    needed = {body.outputs[i] for i in outputs}
    for node in reversed(body.nodes):
        if any(y in needed for y in node.outputs):
            needed.update(node.inputs)
    return {i for i, x in enumerate(body.inputs[:carries]) if x in needed}


@rewrites(
    "states that stay",
    "a state that no step changes is read only",
    "scan",
    examples=examples.CONSTANT_STATES,
    refusals=examples.PLAIN,
)
def states_that_stay(here: Here) -> Any:
    """The state captured by the body; after the loop it is what it was before."""
    node, body = here.node, here.params["body"]
    carries = here.params["carries"]
    fixed = [i for i in range(carries) if body.outputs[i] is body.inputs[i]]
    if not fixed or len(node.outputs) == len(fixed):
        return None
    kept = [i for i in range(len(node.outputs)) if i not in fixed]
    order = [*(i for i in range(len(node.inputs)) if i not in fixed), *fixed]
    made = body_with(body, [body.inputs[i] for i in order], [body.outputs[i] for i in kept])
    found = here.again(*(here.inputs[i] for i in order), body=made, carries=carries - len(fixed))
    results = _spread(found, kept, len(node.outputs))
    return [here.inputs[i] if i in fixed else y for i, y in enumerate(results)]


@rewrites(
    "loops merged",
    "two scans of the same states and sequences are one",
    "scan",
    examples=examples.MERGED,
    refusals=(*examples.PLAIN, *examples.NOT_MERGED),
)
def merge_scans(here: Here) -> Any:
    """One scan with the results of both: the one before it if that has them all, otherwise a new one.

    That the states of both are equal at every step follows by induction: they are equal at first, and one
    step makes equal states of equal ones, as common subexpressions of the joint body show.
    """
    work, node = here.work, here.node
    key = "scan", node.inputs, *(here.params[name] for name in ("carries", "sequences", "length", "reverse"))
    other = work.seen.setdefault(key, node)
    if other is node or other not in work.place or other.inputs != node.inputs:
        work.seen[key] = node
        return None
    body, count = _joint(here, other)
    carries = here.params["carries"]
    theirs, ours = body.outputs[:count], body.outputs[count:]
    if any(a is not b for a, b in zip(theirs[:carries], ours[:carries], strict=True)):
        return None
    if set(ours[carries:]) <= set(theirs[carries:]):
        return _found_among(other.outputs, theirs, ours, carries)
    outputs = [*theirs[:carries], *dict.fromkeys([*theirs[carries:], *ours[carries:]])]
    with work.builder.in_place_of(other):
        found = [y.data for y in here.again(*here.inputs, body=body_with(body, body.inputs, outputs))]
    here.also[other] = _found_among(found, outputs, theirs, carries)
    return _found_among(found, outputs, ours, carries)


def _joint(here: Here, other: Node) -> tuple[Graph, int]:
    """Both bodies as one, on the same inputs, with the results of the other first; and how many these are."""
    first, second = other.params["body"], here.params["body"]
    new = dict(zip(second.inputs, first.inputs, strict=True))
    constants = dict(first.constants)
    for x, array in second.constants.items():
        constants[_fresh(x, new)] = array
    nodes = list(first.nodes)
    for node in second.nodes:
        inputs = tuple(new[x] for x in node.inputs)
        outputs = tuple(_fresh(x, new) for x in node.outputs)
        nodes.append(Node(node.op, inputs, node.params, outputs, node.scopes, node.line))
    results = [*first.outputs, *(new[x] for x in second.outputs)]
    joint = Graph(first.name, list(first.inputs), [], constants, nodes, results, results)
    return rewrite(joint, [REWRITES["common subexpressions"]])[0], len(first.outputs)


def _fresh(x: Symbol, new: dict[Symbol, Symbol]) -> Symbol:
    new[x] = Symbol(x.spec, x.name)
    return new[x]


def _found_among(
    results: Iterable[Symbol], of: list[Symbol], wanted: list[Symbol], carries: int
) -> list[Any]:
    """The results of a scan that some outputs of its body become, by the body's variables."""
    given = list(results)
    steps = dict(zip(of[carries:], given[carries:], strict=True))
    return [wrap(x) for x in (*given[:carries], *(steps[x] for x in wanted[carries:]))]
