"""What is fetched for the next row while a row is worked on.

A row is read from memory in its first phase; the others find it in the cache and ask memory for nothing, and
where the next row begins is more than the processor guesses. So the first phase asks for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainrule.compiler.emit.expression import Evaluator
from chainrule.compiler.loops.expr import Read, walk
from chainrule.compiler.loops.kernel import Nest
from chainrule.dtypes import letter

_LINE = 64

# Bytes of a buffer that surely comes from memory, and of a row that has room in the first cache beside the
# row before it; longer ones the processor fetches ahead by itself.
_FROM_MEMORY, _MOST_OF_A_ROW = 1 << 23, 1 << 14


def fetched_ahead(nest: Nest) -> list[Read]:
    """What each row of a nest reads from memory, if it pays to fetch it while the row before is worked on."""
    if nest.columns or nest.outer != len(nest.extents) - 1 or len(nest.phases()) == 1:
        return []
    made = set(nest.writes())
    nodes = walk(*(m.value for m in nest.members if len(m.extents) == len(nest.extents)))
    reads = (node for node in nodes if isinstance(node, Read) and node.buffer not in made)
    found = list({(x.buffer, x.form): x for x in reads if _is_from_memory(x)}.values())
    row = sum(nest.row * x.buffer.dtype.itemsize for x in found)
    return found if row <= _MOST_OF_A_ROW else []


def _is_from_memory(read: Read) -> bool:
    """Whether each row has elements of its own, side by side in a large buffer of real numbers."""
    *rows, last = read.form.coefs
    is_large = read.buffer.nbytes >= _FROM_MEMORY and letter(read.buffer.dtype) != "c"
    return is_large and last == 1 and any(rows)


def fetch(ev: Evaluator, reads: Sequence[Read]) -> None:
    """Have what is read at a vector brought into the first cache."""
    for read in reads:
        size = read.buffer.dtype.itemsize
        for line in range(math.ceil(ev.lanes * size / _LINE)):
            ev.fetch(read, line * _LINE // size)
