"""Places named by index tensors: counted from the end where negative, and never outside."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from chainrule.compiler.emit.irregular.form import Task
from chainrule.compiler.emit.irregular.walk import Dim, merged
from chainrule.compiler.llvm import INDEX, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.form import row_major
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import letter, uint64


class Places:
    """Where the slices of a tensor begin that index tensors name together.

    Parameters
    ----------
    indices : sequence of Spec
        The index tensors, which are broadcast to one block.
    axes : tuple of int
        The axis of the tensor that each of them is for.
    shape : tuple of int
        The tensor's shape.
    """

    def __init__(self, indices: Sequence[Spec], axes: tuple[int, ...], shape: Shape) -> None:
        self.indices = indices
        self.extents = [shape[a] for a in axes]
        self.strides = [row_major(shape)[a] for a in axes]
        block = np.broadcast_shapes(*(spec.shape for spec in indices))
        self.count = math.prod(block)
        self._dims = merged(_axes_of_block(block, indices))

    @property
    def are_none(self) -> bool:
        """Whether every index is out of range, since an axis is empty."""
        return 0 in self.extents

    def offset(self, task: Task, number: Index, pointers: Sequence[Pointer]) -> Index:
        """Where slice number ``number`` of the block begins, in elements; within the tensor in any case."""
        b = task.b
        at = b.unravel(number, [dim.extent for dim in self._dims])
        offset: Index = 0
        for k, (spec, pointer) in enumerate(zip(self.indices, pointers, strict=True)):
            read = b.affine(0, [(i, dim.strides[k]) for i, dim in zip(at, self._dims, strict=True)])
            index = b.load(b.element(pointer, read, spec.dtype), spec.dtype)
            place = _checked(task, index, self.extents[k])
            offset = b.plus(offset, b.times(place, self.strides[k]))
        return offset


def _checked(task: Task, index: Value, extent: int) -> Value:
    """An index as a place along its axis; 0 in place of one that is out of range."""
    b = task.b
    wide = b.cast(index, INDEX)
    is_signed = letter(index.dtype) == "i"
    # Both ends in one comparison: what is too low becomes a large number without sign.
    shifted = b.add(wide, extent) if is_signed else wide
    limit = 2 * extent if is_signed else extent
    outside = b.compare("ge", b.reinterpret(shifted, uint64), limit)
    task.fail(b, outside, wide, extent)
    if is_signed:
        wide = b.select(b.compare("lt", wide, 0), shifted, wide)
    return b.select(outside, 0, wide)


def _axes_of_block(block: Shape, indices: Sequence[Spec]) -> list[Dim]:
    """The block's axes, with the strides of the index tensors: 0 where one is stretched."""
    strides = []
    for spec in indices:
        own = row_major(spec.shape)
        stretched = [s if n != 1 else 0 for s, n in zip(own, spec.shape, strict=True)]
        strides.append([0] * (len(block) - len(own)) + stretched)
    return [Dim(extent, tuple(s[i] for s in strides)) for i, extent in enumerate(block)]


def slices(shape: Shape, axes: tuple[int, ...]) -> list[Dim]:
    """The axes of one slice, with its strides in the tensor and on its own; those that can be are merged."""
    kept = [a for a in range(len(shape)) if a not in axes]
    inside = row_major(shape)
    own = row_major(tuple(shape[a] for a in kept))
    return merged([Dim(shape[a], (inside[a], s)) for a, s in zip(kept, own, strict=True)])


def with_run(dims: Sequence[Dim]) -> tuple[list[Dim], int]:
    """The axes without the last one, if its elements lie one after the other in both; and how many do."""
    if dims and dims[-1].strides == (1, 1):
        return list(dims[:-1]), dims[-1].extent
    return list(dims), 1
