"""Graphs as text, which `chainrule.graph.parse` reads back.

One line per operation: variable, spec, operation, inputs, parameters; then, as a comment, the
scope it belongs to and the user's line. The bodies of loops and branches stand indented below.

    graph NAME(INPUT: SPEC, …):
      state NAME: SPEC := VARIABLE
      const NAME: SPEC = ELEMENTS
      NAME: SPEC, … = OPERATION(NAME, …, PARAMETER=VALUE, …)  # SCOPE/SCOPE | LINE
        PARAMETER = graph …
      return NAME, …
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from textwrap import indent
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol
from chainrule.graph.bodies import bodies
from chainrule.graph.elements import shown
from chainrule.graph.graph import Graph, Node

KEYWORDS = frozenset({"const", "graph", "return", "state"})
_PLAIN = re.compile(r"[\w.]+")
_SIMPLE = re.compile(r"[^'\"\\\x00-\x1f]*")
_WIDEST = 88

Names = Mapping[Symbol, str]


def to_text(graph: Graph, *, full: bool = False) -> str:
    """The whole graph; long constants are left out unless ``full``."""
    names = _names(graph)
    lines = [f"graph {quoted(graph.name)}({', '.join(_declared(x, names) for x in graph.inputs)}):"]
    lines += [f"  state {_declared(s.before, names)}{_assigned(s.after, names)}" for s in graph.states]
    lines += [f"  const {_declared(x, names)} = {shown(a, full)}" for x, a in graph.constants.items()]
    calls = [_call(node, names) for node in graph.nodes]
    width = min(max(map(len, calls), default=0), _WIDEST)
    for node, call in zip(graph.nodes, calls, strict=True):
        note = _note(node)
        lines.append(f"  {call:<{width}}  # {note}" if note else f"  {call}")
        for key, body in bodies(node):
            lines.append(indent(f"{key} = {to_text(body, full=full)}", " " * 4))
    lines.append(f"  return {', '.join(_name(x, names) for x in graph.outputs)}".rstrip())
    return "\n".join(lines)


def quoted(name: str) -> str:
    """A name as it is, or in quotes where it is no plain word."""
    plain = _PLAIN.fullmatch(name) and name not in KEYWORDS
    return name if plain else json.dumps(name, ensure_ascii=False)


def _defined(graph: Graph) -> Iterator[Symbol]:
    yield from graph.inputs
    yield from (s.before for s in graph.states)
    yield from graph.constants
    for node in graph.nodes:
        yield from node.outputs


def _names(graph: Graph) -> dict[Symbol, str]:
    """A name of its own for every variable: where several have the same, the later ones are numbered."""
    taken: dict[str, int] = {}
    names: dict[Symbol, str] = {}
    for symbol in _defined(graph):
        name = symbol.name
        while name in taken:
            taken[symbol.name] += 1
            name = f"{symbol.name}_{taken[symbol.name]}"
        taken[name] = 1
        names[symbol] = name
    return names


def _name(symbol: Symbol, names: Names) -> str:
    # A graph that is not well formed can be printed too: that is how one finds out why.
    return quoted(names.get(symbol, symbol.name))


def _declared(symbol: Symbol, names: Names) -> str:
    return f"{_name(symbol, names)}: {symbol.spec}"


def _assigned(after: Symbol | None, names: Names) -> str:
    return "" if after is None else f" := {_name(after, names)}"


def _call(node: Node, names: Names) -> str:
    made = ", ".join(_declared(x, names) for x in node.outputs)
    given = [_name(x, names) for x in node.inputs]
    given += [f"{key}={shown_param(value)}" for key, value in node.params.items()]
    return f"{made} = {node.op.name}({', '.join(given)})".lstrip()


def _note(node: Node) -> str:
    """Scopes and line; a bar stands between them, and where a line alone could be taken for both."""
    scopes, line = "/".join(map(_escaped, node.scopes)), " ".join(node.line.split("\n")).strip()
    if not scopes:
        return f"| {line}" if "|" in line else line
    return f"{scopes} | {line}" if line else f"{scopes} |"


def _escaped(scope: str) -> str:
    return re.sub(r"([\\/|])", r"\\\1", " ".join(scope.split("\n")))


def shown_param(value: Any) -> str:
    """A parameter as text; what no row uses is shown as Python shows it, and cannot be read back."""
    if isinstance(value, Graph):
        return f"<{quoted(value.name)}>"
    if isinstance(value, np.dtype):
        return str(value)
    if isinstance(value, str):
        return f"'{value}'" if _SIMPLE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, np.generic):
        return shown_param(value.item())
    return _shown_nest(value)


def _shown_nest(value: Any) -> str:
    if isinstance(value, tuple | list):
        items = ", ".join(map(shown_param, value))
        return f"[{items}]" if isinstance(value, list) else f"({items}{',' * (len(value) == 1)})"
    if isinstance(value, slice):
        return f"slice({', '.join(map(shown_param, (value.start, value.stop, value.step)))})"
    if isinstance(value, complex):
        return f"complex({value.real!r}, {value.imag!r})"
    return repr(value)
