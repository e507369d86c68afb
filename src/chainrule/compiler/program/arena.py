"""The arena: buffers that do not live at the same time share memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.compiler.loops.expr import Buffer
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
    return [x for x in (*step.reads(), *step.writes(), *extra) if x.kind == "arena"]


def planned(steps: Sequence[Step]) -> Arena:
    """Offsets such that buffers alive at the same time do not overlap; the largest are placed first."""
    found = lives(steps)
    offsets: dict[Buffer, int] = {}
    placed: list[Life] = []
    for life in sorted(found, key=lambda life: -life.buffer.nbytes):
        others = sorted(
            (offsets[other.buffer], _rounded(other.buffer.nbytes))
            for other in placed
            if other.first <= life.last and life.first <= other.last
        )
        offsets[life.buffer] = _first_gap(others, _rounded(life.buffer.nbytes))
        placed.append(life)
    size = max((offsets[x.buffer] + _rounded(x.buffer.nbytes) for x in placed), default=0)
    return Arena(offsets, found, size)


def _rounded(size: int) -> int:
    return -(-max(size, 1) // ALIGNMENT) * ALIGNMENT


def _first_gap(taken: Sequence[tuple[int, int]], size: int) -> int:
    """The lowest place where so many bytes are free."""
    begin = 0
    for offset, length in taken:
        if begin + size <= offset:
            return begin
        begin = max(begin, offset + length)
    return begin
