"""The arena: buffers that do not live at the same time share memory."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Repeat, Step

ALIGNMENT = 64


@dataclass(frozen=True)
class Life:
    """From which step to which a buffer is needed, both included."""

    buffer: Buffer
    first: int
    last: int


@dataclass(frozen=True)
class Arena:
    """Where each buffer begins, in bytes."""

    offsets: dict[Buffer, int]
    lives: tuple[Life, ...]
    size: int


def lives(steps: Sequence[Step]) -> tuple[Life, ...]:
    """When each buffer of the arena is written first and used last."""
    first: dict[Buffer, int] = {}
    last: dict[Buffer, int] = {}
    _number(steps, 0, first, last)
    return tuple(Life(buffer, first[buffer], last[buffer]) for buffer in first)


def _number(steps: Sequence[Step], number: int, first: dict[Buffer, int], last: dict[Buffer, int]) -> int:
    """Note uses step by step; what repeated steps share with the outside is needed as long as they run."""
    for step in steps:
        begin = number
        if isinstance(step, Repeat):
            for part in step.parts.values():
                number = _number(part, number + 1, first, last)
        for at in (begin, number):
            for buffer in _used(step):
                first[buffer] = min(first.get(buffer, at), at)
                last[buffer] = max(last.get(buffer, at), at)
        number += 1
    return number


def _used(step: Step) -> list[Buffer]:
    extra = [step.predicate] if isinstance(step, Repeat) and step.predicate is not None else []
    unstored = step.unstored if isinstance(step, Nest | Anchor) else set()
    return [x for x in (*step.reads(), *step.writes(), *extra) if x.kind == "arena" and x not in unstored]


def planned(steps: Sequence[Step], apart: Mapping[Buffer, Hashable] | None = None) -> Arena:
    """Offsets such that buffers alive at the same time do not overlap.

    Buffers that ``apart`` names share memory only with those for which it has the same word.
    """
    found, words = lives(steps), apart if apart is not None else {}
    groups: dict[Hashable, list[Life]] = {None: []}
    for life in found:
        groups.setdefault(words.get(life.buffer), []).append(life)
    offsets, size = {}, 0
    for group in groups.values():
        inside, needed = _placed(group)
        offsets.update({buffer: size + offset for buffer, offset in inside.items()})
        size += needed
    return Arena(offsets, found, size)


def _placed(found: Sequence[Life]) -> tuple[dict[Buffer, int], int]:
    """Offsets of buffers that share memory, the largest placed first, and how much they need."""
    order = sorted(found, key=lambda life: -life.buffer.nbytes)
    # Thousands of buffers in a deep network, half of them alive at the same time: compared as arrays.
    first, last = np.array([x.first for x in order], int), np.array([x.last for x in order], int)
    sizes = np.array([_rounded(x.buffer.nbytes) for x in order], int)
    begins = np.zeros_like(sizes)
    for i, life in enumerate(order):
        others = np.flatnonzero((first[:i] <= life.last) & (life.first <= last[:i]))
        begins[i] = _first_gap(begins[others], sizes[others], sizes[i])
    offsets = dict(zip([life.buffer for life in order], begins.tolist(), strict=True))
    return offsets, int(max(begins + sizes, default=0))


def _rounded(size: int) -> int:
    return -(-max(size, 1) // ALIGNMENT) * ALIGNMENT


def _first_gap(taken: np.ndarray, sizes: np.ndarray, size: int) -> int:
    """The lowest place where so many bytes are free."""
    order = np.argsort(taken, kind="stable")
    ends = np.maximum.accumulate(np.append(0, (taken + sizes)[order]))
    is_wide = taken[order] - ends[:-1] >= size
    return int(ends[np.argmax(is_wide)] if is_wide.any() else ends[-1])
