"""Where a result lies: the indices of a tile's elements in the loops that the form was given with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, overload

from chainrule.compiler.emit.contraction.form import Dim, merged
from chainrule.compiler.llvm import Builder
from chainrule.compiler.llvm.core import Index

T = TypeVar("T")


@dataclass(frozen=True)
class Axis:
    """A loop of the simplified form.

    Parameters
    ----------
    group : str
        ``batch``, ``rows``, ``columns`` or ``depth``.
    dim : Dim
        The loop.
    parts : tuple of int
        The dims of the group that it stands for, outer ones first.
    """

    group: str
    dim: Dim
    parts: tuple[int, ...]


def axes_of(group: str, dims: tuple[Dim, ...]) -> list[Axis]:
    """The loops of a group, merged."""
    return [Axis(group, dim, parts) for dim, parts in merged(dims)]


@dataclass(frozen=True)
class At:
    """An index as the sum of what is known when the program runs and what is known now."""

    base: Index = 0
    offset: int = 0


class Memory:
    """What was computed before in the same block of a function, so that it is not written twice."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def get(self, b: Builder, key: Hashable, make: Callable[[], T]) -> T:
        """What belongs to a key."""
        full = b.block, key
        if full not in self._known:
            self._known[full] = make()
        found: T = self._known[full]
        return found


class Place(Sequence[Index]):
    """The indices along the dims of one group, each written when it is asked for.

    Parameters
    ----------
    b : Builder
        Where instructions go.
    dims : tuple of Dim
        The group as the form was given.
    at : dict
        For each axis of the simplified form where along it the element is.
    memory : Memory
        Shared by the places of a tile.
    """

    def __init__(self, b: Builder, dims: tuple[Dim, ...], at: dict[Axis, At], memory: Memory) -> None:
        self._b, self._dims, self._at, self.memory = b, dims, at, memory

    def __len__(self) -> int:
        return len(self._dims)

    @overload
    def __getitem__(self, item: int) -> Index: ...
    @overload
    def __getitem__(self, item: slice) -> Sequence[Index]: ...
    def __getitem__(self, item: int | slice) -> Index | Sequence[Index]:
        if isinstance(item, slice):
            return [self[i] for i in range(*item.indices(len(self)))]
        wanted = range(len(self))[item]
        unit = [int(i == wanted) for i in range(len(self))]
        return self.affine(unit)

    def affine(self, strides: Sequence[int]) -> Index:
        """The sum of indices times strides, one for each dim of the group.

        Loops that were merged are taken apart only if the strides do not allow them to stay together.
        """
        base, known = self.split(strides)
        return self._b.plus(base, known)

    def split(self, strides: Sequence[int]) -> tuple[Index, int]:
        """The same sum for the tile's first element, and how far this element is from that one."""
        b, known = self._b, 0
        total: Index = 0
        for axis, at in self._at.items():
            inner = strides[axis.parts[-1]]
            if self._fits(axis, strides):
                start = self.memory.get(b, ("times", at.base, inner), partial(b.times, at.base, inner))
                total = self.memory.get(b, ("plus", total, start), partial(b.plus, total, start))
                known += at.offset * inner
                continue
            extents = [self._dims[part].extent for part in axis.parts]
            indices = b.unravel(b.plus(at.base, at.offset), extents)
            total = b.affine(total, [(x, strides[p]) for x, p in zip(indices, axis.parts, strict=True)])
        return total, known

    def _fits(self, axis: Axis, strides: Sequence[int]) -> bool:
        return all(
            strides[outer] == strides[inner] * self._dims[inner].extent
            for outer, inner in zip(axis.parts, axis.parts[1:], strict=False)
        )
