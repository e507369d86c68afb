"""Kernels as loop text: axes with their extents, phases, and the formula of what each phase computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import indent

from chainrule.compiler.emit.contraction.form import Dim
from chainrule.compiler.loops.expr import Buffer, cost
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Definition, Opaque, Step
from chainrule.errors import text
from chainrule.explain.forms import formula_of
from chainrule.explain.formula import Node, name, row, to_text
from chainrule.explain.stages.formulas import SIGNS, Formulas, element_text, letters

_INDENT = "  "
Lines = Iterator[str]


def loops_text(step: Step) -> str:
    """A kernel's loops, as a program that a person can read."""
    if isinstance(step, Nest):
        return "\n".join(_nest(step))
    if isinstance(step, Anchor):
        return "\n".join(_anchor(step))
    assert isinstance(step, Opaque)
    return _opaque(step)


def formula_text(step: Step) -> str:
    """What a kernel computes, in one line: of the definitions that it stores, the one with most in it."""
    if isinstance(step, Opaque):
        return _opaque(step).partition("  #")[0]
    if isinstance(step, Anchor) and not step.members:
        return _product(step)
    assert isinstance(step, Nest | Anchor)
    stored = [m for m in step.members if m.target not in step.local] or step.members
    own = max(reversed(stored), key=lambda member: cost(member.value))
    axes = _own_axes(step)[: len(own.extents)]
    formula = to_text(Formulas(own.extents, axes, _inlined(step)).node(own.value))
    return f"{element_text(own.target, own.place, own.extents, axes)} = {_folded(own, axes)}{formula}"


def _inlined(kernel: Nest | Anchor) -> dict[Buffer, Node]:
    """The sum of a contraction in place of its result."""
    if isinstance(kernel, Nest):
        return {}
    total = _product(kernel).partition(" = ")[2]
    return {kernel.result: row("(", name(total), ")")}


def _own_axes(kernel: Nest | Anchor) -> list[str]:
    """Names of the axes that a kernel's definitions are over."""
    if isinstance(kernel, Nest):
        return letters(len(kernel.extents))
    form = kernel.product.detail.form
    names = _axes([*form.batch, *form.rows, *form.columns])
    return [names[loop] for loop in kernel.order]


def _loop(axes: Iterable[str], extents: Iterable[int]) -> str:
    return f"for {', '.join(f'{axis} < {extent}' for axis, extent in zip(axes, extents, strict=True))}:"


def _nest(nest: Nest) -> Lines:
    """Rows outside, and inside a row one block of loops per phase."""
    axes = letters(len(nest.extents))
    depth = 0
    if nest.outer:
        yield _loop(axes[: nest.outer], nest.extents[: nest.outer])
        depth = 1
    formulas = Formulas(nest.extents, axes)
    for phase in nest.phases():
        for line in _phase(nest, phase, axes, formulas):
            yield _INDENT * depth + line


def _phase(nest: Nest, phase: Sequence[Definition], axes: Sequence[str], formulas: Formulas) -> Lines:
    ndim = len(nest.extents)
    passing = [m for m in phase if len(m.extents) == ndim]
    for member in phase:
        if member not in passing:
            yield from _member(member, _where(member, nest), axes[: len(member.extents)])
    if passing and nest.outer < ndim:
        yield _loop(axes[nest.outer :], nest.extents[nest.outer :])
    inside = _INDENT if nest.outer < ndim else ""
    for member in passing:
        for line in _member(member, _where(member, nest), axes, formulas):
            yield inside + line


def _where(member: Definition, kernel: Nest | Anchor) -> str:
    """Where the elements of a definition are: what another phase of the row reads must lie in memory."""
    if member.target not in kernel.local:
        return text("stages.stored")
    return (
        text("stages.row")
        if isinstance(kernel, Nest) and _is_read_later(member, kernel)
        else text("stages.register")
    )


def _is_read_later(member: Definition, nest: Nest) -> bool:
    if member.folded or len(member.extents) < len(nest.extents):
        return False
    phases = nest.phases()
    mine = next(i for i, phase in enumerate(phases) if member in phase)
    return any(member.target in other.reads() for phase in phases[mine + 1 :] for other in phase)


def _member(member: Definition, where: str, axes: Sequence[str], formulas: Formulas | None = None) -> Lines:
    """The definitions of one element, and where it goes."""
    writing = Formulas(member.extents, axes) if formulas is None else formulas
    target = element_text(member.target, member.place, member.extents, axes)
    for letter, formula in writing.lines(member.value):
        if letter:
            yield f"{letter} = {formula}"
        else:
            yield f"{target} = {_folded(member, axes)}{formula}  # {where}"


def _folded(member: Definition, axes: Sequence[str]) -> str:
    if not member.folded:
        return ""
    over = ",".join(axes[axis] for axis in sorted(member.folded))
    return f"{SIGNS[str(member.combine)]}_{over} "


def _anchor(anchor: Anchor) -> Lines:
    """The sum, its plan, and what is computed on the accumulators."""
    form = anchor.product.detail.form
    dims = [*form.batch, *form.rows, *form.columns, *form.depth]
    axes = _axes(dims)
    yield _loop([axis for axis in axes if axis], [dim.extent for dim in dims if dim.extent != 1])
    where = text("stages.register" if anchor.result in anchor.local else "stages.stored")
    yield f"{_INDENT}{_product(anchor)}  # {where}"
    own = _own_axes(anchor)
    formulas = Formulas(anchor.extents, own)
    for member in anchor.members:
        for line in _member(member, _where(member, anchor), own, formulas):
            yield _INDENT + line
    yield indent(str(anchor.plan), "# ")


def _product(anchor: Anchor) -> str:
    """The sum of a contraction."""
    product, detail = anchor.product, anchor.product.detail
    form = detail.form
    groups = (form.batch, form.rows, form.columns, form.depth)
    dims: list[Dim] = [dim for group in groups for dim in group]
    axes, extents = _axes(dims), tuple(dim.extent for dim in dims)
    left, right = (
        element_text(buffer, _form(dims, offset, stride), extents, axes)
        for buffer, offset, stride in zip(
            product.inputs, (detail.a_offset, detail.b_offset), (_a, _b), strict=True
        )
    )
    result = element_text(anchor.result, _form(dims, detail.place.offset, _c), extents, axes)
    first = len(dims) - len(form.depth)
    over = ",".join(axes[i] for i in range(first, len(dims)) if extents[i] != 1)
    return f"{result} = {f'Σ_{over} ' if over else ''}{left} · {right}"


def _axes(dims: Sequence[Dim]) -> list[str]:
    """Names of loops; those of one step have none."""
    names = iter(letters(len(dims)))
    return [next(names) if dim.extent != 1 else "" for dim in dims]


def _form(dims: Sequence[Dim], offset: int, stride: Callable[[Dim], int]) -> Form:
    return Form(offset, tuple(stride(dim) if dim.extent != 1 else 0 for dim in dims))


def _a(dim: Dim) -> int:
    return dim.a


def _b(dim: Dim) -> int:
    return dim.b


def _c(dim: Dim) -> int:
    return dim.c


def _opaque(step: Opaque) -> str:
    """A hand-written kernel, or one that is left to NumPy: the row's own formula."""
    results = _names(step.outputs)
    if not step.nodes:
        return f"{results} = {step.name}({_names(step.inputs)})"
    node = step.nodes[0]
    specs = [x.spec for x in node.inputs]
    operands = [name(buffer.name) for buffer in step.inputs]
    if len(operands) == len(specs):
        shown = to_text(formula_of(node.op, node.params, operands, specs))
    else:
        shown = f"{node.op.name}({_names(step.inputs)})"
    return f"{results} = {shown}  # {node.op.name}"


def _names(buffers: Iterable[Buffer]) -> str:
    return ", ".join(buffer.name for buffer in buffers)
