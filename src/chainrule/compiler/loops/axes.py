"""The axes of definitions and nests: in the order in which elements lie in memory, and as few as possible."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from chainrule.compiler.loops.expr import Read, forms, in_forms, walk
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.loops.step import Definition
from chainrule.core.spec import Shape


def in_memory_order(step: Definition) -> Definition:
    """The axes as elements lie in memory, without those of one element.

    Where the fastest axis is folded, all folded axes come last (rows); else they come before the last axis,
    along which there is a result for every element (columns).
    """
    axes = [a for a, n in enumerate(step.extents) if n != 1]
    folded = [a for a in axes if a in step.folded]
    guide = _guide(step, axes) if folded else step.place
    axes.sort(key=lambda a: (guide.coefs[a] == 0, -abs(guide.coefs[a])))
    kept = [a for a in axes if a not in step.folded]
    folded = [a for a in axes if a in step.folded]
    if folded and axes[-1] not in step.folded:
        return permuted(step, [*kept[:-1], *folded, kept[-1]])
    return permuted(step, [*kept, *folded])


def _guide(step: Definition, axes: Sequence[int]) -> Form:
    """The place of what is read along most axes, and of these the largest."""
    reads = [x for x in walk(step.value) if isinstance(x, Read)]
    if not reads:
        return step.place
    return max(reads, key=lambda x: (sum(x.form.coefs[a] != 0 for a in axes), x.buffer.size)).form


def _changed(
    step: Definition, change: Callable[[Form], Form], extents: Shape, folded: frozenset[int]
) -> Definition:
    """The definition over other axes."""
    value = in_forms(step.value, change)
    combine = step.combine if folded else None
    return Definition(step.target, change(step.place), extents, value, combine, folded, nodes=step.nodes)


def permuted(step: Definition, axes: Sequence[int]) -> Definition:
    """The definition over some of its axes in another order; the others have one element."""
    extents = tuple(step.extents[a] for a in axes)
    folded = frozenset(i for i, a in enumerate(axes) if a in step.folded)
    return _changed(step, lambda form: form.permuted(axes), extents, folded)


def common_refinement(a: Shape, b: Shape) -> Shape | None:
    """The axes into which both nests can be split, if there are such: (4, 6) and (8, 3) give (4, 2, 3)."""
    if math.prod(a) != math.prod(b) or 0 in a:
        return None
    steps = sorted({*row_major(a), *row_major(b), math.prod(a)})
    if any(larger % smaller for smaller, larger in itertools.pairwise(steps)):
        return None
    extents = [larger // smaller for smaller, larger in itertools.pairwise(steps)]
    return tuple(reversed(extents))


def split(step: Definition, extents: Shape) -> Definition:
    """The definition over a refinement of its axes."""

    def change(form: Form) -> Form:
        found = form.reshaped(step.extents, extents)
        assert found is not None
        return found

    # A new axis is part of the old one whose steps through the nest are the largest that are not larger.
    old = row_major(step.extents)
    part_of = [next(a for a, begin in enumerate(old) if begin <= at) for at in row_major(extents)]
    folded = frozenset(i for i, a in enumerate(part_of) if a in step.folded)
    return _changed(step, change, extents, folded)


def simplified(nest: Nest) -> Nest:
    """The nest with all members over all axes, and neighbouring axes merged where every form allows it."""
    ndim = len(nest.extents)
    members = [_changed(m, lambda form: form.extended(ndim), m.extents, m.folded) for m in nest.members]
    groups: list[list[int]] = []
    for axis in range(ndim):
        if groups and _mergeable(nest, members, groups[-1][-1], axis):
            groups[-1].append(axis)
        else:
            groups.append([axis])
    extents = tuple(math.prod(nest.extents[a] for a in group) for group in groups)
    outer = sum(group[0] < nest.outer for group in groups)
    members = [_merged(member, extents, groups) for member in members]
    return Nest(extents, outer, members, nest.columns, nest.local, nodes=nest.nodes)


def _mergeable(nest: Nest, members: Sequence[Definition], a: int, b: int) -> bool:
    """Whether two neighbouring axes are one: all step evenly through both, and treat them alike."""
    if (a < nest.outer) != (b < nest.outer) or (nest.columns and b == len(nest.extents) - 1):
        return False
    for member in members:
        if (a in member.folded) != (b in member.folded):
            return False
        if (a < len(member.extents)) != (b < len(member.extents)):
            return False
        places = (member.place, *forms(member.value))
        if any(form.coefs[a] != form.coefs[b] * nest.extents[b] for form in places):
            return False
    return True


def _merged(member: Definition, extents: Shape, groups: Sequence[Sequence[int]]) -> Definition:
    """The definition over merged axes: a form steps through a group as through its last axis."""
    count = sum(group[0] < len(member.extents) for group in groups)
    folded = frozenset(i for i, group in enumerate(groups) if group[0] in member.folded)
    last = [group[-1] for group in groups]
    return _changed(member, lambda form: form.permuted(last), extents[:count], folded)
