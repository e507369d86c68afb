"""Nests that read one buffer along another axis than they write: square tiles are turned in registers.

Element by element, such a nest would touch a new line of the cache for every number. A tile is read in
vectors along the axis in which the source is contiguous, turned, and used in vectors along the last axis.
"""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.compiler.emit.expression import Evaluator
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index as Place
from chainrule.compiler.loops.expr import Guarded, Read, walk
from chainrule.compiler.loops.kernel import Nest
from chainrule.dtypes import letter


def turned_reads(nest: Nest) -> tuple[int, list[Read]] | None:
    """The axis along which sources are contiguous, and the reads that are; None if there are none."""
    last = len(nest.extents) - 1
    if nest.columns or nest.outer <= last or last < 1:
        return None
    if any(isinstance(node, Guarded) for m in nest.members for node in walk(m.value)):
        return None
    reads = [node for m in nest.members for node in walk(m.value) if isinstance(node, Read)]
    strided = [x for x in reads if x.form.coefs[last] not in (0, 1) and letter(x.dtype) in "iuf"]
    for axis in range(last):
        found = [x for x in strided if x.form.coefs[axis] == 1]
        if found and nest.extents[axis] > 1:
            return axis, found
    return None


def turned(b: Builder, rows: Sequence[Value]) -> list[Value]:
    """The transpose of a square of as many vectors as they have lanes, halves exchanged for halves.

    At distance s, vectors k and k + s exchange the blocks of s lanes that lie off the diagonal.
    """
    lanes, found = rows[0].lanes, list(rows)
    step = lanes // 2
    while step:
        for k in range(lanes):
            if k & step:
                continue
            low, high = found[k], found[k + step]
            # Lane i of the new first vector: from the first where i has no bit s, else from the second.
            first = [i if not i & step else lanes + i - step for i in range(lanes)]
            second = [i + step if not i & step else lanes + i for i in range(lanes)]
            found[k], found[k + step] = b.shuffle(low, first, high), b.shuffle(low, second, high)
        # Looking for one shuffle that does the work of two takes LLVM as long as all else; there is none.
        found = [b.settled(x) for x in found]
        step //= 2
    return found


def load_tile(
    ev: Evaluator, read: Read, axis: int, start: Place, count: Place, column: Place, width: int
) -> list[Value]:
    """A tile of a source as vectors along the last axis, the first ``count`` of which hold its elements."""
    b, lanes, last = ev.b, ev.lanes, len(ev.extents) - 1
    mask = None if count == lanes else b.first_lanes(count, lanes)
    rows = []
    for k in range(lanes):
        # Beyond the end the last column is read again; nothing of it is stored.
        place = b.plus(column, k)
        if width % lanes:
            place = b.minimum(b.number(place), width - 1)
        at = ev.at({last: place}).along(axis, start, lanes, mask)
        row = at.load(read.buffer, read.form)
        assert isinstance(row, Value), "complex numbers are not read in tiles"
        rows.append(row)
    return turned(b, rows)


def keep_tile(b: Builder, rows: Sequence[Value]) -> Pointer:
    """Space on the stack that holds the vectors of a tile."""
    space = b.scratch(rows[0].dtype, rows[0].lanes * len(rows))
    for k, row in enumerate(rows):
        b.store(row, b.element(space, k * row.lanes, row.dtype))
    return space


def kept_row(b: Builder, tile: Pointer, like: Value, k: Place) -> Value:
    """One of the vectors of a tile that is kept."""
    return b.load(b.element(tile, b.times(k, like.lanes), like.dtype), like.dtype, like.lanes)
