"""Fusion: definitions over the same axes become one kernel.

A definition joins an earlier kernel if every buffer it needs is complete by then, or is computed by that
kernel at the very element where it is read. Of several it joins the one that it shares most buffers with.
A sum of columns that is alone at the end joins an earlier one that has come to read the same.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeGuard

from chainrule.compiler.loops.again import made_again
from chainrule.compiler.loops.axes import in_memory_order, simplified
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.join import joined
from chainrule.compiler.loops.kernel import Anchor, Nest, alone
from chainrule.compiler.loops.step import Definition, Opaque, Step

# Kernels that only read the same are put together up to this many buffers: more streams than this at a time
# are slower, and thousands of parameters share the learning rate.
_MOST_BUFFERS = 32
# Those that use what the other makes, up to this many: the time to compile a kernel grows faster than it.
_MOST_BUFFERS_OF_CHAINS = 128
# Of the kernels that read a buffer, so many of the latest are tried.
_LOOK_BACK = 16


def fused(steps: Sequence[Step], kept: set[Buffer]) -> list[Step]:
    """Steps with their definitions gathered in kernels; ``kept`` are buffers that outlive the program."""
    gathering = _Gathering()
    for step in needed(steps, kept):
        gathering.add(step)
    kernels = made_again(gathering.with_sums_together(), kept)
    readers = Counter(x for kernel in kernels for x in set(kernel.reads()))
    for kernel in kernels:
        if isinstance(kernel, Nest | Anchor):
            kernel.local = {x for x in kernel.writes() if x not in kept and not readers[x]}
    return [simplified(kernel) if isinstance(kernel, Nest) else kernel for kernel in kernels]


def needed(steps: Sequence[Step], kept: set[Buffer]) -> list[Step]:
    """The steps without those that nobody reads: rows that found a better way have left them behind."""
    found: list[Step] = []
    read = set(kept)
    for step in reversed(steps):
        only_computes = isinstance(step, Definition | Nest) or is_contraction(step)
        if only_computes and all(x.kind == "arena" and x not in read for x in step.writes()):
            continue
        found.append(step)
        read.update(step.reads())
    return found[::-1]


class _Gathering:
    """Kernels in order, and who uses which buffer."""

    def __init__(self) -> None:
        self.kernels: list[Step] = []
        self._writers: dict[Buffer, list[int]] = defaultdict(list)
        self._readers: dict[Buffer, list[int]] = defaultdict(list)
        self._buffers: dict[int, set[Buffer]] = defaultdict(set)

    def add(self, step: Step) -> None:
        """Put a step into a kernel, or make it one."""
        if not isinstance(step, Definition):
            self._append(anchored(step) if is_contraction(step) else step)
            return
        member = in_memory_order(step)
        # What is made again is not made beside the first: it would have to be kept from then on.
        is_again = any(node.again for node in step.nodes)
        for number in () if is_again else self._candidates(member):
            if self._has_room(number, member) and joined(self.kernels[number], member):
                self._note(number, member)
                return
        self._append(alone(member))

    def with_sums_together(self) -> list[Step]:
        """The kernels; sums that were alone join an earlier kernel that has come to read the same since."""
        moved: set[int] = set()
        for number, kernel in enumerate(self.kernels):
            if isinstance(kernel, Nest) and kernel.columns and len(kernel.members) == 1:
                member = kernel.members[0]
                hosts = (n for n in self._earlier(number, member) if n not in moved)
                if any(self._has_room(n, member) and joined(self.kernels[n], member) for n in hosts):
                    moved.add(number)
        return [kernel for number, kernel in enumerate(self.kernels) if number not in moved]

    def _earlier(self, number: int, member: Definition) -> list[int]:
        """Kernels of columns before its own that a definition may move to, which read its large operands."""
        target, size = member.target, math.prod(member.extents)
        if self._writers[target] != [number] or any(n <= number for n in self._readers[target]):
            return []
        first = max((n for x in member.reads() for n in self._writers[x]), default=0)
        readers = {n for x in member.reads() if x.size >= size for n in self._readers[x]}
        places = [n for n in sorted(readers) if first <= n < number]
        return [n for n in places if isinstance(nest := self.kernels[n], Nest) and nest.columns]

    def _has_room(self, number: int, member: Definition) -> bool:
        """Whether a kernel may take a definition and stay of a reasonable size."""
        # A number that all read does not make a chain of them.
        made = [x for x in member.reads() if x.size >= member.target.size]
        is_chain = any(number in self._writers[x] for x in made)
        most = _MOST_BUFFERS_OF_CHAINS if is_chain else _MOST_BUFFERS
        return len(self._buffers[number].union(member.reads(), member.writes())) <= most

    def _append(self, kernel: Step) -> None:
        self.kernels.append(kernel)
        self._note(len(self.kernels) - 1, kernel)

    def _note(self, number: int, step: Step) -> None:
        for buffers, users in ((step.reads(), self._readers), (step.writes(), self._writers)):
            for buffer in buffers:
                if not users[buffer] or users[buffer][-1] != number:
                    users[buffer].append(number)
                self._buffers[number].add(buffer)

    def _candidates(self, member: Definition) -> list[int]:
        """Kernels that a definition may be put in, those first that it shares most with.

        It cannot come before what makes its operands, nor before those who still read what it overwrites.
        """
        before = [number for x in member.reads() for number in self._writers[x]]
        before += self._writers[member.target] + self._readers[member.target]
        first = max(before, default=0)
        shared: Counter[int] = Counter()
        for buffer in member.reads():
            shared.update(dict.fromkeys(self._readers[buffer][-_LOOK_BACK:], 1))
            shared.update(dict.fromkeys(self._writers[buffer][-_LOOK_BACK:], 4))
        shared.update(dict.fromkeys(self._readers[member.target], 1))
        found = [number for number in shared if number >= first]
        return sorted(found, key=lambda number: (-shared[number], -number))


def is_contraction(step: Step) -> TypeGuard[Opaque]:
    """Whether a step multiplies and adds up, and nothing else."""
    return isinstance(step, Opaque) and step.name == "contraction"


def anchored(step: Opaque) -> Anchor:
    """A contraction as a kernel that others may join."""
    form = step.detail.form
    dims = [*form.batch, *form.rows, *form.columns]
    order = sorted((i for i, dim in enumerate(dims) if dim.extent != 1), key=lambda i: -dims[i].c)
    return Anchor(step, tuple(dims[i].extent for i in order), tuple(order), nodes=list(step.nodes))


def together(members: Sequence[Definition]) -> Nest:
    """A kernel of definitions over the same axes, none of which reads what another one makes elsewhere."""
    first, *others = map(in_memory_order, members)
    nest = alone(first)
    nest.members += others
    return nest
