"""The rows whose parameters are graphs: which body is given which inputs.

The rows themselves are in `chainrule.control`, above this layer; what is stated here is how their inputs are
arranged.

=============  =====================================================  ====================================
row            inputs                                                 results
=============  =====================================================  ====================================
scan           states, sequences, captures                            states, sequences
cond           condition, operands, captures of one body, the other   those of either body
while_loop     states, captures of the condition, of the body         states
=============  =====================================================  ====================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chainrule.core.spec import Spec
from chainrule.dtypes import bool_
from chainrule.graph.graph import Graph, Node


@dataclass(frozen=True)
class BodyCall:
    """One body of a node.

    Attributes
    ----------
    key : str
        The parameter.
    graph : Graph
        The body.
    inputs : tuple of int
        Which of the node's inputs it is given, in its order.
    given : tuple of Spec
        What it is given: of a sequence, one step.
    returns : tuple of Spec
        What it must give back, as far as that is laid down.
    """

    key: str
    graph: Graph
    inputs: tuple[int, ...]
    given: tuple[Spec, ...]
    returns: tuple[Spec, ...] = ()


def bodies(node: Node) -> list[tuple[str, Graph]]:
    """The graphs that an operation runs, by the names of its parameters."""
    return [(name, value) for name, value in node.params.items() if isinstance(value, Graph)]


def body_calls(node: Node) -> list[BodyCall]:
    """How a node runs each of its bodies; nothing for an operation without bodies."""
    describe = CALLS.get(node.op.name)
    return [] if describe is None else describe(node)


def _step(spec: Spec) -> Spec:
    return Spec(spec.shape[1:], spec.dtype)


def _scan(node: Node) -> list[BodyCall]:
    carries = node.params["carries"]
    end = carries + node.params["sequences"]
    specs = [x.spec for x in node.inputs]
    given = (*specs[:carries], *map(_step, specs[carries:end]), *specs[end:])
    every = tuple(range(len(specs)))
    return [BodyCall("body", node.params["body"], every, given, tuple(specs[:carries]))]


def _cond(node: Node) -> list[BodyCall]:
    operands = 1 + node.params["operands"]
    end = operands + node.params["true_captures"]
    every = tuple(range(len(node.inputs)))
    returns = tuple(y.spec for y in node.outputs)
    found = []
    for key, inputs in (("true", every[1:end]), ("false", (*every[1:operands], *every[end:]))):
        given = tuple(node.inputs[i].spec for i in inputs)
        found.append(BodyCall(key, node.params[key], inputs, given, returns))
    return found


def _while_loop(node: Node) -> list[BodyCall]:
    carries = node.params["carries"]
    end = carries + node.params["cond_captures"]
    every = tuple(range(len(node.inputs)))
    states = tuple(x.spec for x in node.inputs[:carries])
    found = []
    for key, inputs in (("going", every[:end]), ("body", (*every[:carries], *every[end:]))):
        given = tuple(node.inputs[i].spec for i in inputs)
        returns = (Spec((), bool_),) if key == "going" else states
        found.append(BodyCall(key, node.params[key], inputs, given, returns))
    return found


CALLS: dict[str, Callable[[Node], list[BodyCall]]] = {
    "scan": _scan,
    "cond": _cond,
    "while_loop": _while_loop,
}


# The parameters that say how many inputs each part has; what comes after them is captured by the (last) body.
PARTS: dict[str, tuple[str, ...]] = {
    "scan": ("carries", "sequences"),
    "cond": ("", "operands", "true_captures"),
    "while_loop": ("carries", "cond_captures"),
}


def parts(node: Node) -> dict[str, range]:
    """Which inputs of a control node belong to which part: the condition's has no name."""
    found: dict[str, range] = {}
    at = 0
    for name in PARTS[node.op.name]:
        count = node.params[name] if name else 1
        found[name] = range(at, at + count)
        at += count
    found["captures"] = range(at, len(node.inputs))
    return found
