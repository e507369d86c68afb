"""What gets memory of its own, and what is computed by who uses it: choices that only cost or save time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Set

from chainrule.compiler.loops.expr import Apply, Buffer, Expr, Read, cost, walk
from chainrule.compiler.loops.fuse import is_contraction
from chainrule.compiler.loops.step import Step
from chainrule.core.interpreter import Symbol
from chainrule.dtypes import is_float
from chainrule.graph import Graph, Node
from chainrule.ops.window import geometry

# What one expression may grow to before it is given a buffer.
_LARGEST = 64

# Rows that take no longer than an element takes to be written and read, how many of them, and how many times
# smaller than a value that is which is read besides.
_SIMPLE_ROWS = {"add", "subtract", "multiply", "negative", "square", "divide", "erf"}
_SIMPLE, _SMALL = 3, 16
# The same for a value that windows read which lie apart: these take less time than what goes through memory.
_SIMPLE_ROWS_IN_WINDOWS = {*_SIMPLE_ROWS, "where", "greater", "maximum", "minimum"}
_SIMPLE_IN_WINDOWS = 6

# From so many elements on it counts what is computed for each of them.
_LARGE_NEST = 1 << 14


class Keeping:
    """What is known of a graph, and of the steps so far, when a value is made.

    Parameters
    ----------
    graph : Graph
        What is being lowered.
    """

    def __init__(self, graph: Graph) -> None:
        self._uses = Counter(x for node in graph.nodes for x in node.inputs)
        self._uses.update(graph.outputs)
        self._uses.update(s.after for s in graph.states if s.after is not None)
        self._lasting, self._needed_whole = lasting(graph), needed_whole(graph)
        self._pooled = pooled(graph)
        self._makers = {x: node for node in graph.nodes for x in node.outputs}
        self._users: dict[Symbol, list[Node]] = defaultdict(list)
        for node in graph.nodes:
            for x in node.inputs:
                self._users[x].append(node)
        # Results of contractions, and after how many steps each buffer was complete.
        self._products: set[Buffer] = set()
        self._complete: dict[Buffer, int] = {}

    def note(self, step: Step) -> None:
        """A step was added."""
        self._complete.update(dict.fromkeys(step.writes(), len(self._complete)))
        if is_contraction(step):
            self._products.update(step.outputs)

    def gets_buffer(self, node: Node, symbol: Symbol, value: Expr) -> bool:
        """Whether a node's result is stored: it is used again, has grown large, or is made anew."""
        if node.again or cost(value) > _LARGEST:
            return True
        if self._uses[symbol] <= 1 or self.is_computed_by_windows(symbol, value):
            return False
        return symbol in self._needed_whole or not self._is_computed_again(symbol, value)

    def is_put_in_rows(self, node: Node, value: Expr) -> bool:
        """Whether a node gives the gradient of a convolution's weight, whose elements are put in order.

        A convolution gives it with channels last. What an optimizer computes with it lies row by row, and a
        row of taps is short.
        """
        if node.op.name != "transpose" or not isinstance(value, Read) or value.buffer not in self._products:
            return False
        if self._makers[node.inputs[0]].op.name != "conv" or 1 not in value.form.coefs[:-1]:
            return False
        families = {user.op.family for user in self._users[node.outputs[0]]}
        return bool(families) and families <= {"pointwise", "reduce"}

    def is_computed_by_windows(self, symbol: Symbol, value: Expr) -> bool:
        """Whether windows compute a value that nobody else uses, each of its elements once."""
        rows, most = _SIMPLE_ROWS_IN_WINDOWS, _SIMPLE_IN_WINDOWS
        return symbol in self._pooled and self._is_computed_again(symbol, value, rows, most)

    def _is_computed_again(
        self, symbol: Symbol, value: Expr, rows: Set[str] = _SIMPLE_ROWS, most: int = _SIMPLE
    ) -> bool:
        """Whether who uses a value computes it, since that reads no more memory than the value would be."""
        read = {x.buffer for x in walk(value) if isinstance(x, Read)}
        large = [x for x in read if x.size * _SMALL > symbol.spec.size]
        applied = [x.op.name for x in walk(value) if isinstance(x, Apply)]
        is_simple = len(applied) <= most and rows >= set(applied)
        if not is_float(symbol.dtype) or not is_simple or len(large) != 1:
            return False
        return not self._is_epilogue(large[0], read)

    def _is_epilogue(self, product: Buffer, read: set[Buffer]) -> bool:
        """Whether what is read beside a contraction's result was there before it: then it costs no pass."""
        complete = self._complete
        return product in self._products and all(
            complete.get(x, -1) < complete[product] for x in read if x is not product
        )

    def operands(self, node: Node, values: dict[Symbol, Expr]) -> Iterator[tuple[Symbol, bool]]:
        """Operands that would be computed again and again without a buffer, and whether they last.

        What is made of weights is computed once for all calls; what is much smaller than the result, once for
        it.
        """
        changes = not self._lasting.issuperset(node.inputs)
        size = node.outputs[0].spec.size if node.op.family == "pointwise" else 0
        for symbol in dict.fromkeys(node.inputs):
            is_narrow = size >= _LARGE_NEST and 1 < symbol.spec.size * _SMALL <= size
            lasts = changes and symbol in self._lasting
            if (is_narrow or lasts) and isinstance(values[symbol], Apply):
                yield symbol, lasts

    def move_up(self, steps: list[Step]) -> None:
        """Put the last step behind those that it needs: who reads it may then join what came in between."""
        step = steps.pop()
        needed = set(step.reads())
        place = len(steps)
        while place and needed.isdisjoint(steps[place - 1].writes()):
            place -= 1
        steps.insert(place, step)
        complete = max((self._complete.get(x, -1) for x in needed), default=-1)
        self._complete.update(dict.fromkeys(step.writes(), complete))


def lasting(graph: Graph) -> set[Symbol]:
    """Variables that depend on weights alone, in a program that assigns none."""
    if any(state.after is not None for state in graph.states):
        return set()
    found = {state.before for state in graph.states}
    for node in graph.nodes:
        changing = [x for x in node.inputs if x not in graph.constants and x not in found]
        if not changing and not found.isdisjoint(node.inputs):
            found.update(node.outputs)
    return found


def needed_whole(graph: Graph) -> set[Symbol]:
    """Variables that lie in memory anyway: results, new states, operands of products, movements, loops."""
    found = {*graph.outputs, *(s.after for s in graph.states if s.after is not None)}
    for node in graph.nodes:
        if node.op.family not in ("pointwise", "reduce"):
            found.update(node.inputs)
    return found


def pooled(graph: Graph) -> set[Symbol]:
    """Variables of which only the largest elements are taken, of windows that lie apart."""
    poolings = [node for node in graph.nodes if _takes_largest(node)]
    others = [x for node in graph.nodes if not _takes_largest(node) for x in node.inputs]
    others += [*graph.outputs, *(s.after for s in graph.states if s.after is not None)]
    return {node.inputs[0] for node in poolings} - set(others)


def _takes_largest(node: Node) -> bool:
    """Whether a node takes the largest elements of windows, or their places, and no two windows overlap."""
    if node.op.name not in ("max_pool", "pool_tap"):
        return False
    axes = geometry(node.inputs[0].shape[2:], tuple(node.params["window"]), node.params)
    return all(a.is_apart for a in axes)
