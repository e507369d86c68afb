"""Writing at computed places: setting, adding, multiplying, and the smaller or larger of two.

The result begins as zeros or as a copy of ``x``; then the updates are folded into it in the order of the
block. Pieces share the elements of a slice, never the updates, so that the order is the same for any
number of threads. Sums and products of 16-bit floats are kept in ``float32`` until the end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainrule.compiler.emit.irregular import elements
from chainrule.compiler.emit.irregular.elements import BYTE, Array, Elements, Fold
from chainrule.compiler.emit.irregular.form import Irregular, Params, Phases, Rule, Specs, Task, irregular
from chainrule.compiler.emit.irregular.places import Places, slices, with_run
from chainrule.compiler.emit.irregular.walk import Span, for_each, in_vectors, share, whole
from chainrule.compiler.llvm import Builder, Pointer
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.kernel import pieces_of
from chainrule.core.spec import Spec
from chainrule.dtypes import computed_in, float32

_CACHE_LINE = 64


class Updates:
    """Updates that are folded into a tensor.

    Parameters
    ----------
    x, u : Spec
        The tensor and the updates.
    indices : sequence of Spec
        Index tensors.
    axes : tuple of int
        The axes they are for.
    fold : callable, optional
        What becomes of an element and an update; by default the update.
    """

    def __init__(
        self, x: Spec, u: Spec, indices: Sequence[Spec], axes: tuple[int, ...], fold: Fold | None
    ) -> None:
        self.kind, self.fold = Elements(u.dtype), fold
        self.places = Places(indices, axes, x.shape)
        self.dims, self.run = with_run(slices(x.shape, axes))
        self.size = self.run * math.prod(dim.extent for dim in self.dims)
        # Two pieces never write to one vector.
        self.unit = max(self.kind.lanes, _CACHE_LINE // u.dtype.itemsize)
        self.shared_axis, extent = self._widest()
        self.pieces = pieces_of(self.places.count * self.size, extent)

    def _widest(self) -> tuple[int, int]:
        """The axis of a slice that pieces share, and into how many parts it can be cut."""
        counts = [dim.extent for dim in self.dims] + [-(-self.run // self.unit)]
        axis = max(range(len(counts)), key=lambda i: counts[i])
        return axis, counts[axis]

    def write(self, task: Task, target: Array, first: int) -> None:
        """Fold the piece's part of every update, the task's input number ``first``, into the target."""
        b, (updates, *indices) = task.b, task.inputs[first:]
        spans = self._spans(task)

        def fold_run(at: tuple[Index, ...]) -> None:
            def fold(i: Index, lanes: int) -> None:
                self._fold(b, target, b.plus(at[0], i), updates, b.plus(at[1], i), lanes)

            in_vectors(b, spans[-1], self.kind.lanes, fold)

        with b.loop(0, self.places.count) as loop:
            start = self.places.offset(task, loop.index, indices)
            if not self.places.are_none:
                for_each(b, self.dims, (start, b.times(loop.index, self.size)), fold_run, spans)

    def _spans(self, task: Task) -> list[Span]:
        """What the piece does of each axis of a slice, and of its runs."""
        spans = [whole(dim.extent) for dim in self.dims] + [whole(self.run)]
        unit = self.unit if self.shared_axis == len(self.dims) else 1
        extent = spans[self.shared_axis].extent
        spans[self.shared_axis] = share(task.b, task.piece, self.pieces, extent, unit)
        return spans

    def _fold(self, b: Builder, target: Array, place: Index, updates: Pointer, i: Index, lanes: int) -> None:
        kept, result = target
        found = self.kind.load(b, updates, i, lanes)
        if self.fold is not None:
            found = self.fold(b, kept.load(b, result, place, lanes), found)
        kept.store(b, found, result, place)


def _begin(x: Spec, is_copy: bool) -> Irregular:
    """The result before any update: the elements of ``x``, or zeros."""
    nbytes = x.size * x.dtype.itemsize
    pieces = pieces_of(nbytes // 8, -(-nbytes // _CACHE_LINE))

    def write(task: Task) -> None:
        b = task.b
        span = share(b, task.piece, pieces, nbytes, _CACHE_LINE)
        count = b.plus(span.stop, b.times(span.start, -1))
        target = b.element(task.outputs[0], span.start, BYTE)
        if is_copy:
            b.copy_bytes(target, b.element(task.inputs[0], span.start, BYTE), count)
        else:
            b.fill_bytes(target, 0, count)

    return irregular(write, pieces)


def _fold_in(updates: Updates, kept: Elements, first: int) -> Irregular:
    """The phase that folds updates into the result."""
    return irregular(lambda task: updates.write(task, (kept, task.outputs[0]), first), updates.pieces)


def _in_scratch(x: Spec, updates: Updates, is_copy: bool) -> Irregular:
    """Everything by one piece, in ``float32`` beside the result."""
    updates.pieces = 1
    stored, wide = Elements(x.dtype), Elements(float32)

    def write(task: Task) -> None:
        b, sums = task.b, (wide, task.scratch)
        if is_copy:
            elements.convert(b, x.size, (stored, task.inputs[0]), sums)
        else:
            b.fill_bytes(task.scratch, 0, 4 * x.size)
        updates.write(task, sums, int(is_copy))
        elements.convert(b, x.size, sums, (stored, task.outputs[0]))

    return irregular(write, scratch=4 * x.size)


def scatter_add(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """Zeros, to which the slices of ``x`` are added."""
    u, *indices = inputs
    updates = Updates(outputs[0], u, indices, params["axes"], elements.add)
    if computed_in(u.dtype) != u.dtype:
        return (_in_scratch(outputs[0], updates, is_copy=False),)
    return _begin(outputs[0], is_copy=False), _fold_in(updates, Elements(u.dtype), 0)


def _into_copy(fold: Fold | None) -> Rule:
    """The rule of a row that folds updates into a copy of ``x``."""

    def rule(inputs: Specs, outputs: Specs, params: Params) -> Phases:
        x, u, *indices = inputs
        updates = Updates(x, u, indices, params["axes"], fold)
        if fold is elements.multiply and computed_in(x.dtype) != x.dtype:
            return (_in_scratch(x, updates, is_copy=True),)
        return _begin(x, is_copy=True), _fold_in(updates, Elements(x.dtype), 1)

    return rule


scatter_min = _into_copy(elements.minimum)
scatter_max = _into_copy(elements.maximum)
scatter_mul = _into_copy(elements.multiply)
_replace = _into_copy(None)


def scatter_set(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """A copy of ``x`` with slices replaced; elements are moved as they are, whatever their type."""
    x, u, *indices = inputs
    return _replace((elements.as_moved(x), elements.as_moved(u), *indices), outputs, params)
