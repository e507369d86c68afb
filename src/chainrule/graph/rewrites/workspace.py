"""A graph while it is rewritten: who makes and who uses each variable."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import Interpreter, Symbol, Value, wrap
from chainrule.core.op import Op, inferred_specs
from chainrule.core.spec import Spec
from chainrule.graph.canonical import elements
from chainrule.graph.graph import Graph, Node, StateVariable

if TYPE_CHECKING:
    from chainrule.graph.rewrites.driver import Rewriting

# Larger constants are told apart by identity: to compare their elements would cost more than it gains.
_COMPARED_BYTES = 4096
_SEEN_THROUGH = ("broadcast_to", "reshape", "transpose")


class Workspace:
    """The graph as its rewriting needs it.

    Attributes
    ----------
    makers : dict
        The node that each variable is a result of.
    users : dict
        The nodes that use a variable, and how often each does.
    constants : dict
        Arrays by variable.
    place : dict
        Where each node stands: its number in the graph it came from, or that of the node it replaces.
    waiting : deque
        Nodes at which rules are yet to be tried.
    seen : dict
        Nodes by what they compute.
    rewriting : Rewriting
        The use of the driver that this is part of.
    builder : Builder
        What makes nodes of what rules compute.
    """

    def __init__(self, graph: Graph, rewriting: Rewriting) -> None:
        self.graph, self.rewriting = graph, rewriting
        self.seen: dict[Hashable, Node] = {}
        self.makers: dict[Symbol, Node] = {}
        self.users: dict[Symbol, dict[Node, int]] = {}
        self.constants: dict[Symbol, np.ndarray] = dict(graph.constants)
        self.place: dict[Node, tuple[int, int]] = {}
        self.results: list[Symbol | None] = [*graph.outputs, *(s.after for s in graph.states)]
        self._slots: dict[Symbol, list[int]] = {}
        self._values: dict[Symbol, Any] = {}
        self._same_constant: dict[Hashable, Symbol] = {}
        self._first: dict[Symbol, Symbol] = {}
        self._age = itertools.count()
        self._variable = _numbers_after("v", (x for node in graph.nodes for x in node.outputs))
        self._constant = _numbers_after("k", graph.constants)
        self.waiting: deque[Node] = deque()
        self.builder = Builder(self)
        self._queued: set[Node] = set()
        for slot, symbol in enumerate(self.results):
            if symbol is not None:
                self._slots.setdefault(symbol, []).append(slot)
        for place, node in enumerate(graph.nodes):
            self.add(Node(node.op, node.inputs, node.params, node.outputs, node.scopes, node.line), place)
        self.queue(list(self.place))

    def add(self, node: Node, place: int) -> None:
        """Put in a node."""
        self.place[node] = place, next(self._age)
        for symbol in node.outputs:
            symbol.name = symbol.name or f"v{next(self._variable)}"
            self.makers[symbol] = node
        for symbol in node.inputs:
            self._use(symbol, node)

    def _use(self, symbol: Symbol, node: Node) -> None:
        users = self.users.setdefault(symbol, {})
        users[node] = users.get(node, 0) + 1

    def remove(self, node: Node) -> None:
        """Take out a node; what only it used is looked at again."""
        del self.place[node]
        for symbol in node.outputs:
            self.makers.pop(symbol, None)
        for symbol in set(node.inputs):
            left = self.users[symbol]
            del left[node]
            if len(left) <= 1:
                self.wake([*left, *([self.makers[symbol]] if symbol in self.makers else [])])

    def replace(self, old: Symbol, new: Symbol) -> None:
        """Let all that use one variable use another."""
        users = self.users.pop(old, {})
        for node, count in users.items():
            node.inputs = tuple(new if x is old else x for x in node.inputs)
            into = self.users.setdefault(new, {})
            into[node] = into.get(node, 0) + count
        for slot in self._slots.pop(old, ()):
            self.results[slot] = new
            self._slots.setdefault(new, []).append(slot)
        self.wake(users)

    def wake(self, nodes: Iterable[Node]) -> None:
        """Have rules tried again at nodes of which something changed, and at those that use them.

        Rules look at what a node's inputs are made of, and at what that is made of.
        """
        changed = list(nodes)
        self.queue(changed)
        for node in changed:
            for symbol in node.outputs:
                self.queue(self.users.get(symbol, ()))

    def queue(self, nodes: Iterable[Node], *, first: bool = False) -> None:
        """Have rules tried at nodes: before all others if ``first``."""
        fresh = [node for node in nodes if node not in self._queued]
        self._queued.update(fresh)
        if first:
            self.waiting.extendleft(reversed(fresh))
        else:
            self.waiting.extend(fresh)

    def next(self) -> Node | None:
        """The next node at which to try rules; None when there is none left."""
        while self.waiting:
            node = self.waiting.popleft()
            self._queued.discard(node)
            if node in self.place:
                return node
        return None

    def uses(self, symbol: Symbol) -> int:
        """How often a variable is used, as an input or as a result of the graph."""
        return sum(self.users.get(symbol, {}).values()) + len(self._slots.get(symbol, ()))

    def is_used(self, symbol: Symbol) -> bool:
        """Whether anything needs a variable."""
        return bool(self.users.get(symbol)) or symbol in self._slots

    def constant(self, array: np.ndarray) -> Symbol:
        """The variable of a constant; small equal ones have the same."""
        kept = self._same_constant.get(_constant_key(array))
        if kept is None:
            kept = Symbol(Spec(array.shape, array.dtype), f"k{next(self._constant)}")
            self.constants[kept] = array
        return self.first_equal(kept)

    def first_equal(self, symbol: Symbol) -> Symbol:
        """Of equal constants the one that was seen first; any other variable itself."""
        if symbol not in self.constants:
            return symbol
        if symbol not in self._first:
            key = _constant_key(self.constants[symbol])
            self._first[symbol] = self._same_constant.setdefault(key, symbol)
        return self._first[symbol]

    def value(self, symbol: Symbol) -> Any:
        """The number that all elements are known to be, or None."""
        maker = self.makers.get(symbol)
        while maker is not None and maker.op.name in _SEEN_THROUGH:
            symbol = maker.inputs[0]
            maker = self.makers.get(symbol)
        if symbol not in self.constants:
            return None
        if symbol not in self._values:
            self._values[symbol] = uniform(self.constants[symbol])
        return self._values[symbol]

    def lasts(self, symbol: Symbol) -> bool:
        """Whether a variable depends on constants and states alone, and no state is assigned."""
        if any(state.after is not None for state in self.graph.states):
            return False
        states, waiting = {state.before for state in self.graph.states}, [symbol]
        seen = set(waiting)
        while waiting:
            x = waiting.pop()
            maker = self.makers.get(x)
            if maker is None and x not in states and x not in self.constants:
                return False
            inputs = () if maker is None else maker.inputs
            waiting += [y for y in inputs if y not in seen]
            seen.update(inputs)
        return True

    def finish(self) -> Graph:
        """The rewritten graph: nodes in their old order as far as that is possible."""
        graph, count = self.graph, len(self.graph.outputs)
        nodes = self._sorted()
        used = {x for node in nodes for x in node.inputs} | set(self.results)
        states = [
            StateVariable(s.tensor, s.before, None if after is s.before else after)
            for s, after in zip(graph.states, self.results[count:], strict=True)
        ]
        return Graph(
            graph.name,
            list(graph.inputs),
            [s for s in states if s.after is not None or s.before in used],
            {symbol: array for symbol, array in self.constants.items() if symbol in used},
            nodes,
            [x for x in self.results[:count] if x is not None],
            graph.result,
        )

    def _sorted(self) -> list[Node]:
        """Each node after those it needs; among those that could be next, the one whose place is first."""
        missing = {node: sum(x in self.makers for x in set(node.inputs)) for node in self.place}
        ready = [(self.place[node], node) for node, count in missing.items() if not count]
        heapq.heapify(ready)
        found: list[Node] = []
        while ready:
            _, node = heapq.heappop(ready)
            found.append(node)
            for user in (user for x in node.outputs for user in self.users.get(x, ())):
                missing[user] -= 1
                if not missing[user]:
                    heapq.heappush(ready, (self.place[user], user))
        return found


class Builder(Interpreter):
    """The bottom layer while a rule runs: what is computed becomes nodes in the place of another."""

    def __init__(self, work: Workspace) -> None:
        self.work = work
        self.origin: Node
        self.made: list[Node] = []
        self.places: dict[Node, int] = {}

    def start(self, origin: Node) -> None:
        """Begin with the replacement of a node."""
        self.origin, self.made, self.places = origin, [], {}

    @contextmanager
    def in_place_of(self, origin: Node) -> Iterator[None]:
        """Let what is computed inside stand in another node's place."""
        before, self.origin = self.origin, origin
        try:
            yield
        finally:
            self.origin = before

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Infer shapes and types, and make a node with the scopes and line of the one that is replaced."""
        given = tuple(self.symbol(x) for x in inputs)
        results = tuple(Symbol(spec, "") for spec in inferred_specs(op, given, params))
        self.made.append(Node(op, given, dict(params), results, self.origin.scopes, self.origin.line))
        self.places[self.made[-1]] = self.work.place[self.origin][0]
        values = tuple(map(wrap, results))
        return values[0] if op.outputs == 1 else values

    def symbol(self, x: Value) -> Symbol:
        """The variable of a tensor; one with elements becomes a constant."""
        return x.data if isinstance(x.data, Symbol) else self.work.constant(np.asarray(x.data, order="C"))


def _constant_key(array: np.ndarray) -> Hashable:
    return elements(array) if array.nbytes <= _COMPARED_BYTES else id(array)


def uniform(array: np.ndarray) -> Any:
    """The number that all elements of an array are, bit for bit, or None."""
    if not array.size:
        return None
    bits = np.ascontiguousarray(array).reshape(-1).view(np.uint8).reshape(array.size, array.itemsize)
    return array.reshape(-1)[0] if bool(np.all(bits == bits[0])) else None


def _numbers_after(letter: str, symbols: Iterable[Symbol]) -> itertools.count[int]:
    """Numbers that no variable's name has yet, after a letter."""
    names = [x.name[1:] for x in symbols if x.name.startswith(letter)]
    return itertools.count(1 + max((int(name) for name in names if name.isdecimal()), default=-1))
