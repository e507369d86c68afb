"""The arena: buffers that do not live at the same time share memory, as a result may with its operand."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Repeat, Step
from chainrule.compiler.program.in_place import replaced

ALIGNMENT = 64


@dataclass(frozen=True)
class Life:
    """From which step to which a buffer is needed, both included."""

    buffer: Buffer
    first: int
    last: int


@dataclass(frozen=True)
class Arena:
    """Where each buffer begins, in bytes; and for results in an operand's place, that operand."""

    offsets: dict[Buffer, int]
    lives: tuple[Life, ...]
    size: int
    operands: dict[Buffer, Buffer] = field(default_factory=dict)


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

    Buffers that ``apart`` names share memory only with those for which it has the same word. Results that
    may take the place of an operand do.
    """
    found, words = lives(steps), apart if apart is not None else {}
    operands = replaced(steps, words)
    groups: dict[Hashable, list[Life]] = {None: []}
    for life in _together(found, operands):
        groups.setdefault(words.get(life.buffer), []).append(life)
    offsets, size = {}, 0
    for group in groups.values():
        inside, needed = _placed(group)
        offsets.update({buffer: size + offset for buffer, offset in inside.items()})
        size += needed
    offsets = {life.buffer: offsets[_first(life.buffer, operands)] for life in found}
    return Arena(offsets, found, size, operands)


def _together(found: Sequence[Life], operands: Mapping[Buffer, Buffer]) -> list[Life]:
    """Buffers that follow each other in the same place as one, under the name of the first."""
    last = {life.buffer: life.last for life in found}
    for life in found:
        first = _first(life.buffer, operands)
        last[first] = max(last[first], life.last)
    return [Life(x.buffer, x.first, last[x.buffer]) for x in found if x.buffer not in operands]


def _first(buffer: Buffer, operands: Mapping[Buffer, Buffer]) -> Buffer:
    """The one whose place it has in the end."""
    while buffer in operands:
        buffer = operands[buffer]
    return buffer


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
