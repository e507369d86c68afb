"""Which definitions a kernel can take, and how it takes them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from chainrule.compiler.loops.axes import common_refinement, split
from chainrule.compiler.loops.expr import Buffer, Read, reshaped, walk
from chainrule.compiler.loops.form import Form, are_apart, row_major
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
    makes_all = math.prod(kernel.extents) == kernel.result.size
    fits = reads_it and makes_all and math.prod(member.extents) == kernel.result.size
    if member.folded or not fits or member.target in kernel.product.inputs:
        return None
    value = reshaped(member.value, member.extents, kernel.extents)
    place = member.place.reshaped(member.extents, kernel.extents)
    if value is None or place is None:
        return None
    moved = Definition(member.target, place, kernel.extents, value, nodes=member.nodes)
    made = [(x.target, x.place) for x in kernel.members]
    made.append((kernel.result, Form(0, row_major(kernel.extents))))
    fits = _reads_only_what_is_made(moved, made) and _is_read_before(moved, kernel.members)
    return moved if fits else None


def _in_nest(kernel: Nest, member: Definition) -> Definition | None:
    """The definition, if the nest can take it; the nest then has its axes too."""
    whole = all(len(x.extents) == len(kernel.extents) for x in kernel.members)
    refined = common_refinement(kernel.extents, member.extents) if whole else None
    if refined is None or kernel.extents == member.extents:
        return _with_axes_as_they_are(kernel, member)
    finer = Nest(refined, 0, [split(x, refined) for x in kernel.members], kernel.columns)
    taken = split(member, refined)
    if not all(map(_folds_stand_together, (*finer.members, taken))):
        return _with_axes_as_they_are(kernel, member)
    finer.outer = min((min(x.folded) for x in finer.members if x.folded), default=len(refined))
    fitting = _with_axes_as_they_are(finer, taken)
    if fitting is not None:
        kernel.members, kernel.extents = finer.members, finer.extents
        kernel.outer, kernel.columns = finer.outer, finer.columns
    return fitting


def _folds_stand_together(member: Definition) -> bool:
    """Whether no axis but the last is kept behind one that is folded: splitting the last may make more."""
    return not member.folded or member.folded >= set(range(min(member.folded), len(member.extents) - 1))


def _with_axes_as_they_are(kernel: Nest, member: Definition) -> Definition | None:
    """The definition, if it fits a nest whose axes are not split any further."""
    if kernel.columns or _is_column(member):
        return member if _joins_columns(kernel, member) else None
    outer = _rows(kernel, member)
    if outer is None or not aligned(kernel, member):
        return None
    kernel.extents, kernel.outer = max(kernel.extents, member.extents, key=len), outer
    return member


def _is_column(member: Definition) -> bool:
    """Whether the last axis is kept and others are folded."""
    return bool(member.folded) and len(member.extents) - 1 not in member.folded


def _joins_columns(kernel: Nest, member: Definition) -> bool:
    """Columns are folded in one pass, in which nothing may need a fold's result.

    A nest without folds becomes one of columns when the first of them joins.
    """
    has_rows = any(x.folded or x.extents != member.extents for x in kernel.members) and not kernel.columns
    if member.extents != kernel.extents or has_rows or not aligned(kernel, member):
        return False
    folds = [x for x in kernel.members if x.folded]
    if member.folded and any(x.folded != member.folded for x in folds):
        return False
    if {x.target for x in folds} & set(member.reads()):
        return False
    if _is_column(member):
        kernel.columns, kernel.outer = True, min(member.folded)
    return True


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


def aligned(kernel: Nest, member: Definition) -> bool:
    """Whether what the kernel makes is read where it is made, and nothing is overwritten early."""
    made = [(x.target, x.place) for x in kernel.members]
    return _reads_only_what_is_made(member, made) and _is_read_before(member, kernel.members)


def _is_read_before(member: Definition, others: Sequence[Definition]) -> bool:
    """Whether the others read what a definition overwrites at no element but the one that it does."""
    return all(
        _same_place(node.form, member.place)
        for other in others
        for node in walk(other.value)
        if isinstance(node, Read) and node.buffer is member.target
    )


def _reads_only_what_is_made(member: Definition, made: Sequence[tuple[Buffer, Form]]) -> bool:
    """Whether what the kernel makes is read at the element at which it is made, and nothing is made twice."""
    places = defaultdict(list)
    for buffer, place in made:
        places[buffer].append(place)
    if not all(are_apart(place, member.place, member.extents) for place in places[member.target]):
        return False
    return all(
        _same_place(node.form, place)
        for node in walk(member.value)
        if isinstance(node, Read)
        for place in places[node.buffer]
    )


def _same_place(a: Form, b: Form) -> bool:
    size = max(len(a.coefs), len(b.coefs))
    return a.offset == b.offset and a.extended(size) == b.extended(size)
