"""The kernels of a program in order, with what each does, how much, and where it comes from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chainrule.compiler import target as targets
from chainrule.compiler.loops.expr import Apply, Buffer, Expr, Read, used, walk
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Definition, Opaque, Repeat, Step
from chainrule.compiler.native.jit import emit_assembly
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, RepeatCall
from chainrule.compiler.program.prepared import is_prepared
from chainrule.compiler.program.program import Program
from chainrule.errors import text
from chainrule.explain.stages.loops import formula_text, loops_text
from chainrule.explain.stages.sources import nodes_of
from chainrule.graph import Node


@dataclass(eq=False)
class Kernel:
    """One call of native code, or of NumPy.

    Attributes
    ----------
    number : int
        Its place among kernels, from 1.
    place : int
        Its place among all calls of the program.
    kind : str
        ``contraction``, ``fold``, ``pointwise``, ``irregular`` or ``numpy``.
    name : str
        The operations that it stands for.
    formula, loops : str
        What it computes, in one line and as loops.
    flops, nbytes : int
        Floating-point operations and bytes that it reads and writes, of one call.
    pieces : int
        Independent parts of its work.
    nodes : list of Node
        Operations of the graph, with scopes and lines.
    call : KernelCall or NumpyCall
        The compiler's own record: text, buffers, step.
    is_prepared : bool
        Whether it runs once beforehand, and not at each call.
    seconds : float or None
        Shortest time that was measured, of all its calls in one run of the program.
    count : int
        How often it is called in one run.
    shapes : str
        Extents of its loops.
    """

    number: int
    place: int
    kind: str
    name: str
    formula: str
    loops: str
    flops: int
    nbytes: int
    pieces: int
    nodes: list[Node]
    call: KernelCall | NumpyCall
    is_prepared: bool = False
    seconds: float | None = None
    count: int = 1
    shapes: str = ""

    @property
    def title(self) -> str:
        """Its name, and how often it runs if not once."""
        return self.name if self.count == 1 else text("stages.times", name=self.name, count=self.count)

    @property
    def llvm(self) -> str:
        """Its text for LLVM; empty for what NumPy does."""
        return self.call.text if isinstance(self.call, KernelCall) else ""

    @property
    def asm(self) -> str:
        """Its instructions on this machine; empty for what NumPy does."""
        if not isinstance(self.call, KernelCall):
            return ""
        return emit_assembly(self.call.text, targets.host(), passes=self.call.passes)

    @property
    def intensity(self) -> float:
        """Arithmetic intensity: operations per byte."""
        return self.flops / self.nbytes if self.nbytes else 0.0

    @property
    def rate(self) -> float | None:
        """Operations per second, as measured."""
        return self.flops * self.count / self.seconds if self.seconds else None

    @property
    def lines(self) -> list[str]:
        """The user's source lines, each once."""
        return list(dict.fromkeys(node.line for node in self.nodes if node.line))

    @property
    def scopes(self) -> list[str]:
        """Layers and composites that it is part of, each once."""
        return list(dict.fromkeys("/".join(node.scopes) for node in self.nodes if node.scopes))

    @property
    def is_derivative(self) -> bool:
        """Whether all that it stands for belongs to derivatives."""
        return bool(self.nodes) and all(is_derivative(node) for node in self.nodes)


def is_derivative(node: Node) -> bool:
    """Whether an operation was recorded by a derivative rule."""
    return any(scope.startswith("∂") for scope in node.scopes)


def kernels_of(program: Program) -> list[Kernel]:
    """All calls of a program but its loops, those inside loops too."""
    nodes = nodes_of(program)
    phases: Counter[Step] = Counter()
    found: list[Kernel] = []
    for place, call in enumerate(program.calls):
        if isinstance(call, RepeatCall):
            continue
        phase = phases[call.step]
        phases[call.step] += 1
        found.append(_kernel((len(found) + 1, place), call, nodes[call.step], phase))
    return found


def _kernel(places: tuple[int, int], call: KernelCall | NumpyCall, nodes: list[Node], phase: int) -> Kernel:
    step = call.step
    stage = step.plan.stages[phase] if isinstance(step, Anchor) else "sums"
    name = _name(step, nodes)
    if stage != "sums":
        name = text("stages.summing" if stage == "results" else "stages.packing", name=name)
    works = stage == "sums" and not (isinstance(step, Opaque) and phase)
    return Kernel(
        *places,
        _kind(call),
        name,
        formula_text(step),
        loops_text(step),
        flops_of(step) if works else 0,
        bytes_of(step) if works else _packed_bytes(step, stage),
        call.pieces if isinstance(call, KernelCall) else 1,
        nodes,
        call,
        is_prepared(call),
        shapes=_shapes(step),
    )


def _kind(call: Call) -> str:
    if isinstance(call, NumpyCall):
        return "numpy"
    if isinstance(call.step, Anchor):
        return "contraction"
    if isinstance(call.step, Nest):
        return "fold" if any(m.folded for m in call.step.members) else "pointwise"
    return "irregular"


def _name(step: Step, nodes: Sequence[Node]) -> str:
    """Operations in order; those of one composite by its name."""
    own = [node.op.name for node in (step.nodes or nodes)]
    counted = Counter(own)
    return " + ".join(f"{count}× {name}" if count > 1 else name for name, count in counted.items()) or "copy"


def _shapes(step: Step) -> str:
    if isinstance(step, Anchor):
        batch, m, n, k = step.product.detail.form.shape
        return f"{f'{batch} × ' if batch > 1 else ''}{m} × {n} × {k}"
    if isinstance(step, Nest):
        return " × ".join(map(str, step.extents)) or "1"
    return ", ".join(f"{x.size}" for x in step.writes()[:1])


def flops_of(step: Step) -> int:
    """Floating-point operations: rows of the table by their cost, and one for each element that is folded."""
    if isinstance(step, Anchor):
        return 2 * step.product.detail.form.multiplications + _flops(step.members)
    if isinstance(step, Nest):
        return _flops(step.members)
    return sum(node.flops for node in step.nodes)


def _flops(members: Sequence[Definition]) -> int:
    total = 0
    for member in members:
        total += sum(_applied(node, member.extents) for node in walk(member.value))
        total += math.prod(member.extents) if member.folded else 0
    return total


def _applied(node: Expr, extents: Sequence[int]) -> int:
    """Operations of one row of the table, at every point of the axes that it depends on."""
    if not isinstance(node, Apply):
        return 0
    each = node.op.cost(tuple(() for _ in node.args), (), node.params)
    return each * math.prod(extents[axis] for axis in node.axes)


def bytes_of(step: Step) -> int:
    """Bytes that a kernel reads and writes, each element once; what stays in registers is not counted."""
    touched: dict[Buffer, int] = {}
    for buffer, count in _touched(step):
        touched[buffer] = max(touched.get(buffer, 0), min(count, buffer.size))
    local = step.local if isinstance(step, Nest | Anchor) else set()
    return sum(count * x.dtype.itemsize for x, count in touched.items() if x not in local)


def _touched(step: Step) -> Iterator[tuple[Buffer, int]]:
    """Buffers with the number of their elements that are read or written."""
    if isinstance(step, Opaque | Repeat):
        scratch = set(step.scratch) if isinstance(step, Opaque) else set()
        yield from ((x, x.size) for x in (*step.reads(), *step.writes()) if x not in scratch)
    if isinstance(step, Anchor):
        form, plan = step.product.detail.form, step.plan
        left, right = step.product.inputs
        places = form.shape[0]
        a, b = plan.distinct("a") * places, plan.distinct("b") * places
        if plan.nest.exchanged:
            a, b = b, a
        yield from ((left, a), (right, b), (step.result, step.result.size))
    if isinstance(step, Nest | Anchor):
        for member in step.members:
            yield from _of_member(member)


def _of_member(member: Definition) -> Iterator[tuple[Buffer, int]]:
    for node in walk(member.value):
        if isinstance(node, Read):
            yield node.buffer, math.prod(member.extents[axis] for axis in used(node.form))
    yield member.target, math.prod(member.extents[axis] for axis in used(member.place))


def _packed_bytes(step: Step, stage: str) -> int:
    """Bytes of a phase that only copies: B is read, and written to panels; or parts of sums are added up."""
    if not isinstance(step, Anchor):
        return 0
    right = step.product.inputs[1]
    if stage == "results":
        return int(step.plan.sums_bytes) + step.result.nbytes
    return right.nbytes + int(step.plan.whole_b_bytes)
