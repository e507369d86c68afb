"""The order of the elements along an axis, stable.

Short rows: the place of an element is the number of those that stand before it, counted in vectors. Long
rows: radix sort by the bytes of the keys, the lowest first; bytes in which all keys agree are passed over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from chainrule.compiler.emit.irregular.elements import Elements
from chainrule.compiler.emit.irregular.form import Irregular, Params, Phases, Specs, Task, irregular
from chainrule.compiler.emit.irregular.radix import Radix, Workspace
from chainrule.compiler.emit.irregular.sort_keys import Key, key_type, keys_of
from chainrule.compiler.emit.irregular.walk import lanes_of, share
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.kernel import pieces_of
from chainrule.dtypes import DType, uint32

_LONGEST_COUNTED = 128
# Element operations of sorting one element, about.
_WORK = 16


@dataclass(frozen=True)
class Rows:
    """Rows that are sorted: elements of a kind, ``inner`` apart."""

    kind: Elements
    keys: list[Key]
    outer: int
    extent: int
    inner: int

    @property
    def key_type(self) -> DType:
        """The type of keys."""
        return key_type(self.kind)

    def start(self, b: Builder, row: Index) -> Index:
        """Where a row begins."""
        outer, inner = b.unravel(row, (self.outer, self.inner))
        return b.affine(inner, [(outer, self.extent * self.inner)])

    def key(self, b: Builder, x: Pointer, start: Index, which: Key, i: Index) -> Value:
        """A key of element ``i`` of a row."""
        return which(b, self.kind.load(b, x, self.place(b, start, i)))

    def place(self, b: Builder, start: Index, i: Index) -> Index:
        """Where element ``i`` of a row lies."""
        return b.affine(start, [(i, self.inner)])


def argsort(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """Places of the elements along ``axis``, in order."""
    axis, (shape, dtype) = params["axis"], (inputs[0].shape, inputs[0].dtype)
    kind = Elements(dtype)
    keys = keys_of(kind, params["descending"])
    rows = Rows(kind, keys, math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :]))
    if inputs[0].size == 0:
        return ()
    if rows.extent <= _LONGEST_COUNTED and len(keys) == 1:
        return (_counted(rows),)
    return (_by_digits(rows),)


def _counted(rows: Rows) -> Irregular:
    """Every element is compared with all others of its row."""
    lanes = lanes_of(rows.key_type)
    padded = -(-rows.extent // lanes) * lanes
    count = rows.outer * rows.inner
    pieces = pieces_of(count * rows.extent * (padded // lanes + 1), count)

    def write(task: Task) -> None:
        b = task.b
        # Beyond the row stand the largest keys, which are before none.
        b.fill_bytes(task.scratch, 0xFF, padded * rows.key_type.itemsize)
        span = share(b, task.piece, pieces, count)
        with b.loop(span.start, span.stop) as loop:
            start = rows.start(b, loop.index)
            with b.loop(0, rows.extent) as row:
                key = rows.key(b, task.inputs[0], start, rows.keys[0], row.index)
                b.store(key, b.element(task.scratch, row.index, rows.key_type))
            with b.loop(0, rows.extent) as row:
                rank = _rank(b, task.scratch, rows.key_type, padded, row.index)
                b.store(row.index, b.element(task.outputs[0], rows.place(b, start, rank), INDEX))

    return irregular(write, pieces, scratch=padded * rows.key_type.itemsize, optimise=True)


def _rank(b: Builder, keys: Pointer, dtype: DType, count: int, place: Value) -> Value:
    """How many keys stand before that of a place: smaller ones, and equal ones on its left."""
    lanes = lanes_of(dtype)
    mine = b.splat(b.load(b.element(keys, place, dtype), dtype), lanes)
    here = b.splat(b.cast(place, uint32), lanes)
    total = b.number(0)
    for first in range(0, count, lanes):
        others = b.load(b.element(keys, first, dtype), dtype, lanes)
        is_left = b.compare("lt", b.constants(range(first, first + lanes), uint32), here)
        equal = b.bits_and(b.compare("eq", others, mine), is_left)
        total = b.add(total, _set_lanes(b, b.bits_or(b.compare("lt", others, mine), equal)))
    return total


def _set_lanes(b: Builder, mask: Value) -> Value:
    """In how many lanes a condition holds."""
    bits = np.dtype(f"uint{mask.lanes}")
    return b.cast(b.intrinsic("ctpop", bits, b.define(f"bitcast {mask} to i{mask.lanes}", bits)), INDEX)


def _by_digits(rows: Rows) -> Irregular:
    """Radix sort, one stable pass over all keys for each byte of theirs."""
    count = rows.outer * rows.inner
    pieces = pieces_of(_WORK * count * rows.extent * len(rows.keys), count)
    workspace = Workspace(rows.extent, rows.key_type)

    def write(task: Task) -> None:
        b = task.b
        radix = Radix(b, workspace, task.scratch)
        span = share(b, task.piece, pieces, count)
        with b.loop(span.start, span.stop) as loop:
            start = rows.start(b, loop.index)
            radix.begin()
            for which in rows.keys:
                radix.sort_by(partial(rows.key, b, task.inputs[0], start, which))
            with b.loop(0, rows.extent) as row:
                b.store(
                    radix.order(row.index), b.element(task.outputs[0], rows.place(b, start, row.index), INDEX)
                )

    return irregular(write, pieces, scratch=workspace.nbytes, optimise=True)
