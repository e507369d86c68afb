"""Sums of columns added up where rows are worked on: each piece of a kernel has a row of sums of its own.

The derivative of a layer norm needs two sums of each row, and by its factors sums of each column, of the same
arrays. As kernels of their own the latter would read from memory all that the rows have just read. So each
piece adds up its rows in memory that stays in the cache, and a small kernel adds up the pieces: in an order
that depends on shapes alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from chainrule.compiler.loops.expr import Buffer, Read, reshaped
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.join import aligned
from chainrule.compiler.loops.kernel import Nest, pieces_in_rows, rows_together
from chainrule.compiler.loops.step import Definition, Step

# Pieces' sums begin in lines of their own.
_LINE = 64
# Bytes that come from memory: reading them again from a cache costs less than sums that are not in registers.
_FROM_MEMORY = 1 << 24
# Rows that a piece must have for its sums to be few beside them, and bytes of sums that stay in a cache.
_LEAST_ROWS, _MOST_BYTES = 8, 1 << 15


def with_column_sums(steps: Sequence[Step]) -> list[Step]:
    """Steps whose sums of columns are added up by an earlier kernel that goes over the same rows."""
    found = list(steps)
    for number, sums in enumerate(found):
        if not isinstance(sums, Nest) or not _are_column_sums(sums):
            continue
        reads = set(sums.reads())
        for place in range(number - 1, -1, -1):
            pair = _with_sums(found[place], sums)
            if pair is not None:
                found[place], found[number] = pair
            if pair is not None or not reads.isdisjoint(found[place].writes()):
                break
    return found


def _are_column_sums(nest: Nest) -> bool:
    """Whether a kernel folds axes before the last, in the type that it gives."""
    folded = frozenset(range(nest.outer, len(nest.extents) - 1))
    return nest.columns and all(
        m.folded == folded and m.value.dtype == m.target.dtype and m.target.dtype.kind == "f"
        for m in nest.members
    )


def _with_sums(rows: Step, sums: Nest) -> tuple[Nest, Nest] | None:
    """The kernel of rows with sums of each piece, and the one that adds up pieces; None if none fits."""
    if not isinstance(rows, Nest) or not _is_worth_it(rows, sums):
        return None
    members = _over_rows(sums, rows)
    if members is None or not all(aligned(rows, m) for m in members):
        return None
    host = replace(
        rows,
        members=[*rows.members, *members],
        nodes=[*rows.nodes, *(node for node in sums.nodes if node not in rows.nodes)],
    )
    pieces = pieces_in_rows(host)
    return (host, _adding(sums, members, pieces)) if _is_cut_alike(host, sums, pieces) else None


def _is_worth_it(rows: Nest, sums: Nest) -> bool:
    """Whether a kernel goes over rows, and what it has in common with the sums comes from memory."""
    is_of_rows = not rows.columns and 0 < rows.outer == len(rows.extents) - 1
    # More work would mean more pieces than the sums that it has already have room for.
    if not is_of_rows or any(map(rows.adds_up_in_memory, rows.members)):
        return False
    size = math.prod(sums.extents)
    shared = {x for x in sums.reads() if x.size >= size} & {*rows.reads(), *rows.writes()}
    width = sum(sums.extents[-1] * m.target.dtype.itemsize for m in sums.members)
    return sum(x.nbytes for x in shared) >= _FROM_MEMORY and width <= _MOST_BYTES


def _over_rows(sums: Nest, rows: Nest) -> list[Definition] | None:
    """The sums over the axes of the rows, each in memory that is still without room for every piece."""
    old, new = sums.extents, rows.extents
    if math.prod(old) != math.prod(new) or old[-1] != new[-1]:
        return None
    values = [reshaped(m.value, old, new) for m in sums.members]
    place, folded = Form(0, (*(0 for _ in new[:-1]), 1)), frozenset(range(rows.outer))
    return (
        None
        if None in values
        else [
            Definition(Buffer(f"{m.target.name}.parts", m.target.dtype, 0), place, new, x, m.combine, folded)
            for m, x in zip(sums.members, values, strict=True)
            if x is not None
        ]
    )


def _is_cut_alike(rows: Nest, sums: Nest, pieces: int) -> bool:
    """Whether pieces have many rows, and each of the sums is of whole pieces."""
    count, groups = math.prod(rows.extents[: rows.outer]), math.prod(sums.extents[: sums.outer])
    is_even = pieces % groups == 0 and count // rows_together(rows) % pieces == 0
    return count >= _LEAST_ROWS * pieces and (groups == 1 or is_even)


def _adding(sums: Nest, parts: Sequence[Definition], pieces: int) -> Nest:
    """The kernel that adds up the pieces, whose sums it gives their room."""
    groups, width = sums.extents[: sums.outer], sums.extents[-1]
    extents = (*groups, pieces // math.prod(groups), width)
    members = []
    for m, part in zip(sums.members, parts, strict=True):
        line = max(1, _LINE // part.target.dtype.itemsize)
        room = -(-width // line) * line
        part.target.size = pieces * room
        *apart, last = row_major((*extents[:-1], room))
        place = Form(m.place.offset, (*m.place.coefs[: sums.outer], 0, m.place.coefs[-1]))
        value = Read(part.target, Form(0, (*apart, last)))
        members.append(Definition(m.target, place, extents, value, m.combine, frozenset({sums.outer})))
    return Nest(extents, sums.outer, members, True, set(sums.local), nodes=list(sums.nodes))
