"""The native entry of a program: one function that calls all kernels in order.

Kernels find their buffers in slots, each kernel's one after the other. The entry is given the addresses that
change from call to call and puts them into their slots; inside a scan it moves the slots of windows on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chainrule.compiler.llvm import Builder, Module, Pointer
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.llvm.types import BOOL, INDEX
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.step import Window
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, RepeatCall, flat

# What stands first among the addresses that change: the pool's function, the pool, the way back to Python,
# and a number that says at which call the program had to stop (0: nowhere).
PARALLEL, POOL, CALLBACK, STOPPED, FIRST = range(5)
NAME, PREPARE = "entry_", "prepare_"


@dataclass(frozen=True)
class Entry:
    """The text of an entry, and where its kernels look for their addresses.

    Attributes
    ----------
    text : str
        The module.
    slots : tuple of Buffer
        Whose address stands in each slot.
    """

    text: str
    slots: tuple[Buffer, ...]


class Writer:
    """Writes an entry."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self.module = Module()
        self.begin(NAME)
        self.numbers = {id(call): number for number, call in enumerate(flat(calls))}
        self.slots: list[Buffer] = []
        self.first: dict[int, int] = {}
        for call in flat(calls):
            self.first[id(call)] = len(self.slots)
            self.slots += _buffers(call)
        self.places: dict[Buffer, list[int]] = {}
        for place, buffer in enumerate(self.slots):
            self.places.setdefault(buffer, []).append(place)

    def begin(self, name: str) -> None:
        """Begin a function."""
        self.b = Builder(self.module, name, [("ptr", "slots"), ("ptr", "dynamic")])

    def whole(self, calls: Sequence[Call], dynamic: Mapping[Buffer, int]) -> None:
        """Put addresses into slots, and call everything."""
        for place, buffer in enumerate(self.slots):
            if buffer in dynamic:
                self.b.store_pointer(self.b.pointer_in("dynamic", dynamic[buffer]), self.slot(place))
        self.calls(calls)
        self.b.finish()

    def slot(self, place: int) -> Pointer:
        """The address of a slot."""
        return self.b.define_pointer(f"getelementptr inbounds ptr, ptr %slots, i64 {place}")

    def calls(self, calls: Sequence[Call]) -> None:
        """Call everything in order."""
        for call in calls:
            if isinstance(call, KernelCall):
                self.kernel(call)
            elif isinstance(call, NumpyCall):
                number = self.b.number(self.numbers[id(call)])
                self.b.call_pointer(self.b.pointer_in("dynamic", CALLBACK), number)
                self.stop_if_stopped()
            else:
                {"scan": self.scan, "while_loop": self.while_loop, "cond": self.cond}[call.step.name](call)

    def kernel(self, call: KernelCall) -> None:
        """Call a kernel, alone or through the pool."""
        b, arguments = self.b, self.slot(self.first[id(call)])
        if call.pieces == 1:
            b.call_void(call.function, arguments, b.constant(0, INDEX))
        else:
            b.module.declare(call.function, "void", ["ptr", "i64"])
            parallel, pool = b.pointer_in("dynamic", PARALLEL), b.pointer_in("dynamic", POOL)
            b.call_pointer(parallel, pool, Pointer(f"@{call.function}"), arguments, b.number(call.pieces))
        if call.record is not None:
            self.stop_if_failed(call, call.record)

    def stop_if_failed(self, call: KernelCall, record: Buffer) -> None:
        """Return at once where a kernel has met an index out of range."""
        b = self.b
        failed = b.load(self.address(record), INDEX)
        with b.leave_if(b.compare("ne", failed, 0)):
            b.store(b.number(self.numbers[id(call)] + 1), b.element(b.pointer("dynamic"), STOPPED, INDEX))

    def stop_if_stopped(self) -> None:
        """Return at once where Python has met an error."""
        b = self.b
        stopped = b.load(b.element(b.pointer("dynamic"), STOPPED, INDEX), INDEX)
        with b.leave_if(b.compare("ne", stopped, 0)):
            pass

    def address(self, buffer: Buffer) -> Pointer:
        """Where a buffer lies, as one of its slots says."""
        return self.b.define_pointer(f"load ptr, {self.slot(self.places[buffer][0])}, align 8")

    def scan(self, call: RepeatCall) -> None:
        """A loop of a known number of steps."""
        b, step = self.b, call.step
        with b.loop(0, step.length) as loop:
            t: Index = loop.index
            if step.reverse:
                t = b.plus(step.length - 1, b.times(t, -1))
            for window in step.windows:
                self.move(window, t)
            self.calls(call.parts["body"])

    def move(self, window: Window, t: Index) -> None:
        """Let the slots of a window hold the address of one step."""
        b, base = self.b, window.base
        assert base is not None
        now = b.element(self.address(base), b.times(t, window.stride), window.dtype)
        for place in self.places.get(window, []):
            b.store_pointer(now, self.slot(place))

    def holds(self, call: RepeatCall) -> Pointer:
        """The address of a predicate."""
        assert call.step.predicate is not None
        return self.address(call.step.predicate)

    def while_loop(self, call: RepeatCall) -> None:
        """A loop that ends when its predicate says so."""
        b = self.b

        def going() -> None:
            self.calls(call.parts["going"])

        with b.repeat_from(going, lambda: b.load(self.holds(call), BOOL)):
            self.calls(call.parts["body"])

    def cond(self, call: RepeatCall) -> None:
        """One of two branches."""
        b = self.b

        def run(name: str) -> list[object]:
            self.calls(call.parts[name])
            return []

        b.choose(b.load(self.holds(call), BOOL), lambda: run("true"), lambda: run("false"))  # type: ignore[arg-type, return-value]


def _buffers(call: Call) -> list[Buffer]:
    """Whose addresses a call needs in slots; bases of windows and predicates have a slot of their own."""
    if isinstance(call, KernelCall):
        return call.buffers
    if isinstance(call, NumpyCall):
        return []
    bases = [window.base for window in call.step.windows if window.base is not None]
    return bases + ([] if call.step.predicate is None else [call.step.predicate])


def written(prepared: Sequence[Call], calls: Sequence[Call], dynamic: Mapping[Buffer, int]) -> Entry:
    """The entry for some calls, and a function for those that are made once beforehand.

    ``dynamic`` numbers the buffers that lie elsewhere at each call.
    """
    writer = Writer([*prepared, *calls])
    writer.whole(calls, dynamic)
    writer.begin(PREPARE)
    writer.calls(prepared)
    writer.b.finish()
    return Entry(str(writer.module), tuple(writer.slots))
