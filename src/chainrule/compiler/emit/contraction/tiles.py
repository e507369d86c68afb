"""Cutting an extent into tiles of nearly equal size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Part:
    """Tiles of one size, one after the other.

    Attributes
    ----------
    size : int
        Of each tile.
    first, count : int
        The number of the first one, and how many there are.
    start : int
        Where the first one begins.
    """

    size: int
    first: int
    count: int
    start: int

    def without_last(self) -> tuple[Part, Part]:
        """All tiles but the last, and the last."""
        before = self.count - 1
        return (
            Part(self.size, self.first, before, self.start),
            Part(self.size, self.first + before, 1, self.start + before * self.size),
        )

    @property
    def shift(self) -> int:
        """Tile number t begins at ``t · size + shift``."""
        return self.start - self.first * self.size


@dataclass(frozen=True)
class Split:
    """An extent in tiles whose sizes differ by one at most: no small rest is left over.

    Parameters
    ----------
    extent : int
        What is cut.
    most : int
        No tile is larger.

    Examples
    --------
    >>> [(part.count, part.size) for part in Split(30, 14).parts]
    [(3, 10)]
    >>> [(part.count, part.size) for part in Split(29, 14).parts]
    [(2, 10), (1, 9)]
    """

    extent: int
    most: int

    @cached_property
    def count(self) -> int:
        """How many tiles there are; of nothing one, which is empty."""
        return max(1, -(-self.extent // self.most))

    @property
    def largest(self) -> int:
        """The size of the larger tiles."""
        return -(-self.extent // self.count)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The larger tiles, then those that are smaller by one."""
        small, many = divmod(self.extent, self.count)
        large = Part(small + 1, 0, many, 0)
        return tuple(
            part for part in (large, Part(small, many, self.count - many, many * (small + 1))) if part.count
        )
