"""Recording: the interpreter that adds to a graph what `Eager` would compute."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.core import tree
from chainrule.core.interpreter import (
    Interpreter,
    Symbol,
    Value,
    lift,
    noting_lines,
    state,
    using_layers,
    wrap,
)
from chainrule.core.op import Op, inferred_specs
from chainrule.core.spec import Spec
from chainrule.errors import DTypeError, error, user_line
from chainrule.graph.graph import Graph, Node, StateVariable
from chainrule.tensor import State


class Recorder(Interpreter):
    """The bottom layer while a function is recorded.

    Tensors that come from outside become state variables (parameters, buffers, random keys) or
    constants. Inside another recording (the body of a `scan`) they become extra inputs
    instead, listed in ``captured``.
    """

    def __init__(self, graph: Graph, outer: Interpreter | None = None) -> None:
        self.graph = graph
        self.captures, self.outer = outer is not None, outer
        self.captured: list[Value] = []
        self._known: dict[int, Symbol] = {}
        self._alive: list[Any] = []
        self._numbers = itertools.count()
        self._before: dict[int, tuple[Value, Any]] = {}
        self._grads: dict[int, tuple[Any, Any]] = {}

    def variable(self, spec: Spec, name: str = "") -> Symbol:
        """A new variable of the graph."""
        symbol = Symbol(spec, name or f"v{next(self._numbers)}")
        self._remember(symbol, symbol)
        return symbol

    def _remember(self, data: Any, symbol: Symbol) -> None:
        self._known[id(data)] = symbol
        self._alive.append(data)

    def input(self, spec: Spec, name: str) -> Value:
        """A symbolic tensor for a new input."""
        symbol = self.variable(spec, name)
        self.graph.inputs.append(symbol)
        return wrap(symbol)

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Infer shapes and types, and add a node."""
        symbols = tuple(self.symbol(x, op.name) for x in inputs)
        specs = inferred_specs(op, symbols, params)
        results = tuple(self.variable(spec) for spec in specs)
        line = state.line or user_line()
        self.graph.nodes.append(Node(op, symbols, dict(params), results, state.scopes, line))
        values = tuple(wrap(symbol) for symbol in results)
        return values[0] if op.outputs == 1 else values

    def symbol(self, x: Value, op: str = "return") -> Symbol:
        """The variable of a tensor; one from outside becomes state, constant or capture."""
        known = self._known.get(id(_identity(x)))
        if known is not None:
            return known
        if self.captures:
            return self._capture(x)
        if isinstance(x.data, Symbol):
            raise error("graph.other_recording", op=op, spec=x.spec)
        return self._state(x) if isinstance(x, State) else self._constant(x)

    def _capture(self, x: Value) -> Symbol:
        symbol = self.variable(x.spec, f"c{len(self.captured)}")
        self.captured.append(x)
        self.graph.inputs.append(symbol)
        self._remember(_identity(x), symbol)
        return symbol

    def _state(self, x: State) -> Symbol:
        symbol = self.variable(x.spec, x.name or f"state{len(self.graph.states)}")
        self.graph.states.append(StateVariable(x, symbol))
        self._remember(_identity(x), symbol)
        return symbol

    def _constant(self, x: Value) -> Symbol:
        symbol = self.variable(x.spec, f"k{len(self.graph.constants)}")
        self.graph.constants[symbol] = x.data
        self._remember(x.data, symbol)
        return symbol

    def assign(self, value: Value, data: Any) -> None:
        """Note that a state is given new elements; it gets its old ones back when recording ends."""
        self.symbol(value)
        self._before.setdefault(id(value), (value, value.data))
        value.data = data if isinstance(data, Symbol) else self.symbol(lift(data))

    def set_grad(self, tensor: Any, g: Any) -> None:
        """Let a gradient be read while recording; the old one comes back when recording ends."""
        self._grads.setdefault(id(tensor), (tensor, tensor.grad))
        tensor.grad = g

    def read(self, value: Value) -> Any:
        """The variable of a state, which its elements alone would not lead to; else the elements."""
        return self.symbol(value) if isinstance(value, State) else value.data

    def get_grad(self, tensor: Any) -> Any:
        """The gradient so far; whoever records this recording hears of it."""
        return tensor.grad if self.outer is None else self.outer.get_grad(tensor)

    def on_elements(self, value: Value) -> None:
        """Tell whoever records this recording."""
        if self.outer is not None:
            self.outer.on_elements(value)

    def on_use(self, holder: Any) -> None:
        """Tell whoever records this recording."""
        if self.outer is not None:
            self.outer.on_use(holder)

    def on_set(self, name: str) -> None:
        """Tell whoever records this recording."""
        if self.outer is not None:
            self.outer.on_set(name)

    def finish(self) -> None:
        """Note what state was assigned, and give every tensor its elements and gradient back."""
        states = {id(s.tensor): s for s in self.graph.states}
        for key, (value, before) in self._before.items():
            if key in states:
                states[key].after = self.symbol(value)
            value.data = before
        for tensor, before in self._grads.values():
            tensor.grad = before


def record(f: Callable[..., Any], *args: Any, name: str = "", **kwargs: Any) -> Graph:
    """Run a function once on symbolic tensors and give what it did as a `Graph`.

    Parameters
    ----------
    f : callable
        Any function of tensors; derivatives taken inside are part of the graph.
    *args
        Tensors, arrays or `Spec` (only shape and type are used), or nests of them; anything
        else is passed on as it is.
    name : str
        Name of the graph; that of the function by default.

    Raises
    ------
    GraphError
        The function branches on, or asks for, elements that are not known while recording.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.tensor([1.0, 2.0, 3.0])
    >>> graph = cr.record(lambda x: cr.maximum(x, 2.0) * 2, x, name="f")
    >>> [node.op.name for node in graph.nodes]
    ['maximum', 'multiply']
    >>> graph(x)[0]
    tensor([4., 4., 6.])
    """
    if not callable(f):
        raise error("autodiff.function", what="record", kind=type(f).__name__)
    graph = Graph(name or getattr(f, "__name__", "f").strip("<>"))
    recorder = Recorder(graph)
    symbolic = [tree.map_leaves(lambda x: _symbolic(recorder, x), arg) for arg in args]
    with using_layers([recorder, *state.layers[1:]]), noting_lines():
        try:
            graph.result = f(*symbolic, **kwargs)
            graph.outputs = [_result(recorder, y) for y in tree.leaves(graph.result)]
        finally:
            recorder.finish()
    return graph


def _result(recorder: Recorder, y: Any) -> Symbol:
    try:
        return recorder.symbol(lift(y))
    except DTypeError as problem:
        shown: dict[str, Any] = {"got": textwrap.shorten(repr(y), 40), "kind": type(y).__name__}
        raise error("graph.result", name=recorder.graph.name, **shown) from problem


def _identity(x: Value) -> Any:
    """What a tensor is known by: its elements, but a state by itself, for others may share its elements."""
    return x if isinstance(x, State) and not isinstance(x.data, Symbol) else x.data


def _symbolic(recorder: Recorder, x: Any) -> Any:
    if isinstance(x, Spec):
        spec = x
    elif isinstance(x, Value | np.ndarray):
        spec = lift(x).spec
    else:
        return x
    return recorder.input(spec, getattr(x, "name", "") or f"x{len(recorder.graph.inputs)}")
