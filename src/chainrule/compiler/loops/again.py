"""Large values that are made of little: each nest that reads one makes it itself, and nobody stores it.

What a pooling's derivative spreads over the places of its windows is read where a batch norm's derivative is
summed up, and again where that derivative is made. Windows and the places of their largest elements are a
part of it: reading these twice takes less than writing and reading what they are spread to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from chainrule.compiler.loops.expr import Apply, Buffer, Expr, Read, walk
from chainrule.compiler.loops.join import joined
from chainrule.compiler.loops.kernel import Nest, alone
from chainrule.compiler.loops.step import Definition, Step

# Rows that take less than going through memory, and how many of them.
_SIMPLE_ROWS = {"where", "equal", "greater", "less", "add", "subtract", "multiply", "negative"}
_MOST_ROWS = 4
# Bytes from which on it counts what is read, and how many times smaller than a value this must be.
_LARGE, _SMALLER = 1 << 18, 2


def made_again(kernels: Sequence[Step], kept: set[Buffer]) -> list[Step]:
    """Kernels in which such values are made by all who read them."""
    found = list(kernels)
    writers = Counter(x for kernel in found for x in kernel.writes())
    for number, host in enumerate(found):
        if not isinstance(host, Nest):
            continue
        for member in host.members:
            if writers[member.target] == 1 and member.target not in kept and _is_light(member, host):
                _make_again(found, number, member)
    return found


def _is_light(member: Definition, host: Nest) -> bool:
    """Whether a member takes little to make, and reads little, all of it from outside."""
    target, applied = member.target, [x.op.name for x in walk(member.value) if isinstance(x, Apply)]
    read = dict.fromkeys(member.reads())
    return (
        target.kind == "arena"
        and not member.folded
        and target.nbytes >= max(_LARGE, _SMALLER * sum(x.nbytes for x in read))
        and len(applied) <= _MOST_ROWS
        and _SIMPLE_ROWS.issuperset(applied)
        and not any(node.again for node in member.nodes)
        and set(host.writes()).isdisjoint(read)
    )


def _make_again(kernels: list[Step], number: int, member: Definition) -> None:
    """Have all other kernels that read a member's target make it, if all of them can."""
    readers = [n for n, kernel in enumerate(kernels) if n != number and member.target in kernel.reads()]
    behind = kernels[number + 1 : max(readers, default=number) + 1]
    if any(not set(kernel.writes()).isdisjoint(member.reads()) for kernel in behind):
        return
    anew = {n: nest for n in readers if (nest := _with_own(kernels[n], member)) is not None}
    if len(anew) == len(readers):
        for n, nest in anew.items():
            kernels[n] = nest


def _with_own(reader: Step, member: Definition) -> Nest | None:
    """A nest that makes a value itself instead of reading it; None if it reads it at other places too."""
    if not isinstance(reader, Nest):
        return None
    old = member.target
    own = Buffer(old.name, old.dtype, old.size)
    nest = alone(replace(member, target=own))
    for other in reader.members:
        if not joined(nest, replace(other, value=_reading(other.value, old, own))):
            return None
    return nest


def _reading(value: Expr, old: Buffer, own: Buffer) -> Expr:
    """An expression that reads another buffer instead of one."""
    new: dict[Expr, Expr] = {}
    for node in walk(value):
        before = node.children()
        after = tuple([new[child] for child in before])
        if isinstance(node, Read) and node.buffer is old:
            new[node] = Read(own, node.form)
        else:
            new[node] = node if after == before else node.with_children(after)
    return new[value]
