"""Kernels: definitions that are computed together in one loop nest."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from chainrule.compiler.loops.expr import Buffer, cost
from chainrule.compiler.loops.step import Definition, Opaque, Step
from chainrule.core.spec import Shape

# A piece of work below this many element operations is not worth handing to another thread.
_SMALLEST_PIECE = 1 << 15
_MOST_PIECES = 64
# Rows that are worked on together, and the most elements that they have.
_ROWS_TOGETHER, _MOST_TOGETHER = (4, 2), 768
# From so many on it matters more which pieces a thread gets than that all have the same number of them.
_MANY_PIECES = 8


@dataclass(eq=False)
class Nest(Step):
    """Definitions over one loop nest.

    The first ``outer`` axes are independent: each point of them is a row that is worked on alone. Inside a
    row, definitions are computed phase by phase: a phase is one pass over the inner axes, and ends where
    a fold must be complete before its result is used. In a nest of columns the folded axes stand between
    the outer ones and the last, along which there is a result for every element.

    Parameters
    ----------
    extents : tuple of int
        The axes.
    outer : int
        How many of them are independent.
    members : list of Definition
        In order; their forms are over the axes of the nest.
    columns : bool
        Whether the last axis is kept and axes before it are folded.
    local : set of Buffer
        What nobody reads after the nest: it need not be stored where a register holds it.
    in_rows : set of Buffer
        Those of them that have room for one row of each piece.
    """

    extents: Shape
    outer: int
    members: list[Definition]
    columns: bool = False
    local: set[Buffer] = field(default_factory=set)
    in_rows: set[Buffer] = field(default_factory=set)

    @property
    def row(self) -> int:
        """Elements of a row."""
        return math.prod(self.extents[self.outer :])

    def reads(self) -> list[Buffer]:
        """Buffers that its members read from outside."""
        made = set(self.writes())
        found = [x for member in self.members for x in member.reads() if x not in made]
        return list(dict.fromkeys(found))

    def writes(self) -> list[Buffer]:
        """Targets of its members."""
        return [member.target for member in self.members]

    def buffers(self) -> list[Buffer]:
        """All that it reads or writes, in a fixed order."""
        return list(dict.fromkeys(x for member in self.members for x in (*member.reads(), member.target)))

    @property
    def work(self) -> int:
        """Element operations."""
        return math.prod(self.extents) * sum(1 + cost(member.value) for member in self.members)

    def phases(self) -> list[list[Definition]]:
        """Members by the pass in which they are computed; after each, those that need no pass."""
        after: dict[Buffer, int] = {}
        last_read: dict[Buffer, int] = {}
        found: list[list[Definition]] = []
        for member in self.members:
            phase = max((after.get(x, 0) for x in member.reads()), default=0)
            # What is overwritten must have been read by all who need its old elements.
            phase = max(phase, last_read.get(member.target, 0))
            last_read.update({x: max(phase, last_read.get(x, 0)) for x in member.reads()})
            while len(found) <= phase:
                found.append([])
            found[phase].append(member)
            ends = phase + 1 if member.folded else phase
            after[member.target] = max(after.get(member.target, 0), ends)
        return found

    @property
    def unstored(self) -> set[Buffer]:
        """What is in registers only."""
        return self.local - {member.target for member in self.members if self.is_stored(member)}

    def is_stored(self, member: Definition) -> bool:
        """Whether a member's elements are written: someone else, or a later phase, reads them from memory."""
        if member.target not in self.local:
            return True
        if member.folded or len(member.extents) < len(self.extents):
            # Sums of columns wait in memory while other columns are summed; those of rows in a register.
            return bool(member.folded) and self.columns
        phases = self.phases()
        mine = next(i for i, phase in enumerate(phases) if member in phase)
        return any(member.target in other.reads() for phase in phases[mine + 1 :] for other in phase)

    def adds_up_in_memory(self, member: Definition) -> bool:
        """Whether a member has sums of columns in a nest of rows: each piece has some of its own."""
        return bool(member.folded) and not self.columns and len(self.extents) - 1 not in member.folded

    def detail(self) -> Any:
        """For reading: extents and formulas."""
        return self.extents


@dataclass(eq=False)
class Anchor(Step):
    """A contraction, and definitions that are computed on its accumulators before they are stored.

    Parameters
    ----------
    product : Opaque
        The contraction.
    extents : tuple of int
        The axes of its result as they lie in memory; members are over them.
    order : tuple of int
        For each of them, which loop of the contraction it is (batch, rows, columns in turn).
    members : list of Definition
        In order.
    local : set of Buffer
        What nobody reads after the kernel.
    plan : Plan
        How it is carried out on a target, once that is chosen.
    """

    product: Opaque
    extents: Shape
    order: tuple[int, ...]
    members: list[Definition] = field(default_factory=list)
    local: set[Buffer] = field(default_factory=set)
    plan: Any = None

    @property
    def result(self) -> Buffer:
        """What the contraction itself gives."""
        return self.product.outputs[0]

    def reads(self) -> list[Buffer]:
        """Operands, and what members read from outside."""
        made = set(self.writes())
        found = [x for member in self.members for x in member.reads() if x not in made]
        return list(dict.fromkeys([*self.product.inputs, *found]))

    def writes(self) -> list[Buffer]:
        """The product and the targets of members."""
        return [*self.product.writes(), *(member.target for member in self.members)]

    @property
    def unstored(self) -> set[Buffer]:
        """What is on accumulators only."""
        return self.local

    def buffers(self) -> list[Buffer]:
        """All that it reads or writes, in a fixed order."""
        others = [x for member in self.members for x in (*member.reads(), member.target)]
        return list(dict.fromkeys([*self.product.inputs, *self.product.writes(), *others]))


def pieces_in_rows(nest: Nest) -> int:
    """Into how many pieces a nest is cut that goes row by row."""
    return pieces_of(nest.work, math.prod(nest.extents[: nest.outer]))


def rows_together(nest: Nest) -> int:
    """How many rows are worked on together: of short ones several, or each would wait for its own folds.

    Groups of rows are whole, and every piece has some.
    """
    rows = math.prod(nest.extents[: nest.outer])
    if nest.columns or nest.outer == len(nest.extents) or len(nest.phases()) == 1:
        return 1
    fit = (n for n in _ROWS_TOGETHER if n * nest.row <= _MOST_TOGETHER and rows % n == 0)
    return next((n for n in fit if rows // n >= pieces_in_rows(nest)), 1)


def pieces_of(work: int, rows: int) -> int:
    """Into how many pieces rows of work are cut: a number that depends on shapes alone.

    Many pieces are a power of two: shared by 2, 4 or 8 threads, kernels on the same rows have each thread
    work on the same part of them.
    """
    pieces = max(1, min(rows, _MOST_PIECES, work // _SMALLEST_PIECE))
    return pieces if pieces < _MANY_PIECES else 1 << pieces.bit_length() - 1


def alone(member: Definition) -> Nest:
    """A kernel of one definition."""
    ndim = len(member.extents)
    if not member.folded:
        return Nest(member.extents, ndim, [member], nodes=list(member.nodes))
    columns = ndim - 1 not in member.folded
    return Nest(member.extents, min(member.folded), [member], columns, nodes=list(member.nodes))
