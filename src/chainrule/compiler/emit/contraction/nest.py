"""A contraction's loops in the roles that its code has for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.emit.contraction.places import Axis, axes_of
from chainrule.compiler.emit.contraction.tiles import Split


class Kind(Enum):
    """What lanes run along: columns (two kinds), the depth, or a batch axis."""

    OUTER = "outer products"
    PAIRS = "outer products of bfloat16 pairs"
    INNER = "inner products"
    LANEWISE = "lanewise products"

    @property
    def is_outer(self) -> bool:
        """Whether elements of A are multiplied with vectors of B."""
        return self in (Kind.OUTER, Kind.PAIRS)


@dataclass(frozen=True)
class Nest:
    """Loops by role.

    Attributes
    ----------
    kind : Kind
        What is done in the innermost part.
    form : Contraction
        What is computed; with rows and columns exchanged if ``exchanged``.
    batch : tuple of Axis
        What is done one after the other: batches, and columns that are no run in memory.
    rows, depth : tuple of Axis
        At least one each, outer ones first.
    column : Axis
        The axis that vectors of C run along.
    pair : Dim
        Of pairs: the innermost loop over the depth number by number, of which ``depth`` takes two at a time.
        Of an odd extent the last pair is half.
    """

    kind: Kind
    form: Contraction
    exchanged: bool
    batch: tuple[Axis, ...]
    rows: tuple[Axis, ...]
    column: Axis
    depth: tuple[Axis, ...]
    pair: Dim | None = None

    @property
    def is_odd(self) -> bool:
        """Whether the last pair along the depth is half."""
        return self.pair is not None and self.pair.extent % 2 == 1

    @cached_property
    def distinct(self) -> dict[str, int]:
        """About how many elements of A and of B a place in the batch reads: windows may overlap."""
        shared = (self.column, *self.depth)
        return {"a": _distinct("a", (*self.rows, *shared)), "b": _distinct("b", shared)}

    def along_depth(self, operand: str) -> int:
        """How far a number of A or B is from the next along the depth."""
        innermost = self.depth[-1].dim if self.pair is None else self.pair
        step: int = getattr(innermost, operand)
        return step


def _distinct(operand: str, axes: Sequence[Axis]) -> int:
    steps = [(axis.dim.extent, abs(getattr(axis.dim, operand))) for axis in axes]
    product = math.prod(extent for extent, step in steps if step)
    return min(product, 1 + sum((extent - 1) * step for extent, step in steps))


def nests_of(form: Contraction, *, exchange: bool = False, in_pairs: bool = False) -> Iterator[Nest]:
    """The ways in which the loops of a form can be taken; ``in_pairs``: two steps of depth at a time too."""
    chosen = form.exchanged() if exchange else form
    batch, columns = axes_of("batch", chosen.batch), _some("columns", chosen.columns)
    rows, depth = _some("rows", chosen.rows), _some("depth", chosen.depth)
    *outer, column = columns
    yield Nest(Kind.OUTER, chosen, exchange, (*batch, *outer), rows, column, depth)
    innermost = depth[-1].dim
    if in_pairs:
        pairs = Dim(-(-innermost.extent // 2), 2 * innermost.a, 2 * innermost.b)
        halved = (*depth[:-1], replace(depth[-1], dim=pairs))
        yield Nest(Kind.PAIRS, chosen, exchange, (*batch, *outer), rows, column, halved, innermost)
    if innermost.a == innermost.b == 1:
        yield Nest(Kind.INNER, chosen, exchange, (*batch, *outer), rows, column, depth)
    real_columns = [axis for axis in columns if axis.parts]
    for axis in batch:
        if axis.dim.a == 1:
            others = [other for other in batch if other is not axis]
            yield Nest(Kind.LANEWISE, chosen, exchange, (*others, *real_columns), rows, axis, depth)


def _some(group: str, dims: tuple[Dim, ...]) -> tuple[Axis, ...]:
    """The loops of a group, or one of a single step."""
    return tuple(axes_of(group, dims)) or (Axis(group, Dim(1), ()),)


@dataclass(frozen=True)
class Blocks:
    """The depth in blocks: whole steps of the outer loops, and parts of one loop.

    Parameters
    ----------
    extents : tuple of int
        Of the loops over the depth.
    level : int
        The loop that is cut; those before it are not part of a block.
    split : Split
        How it is cut.
    """

    extents: tuple[int, ...]
    level: int
    split: Split

    @property
    def outer(self) -> tuple[int, ...]:
        """Extents of the loops over blocks."""
        return (*self.extents[: self.level], self.split.count)

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return math.prod(self.outer)

    @property
    def inner(self) -> tuple[int, ...]:
        """Extents inside a block; the first is its largest."""
        return (self.split.largest, *self.extents[self.level + 1 :])

    @property
    def shortest(self) -> int:
        """The smallest extent of the last loop inside a block."""
        is_cut = self.level == len(self.extents) - 1
        return self.split.parts[-1].size if is_cut else self.extents[-1]

    @property
    def steps(self) -> int:
        """Steps of the largest block."""
        return math.prod(self.inner)


def blocks_of(extents: Sequence[int], most: int) -> Blocks:
    """The depth in blocks of about ``most`` steps.

    >>> blocks_of((64, 28, 28), 512).inner
    (14, 28)
    >>> blocks_of((100,), 512).count
    1
    """
    sizes = tuple(extents)
    level = len(sizes) - 1
    while level > 0 and math.prod(sizes[level:]) <= most:
        level -= 1
    below = math.prod(sizes[level + 1 :])
    return Blocks(sizes, level, Split(sizes[level], max(1, most // max(1, below))))
