"""Where each window has its first maximum: its place in the input, or its number among the window's taps.

Windows along the last axis are taken in vectors. Padding is no candidate: only elements are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from chainrule.compiler.emit.irregular.argextreme import Best, Extreme
from chainrule.compiler.emit.irregular.elements import Elements, lowest
from chainrule.compiler.emit.irregular.form import Irregular, Params, Phases, Specs, Task, irregular
from chainrule.compiler.emit.irregular.walk import share
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value, memory_type
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.form import row_major
from chainrule.compiler.loops.kernel import pieces_of
from chainrule.core.spec import Spec
from chainrule.dtypes import DType, int32, int64
from chainrule.ops.window import Axis, geometry

_MOST_LANES = 16
# Beyond this stride most of what vectors hold would be left out.
_WIDEST_STRIDE = 4


def pool_index(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """The row ``pool_index``: places, counted through the space axes of the input."""
    return _search(inputs, outputs, params, counts_taps=False)


def pool_tap(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """The row ``pool_tap``: taps, counted through the axes of the window; 0 if there is no maximum."""
    return _search(inputs, outputs, params, counts_taps=True)


def _search(inputs: Specs, outputs: Specs, params: Params, counts_taps: bool) -> Phases:
    if outputs[0].size == 0:
        return ()
    geometric = {key: value for key, value in params.items() if key != "window"}
    axes = geometry(inputs[0].shape[2:], params["window"], geometric)
    return (Windows(inputs[0], axes, counts_taps).irregular(),)


class Windows:
    """Writes the search in all windows.

    Parameters
    ----------
    x : Spec
        The input (batch, channels, *space).
    axes : sequence of Axis
        Geometry of the space axes.
    counts_taps : bool
        Whether taps are counted in place of places.
    """

    def __init__(self, x: Spec, axes: Sequence[Axis], counts_taps: bool) -> None:
        self.counts_taps = counts_taps
        self.axes, self.images = axes, math.prod(x.shape[:2])
        self.space = tuple(axis.n for axis in axes)
        self.kind = Elements(x.dtype)
        self.extreme = Extreme(self.kind, "gt", int32 if math.prod(self.space) < 1 << 31 else int64)
        self.lanes = min(_MOST_LANES, max(2, 1 << (axes[-1].m - 1).bit_length()))

    def irregular(self) -> Irregular:
        """The kernel: pieces share the rows of windows."""
        rows = (self.images, *(axis.m for axis in self.axes[:-1]))
        count, width = math.prod(rows), self.axes[-1].m
        pieces = pieces_of(count * width * math.prod(axis.k for axis in self.axes), count)

        def write(task: Task) -> None:
            b = task.b
            span = share(b, task.piece, pieces, count)
            with b.loop(span.start, span.stop) as loop, b.loop(0, width, self.lanes) as along:
                image, *at = b.unravel(loop.index, rows)
                windows = b.first_lanes(b.plus(width, b.times(along.index, -1)), self.lanes)
                start = b.element(task.inputs[0], b.times(image, math.prod(self.space)), self.kind.part)
                place = self._search(b, start, [*at, along.index], windows)
                result = b.element(task.outputs[0], b.plus(b.times(loop.index, width), along.index), INDEX)
                b.store(b.cast(place, INDEX), result, windows)

        return irregular(write, pieces, optimise=True)

    def _search(self, b: Builder, image: Pointer, at: Sequence[Index], windows: Value) -> Value:
        """Where the windows at some places have their maxima; -1 where no element holds a place."""
        strides, tap_strides = row_major(self.space), row_major(tuple(axis.k for axis in self.axes))

        def search(number: int, offset: Index, tap: Index, best: Best) -> Best:
            axis = self.axes[number]
            with b.loop(0, axis.k, carried=best) as loop:
                position = b.affine(-axis.lo, [(at[number], axis.s), (loop.index, axis.d)])
                here = b.plus(tap, b.times(loop.index, tap_strides[number]))
                if number == len(self.axes) - 1:
                    found = self._along(b, image, offset, position, here, windows, loop.carried)
                else:
                    found = _where_inside(b, axis, position, loop.carried, further(number, offset, here))
                loop.next(*found)
            return loop.results

        def further(number: int, offset: Index, tap: Index) -> Callable[[Index, Best], Best]:
            stride = strides[number]
            return lambda i, best: search(number + 1, b.plus(offset, b.times(i, stride)), tap, best)

        start = b.constant(lowest(self.kind.register), self.kind.register, self.lanes)
        # What is lowest everywhere: tap 0 comes first, but of places only those of elements count.
        first = b.constant(0 if self.counts_taps else -1, self.extreme.place, self.lanes)
        return search(0, 0, 0, (start, first))[1]

    def _along(
        self,
        b: Builder,
        image: Pointer,
        offset: Index,
        position: Index,
        tap: Index,
        windows: Value,
        best: Best,
    ) -> Best:
        """One tap of windows that lie side by side, at ``position`` and every stride after it."""
        axis, dtype = self.axes[-1], self.extreme.place
        line = _address(b, image, offset, self.kind.part)
        positions = _counting(b, position, self.lanes, axis.s, dtype)
        is_element = b.bits_and(_inside(b, positions, axis.spread), windows)
        if axis.b > 1:
            is_element = b.bits_and(is_element, b.compare("eq", _divided(b, "urem", positions, axis.b), 0))
            positions = _divided(b, "udiv", positions, axis.b)
        elements = self._elements(b, line, position, positions, is_element)
        places = b.splat(b.cast(b.number(tap), dtype), self.lanes)
        if not self.counts_taps:
            places = b.add(positions, b.cast(b.number(offset), dtype))
        wins = b.bits_or(self.extreme.is_better(b, elements, best[0]), b.compare("lt", best[1], 0))
        wins = b.bits_and(wins, is_element)
        return b.select(wins, elements, best[0]), b.select(wins, places, best[1])

    def _elements(
        self, b: Builder, line: Pointer, position: Index, positions: Value, is_element: Value
    ) -> Value:
        """The elements at some positions of a line; anything where there is none."""
        axis, kind, lanes = self.axes[-1], self.kind, self.lanes
        if axis.b > 1 or axis.s > _WIDEST_STRIDE:
            return kind.gather(b, line, b.cast(positions, INDEX), is_element)
        found = None
        for number in range(axis.s):
            start = b.plus(position, number * lanes)
            inside = _inside(b, _counting(b, start, lanes, 1, self.extreme.place), axis.n)
            part = kind.load_masked(b, _address(b, line, start, kind.part), lanes, inside)
            found = part if found is None else found
            mine = [axis.s * i // lanes == number for i in range(lanes)]
            found = b.shuffle(
                found, [lanes + axis.s * i % lanes if m else i for i, m in enumerate(mine)], part
            )
        assert found is not None
        return found


def _where_inside(
    b: Builder, axis: Axis, position: Index, best: Best, search: Callable[[Index, Best], Best]
) -> tuple[Value, ...]:
    """Search on only where a position on an outer axis holds elements."""
    if _is_always_inside(axis):
        return search(position, best)
    inside = _inside(b, b.number(position), axis.spread)
    element: Index = position
    if axis.b > 1:
        inside = b.bits_and(inside, b.compare("eq", _divided(b, "urem", b.number(position), axis.b), 0))
        element = _divided(b, "udiv", b.number(position), axis.b)
    return b.choose(inside, lambda: search(element, best), lambda: best)


def _is_always_inside(axis: Axis) -> bool:
    """Whether no window reaches beyond the elements of an axis."""
    return axis.b == 1 and axis.lo <= 0 and (axis.m - 1) * axis.s - axis.lo + axis.span <= axis.n


def _inside(b: Builder, positions: Value, extent: int) -> Value:
    """Whether positions lie in 0 … extent; what is negative is large as a number without sign."""
    return b.compare("lt", b.reinterpret(positions, np.dtype(f"u{positions.dtype}")), extent)


def _counting(b: Builder, first: Index, lanes: int, step: int, dtype: DType) -> Value:
    """Numbers from the first one on, a step apart."""
    return b.add(b.cast(b.number(first), dtype), b.constants(range(0, lanes * step, step), dtype))


def _divided(b: Builder, how: str, x: Value, n: int) -> Value:
    """Quotient or remainder (``udiv``, ``urem``) by a positive number; anything for negative ones."""
    return b.define(f"{how} {x}, {b.constant(n, x.dtype, x.lanes).text}", x.dtype, x.lanes)


def _address(b: Builder, base: Pointer, index: Index, dtype: DType) -> Pointer:
    """The address of an element that may lie outside, where a mask keeps it from being read."""
    return b.define_pointer(f"getelementptr {memory_type(dtype)}, {base}, {b.number(index)}")
