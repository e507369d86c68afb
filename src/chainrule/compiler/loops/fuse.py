"""Fusion: definitions over the same axes become one kernel.

A definition joins an earlier kernel if every buffer it needs is complete by then, or is computed by that
kernel at the very element where it is read.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from chainrule.compiler.loops.expr import Buffer, Read, forms, in_forms, reshaped, walk
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Definition, Opaque, Step
from chainrule.core.spec import Shape


def fused(steps: Sequence[Step], kept: set[Buffer]) -> list[Step]:
    """Steps with their definitions gathered in kernels; ``kept`` are buffers that outlive the program."""
    kernels: list[Step] = []
    for step in steps:
        if isinstance(step, Definition):
            member = in_memory_order(step)
            if not _joined(kernels, member):
                kernels.append(_alone(member))
        elif isinstance(step, Opaque) and step.name == "contraction":
            kernels.append(anchored(step))
        else:
            kernels.append(step)
    readers = Counter(x for kernel in kernels for x in set(kernel.reads()))
    for kernel in kernels:
        if isinstance(kernel, Nest | Anchor):
            kernel.local = {x for x in kernel.writes() if x not in kept and not readers[x]}
    return [simplified(kernel) if isinstance(kernel, Nest) else kernel for kernel in kernels]


def anchored(step: Opaque) -> Anchor:
    """A contraction as a kernel that others may join."""
    form = step.detail.form
    dims = [*form.batch, *form.rows, *form.columns]
    order = sorted((i for i, dim in enumerate(dims) if dim.extent != 1), key=lambda i: -dims[i].c)
    return Anchor(step, tuple(dims[i].extent for i in order), tuple(order), nodes=list(step.nodes))


def in_memory_order(step: Definition) -> Definition:
    """The axes as their elements lie in memory, those of one element left out; a row's folded axes last."""
    axes = [a for a, n in enumerate(step.extents) if n != 1]
    reads = [x.form for x in walk(step.value) if isinstance(x, Read)]
    # A target's order is that of its kept axes; folded ones stand where the largest read has them.
    guide = max(reads, key=lambda form: sum(form.coefs[a] != 0 for a in axes), default=step.place)
    if not step.folded:
        guide = step.place
    axes.sort(key=lambda a: -abs(guide.coefs[a]) if guide.coefs[a] else 0)
    if step.folded and (not axes or axes[-1] in step.folded):
        axes = [a for a in axes if a not in step.folded] + [a for a in axes if a in step.folded]
    elif step.folded:
        last = axes[-1]
        kept = [a for a in axes[:-1] if a not in step.folded]
        axes = [*kept, *(a for a in axes if a in step.folded), last]
    return permuted(step, axes)


def permuted(step: Definition, axes: Sequence[int]) -> Definition:
    """The definition over some of its axes in another order; the others have one element."""
    return Definition(
        step.target,
        step.place.permuted(axes),
        tuple(step.extents[a] for a in axes),
        in_forms(step.value, lambda form: form.permuted(axes)),
        step.combine,
        frozenset(i for i, a in enumerate(axes) if a in step.folded and step.extents[a] != 1),
        nodes=step.nodes,
    )


def _alone(member: Definition) -> Nest:
    """A kernel of one definition."""
    ndim = len(member.extents)
    if member.combine is not None and not member.folded:
        member.combine = None
    if not member.folded:
        return Nest(member.extents, ndim, [member], nodes=list(member.nodes))
    columns = ndim - 1 not in member.folded
    outer = min(member.folded)
    return Nest(member.extents, outer, [member], columns, nodes=list(member.nodes))


def _joined(kernels: list[Step], member: Definition) -> bool:
    """Put a definition in the last kernel that can take it, if there is one."""
    for kernel in reversed(kernels):
        if isinstance(kernel, Nest) and _can_join(kernel, member):
            _join(kernel, member)
            return True
        if isinstance(kernel, Anchor) and kernel.result in member.reads():
            fitting = _on_accumulators(kernel, member)
            if fitting is not None:
                kernel.members.append(fitting)
                kernel.nodes += [node for node in member.nodes if node not in kernel.nodes]
                return True
        if _must_follow(kernel, member):
            return False
    return False


def _on_accumulators(kernel: Anchor, member: Definition) -> Definition | None:
    """A definition over the axes of a contraction's result, if it takes one element where one is made."""
    if member.folded or math.prod(member.extents) != kernel.result.size:
        return None
    value, place = reshaped(member.value, member.extents, kernel.extents), member.place.reshaped(
        member.extents, kernel.extents
    )
    if value is None or place is None:
        return None
    moved = Definition(member.target, place, kernel.extents, value, nodes=member.nodes)
    made = {x.target: x.place for x in kernel.members}
    made[kernel.result] = Form(0, row_major(kernel.extents))
    return moved if _reads_only_what_is_made(moved, made) else None


def _reads_only_what_is_made(member: Definition, made: dict[Buffer, Form]) -> bool:
    """Whether what the kernel makes is read at the element at which it is made."""
    if member.target in made:
        return False
    return all(
        _same_place(node.form, made[node.buffer])
        for node in walk(member.value)
        if isinstance(node, Read) and node.buffer in made
    )


def _must_follow(kernel: Step, member: Definition) -> bool:
    """Whether a definition must not move before a kernel: one writes what the other uses."""
    written, read = set(kernel.writes()), set(kernel.reads())
    return bool(written & {*member.reads(), member.target}) or member.target in read


def _can_join(kernel: Nest, member: Definition) -> bool:
    if kernel.columns or (member.folded and len(member.extents) - 1 not in member.folded):
        return _same_columns(kernel, member)
    return _same_rows(kernel, member) and _aligned(kernel, member)


def _same_columns(kernel: Nest, member: Definition) -> bool:
    """Columns are folded in one pass: nothing in it may need a fold's result."""
    alike = kernel.columns and member.extents == kernel.extents
    fits = not member.folded or (min(member.folded) == kernel.outer and len(member.extents) - 1 not in member.folded)
    if not (alike and fits):
        return False
    folds = {x.target for x in kernel.members if x.folded}
    return not folds & set(member.reads()) and _aligned(kernel, member)


def _same_rows(kernel: Nest, member: Definition) -> bool:
    """Whether rows are the same: all axes agree, or those of the rows where one side has no others."""
    rows = _rows(kernel, member)
    return rows is not None


def _rows(kernel: Nest, member: Definition) -> int | None:
    """The number of outer axes of the joined nest, or None."""
    mine = min(member.folded) if member.folded else len(member.extents)
    a, b = kernel.extents, member.extents
    has_folds = any(x.folded for x in kernel.members)
    shorter = min(len(a), len(b))
    if a[:shorter] != b[:shorter]:
        return None
    if len(a) == len(b) and not (has_folds or member.folded):
        return len(a)
    outer = kernel.outer if has_folds else min(mine, len(a))
    if member.folded and mine != outer:
        return None
    partial = [len(x.extents) for x in (*kernel.members, member)]
    longest = max(len(a), len(b))
    if any(n not in (outer, longest) for n in partial) or math.prod(a[:outer]) == 0:
        return None
    return outer


def _aligned(kernel: Nest, member: Definition) -> bool:
    """Whether what the kernel makes is read at the element at which it is made, and nothing is overwritten early."""
    if not _reads_only_what_is_made(member, {x.target: x.place for x in kernel.members}):
        return False
    for other in kernel.members:
        for node in walk(other.value):
            if isinstance(node, Read) and node.buffer is member.target and not _same_place(node.form, member.place):
                return False
    return True


def _same_place(a: Form, b: Form) -> bool:
    size = max(len(a.coefs), len(b.coefs))
    return a.offset == b.offset and _filled(a, size) == _filled(b, size)


def _filled(form: Form, size: int) -> Shape:
    return form.coefs + (0,) * (size - len(form.coefs))


def _join(kernel: Nest, member: Definition) -> None:
    rows = kernel.outer if kernel.columns else _rows(kernel, member)
    assert rows is not None
    kernel.extents = max(kernel.extents, member.extents, key=len)
    kernel.outer = rows
    kernel.members.append(member)
    kernel.nodes += [node for node in member.nodes if node not in kernel.nodes]


def simplified(nest: Nest) -> Nest:
    """The nest with all members over all axes, and neighbouring axes merged where every form allows it."""
    ndim = len(nest.extents)
    members = [_extended(member, ndim) for member in nest.members]
    groups = [[a] for a in range(ndim)]
    merged: list[list[int]] = []
    for group in groups:
        if merged and _mergeable(nest, members, merged[-1], group):
            merged[-1] += group
        else:
            merged.append(list(group))
    extents = tuple(math.prod(nest.extents[a] for a in group) for group in merged)
    outer = sum(group[0] < nest.outer for group in merged)
    members = [_with_axes(member, extents, [group[-1] for group in merged], merged) for member in members]
    return Nest(extents, outer, members, nest.columns, nest.local, nodes=nest.nodes)


def _extended(member: Definition, ndim: int) -> Definition:
    """Forms over all axes of a nest; a definition of rows stays one: it says so by its extents."""

    def change(form: Form) -> Form:
        return Form(form.offset, _filled(form, ndim))

    value = in_forms(member.value, change)
    place = change(member.place)
    return Definition(
        member.target, place, member.extents, value, member.combine, member.folded, nodes=member.nodes
    )


def _mergeable(nest: Nest, members: Sequence[Definition], left: list[int], right: list[int]) -> bool:
    a, b = left[-1], right[0]
    if (a < nest.outer) != (b < nest.outer):
        return False
    if any((a in member.folded) != (b in member.folded) for member in members):
        return False
    if any((a < len(member.extents)) != (b < len(member.extents)) for member in members):
        return False
    extent = nest.extents[b]
    return all(
        form.coefs[a] == form.coefs[b] * extent for member in members for form in _all_forms(member)
    )


def _all_forms(member: Definition) -> list[Form]:
    return [member.place, *forms(member.value)]


def _with_axes(
    member: Definition, extents: Shape, last: Sequence[int], merged: Sequence[Sequence[int]]
) -> Definition:
    """The definition over merged axes: a form steps through them as through their last."""

    def change(form: Form) -> Form:
        return form.permuted(last)

    count = sum(group[0] < len(member.extents) for group in merged)
    return Definition(
        member.target,
        change(member.place),
        extents[:count],
        in_forms(member.value, change),
        member.combine,
        frozenset(i for i, group in enumerate(merged) if group[0] in member.folded),
        nodes=member.nodes,
    )
