"""Searching in a sorted sequence: every step halves what is left, without a branch."""

from __future__ import annotations

from chainrule.compiler.emit.irregular.elements import Array, Elements
from chainrule.compiler.emit.irregular.form import Params, Phases, Specs, Task, irregular
from chainrule.compiler.emit.irregular.walk import in_vectors, share
from chainrule.compiler.llvm import INDEX, Builder, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.kernel import pieces_of

# Independent searches hide how long one waits for memory.
_LANES = 16


def searchsorted(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """How many elements of ``a`` stand before each of ``v``."""
    a, v = inputs
    kind = Elements(a.dtype)
    pieces = pieces_of(v.size * (a.size.bit_length() + 1), -(-v.size // _LANES))

    def write(task: Task) -> None:
        b = task.b

        def search(start: Index, lanes: int) -> None:
            (numbers,) = kind.load(b, task.inputs[1], start, lanes)
            found = _count(b, (kind, task.inputs[0]), a.size, numbers, is_right=params["side"] == "right")
            b.store(found, b.element(task.outputs[0], start, INDEX))

        in_vectors(b, share(b, task.piece, pieces, v.size, _LANES), _LANES, search)

    return (irregular(write, pieces),)


def _count(b: Builder, a: Array, size: int, x: Value, is_right: bool) -> Value:
    """How many elements stand before x: ``found`` to ``found + size``, ever closer."""
    kind, pointer = a
    found = b.constant(0, INDEX, x.lanes)
    while size:
        half = (size + 1) // 2
        middle = kind.gather(b, pointer, b.add(found, half - 1))
        before = b.bits_not(_is_less(b, x, middle)) if is_right else _is_less(b, middle, x)
        found = b.select(before, b.add(found, half), found)
        size //= 2
    return found


def _is_less(b: Builder, x: Value, y: Value) -> Value:
    """Whether x stands before y, where NaN is the last."""
    if x.kind != "f":
        return b.compare("lt", x, y)
    return b.bits_and(b.bits_not(b.compare("ge", x, y)), b.bits_not(b.is_nan(x)))
