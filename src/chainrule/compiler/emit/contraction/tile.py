"""The innermost part: a tile of C in registers while the depth runs by. There are four kinds.

*Outer* products: for each step of depth the tile's columns of B are loaded as vectors; each row's element
of A, in every lane, is multiplied with them and added to the row's accumulators. Of *pairs* of bfloat16 two
steps of depth are one. *Inner* products: where both
operands are contiguous along the depth and there are few rows, lanes run along the depth, one accumulator for
each column, and are added up at the end. *Lanewise* products: where a batch axis is contiguous (channels of a
depthwise convolution), lanes run along it, and vectors of A are multiplied with vectors of B.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from chainrule.compiler.emit.contraction.dot import add_pairs, half_pair, pair, paired
from chainrule.compiler.emit.contraction.nest import Kind
from chainrule.compiler.emit.contraction.numbers import Numbers
from chainrule.compiler.emit.contraction.opaque import opaque
from chainrule.compiler.emit.contraction.packing import transposed
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.dtypes import DType, uint16

# As many multiply-adds are written one after the other, without loops over the depth. Of more, LLVM would
# load all operands first, for which there are no registers.
WRITTEN_OUT = 130

# Sums of an inner product, in vectors of a few columns: as many as multiply-adds are under way at a time.
_SUMS = 8


@dataclass(frozen=True)
class Following:
    """A part of the panel that comes next: while a tile is computed, it is fetched into the second cache.

    Parameters
    ----------
    base : Pointer
        Where the part begins.
    halvings : int
        So many times the place within the tile's own vectors is halved for the place within the part.
    """

    base: Pointer
    halvings: int


@dataclass(frozen=True)
class View:
    """An operand as a tile sees it.

    Parameters
    ----------
    base : Pointer
        The tile's first element.
    dtype : dtype
        Element type in memory.
    depth : tuple of int
        Strides of the loops over the depth.
    offsets : tuple of int
        Where the tile's rows of A, or its vectors of B (columns, for inner products) lie.
    mask : Value, optional
        Lanes of the last vector that are inside.
    ahead : int
        How far from an element lies the one that should be fetched meanwhile; 0 for none.
    is_odd : bool
        Of pairs: whether the last one of the innermost loop is half.
    apart : int, optional
        Of vectors of pairs: how far from each other their numbers lie, if they are not packed.
    following : Following, optional
        What is fetched meanwhile for later tiles.
    side_by_side : int
        Of inner products: how many columns are read at a time.
    """

    base: Pointer
    dtype: DType
    depth: tuple[int, ...]
    offsets: tuple[int, ...]
    mask: Value | None = None
    ahead: int = 0
    is_odd: bool = False
    apart: int | None = None
    following: Following | None = None
    side_by_side: int = 1


class Tile:
    """Writes the sums of one tile.

    Parameters
    ----------
    b : Builder
        Where the code goes.
    numbers : Numbers
        What is computed in.
    rows, columns : View
        A and B.
    depth : sequence of int or Value
        Extents of the loops.
    """

    def __init__(
        self, b: Builder, numbers: Numbers, rows: View, columns: View, depth: Sequence[Index]
    ) -> None:
        self.b, self.numbers, self.lanes = b, numbers, numbers.lanes
        self.rows, self.columns, self.depth = rows, columns, tuple(depth)

    def sums(self, totals: Sequence[Value]) -> list[Value]:
        """Accumulators, row by row, after all steps."""
        return self._loops(0, 0, 0, list(totals))

    def _loops(self, level: int, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        if level == len(self.depth):
            return self._step(at_a, at_b, totals)
        return self._along(level, self.depth[level], at_a, at_b, totals)

    def _along(self, level: int, extent: Index, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        """So many steps of one of the loops, and of all loops inside."""
        inside = level + 1
        a, bb = self.rows.depth[level], self.columns.depth[level]
        if isinstance(extent, int) and self._steps(level) * len(totals) <= WRITTEN_OUT:
            for k in range(extent):
                at = self.b.plus(at_a, k * a), self.b.plus(at_b, k * bb)
                totals = self._loops(inside, *at, totals)
            return totals
        return self._loop(extent, (at_a, a), (at_b, bb), totals, lambda *now: self._loops(inside, *now))

    def _loop(
        self,
        extent: Index,
        of_a: tuple[Index, int],
        of_b: tuple[Index, int],
        totals: list[Value],
        body: Callable[[Index, Index, list[Value]], list[Value]],
        step: int = 1,
    ) -> list[Value]:
        """One loop over the depth; ``body(place in A, place in B, totals)`` gives new totals."""
        b, (at_a, a), (at_b, bb) = self.b, of_a, of_b
        with b.loop(0, extent, step, carried=[b.number(at_a), b.number(at_b), *totals]) as loop:
            in_a, in_b, *sums = loop.carried
            sums = body(opaque(b, in_a), opaque(b, in_b), sums)
            loop.next(b.number(b.plus(in_a, step * a)), b.number(b.plus(in_b, step * bb)), *sums)
        return list(loop.results[2:])

    def _steps(self, level: int) -> int:
        """Steps of the loops from one on, as far as they are known."""
        return math.prod(extent for extent in self.depth[level:] if isinstance(extent, int))

    def _step(self, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        raise NotImplementedError

    def _load(self, view: View, at: Pointer, offset: int, lanes: int, mask: Value | None = None) -> Value:
        place = self.b.element(at, offset, view.dtype)
        return self.numbers.load(self.b, place, view.dtype, lanes, mask)

    def _vectors(self, at: Index) -> list[Value]:
        """The tile's columns at one step."""
        view, last = self.columns, len(self.columns.offsets) - 1
        for offset in view.offsets if view.ahead else ():
            self.b.prefetch(view.base, self.b.plus(at, view.ahead + offset), view.dtype)
        self._fetch_following(at)
        base = self.b.element(view.base, at, view.dtype)
        return [
            self._load(view, base, offset, self.lanes, view.mask if i == last else None)
            for i, offset in enumerate(view.offsets)
        ]

    def _fetch_following(self, at: Index) -> None:
        following = self.columns.following
        if following is not None:
            place = self.b.halved(at, following.halvings)
            self.b.prefetch(following.base, place, self.columns.dtype, level=2)


class OuterTile(Tile):
    """Each element of A with vectors of B."""

    def _step(self, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        b, numbers, view = self.b, self.numbers, self.rows
        vectors = self._vectors(at_b)
        base = b.element(view.base, at_a, view.dtype)
        found: list[Value] = []
        for i, offset in enumerate(view.offsets):
            x = b.splat(self._load(view, base, offset, 1), self.lanes)
            now = totals[i * len(vectors) : (i + 1) * len(vectors)]
            found += [numbers.multiply_add(b, x, y, t) for y, t in zip(vectors, now, strict=True)]
        return found


class LanewiseTile(Tile):
    """Vectors of A with vectors of B."""

    def _step(self, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        b, numbers, view = self.b, self.numbers, self.rows
        vectors = self._vectors(at_b)
        base = b.element(view.base, at_a, view.dtype)
        found: list[Value] = []
        for offset in view.offsets:
            for v, y in enumerate(vectors):
                mask = view.mask if v == len(vectors) - 1 else None
                x = self._load(view, base, offset + v * self.lanes, self.lanes, mask)
                found.append(numbers.multiply_add(b, x, y, totals[len(found)]))
        return found


class InnerTile(Tile):
    """One row with as many columns as a vector has lanes, a few of them at a time.

    Columns are read side by side, each in several vectors: more of them would be more streams than a
    processor fetches ahead, and where they are a page apart, would drive each other out of the cache.
    """

    def sums(self, totals: Sequence[Value]) -> list[Value]:
        """Lanes along the depth, then turned and added up in a fixed order."""
        b, (total,), count = self.b, totals, self.columns.side_by_side
        found: list[Value] = []
        for first in range(0, self.lanes, count):
            few = replace(self.columns, offsets=self.columns.offsets[first : first + count])
            found += _FewColumns(b, self.numbers, self.rows, few, self.depth).sums(())
        return [reduce(b.add, transposed(b, found), total)]


class _FewColumns(Tile):
    """Inner products of a row with a few columns: sums are vector by vector, and in each column by column."""

    @property
    def _width(self) -> int:
        """Steps of the depth that all sums take."""
        return self.lanes * (_SUMS // len(self.columns.offsets))

    def sums(self, totals: Sequence[Value]) -> list[Value]:
        """A vector for each column."""
        b, count = self.b, len(self.columns.offsets)
        zeros = [self.numbers.zero(b, self.lanes)] * (self._width // self.lanes * count)
        found = self._loops(0, 0, 0, zeros)
        return [reduce(b.add, found[i::count]) for i in range(count)]

    def _loops(self, level: int, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        extent = self.depth[level]
        if level < len(self.depth) - 1:
            of_a, of_b = (at_a, self.rows.depth[level]), (at_b, self.columns.depth[level])
            return self._loop(extent, of_a, of_b, totals, lambda *now: self._loops(level + 1, *now))
        assert isinstance(extent, int)
        step = self._width
        full = extent // step * step
        if full:
            totals = self._loop(full, (at_a, 1), (at_b, 1), totals, self._step, step)
        return self._part(self.b.plus(at_a, full), self.b.plus(at_b, full), totals, extent - full)

    def _step(self, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        return self._part(at_a, at_b, totals, self._width)

    def _part(self, at_a: Index, at_b: Index, totals: list[Value], steps: int) -> list[Value]:
        """So many steps, at most as many as there are sums for."""
        b, count, found = self.b, len(self.columns.offsets), list(totals)
        for v, first in enumerate(range(0, steps, self.lanes)):
            mask = None if steps - first >= self.lanes else b.first_lanes(steps - first, self.lanes)
            now = slice(v * count, (v + 1) * count)
            found[now] = self._vector(b.plus(at_a, first), b.plus(at_b, first), found[now], mask)
        return found

    def _vector(self, at_a: Index, at_b: Index, totals: list[Value], mask: Value | None) -> list[Value]:
        b, row, columns = self.b, self.rows, self.columns
        x = self._load(row, b.element(row.base, at_a, row.dtype), 0, self.lanes, mask)
        base = b.element(columns.base, at_b, columns.dtype)
        found = []
        for offset, total in zip(columns.offsets, totals, strict=True):
            if columns.ahead:
                b.prefetch(base, columns.ahead + offset, columns.dtype)
            y = self._load(columns, base, offset, self.lanes, mask)
            found.append(self.numbers.multiply_add(b, x, y, total))
        return found


class PairTile(OuterTile):
    """Each pair of A with vectors of pairs of B: products of both are added up by one instruction."""

    def _along(self, level: int, extent: Index, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        is_odd = self.rows.is_odd or self.columns.is_odd
        if level < len(self.depth) - 1 or not is_odd:
            return super()._along(level, extent, at_a, at_b, totals)
        whole = self.b.plus(extent, -1)
        if whole != 0:
            totals = super()._along(level, whole, at_a, at_b, totals)
        a, bb = self.rows.depth[level], self.columns.depth[level]
        at_a, at_b = (self.b.plus(at, self.b.times(whole, s)) for at, s in ((at_a, a), (at_b, bb)))
        return self._pairs(at_a, at_b, totals, is_last=True)

    def _step(self, at_a: Index, at_b: Index, totals: list[Value]) -> list[Value]:
        return self._pairs(at_a, at_b, totals, is_last=False)

    def _pairs(self, at_a: Index, at_b: Index, totals: list[Value], is_last: bool) -> list[Value]:
        b, rows, columns = self.b, self.rows, self.columns
        ends = len(columns.offsets) - 1
        self._fetch_following(at_b)
        base = b.element(columns.base, at_b, columns.dtype)
        vectors = [
            self._vector(b.element(base, offset, columns.dtype), columns.mask if i == ends else None, is_last)
            for i, offset in enumerate(columns.offsets)
        ]
        load = half_pair if is_last and rows.is_odd else pair
        base = b.element(rows.base, at_a, rows.dtype)
        found: list[Value] = []
        for offset in rows.offsets:
            x = b.splat(load(b, b.element(base, offset, rows.dtype), rows.dtype), self.lanes)
            found += [add_pairs(b, totals[len(found) + i], x, y) for i, y in enumerate(vectors)]
        return found

    def _vector(self, place: Pointer, mask: Value | None, is_last: bool) -> Value:
        """Pairs of B, packed or from two rows of it."""
        b, view = self.b, self.columns
        if view.apart is None:
            return pair(b, place, view.dtype, self.lanes)
        places = [place] if is_last and view.is_odd else [place, b.element(place, view.apart, view.dtype)]
        return paired(b, *(b.load(at, uint16, self.lanes, mask) for at in places))


TILES: dict[Kind, type[Tile]] = {
    Kind.OUTER: OuterTile,
    Kind.PAIRS: PairTile,
    Kind.INNER: InnerTile,
    Kind.LANEWISE: LanewiseTile,
}
