"""What a graph is, apart from the names of its variables: nested tuples that can be compared and hashed.

Variables are numbered in the order in which they are defined. Two graphs are the same where these forms
are equal; floats and elements are compared by their bits.
"""

from __future__ import annotations

import struct
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol
from chainrule.graph.graph import Graph, Node


def canonical(graph: Graph) -> Hashable:
    """The whole graph: specs, constants, operations with their parameters, and the wiring."""
    numbers: dict[Symbol, int] = {}
    inputs = _defined(graph.inputs, numbers)
    states = _defined([s.before for s in graph.states], numbers)
    constants = _defined(graph.constants, numbers), tuple(map(elements, graph.constants.values()))
    nodes = tuple(_node(node, numbers) for node in graph.nodes)
    after = tuple(None if s.after is None else numbers[s.after] for s in graph.states)
    return inputs, states, after, constants, nodes, tuple(numbers[x] for x in graph.outputs)


def _defined(symbols: Iterable[Symbol], numbers: dict[Symbol, int]) -> Hashable:
    found = tuple(symbols)
    for symbol in found:
        numbers[symbol] = len(numbers)
    return tuple((x.shape, x.dtype) for x in found)


def _node(node: Node, numbers: dict[Symbol, int]) -> Hashable:
    inputs = tuple(numbers[x] for x in node.inputs)
    return node.op.name, inputs, frozen(node.params), _defined(node.outputs, numbers)


def elements(array: np.ndarray) -> Hashable:
    """An array by its shape, type and bits."""
    return array.shape, array.dtype, array.tobytes()


def frozen(value: Any) -> Hashable:
    """A parameter in a form that can be compared and hashed; the kinds of numbers are told apart."""
    if isinstance(value, Graph):
        return "graph", canonical(value)
    if isinstance(value, dict):
        return "dict", tuple((key, frozen(value[key])) for key in sorted(value))
    if isinstance(value, tuple | list):
        return type(value).__name__, tuple(map(frozen, value))
    if isinstance(value, slice):
        return "slice", frozen((value.start, value.stop, value.step))
    if isinstance(value, np.ndarray):
        return "array", elements(value)
    return _frozen_number(value)


def _frozen_number(value: Any) -> Hashable:
    if isinstance(value, bool | np.bool_):
        return "bool", bool(value)
    if isinstance(value, int | np.integer):
        return "int", int(value)
    if isinstance(value, float | np.floating):
        return "float", "nan" if np.isnan(value) else struct.pack("<d", float(value))
    if isinstance(value, complex | np.complexfloating):
        return "complex", (_frozen_number(float(value.real)), _frozen_number(float(value.imag)))
    return type(value).__name__, value
