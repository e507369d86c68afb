r"""Convolutions of 3 × 3 taps with fewer multiplications, by Winograd's minimal filtering.

In each tile of the result, and for each pair of channels, the taps and the data they meet are transformed
(`cook_toom`), multiplied point by point, and transformed back. Sums over channels are taken in between, so
the multiplications are matrix products, one for each point:

.. math:: Y = A^\top \Big[ \sum_c (G g_c G^\top) \odot (B^\top d_c B) \Big] A

A tile of 4 × 4 results takes 36 multiplications for 144. The result differs from the plain sum by rounding
errors, so it is done only where it was asked for.

Sources: S. Winograd, *Arithmetic Complexity of Computations* (1980); A. Lavin and S. Gray, *Fast Algorithms
for Convolutional Neural Networks* (2015), arXiv:1509.09308.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.loops.expr import Buffer, Expr, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.fuse import together
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.rules.contract import product_into
from chainrule.compiler.loops.rules.cook_toom import POINTS, TAPS, matrices
from chainrule.compiler.loops.rules.small_matrix import Matrix, applied
from chainrule.compiler.loops.step import Definition
from chainrule.core.spec import Shape
from chainrule.ops.window import Axis

# What transforming a number costs, and moving a byte between the caches, counted in multiplications.
_TRANSFORM, _BYTE = 6, 2

# Points that lay whole pages apart, each of so many numbers, would have their lines in one set of the first
# cache, and drive each other out of it: they lie a line further apart.
_PAGE, _LINE = 1024, 16

# Reads, or places that are written, by row and column of a tile.
Grid = list[list[Read]]


@dataclass(frozen=True)
class Tiling:
    """A convolution in tiles.

    Parameters
    ----------
    results : int
        Results of a tile along each axis.
    images, ins, outs : int
        Images, channels of the input and of the output.
    windows : tuple of int
        Results along each axis.
    """

    results: int
    images: int
    ins: int
    outs: int
    windows: Shape

    @property
    def size(self) -> int:
        """Points along each axis."""
        return self.results + TAPS - 1

    @property
    def points(self) -> int:
        """Products for each pair of channels in a tile."""
        return self.size**2

    @property
    def counts(self) -> Shape:
        """Tiles along each axis."""
        return tuple(-(-m // self.results) for m in self.windows)

    @property
    def tiles(self) -> int:
        """Tiles of an image."""
        return math.prod(self.counts)

    @property
    def cost(self) -> float:
        """In multiplications: products, transforms, and what passes through the caches."""
        channels = self.ins + self.outs
        tiles = self.images * self.tiles
        moved = 4 * self.points * (2 * tiles * channels + self.ins * self.outs)
        transforms = _TRANSFORM * self.points * tiles * channels
        return self.points * tiles * self.ins * self.outs + transforms + _BYTE * moved


def tiling_of(images: int, ins: int, outs: int, axes: Sequence[Axis], groups: int) -> Tiling | None:
    """How a convolution is best done in tiles, or None where the plain sum is as good or there is no way."""
    is_plain = all(a.k == TAPS and a.s == a.d == a.b == 1 for a in axes)
    if groups != 1 or len(axes) != 2 or not is_plain:
        return None
    windows = tuple(a.m for a in axes)
    direct = images * math.prod(windows) * ins * outs * TAPS**2 + _BYTE * 4 * ins * outs * TAPS**2
    best = min((Tiling(m, images, ins, outs, windows) for m in POINTS), key=lambda way: way.cost)
    return best if best.cost < direct else None


def winograd(lowering: Lowering, source: Read, weight: Read, tiling: Tiling) -> Read:
    """A convolution in tiles; the input has its borders, and both operands are read as the row has them."""
    data = _data(lowering, source, tiling)
    products = _products(lowering, data, _filter(lowering, weight, tiling), tiling)
    return _results(lowering, products, tiling)


def _data(lowering: Lowering, source: Read, t: Tiling) -> Buffer:
    """The tiles of the input at all points: images × points × tiles × channels."""
    of_n, of_c, *of_space = source.form.coefs
    extents = (t.images, *t.counts, t.ins)
    first = Form(source.form.offset, (of_n, *(t.results * s for s in of_space), of_c))
    tile = _grid(source.buffer, first, of_space, t.size)
    found = lowering.buffer(np.dtype(np.float32), t.images * t.points * _apart(t.tiles * t.ins), "winograd")
    _transform(lowering, extents, tile, matrices(t.results).data, _at_points(found, extents, t))
    return found


def _filter(lowering: Lowering, weight: Read, t: Tiling) -> Buffer:
    """The weight at all points: points × input channels × output channels."""
    of_out, of_in, *of_taps = weight.form.coefs
    extents = (t.ins, t.outs)
    taps = _grid(weight.buffer, Form(weight.form.offset, (of_in, of_out)), of_taps, TAPS)
    found = lowering.buffer(np.dtype(np.float32), t.points * math.prod(extents), "winograd")
    places = _grid(found, Form(0, row_major(extents)), _steps(t, math.prod(extents)), t.size)
    _transform(lowering, extents, taps, matrices(t.results).filter, places)
    return found


def _products(lowering: Lowering, data: Buffer, taps: Buffer, t: Tiling) -> Buffer:
    """For each image and point the product of data and filter: images × points × tiles × channels."""
    a, c = _apart(t.tiles * t.ins), _apart(t.tiles * t.outs)
    form = Contraction(
        batch=(Dim(t.points, a, t.ins * t.outs, c),),
        rows=(Dim(t.images, t.points * a, 0, t.points * c), Dim(t.tiles, t.ins, 0, t.outs)),
        columns=(Dim(t.outs, 0, 1, 1),),
        depth=(Dim(t.ins, 1, t.outs),),
        a=data.dtype,
        b=taps.dtype,
        c=data.dtype,
    )
    shape = (t.images, t.points, t.tiles, t.outs)
    left, right = (Read(x, Form(0, ())) for x in (data, taps))
    found = lowering.buffer(data.dtype, t.images * t.points * c)
    place = Form(0, (t.points * c, c, t.outs, 1))
    product_into(lowering, found, left, right, form, shape, place, (1, 0, 2, 3))
    return found


def _results(lowering: Lowering, products: Buffer, t: Tiling) -> Read:
    """The result, channels-last; what lies beyond its last row and column is written too, and never read."""
    extents = (t.images, *t.counts, t.outs)
    whole = (t.images, *(t.results * n for n in t.counts), t.outs)
    to_n, *to_space, to_out = row_major(whole)
    found = lowering.buffer(products.dtype, math.prod(whole))
    first = Form(0, (to_n, *(t.results * s for s in to_space), to_out))
    tile = _grid(found, first, to_space, t.results)
    _transform(lowering, extents, _at_points(products, extents, t), matrices(t.results).result, tile)
    return Read(found, Form(0, (to_n, to_out, *to_space)))


def _at_points(buffer: Buffer, extents: Shape, t: Tiling) -> Grid:
    """Where the elements of tiles lie, whose first axis counts images."""
    _, *inside = extents
    size = _apart(math.prod(inside))
    return _grid(buffer, Form(0, (t.points * size, *row_major(tuple(inside)))), _steps(t, size), t.size)


def _apart(numbers: int) -> int:
    """From one point to the next, where each has so many numbers."""
    return numbers + _LINE * (numbers % _PAGE == 0)


def _steps(t: Tiling, size: int) -> tuple[int, int]:
    """From a point to the next one below and to the right, if each has so many elements."""
    return t.size * size, size


def _grid(buffer: Buffer, first: Form, steps: Sequence[int], size: int) -> Grid:
    """Places that lie in steps from the first, along rows and columns."""
    down, right = steps
    return [
        [Read(buffer, Form(first.offset + i * down + j * right, first.coefs)) for j in range(size)]
        for i in range(size)
    ]


def _transform(lowering: Lowering, extents: Shape, elements: Grid, matrix: Matrix, targets: Grid) -> None:
    """A nest that applies a matrix along both axes of a tile; all but its results stay in registers."""
    inside = Form(0, row_major(extents))
    members: list[Definition] = []

    def define(value: Expr, target: Read) -> Read:
        members.append(Definition(target.buffer, target.form, extents, value))
        return target

    def name(value: Expr) -> Read:
        return define(value, Read(lowering.buffer(value.dtype, math.prod(extents), "winograd"), inside))

    loaded = [[name(x) for x in row] for row in elements]
    # The matrix meets each column of the tile first, then each row of what these have become.
    columns = [[name(x) for x in applied(matrix, column, name)] for column in zip(*loaded, strict=True)]
    for row, places in zip(zip(*columns, strict=True), targets, strict=True):
        for value, place in zip(applied(matrix, row, name), places, strict=True):
            define(value, place)
    lowering.add(together(members))
