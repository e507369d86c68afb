"""Large batches: steps that work on each image by itself are run through by a few images at a time.

Step after step, the values of a whole batch go to memory and come back. In groups of images they stay in
the caches, and what lies between two steps takes the memory of one group. Weights are then read once for
each group, so it is done as long as values are larger than weights: at a network's beginning.

An image stands for whatever the first axis of the inputs counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chainrule.compiler.loops.expr import Buffer, Read, walk
from chainrule.compiler.loops.fuse import fused, needed
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.loops.shares import Cutter, axis_of_rows, memory_of, shared_reads
from chainrule.compiler.loops.step import Definition, Repeat, Step, Window
from chainrule.compiler.target import Target

# The part of the third cache that a step's values may take: beyond it they come from memory.
_PART_OF_CACHE = 4
# How many second caches the largest values of a group fill at least: kernels should not become too small.
_LARGEST_OF_GROUP = 2
# How many steps there are at least that would be kernels of their own.
_FEWEST_STEPS = 4


@dataclass(frozen=True)
class Row:
    """A step whose elements can be computed image by image, and how it is done so.

    Attributes
    ----------
    axis : int
        Its axis, or the loop of a contraction, that counts images.
    values, weights : int
        Bytes that belong to images, and bytes that all images read.
    """

    axis: int
    values: int
    weights: int


def in_groups(steps: Sequence[Step], kept: set[Buffer], counts: Sequence[int], target: Target) -> list[Step]:
    """Steps, some of them in a loop over groups of images where that saves traffic with memory.

    Parameters
    ----------
    steps : sequence of Step
        What a program that assigns no state does, before fusion.
    kept : set of Buffer
        What outlives the program.
    counts : sequence of int
        How many images there may be.
    target : Target
        Whose caches count.
    """
    steps = needed(steps, kept)
    for images in counts:
        rows = [_row(step, images) if images > 1 else None for step in steps]
        groups = _groups(steps, rows, images, target)
        begin, end, gain = _best(_gains(steps, rows, groups, target.caches.l3 // _PART_OF_CACHE))
        passes = sum(not _is_joined(step) for step in steps[begin:end])
        if groups > 1 and gain > target.caches.l3 and passes >= _FEWEST_STEPS:
            cut = Cut(steps[begin:end], [row.axis for row in rows[begin:end] if row], images, groups)
            return [*steps[:begin], _loop(cut, [*steps[:begin], *steps[end:]], kept), *steps[end:]]
    return steps


def _groups(steps: Sequence[Step], rows: Sequence[Row | None], images: int, target: Target) -> int:
    """How many groups there are: as many as leave each of them enough to do."""
    passes = [row.values for step, row in zip(steps, rows, strict=True) if row and not _is_joined(step)]
    most = max(passes, default=0) // (_LARGEST_OF_GROUP * target.caches.l2)
    return max((n for n in range(1, images + 1) if images % n == 0 and n <= most), default=1)


def _row(step: Step, images: int) -> Row | None:
    """How a step goes image by image, if it does."""
    if isinstance(step, Nest):
        members = [_row(member, images) for member in step.members]
        first, extents = members[0], step.members[0].extents
        alike = all(x is not None and first is not None and x.axis == first.axis for x in members)
        if first is None or not alike or any(member.extents != extents for member in step.members):
            return None
        axis = first.axis
    else:
        found = axis_of_rows(step, images)
        if found is None:
            return None
        axis = found
    shared = {x for part in _parts(step) for x in shared_reads(part, axis)}
    used = {*step.reads(), *step.writes()}
    return Row(axis, sum(x.nbytes for x in used - shared), sum(x.nbytes for x in shared))


def _parts(step: Step) -> Sequence[Step]:
    return step.members if isinstance(step, Nest) else [step]


def _gains(steps: Sequence[Step], rows: Sequence[Row | None], groups: int, near: int) -> list[float]:
    """Bytes that each step saves in groups: its values, if they are many, but for weights read again."""
    made = {memory_of(x) for step, row in zip(steps, rows, strict=True) if row for x in step.writes()}
    found = []
    for step, row in zip(steps, rows, strict=True):
        shared = {x for part in _parts(step) for x in shared_reads(part, row.axis)} if row else set()
        if row is None or not made.isdisjoint(map(memory_of, shared)):
            found.append(-math.inf)
            continue
        saved = row.values if row.values > near else 0
        found.append(0 if _is_joined(step) else saved - (groups - 1) * row.weights)
    return found


def _is_joined(step: Step) -> bool:
    """Whether a step is no pass of its own: it reads nothing, or each buffer at one place only."""
    if not step.reads():
        return True
    if not isinstance(step, Definition) or step.folded:
        return False
    places = {(x.buffer, x.form) for x in walk(step.value) if isinstance(x, Read)}
    return len({buffer for buffer, _ in places}) == len(places)


def _best(gains: Sequence[float]) -> tuple[int, int, float]:
    """The run of steps that saves most: where it begins and ends, and how much that is."""
    best, begin, total = (0, 0, 0.0), 0, 0.0
    for place, gain in enumerate(gains):
        if total <= 0:
            begin, total = place, 0.0
        total += gain
        # What saves nothing belongs to what is before it.
        if total >= best[2]:
            best = begin, place + 1, total
    return best


@dataclass(frozen=True)
class Cut:
    """A run of steps that is cut into groups of images; ``axes`` are those that count images."""

    steps: Sequence[Step]
    axes: Sequence[int]
    images: int
    groups: int


class _Group(Cutter):
    """Cuts steps for one group; ``outside`` are buffers that others use too, of which it sees a part."""

    def __init__(self, cut: Cut, outside: set[Buffer]) -> None:
        super().__init__(cut.images, cut.groups)
        self.outside, self.own = outside, dict[Buffer, Buffer]()

    def part(self, buffer: Buffer) -> Buffer:
        """What a group has of a buffer."""
        size = buffer.size // self.count
        if buffer in self.outside:
            part = Window(buffer.name, buffer.dtype, size, "window", None, buffer, stride=size)
            return self.parts.setdefault(buffer, part)
        return self.own.setdefault(buffer, Buffer(buffer.name, buffer.dtype, size))

    def of(self, step: Step, axis: int) -> Step:
        """A step for one group."""
        if not isinstance(step, Nest):
            return self.step(step, axis)
        members = [part for member in step.members if isinstance(part := self.step(member, axis), Definition)]
        return replace(step, members=members, extents=members[0].extents)


def _loop(cut: Cut, others: Sequence[Step], kept: set[Buffer]) -> Repeat:
    """The loop over groups; ``others`` are the steps before and behind it."""
    used = {x for step in others for x in (*step.reads(), *step.writes())} | kept
    moved = {x for step in cut.steps for x in (*step.reads(), *step.writes())}
    group = _Group(cut, {x for x in moved if x in used or x.kind != "arena"})
    body = [group.of(step, axis) for step, axis in zip(cut.steps, cut.axes, strict=True)]
    windows = list(group.parts.values())
    written = {x for step in body for x in step.writes()}
    own = set(group.own.values())
    # A part of what is written here may have been written before, as the zeros around a value.
    inputs = list(dict.fromkeys(memory_of(x) for step in body for x in step.reads() if x not in own))
    outputs = [memory_of(x) for x in windows if x in written]
    loop = Repeat("scan", inputs, outputs, {"body": fused(body, set(windows))}, windows, length=cut.groups)
    loop.nodes = list(dict.fromkeys(node for step in cut.steps for node in step.nodes))
    return loop
