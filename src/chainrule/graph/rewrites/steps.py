"""Work that leaves the steps of a scan: done for all steps at once, or remembered from another scan."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chainrule.core.interpreter import Symbol, wrap
from chainrule.core.spec import Spec
from chainrule.graph.bodies import parts
from chainrule.graph.graph import Graph, Node
from chainrule.graph.rewrites import loop_examples as examples
from chainrule.graph.rewrites.driver import rewrite
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.loops import body_with
from chainrule.graph.rewrites.row import REWRITES, Exact, rewrites
from chainrule.ops.contract import contract, letters
from chainrule.ops.move import reshape
from chainrule.ops.pointwise import add
from chainrule.ops.reduce import sum_

_ORDER = "the same products are added, in an order of the computer's choice"

# What is worth being remembered; anything else is done again as quickly as it is read.
_COSTLY = frozenset(
    {"contract", "conv", "exp", "log", "sigmoid", "tanh", "erf", "sin", "cos", "power", "sqrt"}
)


# What is remembered of a step may be so many times as large as what it reads and gives.
_MOST_REMEMBERED = 4


@dataclass
class _Joint:
    """The bodies of two scans as one: the second reads results of the first."""

    body: Graph
    of_first: set[Symbol]
    own: dict[int, Symbol]
    count: int

    def seconds(self) -> list[Node]:
        """The nodes that the second alone needs."""
        needed = set(self.body.outputs[self.count :])
        found: list[Node] = []
        for node in reversed(self.body.nodes):
            if any(y in needed for y in node.outputs) and node.outputs[0] not in self.of_first:
                needed.update(node.inputs)
                found.append(node)
        return found[::-1]


@rewrites(
    "steps remembered",
    "what a scan computes anew from the results of another scan is kept by the other",
    "scan",
    examples=examples.REMEMBERED,
    refusals=examples.PLAIN,
)
def steps_remembered(here: Here) -> Any:
    """The derivative of a scan reads what the scan itself computed, where that is costly."""
    for first in _scans_before(here):
        joint = _joined(here, first)
        seconds = joint.seconds()
        if _saves_work(here, joint, seconds):
            kept = _kept(here, first, joint, seconds)
            if _is_affordable(first, kept):
                return _remembering(here, first, joint, seconds, kept)
    return None


def _scans_before(here: Here) -> list[Node]:
    """Scans of the same length whose results are sequences of this one."""
    makers = [here.work.makers.get(here.node.inputs[i]) for i in parts(here.node)["sequences"]]
    scans = [node for node in dict.fromkeys(makers) if node is not None and node.op.name == "scan"]
    return [node for node in scans if node.params["length"] == here.params["length"]]


def _joined(here: Here, first: Node) -> _Joint:
    """Both bodies on the first one's variables, with common subexpressions computed once."""
    theirs, ours = first.params["body"], here.params["body"]
    new = _same_in_both(here, first)
    own = {i: Symbol(x.spec, x.name) for i, x in enumerate(ours.inputs) if x not in new}
    new |= {ours.inputs[i]: x for i, x in own.items()}
    constants = dict(theirs.constants)
    for x, array in ours.constants.items():
        new[x] = Symbol(x.spec, x.name)
        constants[new[x]] = array
    nodes = list(theirs.nodes)
    for node in ours.nodes:
        new |= {x: Symbol(x.spec, x.name) for x in node.outputs}
        inputs, outputs = tuple(new[x] for x in node.inputs), tuple(new[x] for x in node.outputs)
        nodes.append(Node(node.op, inputs, node.params, outputs, node.scopes, node.line))
    results = [*theirs.outputs, *(new[x] for x in ours.outputs)]
    inputs_of_both = [*theirs.inputs, *own.values()]
    whole = Graph("body", inputs_of_both, [], constants, nodes, results, results)
    common = [REWRITES[name] for name in ("equal constants", "common subexpressions")]
    made = {y for node in theirs.nodes for y in node.outputs}
    return _Joint(rewrite(whole, common)[0], made, own, len(theirs.outputs))


def _same_in_both(here: Here, first: Node) -> dict[Symbol, Symbol]:
    """Inputs of the second body that are variables of the first: its results, sequences and captures."""
    theirs, ours = first.params["body"], here.params["body"]
    found = parts(first)
    carries = first.params["carries"]
    results = dict(zip(first.outputs[carries:], theirs.outputs[carries:], strict=True))
    sequences = {first.inputs[i]: theirs.inputs[i] for i in found["sequences"]}
    captures = {first.inputs[i]: theirs.inputs[i] for i in found["captures"]}
    new: dict[Symbol, Symbol] = {}
    for name, known in (("sequences", {**sequences, **results}), ("captures", captures)):
        for i in parts(here.node)[name]:
            if here.node.inputs[i] in known:
                new[ours.inputs[i]] = known[here.node.inputs[i]]
    return new


def _saves_work(here: Here, joint: _Joint, seconds: Iterable[Node]) -> bool:
    """Whether something costly that the second body did is not among what it still does."""
    before = sum(node.op.name in _COSTLY for node in here.params["body"].nodes)
    return sum(node.op.name in _COSTLY for node in seconds) < before


def _kept(here: Here, first: Node, joint: _Joint, seconds: list[Node]) -> list[Symbol]:
    """Variables of the first body that the second needs and does not read already."""
    theirs = first.params["body"]
    outputs = joint.body.outputs[joint.count :]
    needed = {x for node in seconds for x in node.inputs} | set(outputs)
    read_already = set(_same_in_both(here, first).values())
    kept = [x for x in joint.of_first if x in needed and x not in read_already]
    return sorted(kept, key=[y for node in theirs.nodes for y in node.outputs].index)


def _is_affordable(first: Node, kept: Iterable[Symbol]) -> bool:
    """Whether memory stays in proportion: attention in blocks, say, must not keep all scores after all."""
    body = first.params["body"]
    found = [body.inputs[i] for i in parts(first)["sequences"]] + body.outputs[first.params["carries"] :]
    return sum(map(_bytes, kept)) <= _MOST_REMEMBERED * sum(map(_bytes, found))


def _bytes(x: Symbol) -> int:
    return x.spec.size * x.dtype.itemsize


def _remembering(here: Here, first: Node, joint: _Joint, seconds: list[Node], kept: list[Symbol]) -> Any:
    """The first scan with more results, and the second that reads them."""
    theirs = first.params["body"]
    with here.work.builder.in_place_of(first):
        body = body_with(theirs, theirs.inputs, [*theirs.outputs, *kept])
        results = list(Here(first, here.work).again(*map(wrap, first.inputs), body=body))
    here.also[first] = results[: joint.count]
    return _reading(here, first, joint, seconds, dict(zip(kept, results[joint.count :], strict=True)))


def _reading(
    here: Here, first: Node, joint: _Joint, seconds: list[Node], kept: dict[Symbol, Any]
) -> list[Any]:
    """The second scan, whose body reads the remembered variables as sequences."""
    ours, found = here.params["body"], parts(here.node)
    same = _same_in_both(here, first)
    inputs = [joint.own.get(i) or Symbol(x.spec, x.name) for i, x in enumerate(ours.inputs)]
    read = {x: Symbol(Spec(x.shape, x.dtype), x.name) for x in kept}
    new = {same[x]: inputs[i] for i, x in enumerate(ours.inputs) if x in same and same[x] not in kept} | read
    end = found["sequences"].stop
    nodes = [
        Node(n.op, tuple(new.get(x, x) for x in n.inputs), n.params, n.outputs, n.scopes, n.line)
        for n in seconds
    ]
    outputs = [new.get(x, x) for x in joint.body.outputs[joint.count :]]
    given = [*inputs[:end], *read.values(), *inputs[end:]]
    body = Graph(ours.name, given, [], dict(joint.body.constants), nodes, outputs, outputs)
    body = body_with(body, given, outputs)
    values = [*here.inputs[:end], *kept.values(), *here.inputs[end:]]
    return list(here.again(*values, body=body, sequences=here.params["sequences"] + len(kept)))


def _new_letter(spec: str) -> str:
    return next(letter for letter in string.ascii_letters if letter not in spec)


@rewrites(
    "products of sequences",
    r"A_{t} B = (A B)_{t}",
    "scan",
    exact=Exact.ROUNDING,
    bound=_ORDER,
    ulps=16,
    examples=examples.PRODUCTS_OF_SEQUENCES,
    refusals=examples.PLAIN,
)
def products_of_sequences(here: Here) -> Any:
    """A product of a step's input and what all steps share is done before the loop, for all steps at once."""
    found = _first_product(here)
    if found is None:
        return None
    node, whole, in_steps = found
    if not _is_affordable(here.node, node.outputs):
        return None
    t = _new_letter(node.params["spec"])
    words = letters(node.params["spec"])
    a, b = (t * of_step + word for word, of_step in zip(words, in_steps, strict=False))
    product = contract(*map(wrap, whole), spec=f"{a},{b}->{t}{words[2]}")
    return _with_sequence(here, node.outputs[0], product)


def _first_product(here: Here) -> tuple[Node, list[Symbol], list[bool]] | None:
    """A product of inputs of the body, what they are for all steps, and which of them differ by step."""
    body, sequences = here.params["body"], parts(here.node)["sequences"]
    carries = here.params["carries"]
    place = {x: i for i, x in enumerate(body.inputs) if i >= carries}
    for node in body.nodes:
        if node.op.name == "contract" and all(x in place for x in node.inputs):
            in_steps = [place[x] in sequences for x in node.inputs]
            if any(in_steps):
                return node, [here.node.inputs[place[x]] for x in node.inputs], in_steps
    return None


def _with_sequence(here: Here, variable: Symbol, values: Any) -> Any:
    """The scan with one sequence more, whose steps are what a variable of the body is."""
    body, end = here.params["body"], parts(here.node)["sequences"].stop
    step = Symbol(variable.spec, variable.name)
    inputs = [*body.inputs[:end], step, *body.inputs[end:]]
    made = body_with(body, inputs, body.outputs, None, {variable: step})
    given = [*here.inputs[:end], values, *here.inputs[end:]]
    return list(here.again(*given, body=made, sequences=here.params["sequences"] + 1))


@rewrites(
    "products summed by steps",
    r"\sum_{t} \sum_{i} A_{t i} B_{t i} = \sum_{t, i} A_{t i} B_{t i}",
    "scan",
    exact=Exact.ROUNDING,
    bound=_ORDER,
    ulps=16,
    examples=examples.SUMMED_PRODUCTS,
    refusals=examples.PLAIN,
)
def products_summed_by_steps(here: Here) -> Any:
    """A state that only adds up products is one product after the loop: the derivative by a weight."""
    k, node = next(_sums(here, "contract"), (0, None))
    if node is None:
        return None
    body = here.params["body"]
    factors = [x for x in node.inputs if x not in body.inputs]
    if not _is_affordable(here.node, factors):
        return None
    results, made = _without_state(here, k, factors)
    whole = dict(zip(factors, made, strict=False))
    whole |= {x: here.inputs[i] for i, x in enumerate(body.inputs) if x in node.inputs}
    t = _new_letter(node.params["spec"])
    a, b, y = letters(node.params["spec"])
    total = contract(*(whole[x] for x in node.inputs), spec=f"{t}{a},{t}{b}->{y}")
    return [*results[:k], _added(here, k, total), *results[k:]]


@rewrites(
    "sums by steps",
    r"\sum_{t} \sum_{i} x_{t i} = \sum_{t, i} x_{t i}",
    "scan",
    exact=Exact.ROUNDING,
    bound="the same numbers are added, in an order of the computer's choice",
    ulps=16,
    examples=examples.SUMS_BY_STEPS,
    refusals=(*examples.PLAIN, *examples.SUMS_OF_WHAT_IS_NOT_KEPT),
)
def sums_by_steps(here: Here) -> Any:
    """A state that only adds up what is kept anyway is one sum after the loop: the derivative by a bias."""
    kept = here.params["body"].outputs[here.params["carries"] :]
    found = [(k, node) for k, node in _sums(here, "sum") if node.inputs[0] in kept]
    if not found:
        return None
    k, node = found[0]
    results, _ = _without_state(here, k, [])
    series = results[here.params["carries"] - 1 + kept.index(node.inputs[0])]
    total = sum_(series, axis=(0, *(a + 1 for a in node.params["axis"])), keepdims=False)
    total = reshape(total, shape=node.outputs[0].shape)
    return [*results[:k], _added(here, k, total), *results[k:]]


def _without_state(here: Here, k: int, also: list[Symbol]) -> tuple[list[Any], list[Any]]:
    """The results of the scan without a state, and those of further variables of the body."""
    body, carries = here.params["body"], here.params["carries"]
    inputs = [x for i, x in enumerate(body.inputs) if i != k]
    outputs = [y for i, y in enumerate(body.outputs) if i != k]
    made = body_with(body, inputs, [*outputs, *also])
    given = [x for i, x in enumerate(here.inputs) if i != k]
    results = list(here.again(*given, body=made, carries=carries - 1))
    return results[: len(outputs)], results[len(outputs) :]


def _added(here: Here, k: int, total: Any) -> Any:
    """What a state that adds up is after the loop."""
    return total if here.value(here.inputs[k]) == 0 else add(here.inputs[k], total)


def _sums(here: Here, name: str) -> Iterator[tuple[int, Node]]:
    """States that nothing else uses than each step, which adds to them what an operation gives."""
    body, found = here.params["body"], parts(here.node)
    makers = {node.outputs[0]: node for node in body.nodes}
    shared = set(body.inputs[found["sequences"].stop :]) | set(body.inputs[: here.params["carries"]])
    shared |= set(body.constants)
    for k in found["carries"]:
        state, new = body.inputs[k], makers.get(body.outputs[k])
        if new is None or new.op.name != "add" or state not in new.inputs or _uses(body, state) > 1:
            continue
        (other,) = [x for x in new.inputs if x is not state] or [state]
        node = makers.get(other)
        if node is None or node.op.name != name or _uses(body, body.outputs[k]) > 1:
            continue
        if _uses(body, other) == 1 and not shared & set(node.inputs) and other.spec == state.spec:
            yield k, node


def _uses(body: Graph, symbol: Symbol) -> int:
    inside = sum(x is symbol for node in body.nodes for x in node.inputs)
    return inside + sum(x is symbol for x in body.outputs)
