r"""Derivatives through a compiled function.

Where a result leads to tensors from outside that require a gradient, the backward pass is recorded behind the
forward pass and the two are cut apart:

.. math:: (y, r) = f(x), \qquad \bar x = b(x, r, \bar y)

:math:`r` are the intermediate results that the backward pass needs. To the tape the call is one operation,
whose derivative rule runs :math:`b`. Where the derivative is to be differentiated again, both parts are
replayed operation by operation instead, as one function of :math:`x` and :math:`\bar y`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.autodiff.tape import pull_back
from chainrule.compiler.backend import Build, Program
from chainrule.compiler.step_recorder import StepRecorder
from chainrule.core.derivative import Rule, total, zeros_like
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.interpreter import EAGER, Symbol, Value, apply, state, wrap
from chainrule.core.op import Op
from chainrule.graph import Graph, Node


@dataclass
class Backward:
    """The backward pass as it was recorded.

    Attributes
    ----------
    first_node : int
        Where it begins among the graph's nodes.
    seeds : dict
        Variables of the results' cotangents, by the number of the result.
    ends : list of (Value, Symbol, Symbol)
        Tensors from outside, their variables, and those of their cotangents.
    """

    first_node: int
    seeds: dict[int, Symbol]
    ends: list[tuple[Value, Symbol, Symbol]]


def record_backward(recorder: StepRecorder, results: Sequence[Value]) -> Backward | None:
    """Record the derivative of those results that have one; None if there are none."""
    order = {i: _inside(y, recorder) for i, y in enumerate(results) if y.entry is not None}
    live = [i for i, entries in order.items() if not any(entry.freed for entry in entries)]
    if not live:
        return None
    first = len(recorder.graph.nodes)
    inputs = len(recorder.graph.inputs)
    given = {i: recorder.input(results[i].spec, f"g{i}") for i in live}
    terms: dict[Any, list[Any]] = {}
    for i, g in given.items():
        terms.setdefault((results[i].entry, results[i].slot), []).append(g)
    entries = {entry.number: entry for i in live for entry in order[i]}
    ends = {entry for entry, _ in recorder.ends}
    latest_first = [entries[number] for number in sorted(entries, reverse=True)]
    found = pull_back(
        {key: total(parts) for key, parts in terms.items()},
        latest_first,
        ends | set(latest_first),
        create_graph=False,
    )
    reached = [(*recorder.ends[key], recorder.symbol(found[key])) for key in recorder.ends if key in found]
    seeds = dict(zip(live, recorder.graph.inputs[inputs:], strict=True))
    del recorder.graph.inputs[inputs:]
    if not reached:
        del recorder.graph.nodes[first:]
        return None
    return Backward(first, seeds, reached)


def _inside(y: Value, recorder: StepRecorder) -> list[Any]:
    """The entries made while recording that lead to a result."""
    ends = {entry for entry, _ in recorder.ends}
    found: dict[int, Any] = {}
    waiting = [y.entry]
    while waiting:
        entry = waiting.pop()
        if entry.number in found or entry in ends or entry.is_leaf:
            continue
        found[entry.number] = entry
        waiting.extend(parent for parent in entry.parents() if parent is not None)
    return list(found.values())


class Differentiable:
    """A recording as one operation of the tape.

    Parameters
    ----------
    whole : Graph
        Forward pass, then backward pass.
    backward : Backward
        Where the latter begins, and what it gives.
    build : callable
        Makes a program of a graph.

    Attributes
    ----------
    forward : Graph
        The forward pass, whose last outputs are what the backward pass needs.
    """

    def __init__(self, whole: Graph, backward: Backward, build: Build) -> None:
        self._cut = backward
        self._ends = [x for x, symbol, _ in backward.ends if symbol in whole.constants]
        constant_ends = [symbol for _, symbol, _ in backward.ends if symbol in whole.constants]
        self._inputs = [*whole.inputs, *(s.before for s in whole.states), *constant_ends]
        nodes, later = whole.nodes[: backward.first_node], whole.nodes[backward.first_node :]
        cotangents = [g for _, _, g in backward.ends]
        needed = {x for node in later for x in node.inputs} | set(cotangents)
        self._kept = [y for node in nodes for y in node.outputs if y in needed]
        self._outputs = len(whole.outputs)
        seeds = list(backward.seeds.values())
        outputs = [*whole.outputs, *self._kept]
        self.forward = _part(whole, nodes, whole.inputs, outputs, whole.states)
        self._joint = _part(whole, whole.nodes, [*self._inputs, *seeds], cotangents)
        self._backward = _part(whole, later, [*self._inputs, *self._kept, *seeds], cotangents)
        self._build = build
        self._pull: Program | None = None
        self._op = _operation(whole.name, self._run_forward, self._reverse)
        self.program = build(self.forward)

    def __call__(self, inputs: Sequence[Value]) -> Sequence[Value]:
        """The results; those that a derivative can be asked of remember this call."""
        states = [s.tensor for s in self.forward.states]
        results = apply(self._op, [*inputs, *states, *self._ends], {})
        live = self._cut.seeds
        return [y if i in live else wrap(y.data) for i, y in enumerate(results[: self._outputs])]

    def _run_forward(self, *inputs: Value) -> tuple[Value, ...]:
        given = [x.data for x in inputs[: len(self.forward.inputs)]]
        return tuple(wrap(y) for y in self.program.run(given))

    def _reverse(self, g: Sequence[Any], y: Sequence[Value], *inputs: Value) -> list[Any]:
        seeds = [zeros_like(y[i]) if g[i] is None else g[i] for i in self._cut.seeds]
        if state.grad_enabled or len(state.layers) > 2 or state.layers[0] is not EAGER:
            found = self._joint(*inputs, *seeds)
        else:
            kept = y[self._outputs : self._outputs + len(self._kept)]
            found = tuple(map(wrap, self._pull_back([x.data for x in (*inputs, *kept, *seeds)])))
        by_variable = {symbol: g for (_, symbol, _), g in zip(self._cut.ends, found, strict=True)}
        return [by_variable.get(symbol) for symbol in self._inputs]

    def _pull_back(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        if self._pull is None:
            self._pull = self._build(self._backward)
        return self._pull.run(arrays)


def _part(
    whole: Graph,
    nodes: Sequence[Node],
    inputs: Sequence[Symbol],
    outputs: Sequence[Symbol],
    states: Sequence[Any] = (),
) -> Graph:
    """Some operations of a graph as a graph of its own, with those constants that it uses."""
    given = set(inputs)
    used = {x for node in nodes for x in node.inputs} | set(outputs)
    used |= {s.after for s in states}
    constants = {x: array for x, array in whole.constants.items() if x in used and x not in given}
    return Graph(whole.name, list(inputs), list(states), constants, list(nodes), list(outputs))


def _operation(name: str, run: Callable[..., Any], reverse: Callable[..., Any]) -> Op:
    return Op(
        name=name,
        family="custom",
        args=("x",),
        formula=rf"\mathrm{{{name}}}(x)",
        shape=lambda op, shapes, params: list(shapes),
        dtype=DTypeRule("biufc", output=lambda found, params: list(found)),
        numpy=lambda *arrays: arrays,
        derivative=Rule(reverse=reverse, forward=_no_forward, reached=None),
        outputs=0,
        variadic=True,
        body=run,
    )


def _no_forward(*parts: Any) -> Any:
    raise NotImplementedError("a function that is called in forward mode runs uncompiled")
