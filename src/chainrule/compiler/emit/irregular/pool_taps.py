"""Reading and adding where each window has its chosen tap: one element of the input for each window.

A tap on padding, or between the elements of a dilated input, is no element: 0 is read there, and
nothing is added.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from chainrule.compiler.emit.irregular import elements
from chainrule.compiler.emit.irregular.elements import BYTE, Elements, Number
from chainrule.compiler.emit.irregular.form import Irregular, Params, Phases, Specs, Task, irregular
from chainrule.compiler.emit.irregular.walk import share
from chainrule.compiler.llvm import BOOL, Builder, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.form import row_major
from chainrule.compiler.loops.kernel import pieces_of
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import float32, int64, uint64
from chainrule.ops.window import Axis, geometry

# Element operations of finding one tap, about.
_WORK = 16


@dataclass(frozen=True)
class Taps:
    """Windows of images, and their chosen taps.

    Attributes
    ----------
    images : int
        How many images there are: batch · channels.
    axes : tuple of Axis
        Geometry of the space axes.
    chosen : Spec
        The numbers of taps.
    """

    images: int
    axes: tuple[Axis, ...]
    chosen: Spec

    @classmethod
    def of(cls, space: Shape, chosen: Spec, params: Params) -> Taps:
        """Those of a row's parameters, for inputs with these space axes."""
        names = ("stride", "padding", "dilation", "input_dilation")
        axes = geometry(space, params["window"], {name: params[name] for name in names})
        return cls(math.prod(chosen.shape[:2]), axes, chosen)

    @property
    def windows(self) -> int:
        """How many windows an image has."""
        return math.prod(axis.m for axis in self.axes)

    @property
    def space(self) -> int:
        """How many elements an image has."""
        return math.prod(axis.n for axis in self.axes)

    def kernel(self, each_image: Callable[[Task, Value], None], scratch: int = 0) -> Irregular:
        """A kernel whose pieces share the images."""
        pieces = pieces_of(_WORK * self.images * self.windows, self.images)

        def write(task: Task) -> None:
            span = share(task.b, task.piece, pieces, self.images)
            with task.b.loop(span.start, span.stop) as loop:
                each_image(task, loop.index)

        return irregular(write, pieces, scratch=scratch, optimise=True)

    def each_window(self, task: Task, image: Value, body: Callable[[Index, Value, Value], None]) -> None:
        """Write ``body(window, element, is element)`` for the windows of an image.

        The element is the one in the image that the tap stands for, or 0.
        """
        b = task.b
        with b.loop(0, self.windows) as loop:
            window = b.plus(b.times(image, self.windows), loop.index)
            tap = b.load(b.element(task.inputs[1], window, self.chosen.dtype), self.chosen.dtype)
            at = b.unravel(loop.index, [axis.m for axis in self.axes])
            body(window, *self._element(b, at, self._checked(task, tap)))

    def _checked(self, task: Task, tap: Value) -> Value:
        """A tap's number; 0 for one that there is not."""
        b, count = task.b, math.prod(axis.k for axis in self.axes)
        number = b.cast(tap, int64)
        outside = b.compare("ge", b.reinterpret(number, uint64), count)
        task.fail(b, outside, number, count)
        return b.select(outside, 0, number)

    def _element(self, b: Builder, window: list[Index], tap: Value) -> tuple[Value, Value]:
        """The element of a window's tap, and whether there is one."""
        taps = b.unravel(tap, [axis.k for axis in self.axes])
        element: Index = 0
        inside = b.constant(True, BOOL)
        for axis, p, k, stride in zip(self.axes, window, taps, row_major(self._extents()), strict=True):
            place = b.number(b.affine(-axis.lo, [(p, axis.s), (k, axis.d)]))
            inside = b.bits_and(inside, b.compare("lt", b.reinterpret(place, uint64), axis.spread))
            if axis.b > 1:
                inside = b.bits_and(inside, b.compare("eq", b.modulo(place, axis.b), 0))
                place = b.define(f"udiv {place}, {axis.b}", int64)
            element = b.plus(element, b.times(place, stride))
        return b.select(inside, b.number(element), 0), inside

    def _extents(self) -> Shape:
        return tuple(axis.n for axis in self.axes)


def pool_read(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """The row ``pool_read``: the element of each window's tap."""
    x, chosen = inputs
    taps, kind = Taps.of(x.shape[2:], chosen, params), Elements(x.dtype)
    if outputs[0].size == 0:
        return ()

    def read(task: Task, image: Value) -> None:
        b = task.b

        def copy(window: Index, element: Value, inside: Value) -> None:
            nothing = kind.constant(b, 0)
            found: Number = nothing
            if taps.space:
                held = kind.load(b, task.inputs[0], b.plus(b.times(image, taps.space), element))
                found = tuple(b.select(inside, p, q) for p, q in zip(held, nothing, strict=True))
            kind.store(b, found, task.outputs[0], window)

        taps.each_window(task, image, copy)

    return (taps.kernel(read),)


def pool_write(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """The row ``pool_write``: zeros, to which each window's number is added at its tap."""
    g, chosen = inputs
    taps, kind = Taps.of(tuple(params["space"]), chosen, params), Elements(g.dtype)
    if outputs[0].size == 0:
        return ()
    wide = Elements(float32) if kind.is_half else kind
    nbytes = taps.space * wide.dtype.itemsize

    def write(task: Task, image: Value) -> None:
        b = task.b
        start = b.times(image, taps.space)
        # 16-bit floats are added up in float32, beside the result.
        target = b.element(task.outputs[0], b.times(start, kind.dtype.itemsize), BYTE)
        sums = (wide, task.scratch) if kind.is_half else (kind, target)
        b.fill_bytes(sums[1], 0, nbytes)

        def add(window: Index, element: Value, inside: Value) -> None:
            given = kind.load(b, task.inputs[0], window)
            given = tuple(b.select(inside, p, q) for p, q in zip(given, wide.constant(b, 0), strict=True))
            wide.store(b, elements.add(b, wide.load(b, sums[1], element), given), sums[1], element)

        taps.each_window(task, image, add)
        if kind.is_half:
            elements.convert(b, taps.space, sums, (kind, target))

    return (taps.kernel(write, scratch=-(-nbytes // 8) * 8 if kind.is_half else 0),)
