"""Graphs as text.

One line per operation: variable, spec, operation, inputs, parameters; then, as a comment, the
scope it belongs to and the user's line. The bodies of loops and branches stand indented below.
"""

from __future__ import annotations

from textwrap import indent
from typing import Any

import numpy as np

from chainrule.graph.graph import Graph, Node

_SHOWN_ELEMENTS = 4


def to_text(graph: Graph) -> str:
    """The whole graph, for reading."""
    lines = [_header(graph)]
    lines += [f"  state {s.before.name}: {s.before.spec}{_assigned(s.after)}" for s in graph.states]
    lines += [f"  const {x.name}: {x.spec} = {_array(array)}" for x, array in graph.constants.items()]
    nodes = [(*_node(node), _bodies(node)) for node in graph.nodes]
    width = min(max((len(call) for call, _, _ in nodes), default=0), 88)
    for call, note, bodies in nodes:
        lines.append(f"  {call:<{width}}  # {note}" if note else f"  {call}")
        lines += [indent(f"{name} = {to_text(body)}", " " * 4) for name, body in bodies]
    lines.append(f"  return {', '.join(x.name for x in graph.outputs)}")
    return "\n".join(lines)


def _header(graph: Graph) -> str:
    return f"graph {graph.name}({', '.join(f'{x.name}: {x.spec}' for x in graph.inputs)}):"


def _assigned(after: Any) -> str:
    return "" if after is None else f" := {after.name}"


def _array(array: np.ndarray) -> str:
    if array.size > _SHOWN_ELEMENTS:
        return f"<{array.size} elements>"
    return np.array2string(array, separator=", ").replace("\n", "")


def _node(node: Node) -> tuple[str, str]:
    made = ", ".join(f"{x.name}: {x.spec}" for x in node.outputs)
    given = [x.name for x in node.inputs] + [f"{k}={_param(v)}" for k, v in node.params.items()]
    note = " | ".join(part for part in ("/".join(node.scopes), node.line) if part)
    return f"{made} = {node.op.name}({', '.join(given)})", note


def _bodies(node: Node) -> list[tuple[str, Graph]]:
    """The graphs that an operation runs, by the names of its parameters."""
    return [(name, value) for name, value in node.params.items() if isinstance(value, Graph)]


def _param(value: Any) -> str:
    if isinstance(value, Graph):
        return value.name
    if isinstance(value, np.dtype):
        return str(value)
    return repr(value)
