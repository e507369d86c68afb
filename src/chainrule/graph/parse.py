"""Reading a graph from its text, by recursive descent. Nothing in the text is executed.

What is read is checked as it is read: an error names the line and the column.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol, wrap
from chainrule.core.op import TABLE
from chainrule.core.spec import Spec
from chainrule.errors import ChainruleError, error, hint
from chainrule.graph import values
from chainrule.graph.graph import Graph, Node, StateVariable
from chainrule.graph.text import KEYWORDS
from chainrule.graph.tokens import Token, Tokens, shortened
from chainrule.graph.verify import check_node
from chainrule.tensor import State

_DEEPEST = 16
_SCOPE = re.compile(r"(?:\\.|[^\\/])+")
_NOTE = re.compile(r"((?:\\.|[^\\|])*)\|(.*)", re.DOTALL)


def parse(text: str) -> Graph:
    """The graph that a text describes.

    States are new tensors of zeros. Of the nest of the results only the flat list is in the text.

    Raises
    ------
    GraphError
        The text is no graph, or its constants were left out: write it with ``graph.to_text(full=True)``.

    Examples
    --------
    >>> from chainrule.graph import Graph
    >>> graph = Graph.parse('''
    ...     graph f(x: f32[3]):
    ...       y: f32[3] = exp(x)
    ...       return y
    ... ''')
    >>> graph([0.0, 0.0, 0.0])[0]
    tensor([1., 1., 1.])
    """
    if not isinstance(text, str):
        raise error("graph.text", line=1, column=1, expected="a text", got=type(text).__name__)
    tokens = Tokens(text)
    tokens.blank_lines()
    tokens.expect("graph")
    graph = _Reader(tokens, depth=0).graph()
    if tokens.next.kind != "end":
        raise tokens.unexpected("the end of the text")
    return graph


class _Reader:
    """Reads one graph; those of loops and branches are read by readers of their own."""

    def __init__(self, tokens: Tokens, depth: int) -> None:
        self.tokens, self.depth = tokens, depth
        self.made = Graph()
        self.known: dict[str, Symbol] = {}

    def graph(self) -> Graph:
        """Everything after the word ``graph``."""
        self._header()
        after = self._states()
        self._constants()
        while not self.tokens.at("return"):
            self._node()
        self._results()
        for state, (name, start) in zip(self.made.states, after, strict=True):
            if name is not None:
                state.after = self._new_elements(state, name, start)
        return self.made

    def _new_elements(self, state: StateVariable, name: str, start: int) -> Symbol:
        after = self._variable(name, start)
        if after.spec != state.before.spec:
            wanted = f"a variable of {state.before.spec}"
            raise self.tokens.error("text", start, expected=wanted, got=f"{shortened(name)}: {after.spec}")
        return after

    def _header(self) -> None:
        tokens = self.tokens
        self.made.name = tokens.name()
        tokens.expect("(")
        while not tokens.skip(")"):
            self.made.inputs.append(self._declaration())
            if not tokens.at(")"):
                tokens.expect(",")
        tokens.expect(":")
        tokens.end_of_line()

    def _declaration(self) -> Symbol:
        """``name: spec`` of a new variable."""
        start = self.tokens.next.start
        name = self._name("a name")
        if name in self.known:
            raise self.tokens.error("text_twice", start, variable=shortened(name))
        self.tokens.expect(":")
        symbol = self.known[name] = Symbol(values.spec(self.tokens), name)
        return symbol

    def _name(self, what: str) -> str:
        if self.tokens.next.kind == "word" and self.tokens.next.text in KEYWORDS:
            raise self.tokens.unexpected(what)
        return self.tokens.name()

    def _known(self) -> Symbol:
        start = self.tokens.next.start
        return self._variable(self._name("a variable"), start)

    def _variable(self, name: str, start: int) -> Symbol:
        if name not in self.known:
            raise self.tokens.error("text_unknown", start, variable=shortened(name))
        return self.known[name]

    def _states(self) -> list[tuple[str | None, int]]:
        """The states; the names of their new elements, which are defined later, are given back."""
        after: list[tuple[str | None, int]] = []
        while self.tokens.skip("state"):
            start = self.tokens.next.start
            symbol = self._declaration()
            self.made.states.append(StateVariable(self._state(symbol, start), symbol))
            assigned = self.tokens.skip(":=")
            place = self.tokens.next.start
            after.append((self._name("a variable") if assigned else None, place))
            self.tokens.end_of_line()
        return after

    def _state(self, symbol: Symbol, start: int) -> State:
        """A state of zeros, whose memory the system gives as it is used."""
        tensor = State(np.zeros((), symbol.dtype), name=symbol.name)
        try:
            tensor.data = np.zeros(symbol.shape, symbol.dtype)
        except (ValueError, MemoryError) as problem:
            raise self.tokens.error("text_memory", start, spec=symbol.spec) from problem
        return tensor

    def _constants(self) -> None:
        while self.tokens.skip("const"):
            symbol = self._declaration()
            self.tokens.expect("=")
            self.made.constants[symbol] = values.constant(self.tokens, symbol.spec)
            self.tokens.end_of_line()

    def _node(self) -> None:
        """One operation, and the graphs that it runs."""
        start = self.tokens.next.start
        declared = self._outputs()
        op = self._operation()
        inputs, params = self._arguments()
        scopes, line = _note(self.tokens.end_of_line())
        names = {key: value for key, value in params.items() if isinstance(value, values.Body)}
        for key, name in names.items():
            params[key] = self._body(key, name)
        outputs = tuple(self._output(name, spec, place) for name, spec, place in declared)
        node = Node(op, inputs, params, outputs, scopes, line)
        try:
            check_node(self.made.name, node)
        except ChainruleError as problem:
            raise self.tokens.error("text_node", start, reason=str(problem).splitlines()[0]) from problem
        self.made.nodes.append(node)

    def _outputs(self) -> list[tuple[str, Spec, int]]:
        """Names and specs of results; they are defined only after the operation."""
        found: list[tuple[str, Spec, int]] = []
        while not self.tokens.skip("="):
            if found:
                self.tokens.expect(",")
            start = self.tokens.next.start
            name = self._name("an operation or 'return'")
            self.tokens.expect(":")
            found.append((name, values.spec(self.tokens), start))
        return found

    def _output(self, name: str, spec: Spec, start: int) -> Symbol:
        if name in self.known:
            raise self.tokens.error("text_twice", start, variable=shortened(name))
        symbol = self.known[name] = Symbol(spec, name)
        return symbol

    def _operation(self) -> Any:
        token: Token = self.tokens.kind("word", what="an operation")
        if token.text not in TABLE:
            name = shortened(token.text)
            near = hint("graph.nearest", name, TABLE)
            raise self.tokens.error("text_operation", token.start, op=name, hint=near)
        return TABLE[token.text]

    def _arguments(self) -> tuple[tuple[Symbol, ...], dict[str, Any]]:
        """Variables, then parameters by name."""
        tokens = self.tokens
        inputs: list[Symbol] = []
        params: dict[str, Any] = {}
        tokens.expect("(")
        while not tokens.skip(")"):
            start = tokens.next.start
            name = self._name("a variable or parameter")
            if tokens.skip("="):
                if name in params:
                    raise tokens.error("text_twice", start, variable=shortened(name))
                params[name] = values.parameter(tokens)
            elif params:
                raise tokens.error("text", start, expected="a parameter", got="a variable after parameters")
            else:
                inputs.append(self._variable(name, start))
            if not tokens.at(")"):
                tokens.expect(",")
        return tuple(inputs), params

    def _body(self, key: str, name: str) -> Graph:
        """The graph of a parameter, which stands below the operation."""
        tokens, start = self.tokens, self.tokens.next.start
        if self.depth == _DEEPEST:
            raise tokens.error("text_deep", start, most=_DEEPEST)
        if not (tokens.next.kind == "word" and tokens.next.text == key):
            raise tokens.unexpected(f"'{key} = graph …'")
        tokens.take()
        tokens.expect("=")
        tokens.expect("graph")
        body = _Reader(tokens, self.depth + 1).graph()
        if body.name != name:
            names = {"expected": f"graph {shortened(name)}", "got": f"graph {shortened(body.name)}"}
            raise tokens.error("text", start, **names)
        return body

    def _results(self) -> None:
        self.tokens.expect("return")
        while self.tokens.next.kind not in ("newline", "comment", "end"):
            self.made.outputs.append(self._known())
            if self.tokens.next.kind not in ("newline", "comment", "end"):
                self.tokens.expect(",")
        self.tokens.end_of_line()
        self.made.result = [wrap(x) for x in self.made.outputs]


def _note(comment: str) -> tuple[tuple[str, ...], str]:
    """Scopes and line of a comment."""
    note = comment.removeprefix("#").removeprefix(" ")
    found = _NOTE.fullmatch(note)
    if found is None:
        return (), note
    scopes, line = found[1].removesuffix(" "), found[2].removeprefix(" ")
    return tuple(re.sub(r"\\(.)", r"\1", part) for part in _SCOPE.findall(scopes)), line
