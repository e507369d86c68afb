"""Packing: a part of an operand copied so that a tile reads it one element after the other.

As many rows of A, or columns of B, as a vector has lanes are a group. A packed group holds their elements
side by side, step of depth after step of depth. Of pairs of bfloat16 a step is a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chainrule.compiler.emit.contraction.dot import pair, paired
from chainrule.compiler.emit.contraction.numbers import Numbers
from chainrule.compiler.emit.contraction.opaque import opaque
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.dtypes import DType, uint16

Body = Callable[[Index, Index], None]


@dataclass(frozen=True)
class Group:
    """What is packed.

    Parameters
    ----------
    base : Pointer
        The element of the first lane and step.
    dtype : dtype
        Element type in memory.
    step : int
        How far lanes are from each other.
    count : int or Value
        How many lanes there are. Those of the group beyond it get any numbers.
    depth : tuple of (extent, stride)
        Loops over the depth; all extents but the first are known.
    shortest : int
        No smaller than this is the extent of the last loop.
    is_odd : bool
        Of pairs: whether the last one of the last loop is half.
    """

    base: Pointer
    dtype: DType
    step: int
    count: Index
    depth: tuple[tuple[Index, int], ...]
    shortest: int
    is_odd: bool = False


class Packer:
    """Writes the code that packs one group.

    Parameters
    ----------
    b : Builder
        Where it goes.
    numbers : Numbers
        The type that is packed to.
    group : Group
        What is packed.
    target : Pointer
        Where to.
    """

    # Elements of the source in a step of depth.
    WIDTH = 1

    def __init__(self, b: Builder, numbers: Numbers, group: Group, target: Pointer) -> None:
        self.b, self.numbers, self.group, self.target = b, numbers, group, target
        self.lanes, self.depth = numbers.lanes, _merged(group.depth)

    def write(self) -> None:
        """The whole group."""
        *outer, (extent, stride) = self.depth
        if self.group.step == 1 and self.lanes > 1:
            self._side_by_side()
        elif stride == 1 and self.lanes > 1 and self._can_weave(extent):
            self._nest(outer, 0, 0, lambda at, step: self._woven(at, self._number(step, extent, 0), extent))
        else:
            self._one_by_one()

    def _can_weave(self, extent: Index) -> bool:
        """Whether a vector fits into the last loop, or a part of one can be loaded."""
        if isinstance(extent, int):
            return extent >= self.lanes or (extent > 1 and self.numbers.target.has_masks)
        return self.group.shortest >= self.lanes

    def _nest(self, loops: Sequence[tuple[Index, int]], at: Index, step: Index, body: Body) -> None:
        """Loops over the depth; ``body`` is given the place in the source and the number of the step."""
        if not loops:
            body(at, step)
            return
        (extent, stride), *rest = loops
        b = self.b
        with b.loop(0, extent) as loop:
            index = opaque(b, loop.index)
            inside = b.plus(at, b.times(index, stride))
            self._nest(rest, inside, self._number(step, extent, index), body)

    def _number(self, step: Index, extent: Index, index: Index) -> Index:
        """The number of a step of an inner loop; extents that are not known are outermost."""
        before = self.b.times(step, extent) if isinstance(extent, int) else 0
        return self.b.plus(before, index)

    def _load(self, at: Index, lanes: int = 1, mask: Value | None = None) -> Value:
        place = self.b.element(self.group.base, at, self.group.dtype)
        return self.numbers.load(self.b, place, self.group.dtype, lanes, mask)

    def _store(self, x: Value, step: Index, lane: Index = 0) -> None:
        place = self.b.plus(self.b.times(step, self.lanes), lane)
        self.b.store(x, self.b.element(self.target, place, self.numbers.dtype))

    def _lane_at(self, lane: Index) -> Index:
        """Where a lane begins; beyond the last one, where that begins."""
        b, group = self.b, self.group
        if isinstance(group.count, int) and isinstance(lane, int):
            return min(lane, group.count - 1) * group.step
        last = b.number(b.plus(group.count, -1))
        return b.times(b.minimum(last, b.number(lane)), group.step)

    def _side_by_side(self) -> None:
        """Lanes that are a vector as they lie."""
        b, count = self.b, self.group.count
        if count == self.lanes:
            self._copied(None)
        elif self.numbers.target.has_masks:
            self._copied(b.first_lanes(count, self.lanes))
        elif isinstance(count, int):
            self._one_by_one()
        else:
            with b.when(b.compare("eq", count, self.lanes)):
                self._copied(None)
            with b.when(b.compare("lt", count, self.lanes)):
                self._one_by_one()

    def _copied(self, mask: Value | None) -> None:
        def step(at: Index, number: Index) -> None:
            self._store(self._load(at, self.lanes, mask), number)

        self._nest(self.depth, 0, 0, step)

    def _one_by_one(self) -> None:
        b = self.b
        with b.loop(0, self.lanes) as loop:
            lane = opaque(b, loop.index)
            start = self._lane_at(lane)
            self._nest(self.depth, start, 0, lambda at, step: self._store(self._load(at), step, lane))

    def _woven(self, at: Index, first: Index, extent: Index) -> None:
        """Lanes that lie along the depth, from a step on: square blocks, the last one moved back to fit."""
        b, side = self.b, self.lanes
        if isinstance(extent, int) and extent < side:
            self._block(at, first, extent)
            return
        with b.loop(0, extent, side) as loop:
            start = b.minimum(opaque(b, loop.index), b.plus(extent, -side))
            self._block(b.plus(at, b.times(start, self.WIDTH)), b.plus(first, start), side)

    def _block(self, at: Index, step: Index, count: int) -> None:
        """At most as many steps as a vector has lanes."""
        b, lanes = self.b, self.lanes
        mask = None if count == lanes else b.first_lanes(count, lanes)
        vectors = [self._load(b.plus(at, self._lane_at(lane)), lanes, mask) for lane in range(lanes)]
        for k, vector in enumerate(transposed(b, vectors)[:count]):
            self._store(vector, b.plus(step, k))


class PairPacker(Packer):
    """Writes the code that packs one group of pairs, for processors that have masks."""

    WIDTH = 2

    def write(self) -> None:
        """The whole group; half a pair at the end of the last loop by itself."""
        b, self.depth = self.b, list(self.group.depth)
        *outer, (extent, stride) = self.depth
        whole = b.plus(extent, -int(self.group.is_odd))

        def inside(at: Index, step: Index) -> None:
            first = self._number(step, extent, 0)
            if whole != 0:
                self._whole_pairs(at, first, whole)
            if self.group.is_odd:
                self._step(b.plus(at, b.times(whole, stride)), b.plus(first, whole), half=True)

        self._nest(outer, 0, 0, inside)

    def _whole_pairs(self, at: Index, step: Index, count: Index) -> None:
        """So many steps from one on."""
        b, stride = self.b, self.depth[-1][1]
        if stride == self.WIDTH and self.group.step != 1 and self._can_weave(count):
            self._woven(at, step, count)
            return
        with b.loop(0, count) as loop:
            k = opaque(b, loop.index)
            self._step(b.plus(at, b.times(k, stride)), b.plus(step, k))

    def _load(self, at: Index, lanes: int = 1, mask: Value | None = None) -> Value:
        dtype = self.group.dtype
        return pair(self.b, self.b.element(self.group.base, at, dtype), dtype, lanes, mask)

    def _step(self, at: Index, step: Index, half: bool = False) -> None:
        """The numbers of all lanes at one step."""
        b, count, lanes = self.b, self.group.count, self.lanes
        if self.group.step == 1:
            mask = None if count == lanes else b.first_lanes(count, lanes)
            self._store(self._two(at, half, lanes, mask), step)
            return
        with b.loop(0, lanes) as loop:
            lane = opaque(b, loop.index)
            self._store(self._two(b.plus(at, self._lane_at(lane)), half), step, lane)

    def _two(self, at: Index, half: bool, lanes: int = 1, mask: Value | None = None) -> Value:
        """Pairs whose numbers lie apart."""
        b, dtype = self.b, self.group.dtype
        steps = (0,) if half else (0, self.depth[-1][1] // 2)
        places = [b.element(self.group.base, b.plus(at, step), dtype) for step in steps]
        first, *second = [b.load(place, uint16, lanes, mask) for place in places]
        return paired(b, first, *second)


def _merged(depth: Sequence[tuple[Index, int]]) -> list[tuple[Index, int]]:
    """Loops that go evenly through this operand as one."""
    found: list[tuple[Index, int]] = []
    for extent, stride in depth:
        if found and isinstance(extent, int):
            outer, step = found[-1]
            if isinstance(outer, int) and step == extent * stride:
                found[-1] = (outer * extent, stride)
                continue
        found.append((extent, stride))
    return found


def transposed(b: Builder, vectors: Sequence[Value]) -> list[Value]:
    """Lanes and vectors of a square block exchanged.

    One step weaves vector i and vector i + n/2 together lane by lane; log₂ n of them move each lane's
    number into its vector's.
    """
    found, n = list(vectors), len(vectors)
    low = [place for i in range(n // 2) for place in (i, n + i)]
    high = [place + n // 2 for place in low]
    for _ in range(n.bit_length() - 1):
        pairs = list(zip(found[: n // 2], found[n // 2 :], strict=True))
        # Settled, for LLVM would look for one shuffle that does the work of two; there is none.
        found = [b.settled(b.shuffle(x, places, y)) for x, y in pairs for places in (low, high)]
    return found
