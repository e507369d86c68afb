"""Loops and branches: what is in their bodies, and what is handed into and out of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol
from chainrule.graph.bodies import bodies, body_calls, parts
from chainrule.graph.graph import Graph, Node
from chainrule.graph.rewrites import loop_examples as examples
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import rewrites

_CONTROL = ("scan", "cond", "while_loop")
_MOST_ELEMENTS = 64


@rewrites(
    "bodies",
    "the bodies of loops and branches are rewritten too",
    *_CONTROL,
    needs=("negate twice",),
    examples=examples.BODIES,
    refusals=examples.PLAIN,
)
def rewrite_bodies(here: Here) -> Any:
    """The same operation with its bodies rewritten."""
    found = bodies(here.node)
    made = {key: here.work.rewriting.body(body) for key, body in found}
    if all(made[key] is body for key, body in found):
        return None
    return here.again(*here.inputs, **made)


@rewrites(
    "known branch",
    r"\mathrm{cond}(\text{true}, f, g)(x) = f(x)",
    "cond",
    examples=examples.KNOWN_BRANCH,
    refusals=examples.PLAIN,
)
def known_branch(here: Here) -> Any:
    """What the chosen body does, in place of the branch."""
    value = here.value(here.x)
    if value is None:
        return None
    call = body_calls(here.node)[0 if value else 1]
    return list(call.graph(*(here.inputs[i] for i in call.inputs)))


@rewrites(
    "constants into bodies",
    "a small constant that a body is given becomes its own",
    *_CONTROL,
    examples=examples.CONSTANTS,
    refusals=examples.PLAIN,
)
def constants_into_bodies(here: Here) -> Any:
    """The same operation without those inputs."""
    found = {i: here.constant(here.inputs[i]) for i in _handed_in(here.node)}
    small = {i: a for i, a in found.items() if a is not None and a.size <= _MOST_ELEMENTS}
    return _without(here, small) if small else None


@rewrites(
    "inputs given once",
    "what a body is given twice, it is given once",
    *_CONTROL,
    examples=examples.TWICE,
    refusals=examples.PLAIN,
)
def inputs_given_once(here: Here) -> Any:
    """The same operation without the later ones."""
    repeated: dict[int, Any] = {}
    for name, part in parts(here.node).items():
        if name not in ("", "carries"):
            first: dict[Symbol, int] = {}
            for i in part:
                if first.setdefault(here.node.inputs[i], i) != i:
                    repeated[i] = first[here.node.inputs[i]]
    return _without(here, repeated) if repeated else None


@rewrites(
    "unused inputs",
    "what no body uses is not handed in",
    *_CONTROL,
    examples=examples.UNUSED_INPUTS,
    refusals=examples.PLAIN,
)
def unused_inputs(here: Here) -> Any:
    """The same operation without those inputs; how long a scan is does not depend on its sequences."""
    used: set[int] = set()
    for call in body_calls(here.node):
        needed = {x for node in call.graph.nodes for x in node.inputs} | set(call.graph.outputs)
        used |= {i for i, x in zip(call.inputs, call.graph.inputs, strict=True) if x in needed}
    may_go = [*_handed_in(here.node), *parts(here.node).get("sequences", ())]
    unused = {i: None for i in may_go if i not in used}
    return _without(here, unused) if unused else None


def _handed_in(node: Node) -> list[int]:
    """Inputs that bodies only read, and as a whole: neither states, conditions nor sequences."""
    found = parts(node)
    return [i for name, part in found.items() if name not in ("", "carries", "sequences") for i in part]


def _without(here: Here, dropped: Mapping[int, np.ndarray | int | None]) -> Any:
    """The operation without some inputs: in its bodies they become constants, another input, or nothing."""
    changed: dict[str, Any] = {}
    for call in body_calls(here.node):
        inputs = dict(zip(call.inputs, call.graph.inputs, strict=True))
        gone = {i: what for i, what in dropped.items() if i in inputs}
        changed[call.key] = body_with(
            call.graph,
            [x for i, x in inputs.items() if i not in dropped],
            call.graph.outputs,
            {inputs[i]: what for i, what in gone.items() if isinstance(what, np.ndarray)},
            {inputs[i]: inputs[what] for i, what in gone.items() if isinstance(what, int)},
        )
    for name, part in parts(here.node).items():
        if name not in ("", "captures"):
            changed[name] = len(part) - sum(i in dropped for i in part)
    return list(here.again(*(x for i, x in enumerate(here.inputs) if i not in dropped), **changed))


def body_with(
    body: Graph,
    inputs: list[Symbol],
    outputs: list[Symbol],
    constants: Mapping[Symbol, np.ndarray] | None = None,
    same: Mapping[Symbol, Symbol] | None = None,
) -> Graph:
    """A body with other inputs and outputs, further constants, and some variables in place of others.

    What none of the outputs needs is left out.
    """
    new = {} if same is None else same
    results = [new.get(x, x) for x in outputs]
    needed = set(results)
    nodes: list[Node] = []
    for node in reversed(body.nodes):
        if any(y in needed for y in node.outputs):
            nodes.append(_renamed(node, new))
            needed.update(nodes[-1].inputs)
    known = {x: array for x, array in {**body.constants, **(constants or {})}.items() if x in needed}
    return Graph(body.name, inputs, [], known, nodes[::-1], results, results)


def _renamed(node: Node, new: Mapping[Symbol, Symbol]) -> Node:
    inputs = tuple(new.get(x, x) for x in node.inputs)
    return Node(node.op, inputs, node.params, node.outputs, node.scopes, node.line)
