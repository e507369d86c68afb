"""Checking that a graph is well formed."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol
from chainrule.core.op import TABLE, Op, inferred_specs
from chainrule.core.spec import Spec
from chainrule.errors import ChainruleError, error
from chainrule.graph.bodies import BodyCall, bodies, body_calls
from chainrule.graph.graph import Graph, Node


def verify(graph: Graph) -> None:
    """Check a graph and the graphs in it; see `Graph.verify`."""
    known: set[Symbol] = set()
    _define(graph, graph.inputs, known)
    _define(graph, (s.before for s in graph.states), known)
    _define(graph, graph.constants, known)
    _check_states(graph)
    _check_constants(graph)
    for node in graph.nodes:
        _require(graph, node.inputs, known, node.op.name)
        check_node(graph.name, node)
        for _, body in bodies(node):
            verify(body)
        _define(graph, node.outputs, known)
    _require(graph, graph.outputs, known, "return")
    _require(graph, (s.after for s in graph.states if s.after is not None), known, "state")


def _define(graph: Graph, symbols: Iterable[Symbol], known: set[Symbol]) -> None:
    for symbol in symbols:
        if symbol in known:
            raise error("graph.defined_twice", name=graph.name, variable=symbol)
        known.add(symbol)


def _require(graph: Graph, symbols: Iterable[Symbol], known: set[Symbol], where: str) -> None:
    for symbol in symbols:
        if symbol not in known:
            raise error("graph.undefined", name=graph.name, variable=symbol, where=where)


def _check_states(graph: Graph) -> None:
    for state in graph.states:
        found = [state.tensor.spec] if state.after is None else [state.tensor.spec, state.after.spec]
        for spec in found:
            if spec != state.before.spec:
                raise error("graph.wrong_state", name=graph.name, variable=state.before, got=spec)


def _check_constants(graph: Graph) -> None:
    for symbol, array in graph.constants.items():
        found = Spec(array.shape, array.dtype)
        if found != symbol.spec:
            raise error("graph.wrong_constant", name=graph.name, variable=symbol, got=found)


def check_node(name: str, node: Node) -> None:
    """Check one operation by itself, in the graph of a given name.

    Its results have the shapes and types that its rules give, and its bodies are given what they
    expect. What the bodies hold is not checked.
    """
    op = node.op
    if TABLE.get(op.name) is not op:
        raise error("graph.no_row", name=name, op=op.name)
    if len(node.inputs) != len(op.args) and not (op.variadic and len(node.inputs) >= len(op.args) - 1):
        raise error("ops.count", op=op.name, names=", ".join(op.args), got=len(node.inputs))
    if not all(isinstance(note, str) for note in (node.line, *node.scopes)):
        raise error("graph.wrong_note", name=name, op=op.name)
    inferred = _inferred(name, node)
    if len(inferred) != len(node.outputs):
        values: dict[str, Any] = {"expected": len(inferred), "got": len(node.outputs)}
        raise error("graph.wrong_count", name=name, op=op.name, **values)
    for symbol, spec in zip(node.outputs, inferred, strict=True):
        if symbol.shape != spec.shape or symbol.dtype != spec.dtype:
            values = {"declared": symbol.spec, "inferred": spec}
            raise error("graph.wrong_spec", name=name, variable=symbol, op=op.name, **values)


@cache
def _signature(op: Op) -> inspect.Signature:
    """What the definition takes; NumPy's ufuncs, which take much more, are given arrays only."""
    if isinstance(op.numpy, np.ufunc):
        arrays = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in op.args]
        return inspect.Signature(arrays)
    return inspect.signature(op.numpy)


def _inferred(name: str, node: Node) -> tuple[Spec, ...]:
    """Specs of the results; what is wrong with parameters becomes an error that names the operation."""
    try:
        _signature(node.op).bind(*node.inputs, **node.params)
        for call in body_calls(node):
            _check_call(name, node, call)
        return inferred_specs(node.op, node.inputs, node.params)
    except ChainruleError:
        raise
    except Exception as problem:  # The rules trust parameters, and these may come from anywhere.
        reason = f"{type(problem).__name__}: {problem}"
        raise error("graph.refused", name=name, op=node.op.name, reason=reason) from problem


def _check_call(name: str, node: Node, call: BodyCall) -> None:
    """A body is given as many inputs as it has, of their specs, and gives back what it must."""
    pairs = (
        ("inputs", [x.spec for x in call.graph.inputs], list(call.given)),
        ("outputs", [y.spec for y in call.graph.outputs][: len(call.returns)], list(call.returns)),
    )
    for what, found, expected in pairs:
        if found != expected:
            shown: dict[str, Any] = {"got": _shown(found), "expected": _shown(expected)}
            raise error("graph.wrong_body", name=name, op=node.op.name, body=call.key, what=what, **shown)
    if call.graph.states:
        raise error("graph.body_state", name=name, op=node.op.name, body=call.key)


def _shown(specs: list[Spec]) -> str:
    return ", ".join(map(str, specs)) or "nothing"
