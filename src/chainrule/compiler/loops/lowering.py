"""Lowering: every node of a graph becomes an expression, or steps that fill buffers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.compiler.emit.pointwise import can_emit
from chainrule.compiler.loops.border import Border, widest
from chainrule.compiler.loops.expr import (
    Apply,
    Buffer,
    Constant,
    Expr,
    Read,
    in_forms,
    reshaped,
    walk,
)
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.fuse import together
from chainrule.compiler.loops.keeping import Keeping
from chainrule.compiler.loops.layout import memory_order
from chainrule.compiler.loops.step import Definition, Opaque, Step
from chainrule.compiler.options import DEFAULT, Options
from chainrule.core.interpreter import Symbol
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import DType
from chainrule.graph import Graph, Node

# How many times as large a value may become by its border of zeros.
_WIDEST = 2

# A fold of this many elements with no more results than this is cut into parts, if it can be.
_LONG_FOLD = 1 << 17
_FEW_RESULTS = 1 << 8
_PARTS, _ENOUGH = 32, 8

RULES: dict[str, Callable[..., Any]] = {}
# How far rows read beyond their first input, before and behind along each axis.
REACHES: dict[str, Callable[..., tuple[Shape, Shape] | None]] = {}


def rule(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register how rows of the table are lowered: ``rule(lowering, node, *expressions, **params)``."""

    def register(f: Callable[..., Any]) -> Callable[..., Any]:
        RULES.update(dict.fromkeys(names, f))
        return f

    return register


def reach(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register how far a row reads beyond its first input; None if it reads no zeros there."""

    def register(f: Callable[..., Any]) -> Callable[..., Any]:
        REACHES[name] = f
        return f

    return register


class Lowering:
    """The state of a lowering.

    Attributes
    ----------
    steps : list of Step
        What is to be done, in order.
    values : dict
        For every variable of the graph, its element as an expression over the axes of its shape.
    """

    def __init__(self, graph: Graph, options: Options = DEFAULT) -> None:
        self.graph, self.options = graph, options
        self.steps: list[Step] = []
        self.values: dict[Symbol, Expr] = {}
        self.buffers: dict[Symbol, Buffer] = {}
        self.node: Node | None = None
        self.keeping = Keeping(graph)
        self._readers: dict[Symbol, list[Node]] = defaultdict(list)
        for node in graph.nodes:
            if node.op.name in REACHES:
                self._readers[node.inputs[0]].append(node)
        self.makers = {x: node for node in graph.nodes for x in node.outputs}
        self.borders: dict[Buffer, Border] = {}
        self.zeros: list[Step] = []
        self._names: Counter[str] = Counter()
        self.outputs: list[Buffer] = []

    def run(self) -> list[Step]:
        """Lower all nodes, then the results and the new elements of states."""
        for symbol in self.graph.inputs:
            self.values[symbol] = self.external(symbol, "input")
        for state in self.graph.states:
            self.values[state.before] = self.external(state.before, "state")
        self.lower_nodes()
        self.outputs = [self._result(symbol) for symbol in self.graph.outputs]
        self._assign_states()
        return self.steps

    def lower_nodes(self) -> None:
        """Lower constants and all nodes."""
        for symbol, array in self.graph.constants.items():
            self.values[symbol] = self.constant(array, symbol.name)
        for node in self.graph.nodes:
            self._lower(node)
        self.node = None

    def _result(self, symbol: Symbol) -> Buffer:
        """The buffer of a result: that in which it was computed, if it lies there row by row and alone."""
        value = self.values[symbol]
        if isinstance(value, Read) and value.buffer.kind == "arena" and self.is_whole(value, symbol.shape):
            value.buffer.kind = "output"
            return value.buffer
        target = Buffer(symbol.name, symbol.dtype, symbol.spec.size, "output")
        self.define(value, symbol.shape, target=target)
        return target

    def is_whole(self, x: Read, shape: Shape) -> bool:
        """Whether an expression reads exactly all of its buffer, row by row."""
        real = [(c, r) for c, r, n in zip(x.form.coefs, row_major(shape), shape, strict=True) if n != 1]
        return x.form.offset == 0 and x.buffer.size == math.prod(shape) and all(c == r for c, r in real)

    def _assign_states(self) -> None:
        """New elements of states."""
        changed = [s for s in self.graph.states if s.after is not None]
        self.assign([(self.buffers[s.before], s.after) for s in changed])  # type: ignore[misc]

    def assign(self, changes: Sequence[tuple[Buffer, Symbol]]) -> None:
        """New elements of buffers, all computed from old ones: none is overwritten that another needs."""
        targets = {buffer for buffer, _ in changes}
        values = [self._not_of_others(symbol, buffer, targets) for buffer, symbol in changes]
        for (buffer, symbol), value in zip(changes, values, strict=True):
            self.define(value, symbol.shape, target=buffer)

    def _not_of_others(self, symbol: Symbol, own: Buffer, changed: set[Buffer]) -> Expr:
        x = self.values[symbol]
        reads = [node for node in walk(x) if isinstance(node, Read) and node.buffer in changed]
        same = all(node.buffer is own and self.is_whole(node, symbol.shape) for node in reads)
        return x if same else self.define(x, symbol.shape, in_rows=True)

    def _lower(self, node: Node) -> None:
        self.node = node
        self._define_operands(node)
        inputs = [self.values[x] for x in node.inputs]
        if node.op.family == "pointwise" and can_emit(node.op, node.inputs, node.outputs[0]):
            found: Any = self.pointwise(node, inputs)
        else:
            lower = RULES.get(node.op.name, numpy_fallback)
            found = lower(self, node, *inputs, **node.params)
        results = found if isinstance(found, tuple) else (found,)
        for symbol, value in zip(node.outputs, results, strict=True):
            self.values[symbol] = self._kept(node, symbol, value)

    def _define_operands(self, node: Node) -> None:
        """Operands get buffers where they would be computed again and again otherwise."""
        for symbol, lasts in self.keeping.operands(node, self.values):
            self.values[symbol] = self.define(self.values[symbol], symbol.shape)
            if not lasts:
                self.keeping.move_up(self.steps)

    def _kept(self, node: Node, symbol: Symbol, value: Expr) -> Expr:
        """A node's result as who uses it reads it: an expression, or a buffer, with a border if need be."""
        if self.keeping.is_put_in_rows(node, value):
            return self.define(value, symbol.shape, in_rows=True)
        if not any(isinstance(x, Apply) for x in walk(value)):
            return value
        bordered = self._bordered(symbol, value)
        if bordered is not None:
            return bordered
        is_stored = self.keeping.gets_buffer(node, symbol, value)
        return self.define(value, symbol.shape) if is_stored else value

    def _bordered(self, symbol: Symbol, value: Expr) -> Read | None:
        """A value that windows reach beyond, with zeros around it; None if there are none."""
        reaches = [REACHES[node.op.name](self, node) for node in self._readers[symbol]]
        known = [x for x in reaches if x is not None]
        if not known or symbol in self.graph.outputs:
            return None
        order = memory_order(value, symbol.shape, range(len(symbol.shape)))
        border = Border(symbol.shape, *widest(known), tuple(order))
        if math.prod(border.wide) > _WIDEST * symbol.spec.size:
            return None
        target = Read(self.buffer(value.dtype, math.prod(border.wide)), border.inside)
        self.borders[target.buffer] = border
        self.add(Definition(target.buffer, border.inside, symbol.shape, value))
        for strip in border.zeros(target):
            self.zeros.append(together(strip))
            self.add(self.zeros[-1])
        return target

    def external(self, symbol: Symbol, kind: str) -> Expr:
        """A variable that lies in memory of its own, row by row."""
        buffer = Buffer(symbol.name, symbol.dtype, symbol.spec.size, kind)
        self.buffers[symbol] = buffer
        return self.whole(buffer, symbol.shape)

    def constant(self, array: np.ndarray, name: str) -> Expr:
        """An array that is part of the program; one that holds one number everywhere is that number."""
        if array.size and (array.size == 1 or not (array != array.ravel()[0]).any()):
            return Constant(array.ravel()[0], array.dtype)
        content = np.ascontiguousarray(array)
        return self.whole(Buffer(name, array.dtype, array.size, "constant", content), array.shape)

    def whole(self, buffer: Buffer, shape: Shape) -> Read:
        """All elements of a buffer, row by row."""
        return Read(buffer, Form(0, row_major(shape)))

    def buffer(self, dtype: DType, size: int, name: str = "") -> Buffer:
        """A new buffer in the arena."""
        stem = name or (self.node.op.name if self.node else "t")
        self._names[stem] += 1
        return Buffer(f"{stem}.{self._names[stem]}", dtype, size)

    def pointwise(self, node: Node, inputs: Sequence[Expr]) -> Expr:
        """A pointwise row on elements at the same place of broadcast arguments."""
        shape = node.outputs[0].shape
        args = tuple(
            self.broadcast(x, symbol.shape, shape) for x, symbol in zip(inputs, node.inputs, strict=True)
        )
        return Apply(node.op, args, node.params, node.outputs[0].dtype)

    def broadcast(self, x: Expr, old: Shape, new: Shape) -> Expr:
        """An expression over a larger nest: axes of one element stay where they are."""
        if old == new:
            return x
        lead = len(new) - len(old)
        units = [
            unit(lead + i, len(new)) if n == new[lead + i] else Form(0, (0,) * len(new))
            for i, n in enumerate(old)
        ]
        return self.substituted(x, units, len(new))

    def substituted(self, x: Expr, old_axes: Sequence[Form], ndim: int) -> Expr:
        """An expression in new axes, each old one a form of the new ones."""

        def change(form: Form) -> Form:
            return form.after(old_axes) if form.coefs else Form(form.offset, (0,) * ndim)

        return in_forms(x, change)

    def reshape(self, x: Expr, old: Shape, new: Shape) -> Expr:
        """An expression over a nest of another shape; copied first if its places are not affine there."""
        if 0 in new:
            return in_forms(x, lambda form: Form(form.offset, (0,) * len(new)))
        found = reshaped(x, old, new)
        if found is None:
            found = reshaped(self.define(x, old, in_rows=True), old, new)
            assert found is not None
        return found

    def define(
        self,
        value: Expr,
        extents: Shape,
        *,
        combine: str | None = None,
        folded: Sequence[int] = (),
        target: Buffer | None = None,
        in_rows: bool = False,
        at_once: bool = False,
    ) -> Read:
        """Give a value a buffer; the result reads it, over the axes that are not folded."""
        if folded and not at_once:
            found = self._in_two_stages(value, extents, str(combine), folded)
            if found is not None:
                return found
        kept = [axis for axis in range(len(extents)) if axis not in folded]
        order = kept if in_rows or target is not None else memory_order(value, extents, kept)
        strides = dict(zip(order, row_major(tuple(extents[a] for a in order)), strict=True))
        place = Form(0, tuple(strides.get(a, 0) for a in range(len(extents))))
        size = math.prod(extents[a] for a in kept)
        if target is None:
            target = self.buffer(value.dtype, size)
        self.add(Definition(target, place, extents, value, combine, frozenset(folded)))
        return Read(target, Form(0, tuple(strides[a] for a in kept)))

    def _in_two_stages(self, value: Expr, extents: Shape, combine: str, folded: Sequence[int]) -> Read | None:
        """A long fold with few results as parts that can be folded side by side, and then a fold of those."""
        kept = math.prod(n for a, n in enumerate(extents) if a not in folded)
        if math.prod(extents) < _LONG_FOLD or kept > _FEW_RESULTS:
            return None
        counts = {a: _parts(extents[a]) for a in folded}
        # The first axis that has enough of them: parts that lie together join kernels that go through memory.
        axis = next((a for a in sorted(folded) if counts[a] >= _ENOUGH), max(folded, key=counts.__getitem__))
        parts = counts[axis]
        if parts == 1:
            return None
        split = (*extents[:axis], parts, extents[axis] // parts, *extents[axis + 1 :])
        inside = reshaped(value, extents, split)
        if inside is None:
            return None
        rest = [a + (a >= axis) for a in folded if a != axis]
        inner = sorted([*rest, axis + 1])
        partial = self.define(inside, split, combine=combine, folded=inner, at_once=True)
        shape = tuple(n for a, n in enumerate(split) if a not in inner)
        place = sum(a not in folded for a in range(axis))
        return self.define(partial, shape, combine=combine, folded=(place,), at_once=True)

    def in_rows(self, x: Expr, shape: Shape) -> Buffer:
        """A buffer that holds all elements row by row, and nothing else."""
        if isinstance(x, Read) and self.is_whole(x, shape):
            return x.buffer
        return self.define(x, shape, in_rows=True).buffer

    def opaque(self, name: str, inputs: list[Buffer], outputs: Sequence[Spec], detail: Any) -> list[Read]:
        """A step on whole buffers; its results lie row by row."""
        made = [self.buffer(spec.dtype, spec.size) for spec in outputs]
        self.add(Opaque(name, inputs, made, detail))
        return [self.whole(buffer, spec.shape) for buffer, spec in zip(made, outputs, strict=True)]

    def add(self, step: Step) -> None:
        """Add a step for the node that is being lowered."""
        if self.node is not None and self.node not in step.nodes:
            step.nodes.append(self.node)
        self.steps.append(step)
        self.keeping.note(step)


def _parts(extent: int) -> int:
    """Into how many equal parts an axis can be cut."""
    return max((c for c in range(1, _PARTS + 1) if extent % c == 0), default=1)


def unit(axis: int, ndim: int) -> Form:
    """The form that is one axis."""
    return Form(0, tuple(int(i == axis) for i in range(ndim)))


def numpy_fallback(lowering: Lowering, node: Node, *inputs: Expr, **params: Any) -> Any:
    """A row without a rule is left to its NumPy definition."""
    buffers = [lowering.in_rows(x, symbol.shape) for x, symbol in zip(inputs, node.inputs, strict=True)]
    results = lowering.opaque("numpy", buffers, [symbol.spec for symbol in node.outputs], node)
    return tuple(results)
