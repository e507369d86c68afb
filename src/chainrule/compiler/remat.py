"""Rematerialisation: what is cheap to compute is not kept while memory is fullest, but computed again.

A derivative needs much of what the forward pass made, which lies in memory until then. Of that, elements of
pointwise operations can be made again from what they were made of, if that lies in memory anyway. So, as long
as anything is gained: at the moment when most memory is taken, the largest value that nobody uses just then
is given up, and a copy of it is made where it is used next. Training with half the memory this way was
described by Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory Cost" (2016); that the
fullest moment says what to give up, by Kumar et al., "Efficient Rematerialization for Deep Networks" (2019).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from chainrule.compiler.emit.pointwise import can_emit
from chainrule.core.interpreter import Symbol
from chainrule.graph import Graph, Node

_T = TypeVar("_T")

# Pointwise operations of which a value may be made that is computed again.
_CHEAP = 16
# Through so many values that are not kept either.
_DEEP = 3
# Of the values that could be given up, so many of the largest are tried.
_TRIED = 16


@dataclass(eq=False)
class _Copy:
    """A value as it lies in memory for a while: from the node where it is made to its last use.

    ``expression`` is all that is computed to make it of ``sources``, which lie in memory themselves.
    """

    made: int
    expression: list[Node]
    sources: list[_Value]
    uses: list[int] = field(default_factory=list)

    @property
    def last(self) -> int:
        return max(self.uses, default=self.made)

    @property
    def is_cheap(self) -> bool:
        is_short = sum(node.op.family == "pointwise" for node in self.expression) <= _CHEAP
        return is_short and all(map(_is_elementwise, self.expression))

    def next_use(self, time: int) -> int | None:
        """The first use behind a moment, or None if it is made or used just then, or never again."""
        if self.made >= time or time in self.uses:
            return None
        return min((x for x in self.uses if x > time), default=None)

    def kept_for_it(self, time: int) -> int:
        """Bytes that have to be kept at a moment to make it later."""
        return sum(x.size for x in self.sources if x.at(self.made).is_done_with(time))

    def is_done_with(self, time: int) -> bool:
        """Whether it would have to be kept at a moment for a later use, and is not now."""
        return self.made <= time and self.last < time


@dataclass(eq=False)
class _Value:
    """What a node makes that gets memory: once at first."""

    symbol: Symbol
    size: int
    copies: list[_Copy]

    def at(self, time: int) -> _Copy:
        """The copy that a node at some place reads."""
        return max((x for x in self.copies if x.made <= time), key=lambda x: x.made)

    def again(self, use: int, time: int, depth: int = _DEEP) -> _Copy:
        """How it would be made again for a use: of what need not be kept at a moment for it, if possible."""
        first = self.copies[0]
        parts = [x._replaced(use, time, depth - 1) for x in first.sources]
        expression = [node for part in parts if isinstance(part, _Copy) for node in part.expression]
        sources = [x for part in parts for x in (part.sources if isinstance(part, _Copy) else [part])]
        return _Copy(use, _distinct([*expression, *first.expression]), _distinct(sources))

    def _replaced(self, use: int, time: int, depth: int) -> _Value | _Copy:
        """The value itself, or how it is made again where keeping it takes more memory at a moment."""
        if depth and self.copies[0].is_cheap and self.at(use).is_done_with(time):
            late = self.again(use, time, depth)
            return late if late.kept_for_it(time) < self.size else self
        return self


def with_less_kept(graph: Graph) -> Graph:
    """The graph with cheap values computed again, where that makes its fullest moment less full.

    Nodes that compute something a second time are marked as `again`. The graph itself is not changed.
    """
    program = _Program(graph)
    while program.gives_up_one():
        pass
    return program.written()


class _Program:
    """A graph as values that lie in memory from one node to another."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.values: dict[Symbol, _Value] = {}
        self._inside: dict[Symbol, _Copy] = {}
        self._uses = Counter(x for node in graph.nodes for x in node.inputs)
        self._uses.update(graph.outputs)
        self._assigned = {s.after for s in graph.states if s.after is not None}
        self._uses.update(self._assigned)
        for place, node in enumerate(graph.nodes):
            self._note(place, node)
        self._note_results()
        self.taken = np.zeros(len(graph.nodes) + 1, np.int64)
        for value in self.values.values():
            self._take(value, value.copies[0].made, value.copies[0].last, 1)

    def _note(self, place: int, node: Node) -> None:
        """Take up a node: its results lie in memory, or are part of what they are used for."""
        parts = [self._inside[x] for x in node.inputs if x in self._inside]
        sources = [self.values[x] for x in node.inputs if x in self.values]
        sources = _distinct([*sources, *(source for part in parts for source in part.sources)])
        expression = _distinct([*(x for part in parts for x in part.expression), node])
        if self._is_inside(node, expression):
            self._inside[node.outputs[0]] = _Copy(place, expression, sources)
            return
        for source in sources:
            source.copies[0].uses.append(place)
        for symbol in node.outputs:
            size = 0 if symbol in self._assigned else symbol.spec.size * symbol.dtype.itemsize
            self.values[symbol] = _Value(symbol, size, [_Copy(place, expression, sources)])

    def _is_inside(self, node: Node, expression: list[Node]) -> bool:
        """Whether a value gets no memory: who uses it computes it, or reads its elements elsewhere."""
        symbol = node.outputs[0]
        if symbol in self._assigned or symbol in self.graph.outputs or not _is_elementwise(node):
            return False
        return self._uses[symbol] <= 1 or all(x.op.family == "move" for x in expression)

    def _note_results(self) -> None:
        for symbol in self.graph.outputs:
            if symbol in self.values:
                self.values[symbol].copies[0].uses.append(len(self.graph.nodes))

    def _take(self, value: _Value, first: int, last: int, sign: int) -> None:
        self.taken[first : last + 1] += sign * value.size

    def gives_up_one(self) -> bool:
        """Give up a value while memory is fullest; False if none is worth it."""
        time, most = int(np.argmax(self.taken)), int(self.taken.max())
        found = sorted(self._candidates(time), key=lambda x: -x[0])[:_TRIED]
        for _, value, copy, late in found:
            before = self.taken.copy()
            self._split(value, copy, late)
            if self.taken.max() <= most:
                return True
            self._join(value, copy)
            self.taken = before
        return False

    def _candidates(self, time: int) -> Iterator[tuple[int, _Value, _Copy, _Copy]]:
        """Values that lie idle at a moment: what is gained just then, the copy, and how to make the next."""
        for value in self.values.values():
            copy = value.at(time) if value.copies[0].made <= time else None
            use = copy.next_use(time) if copy is not None else None
            if copy is None or use is None or not value.copies[0].is_cheap:
                continue
            late = value.again(use, time)
            gain = value.size - late.kept_for_it(time)
            if gain > 0 and late.is_cheap:
                yield gain, value, copy, late

    def _split(self, value: _Value, copy: _Copy, late: _Copy) -> None:
        """Use a new copy from where it is made on."""
        self._take(value, copy.made, copy.last, -1)
        late.uses = [x for x in copy.uses if x >= late.made]
        copy.uses = [x for x in copy.uses if x < late.made]
        value.copies.append(late)
        for one in (copy, late):
            self._take(value, one.made, one.last, 1)
        for source in late.sources:
            kept = source.at(late.made)
            self._take(source, kept.last + 1, late.made, 1)
            kept.uses.append(late.made)

    def _join(self, value: _Value, copy: _Copy) -> None:
        """Take back the last split."""
        late = value.copies.pop()
        copy.uses += late.uses
        for source in late.sources:
            source.at(late.made).uses.remove(late.made)

    def written(self) -> Graph:
        """The graph with all copies."""
        return _Writer(self).graph()


class _Writer:
    """A graph while it is written anew: every expression where its value is made, each time that it is."""

    def __init__(self, program: _Program) -> None:
        self.program = program
        self.nodes: list[Node] = []
        self._names: dict[Symbol, Symbol] = {}
        self._written: set[Symbol] = set()

    def graph(self) -> Graph:
        """The new graph."""
        original = self.program.graph
        again: dict[int, list[_Copy]] = {}
        for value in self.program.values.values():
            for copy in value.copies[1:]:
                again.setdefault(copy.made, []).append(copy)
        for place, node in enumerate(original.nodes):
            for copy in again.get(place, ()):
                self._write(copy, is_again=True)
            if node.outputs[0] in self.program.values:
                self._write(self.program.values[node.outputs[0]].copies[0])
        return replace(original, nodes=self.nodes)

    def _write(self, copy: _Copy, *, is_again: bool = False) -> None:
        *inner, last = copy.expression
        for node in inner:
            self._add(node)
        self._add(last, is_again=is_again)

    def _add(self, node: Node, *, is_again: bool = False) -> None:
        inputs = tuple([self._names.get(x, x) for x in node.inputs])
        self.nodes.append(
            replace(node, inputs=inputs, outputs=tuple(map(self._named, node.outputs)), again=is_again)
        )

    def _named(self, symbol: Symbol) -> Symbol:
        """The name under which a variable is known from now on; its own at first."""
        if symbol in self._written:
            self._names[symbol] = Symbol(symbol.spec, f"{symbol.name}.{len(self.nodes)}")
        self._written.add(symbol)
        return self._names.get(symbol, symbol)


def _is_elementwise(node: Node) -> bool:
    """Whether elements of a node's result are made where they are read, each from few others."""
    if node.op.family == "pointwise":
        return can_emit(node.op, node.inputs, node.outputs[0])
    return node.op.family == "move"


def _distinct(found: list[_T]) -> list[_T]:
    """Each once, in order."""
    return list(dict.fromkeys(found))
