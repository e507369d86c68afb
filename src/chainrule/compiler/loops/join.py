"""Which definitions a kernel can take, and how it takes them."""

from __future__ import annotations

import math

from chainrule.compiler.loops.expr import Buffer, Read, reshaped, walk
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Definition, Step
from chainrule.core.spec import Shape

# A nest without rows runs on one thread; above this many elements that is too much.
_LARGEST_SINGLE_ROW = 1 << 13


def joined(kernel: Step, member: Definition) -> bool:
    """Put a definition into a kernel, if it fits."""
    if isinstance(kernel, Anchor):
        fitting = _on_accumulators(kernel, member)
    elif isinstance(kernel, Nest):
        fitting = _in_nest(kernel, member)
    else:
        return False
    if fitting is None:
        return False
    kernel.members.append(fitting)
    kernel.nodes += [node for node in member.nodes if node not in kernel.nodes]
    return True


def _on_accumulators(kernel: Anchor, member: Definition) -> Definition | None:
    """A definition over the axes of a contraction's result, if it takes one element where one is made."""
    reads_it = not set(kernel.writes()).isdisjoint(member.reads())
    fits = reads_it and math.prod(member.extents) == kernel.result.size
    if member.folded or not fits or member.target in kernel.product.inputs:
        return None
    value = reshaped(member.value, member.extents, kernel.extents)
    place = member.place.reshaped(member.extents, kernel.extents)
    if value is None or place is None:
        return None
    moved = Definition(member.target, place, kernel.extents, value, nodes=member.nodes)
    made = {x.target: x.place for x in kernel.members}
    made[kernel.result] = Form(0, row_major(kernel.extents))
    return moved if _reads_only_what_is_made(moved, made) else None


def _in_nest(kernel: Nest, member: Definition) -> Definition | None:
    """The definition, if the nest can take it; the nest then has its axes too."""
    last_is_kept = bool(member.folded) and len(member.extents) - 1 not in member.folded
    if kernel.columns or last_is_kept:
        return member if _fits_columns(kernel, member) and _aligned(kernel, member) else None
    if not kernel.columns and len(member.extents) < len(kernel.extents):
        member = _split_like(kernel, member)
    outer = _rows(kernel, member)
    if outer is None or not _aligned(kernel, member):
        return None
    kernel.extents, kernel.outer = max(kernel.extents, member.extents, key=len), outer
    return member


def _split_like(kernel: Nest, member: Definition) -> Definition:
    """The definition with axes split as those of the kernel, if it has as many elements and no folds."""
    if member.folded or math.prod(member.extents) != math.prod(kernel.extents):
        return member
    value = reshaped(member.value, member.extents, kernel.extents)
    place = member.place.reshaped(member.extents, kernel.extents)
    if value is None or place is None:
        return member
    return Definition(member.target, place, kernel.extents, value, nodes=member.nodes)


def _fits_columns(kernel: Nest, member: Definition) -> bool:
    """Columns are folded in one pass: nothing in it may need a fold's result."""
    if not kernel.columns or member.extents != kernel.extents:
        return False
    if member.folded and member.folded != next(x.folded for x in kernel.members if x.folded):
        return False
    folds = {x.target for x in kernel.members if x.folded}
    return not folds & set(member.reads())


def _rows(kernel: Nest, member: Definition) -> int | None:
    """The number of outer axes of the joined nest, or None if the rows are not the same.

    Definitions of rows have the outer axes alone, and folds end there: all must agree on how many these are.
    """
    members = (*kernel.members, member)
    a, b = kernel.extents, member.extents
    shorter, longest = sorted((a, b), key=len)
    if longest[: len(shorter)] != shorter:
        return None
    ends = {len(x.extents) for x in members} - {len(longest)}
    ends |= {min(x.folded) for x in members if x.folded}
    if len(ends) > 1:
        return None
    outer = ends.pop() if ends else len(longest)
    return outer if _worth_rows(longest, outer, any(x.folded for x in members)) else None


def _worth_rows(extents: Shape, outer: int, has_folds: bool) -> bool:
    """Whether rows leave work for several threads; a nest without elements has nothing to gain."""
    size = math.prod(extents)
    if size == 0:
        return False
    return has_folds or outer > 0 or size <= _LARGEST_SINGLE_ROW


def _aligned(kernel: Nest, member: Definition) -> bool:
    """Whether what the kernel makes is read where it is made, and nothing is overwritten early."""
    if not _reads_only_what_is_made(member, {x.target: x.place for x in kernel.members}):
        return False
    return all(
        _same_place(node.form, member.place)
        for other in kernel.members
        for node in walk(other.value)
        if isinstance(node, Read) and node.buffer is member.target
    )


def _reads_only_what_is_made(member: Definition, made: dict[Buffer, Form]) -> bool:
    """Whether what the kernel makes is read at the element at which it is made."""
    if member.target in made:
        return False
    return all(
        _same_place(node.form, made[node.buffer])
        for node in walk(member.value)
        if isinstance(node, Read) and node.buffer in made
    )


def _same_place(a: Form, b: Form) -> bool:
    size = max(len(a.coefs), len(b.coefs))
    return a.offset == b.offset and a.extended(size) == b.extended(size)
