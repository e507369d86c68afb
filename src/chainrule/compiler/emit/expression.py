"""Expressions in registers: each node once, and no deeper in the loops than it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from chainrule.compiler.emit import pointwise, registers
from chainrule.compiler.emit.registers import Register
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index as Place
from chainrule.compiler.llvm.types import BOOL
from chainrule.compiler.loops.expr import (
    Apply,
    Buffer,
    Constant,
    Expr,
    Guard,
    Guarded,
    Index,
    Read,
    used,
    walk,
)
from chainrule.compiler.loops.form import Form
from chainrule.core.spec import Shape


class Evaluator:
    """Values of expressions at one point of a loop nest, or at a vector of points along one axis.

    Parameters
    ----------
    b : Builder
        Where the code goes.
    pointers : mapping
        Where each buffer lies.
    extents : tuple of int
        The axes of the nest.
    made : set of Buffer
        What the nest itself computes: known at a point only once it is held.
    past : set of Buffer
        What is stored past the caches.
    """

    def __init__(
        self,
        b: Builder,
        pointers: Mapping[Buffer, Pointer],
        extents: Shape,
        made: Set[Buffer] = frozenset(),
        past: Set[Buffer] = frozenset(),
    ) -> None:
        self.b, self.pointers, self.extents, self.made, self.past = b, pointers, extents, made, past
        self.places: dict[int, Place] = {}
        self.vector: int | None = None
        self.lanes = 1
        self.mask: Value | None = None
        # What must hold in all lanes for anything to be read; the mask says so too.
        self.allowed: Value | None = None
        self.held: dict[Buffer, Register] = {}
        self._values: dict[int, Register] = {}
        self._loads: dict[tuple[Buffer, Form], Register] = {}
        self._partial: dict[Form, tuple[frozenset[int], Place]] = {}

    def at(self, places: Mapping[int, Place]) -> Evaluator:
        """The same nest with further axes fixed; what is known so far is shared."""
        inner = Evaluator(self.b, self.pointers, self.extents, self.made, self.past)
        inner.places = {**self.places, **places}
        inner.vector, inner.lanes, inner.mask = self.vector, self.lanes, self.mask
        inner.allowed = self.allowed
        inner.held = dict(self.held)
        inner._values, inner._partial = dict(self._values), dict(self._partial)
        inner._loads = dict(self._loads)
        return inner

    def along(self, axis: int, start: Place, lanes: int, mask: Value | None = None) -> Evaluator:
        """A vector of points along one axis."""
        inner = self.at({axis: start})
        inner.vector, inner.lanes, inner.mask = axis, lanes, mask
        return inner

    def hoist(self, roots: Sequence[Expr], places: Sequence[Form] = ()) -> None:
        """Compute what the axes that are fixed by now determine: it is not computed again further in."""
        fixed = frozenset(self.places)
        for node in _outermost(roots, fixed, self.made - self.held.keys()):
            self.value(node)
        for form in (*places, *(x.form for x in walk(*roots) if isinstance(x, Read))):
            self._partial[form] = used(form) & fixed, self._start(form)

    def know(self, node: Expr, value: Register) -> None:
        """Give a node its value from outside."""
        self._values[id(node)] = value

    def value(self, root: Expr) -> Register:
        """The value of an expression: one number where it is the same in all lanes."""
        for node in _unknown(root, self._values):
            if id(node) not in self._values:
                self._values[id(node)] = self._compute(node)
        return self._values[id(root)]

    def _compute(self, node: Expr) -> Register:
        b = self.b
        if isinstance(node, Constant):
            return registers.constant(b, node.value, node.dtype)
        if isinstance(node, Read):
            return self._read(node)
        if isinstance(node, Index):
            return b.cast(self.place(node.form), node.dtype)
        if isinstance(node, Apply):
            args = [self._values[id(x)] for x in node.args]
            return pointwise.apply(b, node.op, node.params, args, node.dtype)
        assert isinstance(node, Guarded)
        return self._guarded(node)

    def _guarded(self, node: Guarded) -> Register:
        """Inside a guard only what it allows is read."""
        b = self.b
        holds = self.holds(node.guards)
        inner = self.at({})
        otherwise = registers.constant(b, node.otherwise, node.dtype)
        if self.vector is None or (holds.lanes == 1 and self.lanes == 1):
            found = b.choose(
                holds,
                lambda: registers.parts([inner.value(node.value)]),
                lambda: registers.parts([otherwise]),
            )
            return registers.regrouped(found, [otherwise])[0]
        holds = b.splat(holds, self.lanes)
        inner.mask = holds if self.mask is None else b.bits_and(holds, self.mask)
        inner.allowed = self._allowed(node.guards)
        inner._forget_loads()
        otherwise = registers.splat(b, otherwise, self.lanes)

        def inside() -> Register:
            return registers.splat(b, inner.value(node.value), self.lanes)

        if self._reads_one_number(node.value):
            # A mask keeps lanes from reading, but not what is read once for all of them.
            reads = b.any_lane(inner.mask)
            found = b.choose(reads, lambda: registers.parts([inside()]), lambda: registers.parts([otherwise]))
            x = registers.regrouped(found, [otherwise])[0]
        else:
            x = inside()
        return registers.select(b, holds, x, otherwise)

    def _reads_one_number(self, root: Expr) -> bool:
        """Whether something is read that is the same in all lanes."""
        reads = (node for node in walk(root) if isinstance(node, Read) and node.buffer not in self.held)
        return self.lanes > 1 and any(self.vector not in node.axes for node in reads)

    def _forget_loads(self) -> None:
        self._values, self._loads = {}, {}

    def _allowed(self, guards: Sequence[Guard]) -> Value | None:
        """Whether those guards hold that are the same in all lanes, here and further out."""
        same = [guard for guard in guards if self.vector is None or guard.form.coefs[self.vector] == 0]
        if not same:
            return self.allowed
        holds = self.holds(same)
        return holds if self.allowed is None else self.b.bits_and(self.allowed, holds)

    def holds(self, guards: Sequence[Guard]) -> Value:
        """Whether all guards hold."""
        b = self.b
        found = None
        for guard in guards:
            place = self.place(guard.form)
            inside = b.bits_and(b.compare("ge", place, 0), b.compare("lt", place, guard.extent))
            found = inside if found is None else b.bits_and(found, inside)
        return b.constant(True, BOOL) if found is None else found

    def place(self, form: Form) -> Value:
        """A form's value, or its values in all lanes."""
        b = self.b
        start = b.number(self._start(form))
        step = 0 if self.vector is None else form.coefs[self.vector]
        if step == 0 or self.lanes == 1:
            return start
        return b.add(start, b.constants([i * step for i in range(self.lanes)], start.dtype))

    def _start(self, form: Form) -> Place:
        """A form's value at the first lane, from what is known of it."""
        known, base = self._partial.get(form, (frozenset(), form.offset))
        fixed = used(form) & frozenset(self.places)
        return self.b.affine(base, [(self.places[a], form.coefs[a]) for a in sorted(fixed - known)])

    def _read(self, node: Read) -> Register:
        """What is read, once for all nodes: LLVM cannot know that no store in between has changed it."""
        key = node.buffer, node.form
        if node.buffer not in self.held and key in self._loads:
            return self._loads[key]
        self._loads[key] = self.load(*key)
        return self._loads[key]

    def load(self, buffer: Buffer, form: Form) -> Register:
        """Elements of a buffer."""
        b, dtype = self.b, buffer.dtype
        if buffer in self.held:
            return self.held[buffer]
        step = 0 if self.vector is None else form.coefs[self.vector]
        base, start = self.pointers[buffer], self._start(form)
        if step == 0 or self.lanes == 1:
            return registers.load_number(b, base, start, dtype)
        if step == 1:
            if self.allowed is not None:
                # A load with all lanes masked out is slow if its address is on no page of the process.
                start = b.select(self.allowed, b.number(start), 0)
            return registers.load_number(b, base, start, dtype, self.lanes, self.mask)
        return registers.gather(b, base, start, step, dtype, self.lanes, self.mask)

    def fetch(self, read: Read, offset: int) -> None:
        """Have the line of an element brought into the first cache, so many elements behind a read's own."""
        start = self.b.plus(self._start(read.form), offset)
        self.b.prefetch(self.pointers[read.buffer], start, read.buffer.dtype)

    def store(self, x: Register, buffer: Buffer, form: Form) -> None:
        """Give elements of a buffer their values."""
        b = self.b
        base, start = self.pointers[buffer], self._start(form)
        step = 0 if self.vector is None else form.coefs[self.vector]
        if self.lanes == 1 or self.vector is None:
            registers.store_number(b, x, base, start)
        elif step == 1 and self.mask is None and buffer in self.past:
            whole = registers.splat(b, x, self.lanes)
            assert isinstance(whole, Value)
            b.store_past_caches(whole, b.element(base, start, buffer.dtype))
        elif step == 1:
            registers.store_number(b, registers.splat(b, x, self.lanes), base, start, self.mask)
        else:
            registers.scatter(b, registers.splat(b, x, self.lanes), base, start, step, self.mask)


def _outermost(roots: Sequence[Expr], fixed: frozenset[int], pending: Set[Buffer]) -> list[Expr]:
    """The largest parts that are known by now; nothing inside a guard is touched before the guard."""
    waiting: set[int] = set()
    for node in walk(*roots):
        late = isinstance(node, Read) and node.buffer in pending
        if late or not node.axes <= fixed or any(id(child) in waiting for child in node.children()):
            waiting.add(id(node))
    found: list[Expr] = []
    stack, seen = list(roots), set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if id(node) not in waiting:
            found.append(node)
        elif not isinstance(node, Guarded):
            stack += node.children()
    return found


def _unknown(root: Expr, known: Mapping[int, Register]) -> list[Expr]:
    """Nodes that are still to be computed, parts first; what a guard holds is left to the guard."""
    order: list[Expr] = []
    done: set[int] = set()
    stack: list[tuple[Expr, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif id(node) not in done and id(node) not in known:
            done.add(id(node))
            stack.append((node, True))
            if not isinstance(node, Guarded):
                stack += [(child, False) for child in node.children()]
    return order
