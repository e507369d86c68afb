"""Loops over the tiles of a plan, and over the part of them that is one piece's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from chainrule.compiler.emit.contraction.opaque import opaque
from chainrule.compiler.emit.contraction.places import Axis
from chainrule.compiler.emit.contraction.tiles import Part, Split
from chainrule.compiler.llvm import INDEX, Builder, Value
from chainrule.compiler.llvm.core import Index

# The start of a tile along each axis, and its size as the part that it belongs to.
Body = Callable[[Index, "list[tuple[Index, Part]]"], None]


@dataclass(frozen=True)
class Cut:
    """A tile's part of an axis: where it begins, and how much of the axis it takes."""

    axis: Axis
    start: Index
    size: int = 1


@dataclass(frozen=True)
class Range:
    """What lies from ``start`` to ``stop``."""

    start: Index
    stop: Index


def share(b: Builder, chunk: Index, chunks: int, count: int) -> Range:
    """One of several parts of 0 … count; their sizes differ by one at most."""
    if chunks == 1:
        return Range(0, count)

    def bound(number: Index) -> Index:
        before = b.times(number, count)
        if isinstance(before, int):
            return before // chunks
        return b.define(f"udiv {before}, {chunks}", INDEX)

    return Range(bound(chunk), bound(b.plus(chunk, 1)))


def each_tile(
    b: Builder,
    axes: Sequence[Sequence[Part]],
    tiles: Range,
    body: Body,
    before: Callable[[Index], None] | None = None,
) -> None:
    """Loop over the tiles of a range, numbered with the last axis running fastest.

    Parameters
    ----------
    b : Builder
        Where code goes.
    axes : sequence of sequence of Part
        The tiles of each axis.
    tiles : Range
        Which of them.
    body : callable
        ``body(number, starts and parts)`` is written once for all sizes that tiles have.
    before : callable, optional
        ``before(number)`` is written once, and run before each.
    """

    def at(number: Index) -> None:
        if before is not None:
            before(number)
        counts = [sum(part.count for part in parts) for parts in axes]
        numbers = b.unravel(number, counts)
        for chosen in itertools.product(*axes):
            found = [
                (b.affine(part.shift, [(x, part.size)]), part)
                for x, part in zip(numbers, chosen, strict=True)
            ]
            _when(b, list(_conditions(b, numbers, chosen, axes)), partial(body, number, found))

    if tiles.start == 0 and tiles.stop == 1:
        at(0)
        return
    with b.loop(tiles.start, tiles.stop) as tile:
        at(opaque(b, tile.index))


def _conditions(
    b: Builder, numbers: Sequence[Index], chosen: Sequence[Part], axes: Sequence[Sequence[Part]]
) -> Iterator[Value]:
    """What must hold for tiles to be of the chosen sizes."""
    for number, part, parts in zip(numbers, chosen, axes, strict=True):
        if part is not parts[0]:
            yield b.compare("ge", b.number(number), part.first)
        if part is not parts[-1]:
            yield b.compare("lt", b.number(number), part.first + part.count)


def _when(b: Builder, conditions: list[Value], body: Callable[[], None]) -> None:
    if not conditions:
        body()
        return
    together, *others = conditions
    for condition in others:
        together = b.bits_and(together, condition)
    with b.when(together):
        body()


def start_and_size(b: Builder, split: Split, number: Index) -> tuple[Index, Index]:
    """Where a tile begins and how large it is, whichever it is."""
    small, large = split.parts[-1].size, split.parts[0]
    start = b.times(number, small)
    if len(split.parts) == 1:
        return start, small
    before = b.minimum(b.number(number), large.count)
    is_large = b.compare("lt", b.number(number), large.count)
    return b.plus(start, before), b.select(is_large, b.number(small + 1), small)
