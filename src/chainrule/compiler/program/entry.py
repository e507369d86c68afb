"""The native entry of a program: one function that calls all kernels in order.

It is given the addresses that change from call to call, puts them where kernels look for them, and runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chainrule.compiler.llvm import Builder, Module, Pointer
from chainrule.compiler.llvm.types import INDEX
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.program.calls import Call, KernelCall

# What stands first among the addresses that change: the pool's function, the pool, the way back to Python.
PARALLEL, POOL, CALLBACK, FIRST = range(4)


@dataclass(frozen=True)
class Entry:
    """The text of an entry, and where its kernels look for their addresses.

    Attributes
    ----------
    text : str
        The module.
    slots : tuple of Buffer
        Whose address stands in each slot; each kernel's stand one after the other.
    """

    text: str
    slots: tuple[Buffer, ...]


def written(calls: Sequence[Call], dynamic: Mapping[Buffer, int]) -> Entry:
    """The entry for some calls; ``dynamic`` numbers the buffers that lie elsewhere at each call."""
    module = Module()
    b = Builder(module, "entry_", [("ptr", "slots"), ("ptr", "dynamic")])
    slots = [buffer for call in calls if isinstance(call, KernelCall) for buffer in call.buffers]
    for place, buffer in enumerate(slots):
        if buffer in dynamic:
            b.store_pointer(b.pointer_in("dynamic", dynamic[buffer]), _slot(b, place))
    place = 0
    for number, call in enumerate(calls):
        if isinstance(call, KernelCall):
            _call(b, call, _slot(b, place))
            place += len(call.buffers)
        else:
            b.call_pointer(b.pointer_in("dynamic", CALLBACK), b.number(number))
    b.finish()
    return Entry(str(module), tuple(slots))


def _slot(b: Builder, place: int) -> Pointer:
    return b.define_pointer(f"getelementptr inbounds ptr, ptr %slots, i64 {place}")


def _call(b: Builder, call: KernelCall, arguments: Pointer) -> None:
    if call.pieces == 1:
        b.call_void(call.function, arguments, b.constant(0, INDEX))
        return
    b.module.declare(call.function, "void", ["ptr", "i64"])
    parallel, pool = b.pointer_in("dynamic", PARALLEL), b.pointer_in("dynamic", POOL)
    b.call_pointer(parallel, pool, Pointer(f"@{call.function}"), arguments, b.number(call.pieces))
