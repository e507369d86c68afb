"""Radix sort of one row: by the lowest byte of the keys first, each pass keeping the order of the one before.

Keys and order lie twice in the workspace, and every pass moves them from one side to the other. All bytes
are counted in one walk beforehand, so that a byte in which all keys agree needs no pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chainrule.compiler.emit.irregular.elements import BYTE
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.dtypes import DType, uint32, uint64

_DIGITS = 256


@dataclass(frozen=True)
class Workspace:
    """Memory for a row of ``extent`` keys: two sides of keys, two of places, and a count for each digit."""

    extent: int
    key_type: DType

    @property
    def place_type(self) -> DType:
        """What holds any place of the row."""
        return uint32 if self.extent < 1 << 32 else uint64

    @property
    def passes(self) -> int:
        """Bytes of a key."""
        return self.key_type.itemsize

    @property
    def nbytes(self) -> int:
        """Size of it all."""
        return self.counts_at + self.passes * _DIGITS * self.place_type.itemsize

    @property
    def places_at(self) -> int:
        """Where the places begin."""
        return 2 * self.extent * self.key_type.itemsize

    @property
    def counts_at(self) -> int:
        """Where the counts begin: at a multiple of 8, as everything before has two sides of 4 or 8 bytes."""
        return self.places_at + 2 * self.extent * self.place_type.itemsize


class Radix:
    """Writes the code that sorts one row.

    Parameters
    ----------
    b : Builder
        Where it goes.
    space : Workspace
        How the memory is divided.
    memory : Pointer
        Where it lies.
    """

    def __init__(self, b: Builder, space: Workspace, memory: Pointer) -> None:
        self.b, self.space, self._keys = b, space, memory
        self._places = b.element(memory, space.places_at, BYTE)
        self._counts = b.element(memory, space.counts_at, BYTE)
        self._side = b.number(0)

    def begin(self) -> None:
        """Let the order be that of the row itself."""
        self._side = self.b.number(0)
        with self.b.loop(0, self.space.extent) as loop:
            self.b.store(self.b.cast(loop.index, self.space.place_type), self._place(loop.index))

    def order(self, i: Index) -> Value:
        """The place of what is now number ``i``."""
        return self.b.cast(self.b.load(self._place(self._on(self._side, i)), self.space.place_type), INDEX)

    def sort_by(self, key_at: Callable[[Value], Value]) -> None:
        """Sort by ``key_at(place)``; where keys are equal the order stays."""
        b, space = self.b, self.space
        b.fill_bytes(self._counts, 0, space.passes * _DIGITS * space.place_type.itemsize)
        with b.loop(0, space.extent) as loop:
            key = key_at(self.order(loop.index))
            b.store(key, self._key(self._on(self._side, loop.index)))
            for number in range(space.passes):
                self._increment(self._count(number, key))
        with b.loop(0, space.passes, carried=[self._side]) as loop:
            loop.next(*self._pass_if_needed(loop.index, loop.carried[0]))
        (self._side,) = loop.results

    def _pass_if_needed(self, number: Value, side: Value) -> tuple[Value, ...]:
        """The side on which keys lie after a pass, or after none if all have the same digit."""
        b, space = self.b, self.space
        first = b.load(self._key(self._on(side, 0)), space.key_type)
        alike = b.load(self._count(number, first), space.place_type)
        is_needed = b.compare("lt", alike, space.extent)
        return b.choose(is_needed, lambda: [self._pass(number, side)], lambda: [side])

    def _pass(self, number: Value, side: Value) -> Value:
        """Move keys and places to the other side, in the order of one digit."""
        b, space = self.b, self.space
        self._starts(number)
        other = b.bits_xor(side, 1)
        with b.loop(0, space.extent) as loop:
            old = self._on(side, loop.index)
            key = b.load(self._key(old), space.key_type)
            place = b.load(self._place(old), space.place_type)
            new = self._on(other, b.cast(self._increment(self._count(number, key)), INDEX))
            b.store(key, self._key(new))
            b.store(place, self._place(new))
        return other

    def _starts(self, number: Value) -> None:
        """The counts of a pass become the places where each digit's keys begin."""
        b, dtype = self.b, self.space.place_type
        with b.loop(0, _DIGITS, carried=[b.constant(0, dtype)]) as loop:
            at = b.element(self._counts, b.plus(b.times(number, _DIGITS), loop.index), dtype)
            count = b.load(at, dtype)
            b.store(loop.carried[0], at)
            loop.next(b.add(loop.carried[0], count))

    def _increment(self, at: Pointer) -> Value:
        """Count one more; gives what was counted before."""
        before = self.b.load(at, self.space.place_type)
        self.b.store(self.b.add(before, 1), at)
        return before

    def _count(self, number: Index, key: Value) -> Pointer:
        """The count of a key's digit."""
        b = self.b
        shift = b.cast(b.number(b.times(number, 8)), key.dtype)
        digit = b.cast(b.bits_and(b.shift_right(key, shift), _DIGITS - 1), INDEX)
        at = b.plus(b.times(number, _DIGITS), digit)
        return b.element(self._counts, at, self.space.place_type)

    def _on(self, side: Value, i: Index) -> Index:
        return self.b.plus(self.b.times(side, self.space.extent), i)

    def _key(self, i: Index) -> Pointer:
        return self.b.element(self._keys, i, self.space.key_type)

    def _place(self, i: Index) -> Pointer:
        return self.b.element(self._places, i, self.space.place_type)
