"""Values that windows reach beyond, written where a border of zeros already stands.

A convolution with padding reads zeros around its input. Where an input gets a buffer anyway, it is given
a wider one, and its border is zeroed: no padded copy is made, for the convolution or for its derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.compiler.loops.expr import Constant, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.step import Definition
from chainrule.core.spec import Shape


@dataclass(frozen=True)
class Border:
    """Zeros around the elements of a buffer.

    Parameters
    ----------
    extents : tuple of int
        Of the value, without the border.
    lo, hi : tuple of int
        How many zeros stand before and behind it along each axis.
    order : tuple of int
        Axes from the slowest to the fastest in memory.
    """

    extents: Shape
    lo: Shape
    hi: Shape
    order: Shape

    @property
    def wide(self) -> Shape:
        """Extents with the border."""
        return tuple(lo + n + hi for lo, n, hi in zip(self.lo, self.extents, self.hi, strict=True))

    @property
    def strides(self) -> Shape:
        """Of each axis."""
        steps = row_major(tuple(self.wide[a] for a in self.order))
        return tuple(steps[self.order.index(a)] for a in range(len(self.order)))

    @property
    def inside(self) -> Form:
        """Where the elements of the value lie."""
        strides = self.strides
        return Form(sum(lo * s for lo, s in zip(self.lo, strides, strict=True)), strides)

    def strips(self) -> list[list[tuple[Form, Shape]]]:
        """The border, axis by axis, in parts that do not overlap: places and extents, equal ones together."""
        found = []
        for axis, (lo, n, hi) in enumerate(zip(self.lo, self.extents, self.hi, strict=True)):
            sides = [self._strip(axis, begin, size) for begin, size in ((0, lo), (lo + n, hi)) if size]
            if len(sides) == 2 and lo != hi:
                found += [[side] for side in sides]
            elif sides:
                found.append(sides)
        return found

    def _strip(self, axis: int, begin: int, size: int) -> tuple[Form, Shape]:
        """Some places along one axis: inside along those before it, and all along those behind."""
        starts = (*self.lo[:axis], begin, *(0 for _ in self.lo[axis + 1 :]))
        extents = (*self.extents[:axis], size, *self.wide[axis + 1 :])
        return Form(sum(x * s for x, s in zip(starts, self.strides, strict=True)), self.strides), extents

    def zeros(self, target: Read) -> list[list[Definition]]:
        """What fills the border."""
        zero = Constant(target.dtype.type(0), target.dtype)
        return [
            [Definition(target.buffer, place, extents, zero) for place, extents in strip]
            for strip in self.strips()
        ]

    def reaching(self, x: Read, shape: Shape, lo: Sequence[int], hi: Sequence[int]) -> Read | None:
        """The value and so many zeros around it, or None if it was cut, or there are not as many."""
        if x.form.offset != self.inside.offset:
            return None
        offset = x.form.offset
        for n, coef, before, behind in zip(shape, x.form.coefs, lo, hi, strict=True):
            if before == behind == 0:
                continue
            axis = self._axis(coef, n)
            if axis is None or before > self.lo[axis] or behind > self.hi[axis]:
                return None
            offset -= before * coef
        return Read(x.buffer, Form(offset, x.form.coefs))

    def _axis(self, stride: int, extent: int) -> int | None:
        """The axis that a reader goes along."""
        axes = list(zip(self.strides, self.extents, strict=True))
        return axes.index((stride, extent)) if (stride, extent) in axes else None


def widest(borders: Sequence[tuple[Shape, Shape]]) -> tuple[Shape, Shape]:
    """Borders that are wide enough for several readers, before and behind."""
    lo, hi = zip(*borders, strict=True)
    return tuple(map(max, zip(*lo, strict=True))), tuple(map(max, zip(*hi, strict=True)))
