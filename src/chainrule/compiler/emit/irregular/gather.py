"""Reading at computed places: each slice that the indices name is copied as it is."""

from __future__ import annotations

import math

from chainrule.compiler.emit.irregular.form import Params, Phases, Specs, Task, irregular
from chainrule.compiler.emit.irregular.places import Places, slices, with_run
from chainrule.compiler.emit.irregular.walk import for_each, share
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.kernel import pieces_of


def gather(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """Slices of ``x``, one for each place of the block of indices."""
    x, *indices = inputs
    places = Places(indices, params["axes"], x.shape)
    dims, run = with_run(slices(x.shape, params["axes"]))
    size = run * math.prod(dim.extent for dim in dims)
    pieces = pieces_of(places.count * (size + len(indices)), places.count)

    def write(task: Task) -> None:
        b = task.b

        def copy(at: tuple[Index, ...]) -> None:
            source, target = (
                b.element(task.inputs[0], at[0], x.dtype),
                b.element(task.outputs[0], at[1], x.dtype),
            )
            b.copy_bytes(target, source, run * x.dtype.itemsize)

        span = share(b, task.piece, pieces, places.count)
        with b.loop(span.start, span.stop) as loop:
            start = places.offset(task, loop.index, task.inputs[1:])
            if not places.are_none:
                for_each(b, dims, (start, b.times(loop.index, size)), copy)

    return (irregular(write, pieces),)
