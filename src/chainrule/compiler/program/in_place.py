"""Results in the place of an operand that nobody needs any more.

Where a kernel is the last to read a buffer, and has read each element when it writes the element of a result
that stands at the same place, the result may have the buffer's memory: less is needed, and lines that are
written are in the cache already, where others would be fetched only to be overwritten.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial

from chainrule.compiler.loops.expr import Buffer, Read, walk
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Definition, Repeat, Step, Window


def replaced(steps: Sequence[Step], apart: Mapping[Buffer, Hashable]) -> dict[Buffer, Buffer]:
    """For each result that takes an operand's place, that operand.

    ``apart`` are buffers with memory of a kind of its own, which stay where they are.
    """
    first, last = _uses(steps)
    found: dict[Buffer, Buffer] = {}
    for number, step in enumerate(steps):
        taken: set[Buffer] = set()
        for target, operand in _candidates(step):
            is_new = first[target] == number and last[operand] == number
            if (
                is_new
                and target not in found
                and operand not in taken
                and apart.keys().isdisjoint((target, operand))
            ):
                found[target] = operand
                taken.add(operand)
    return found


def _uses(steps: Sequence[Step]) -> tuple[dict[Buffer, int], dict[Buffer, int]]:
    """The first and the last step that has to do with each buffer."""
    first: dict[Buffer, int] = {}
    last: dict[Buffer, int] = {}
    for number, step in enumerate(steps):
        for buffer in _touched(step):
            first.setdefault(buffer, number)
            last[buffer] = number
    return first, last


def _touched(step: Step) -> Iterator[Buffer]:
    for buffer in (*step.reads(), *step.writes()):
        yield buffer
        if isinstance(buffer, Window) and buffer.base is not None:
            yield buffer.base
    if isinstance(step, Repeat):
        yield from () if step.predicate is None else (step.predicate,)
        for part in step.parts.values():
            for inner in part:
                yield from _touched(inner)


def _candidates(step: Step) -> Iterator[tuple[Buffer, Buffer]]:
    """Results of a kernel with operands whose places they could take, as far as the kernel is concerned."""
    if not isinstance(step, Nest | Anchor):
        return
    phases = step.phases() if isinstance(step, Nest) else [step.members]
    phase_of = {id(member): number for number, phase in enumerate(phases) for member in phase}
    others = {*step.writes(), *(step.product.inputs if isinstance(step, Anchor) else ())}
    reads = [(member, x) for member in step.members for x in walk(member.value) if isinstance(x, Read)]
    for member in filter(partial(_is_whole, step), step.members):
        for operand in dict.fromkeys(x.buffer for _, x in reads):
            readers = [(reader, x.form) for reader, x in reads if x.buffer is operand]
            is_free = operand not in others and _is_alike(operand, member.target)
            if is_free and all(_is_before(reader, form, member, phase_of) for reader, form in readers):
                yield member.target, operand


def _is_whole(step: Nest | Anchor, member: Definition) -> bool:
    """Whether a member gives each element of its target, in the arena's memory, once."""
    is_stored = member.target.kind == "arena" and member.target not in step.unstored
    is_each = not member.folded and member.extents == step.extents
    return is_stored and is_each and member.target.size == math.prod(step.extents)


def _is_alike(operand: Buffer, target: Buffer) -> bool:
    """Whether a buffer's memory suits another one."""
    return operand.kind == "arena" and (operand.dtype, operand.size) == (target.dtype, target.size)


def _is_before(reader: Definition, form: Form, member: Definition, phases: Mapping[int, int]) -> bool:
    """Whether what is read at an element's place is read before a member writes its element there."""
    is_earlier = reader is member or phases[id(reader)] < phases[id(member)]
    return is_earlier and form == member.place
