"""Values that only later passes over the same row read: memory of one row for each piece holds them.

A softmax needs its exponentials twice, for their sum and for the quotients. Kept in a buffer of the whole
array they would go to memory and come back; a row of them stays in the first cache.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from chainrule.compiler.loops.expr import Buffer, Expr, Read, walk
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Nest, pieces_in_rows, rows_together
from chainrule.compiler.loops.step import Step

# Rows of different pieces begin in lines of their own.
_LINE = 64


def with_rows(step: Step) -> Step:
    """A kernel whose pieces keep such values row by row; another step as it is.

    It must not run beside itself: pieces have memory of their own, shares of a loop have not.
    """
    if not isinstance(step, Nest) or step.columns or not 0 < step.outer < len(step.extents):
        return step
    inner = step.extents[step.outer :]
    place = Form(0, (*(0 for _ in range(step.outer)), *row_major(inner)))
    rows = {old: row for old in _of_rows(step) if (row := _row(old, step)).size < old.size}
    return _moved(step, rows, place) if rows else step


def _of_rows(nest: Nest) -> list[Buffer]:
    """What is stored for later phases alone, and read where it was made."""
    writers = Counter(nest.writes())
    found = {
        m.target: m.place
        for m in nest.members
        if m.target in nest.local
        and m.target.kind == "arena"
        and writers[m.target] == 1
        and not m.folded
        and len(m.extents) == len(nest.extents)
        and nest.is_stored(m)
    }
    for node in walk(*(m.value for m in nest.members)):
        if isinstance(node, Read) and node.buffer in found and node.form != found[node.buffer]:
            del found[node.buffer]
    return list(found)


def _row(old: Buffer, nest: Nest) -> Buffer:
    """Memory for the rows that a piece works on together, of each piece."""
    line = max(1, _LINE // old.dtype.itemsize)
    width = -(-nest.row // line) * line
    return Buffer(old.name, old.dtype, pieces_in_rows(nest) * rows_together(nest) * width)


def _moved(nest: Nest, rows: dict[Buffer, Buffer], place: Form) -> Nest:
    """The nest with some of its values in rows; expressions that members share stay shared."""
    new: dict[Expr, Expr] = {}
    for node in walk(*(m.value for m in nest.members)):
        if isinstance(node, Read) and node.buffer in rows:
            new[node] = Read(rows[node.buffer], place)
            continue
        old = node.children()
        children = tuple([new[child] for child in old])
        new[node] = node if children == old else node.with_children(children)
    members = [
        replace(m, target=rows[m.target], place=place, value=new[m.value])
        if m.target in rows
        else replace(m, value=new[m.value])
        for m in nest.members
    ]
    local = {rows.get(x, x) for x in nest.local}
    return replace(nest, members=members, local=local, in_rows=set(rows.values()))
