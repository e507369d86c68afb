"""The order of axes in memory: results take that of what they are computed from."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.compiler.loops.expr import Expr, Read, walk
from chainrule.core.spec import Shape


def memory_order(value: Expr, extents: Shape, kept: Sequence[int]) -> list[int]:
    """Axes from the slowest to the fastest, as in the largest buffer that is read along most of them."""
    reads = [node for node in walk(value) if isinstance(node, Read)]
    real = [axis for axis in kept if extents[axis] > 1]

    def weight(read: Read) -> tuple[int, int]:
        return sum(read.form.coefs[axis] != 0 for axis in real), read.buffer.size

    reads = [read for read in reads if all(read.form.coefs[axis] for axis in real)]
    if not reads:
        return list(kept)
    strides = max(reads, key=weight).form.coefs
    return sorted(kept, key=lambda axis: (-abs(strides[axis]) if extents[axis] > 1 else 0, axis))
