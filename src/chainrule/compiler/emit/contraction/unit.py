"""What a piece works on: units, blocks of the depth, tiles."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.compiler.emit.contraction.places import Axis
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.emit.contraction.walk import Cut, Range, share, start_and_size
from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.core import Index


@dataclass(frozen=True)
class Unit:
    """What is worked on at a time: a place in the batch, a range of tiles, a part of the depth.

    Attributes
    ----------
    batch : tuple of Cut
        The place.
    rows, columns : Range
        Tiles.
    depth_chunk : int or Value
        Which part of the depth.
    """

    batch: tuple[Cut, ...]
    rows: Range
    columns: Range
    depth_chunk: Index


@dataclass(frozen=True)
class Block:
    """A block of the depth.

    Attributes
    ----------
    number : int or Value
        Which one.
    start : tuple of Cut
        Where it begins along each axis.
    extents : tuple of int or Value
        Of the loops inside.
    goes_on : Value, optional
        Whether there are sums of blocks before it; None if it is the only one.
    """

    number: Index
    start: tuple[Cut, ...]
    extents: tuple[Index, ...]
    goes_on: Value | None = None


@dataclass(frozen=True)
class Columns:
    """A tile's columns: the first, how many vectors they are, how many lanes of the last are inside."""

    start: Index
    vectors: int
    inside: int


@dataclass(frozen=True)
class TileAt:
    """A tile: its rows along each axis, their number among the rows' tiles, and its columns."""

    rows: tuple[Cut, ...]
    number: Index
    columns: Columns

    def steps(self) -> list[tuple[int, ...]]:
        """The tile's rows: for each its place along the axes."""
        return list(itertools.product(*(range(cut.size) for cut in self.rows)))


def unit_at(b: Builder, plan: Plan, number: Index, units: Sequence[int]) -> Unit:
    """A unit by its number in ``plan.units``, or ``plan.units_of_results``."""
    *batch, row, column, depth = b.unravel(number, units)
    *_, row_chunks, column_chunks, _ = units
    return Unit(
        cuts_at(plan.nest.batch[: len(batch)], batch),
        share(b, row, row_chunks, plan.row_tile_count),
        share(b, column, column_chunks, plan.columns.count),
        depth,
    )


def cuts_at(axes: Sequence[Axis], places: Sequence[Index]) -> tuple[Cut, ...]:
    """One step along each of some axes."""
    return tuple(Cut(axis, x) for axis, x in zip(axes, places, strict=True))


def block_at(b: Builder, plan: Plan, number: Index) -> Block:
    """A block by its number."""
    blocks = plan.blocks
    *outer, which = b.unravel(number, blocks.outer)
    start, extent = start_and_size(b, blocks.split, which)
    inner = blocks.inner[1:]
    places = (*outer, start, *(0 for _ in inner))
    return Block(number, cuts_at(plan.nest.depth, places), (extent, *inner))
