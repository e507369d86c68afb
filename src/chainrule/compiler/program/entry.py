"""The native entry of a program: one function that calls all kernels in order.

Kernels find their buffers in slots, each kernel's one after the other. The entry is given handles of the
arrays that change from call to call and puts their addresses into slots; inside a scan it moves the slots of
windows on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chainrule.compiler.llvm import Builder, Module, Pointer
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.llvm.types import BOOL, INDEX, UINT8
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.step import Window
from chainrule.compiler.native.arrays import ADDRESS_IN_HANDLE
from chainrule.compiler.program import looks
from chainrule.compiler.program.addresses import CALLBACK, ENTRY, PARALLEL, POOL, PREPARE, STOPPED
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, RepeatCall, flat

# Steps that shares of a scan's rows make before they meet, so that signals are not left waiting for long.
_STEPS_OF_SHARES = 256


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


@dataclass(frozen=True)
class Share:
    """A share of the rows of a scan while its steps are written.

    Attributes
    ----------
    number : Index
        Which one.
    slots, own : Pointer
        The program's slots, and those of this share.
    places : range
        The numbers of those that it has of its own.
    """

    number: Index
    slots: Pointer
    own: Pointer
    places: range


class Writer:
    """Writes an entry.

    Attributes
    ----------
    runs_shares_in_turn : bool
        Whether shares of rows run one after the other, and not through the pool.
    """

    runs_shares_in_turn = False

    def __init__(self, calls: Sequence[Call]) -> None:
        self.module = Module()
        self.begin(ENTRY)
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
        self.share: Share | None = None

    def whole(self, calls: Sequence[Call], dynamic: Mapping[Buffer, int]) -> None:
        """Put addresses into slots, and call everything."""
        for place, buffer in enumerate(self.slots):
            if buffer in dynamic:
                self.b.store_pointer(self.given(dynamic[buffer]), self.slot(place))
        if has_loops(calls):
            looks.start(self.b)
        self.calls(calls)
        self.b.finish()

    def given(self, place: int) -> Pointer:
        """The address of an array that the caller gives a handle of."""
        handle = self.b.pointer_in("dynamic", place)
        if ADDRESS_IN_HANDLE is None:
            return handle
        at = self.b.element(handle, ADDRESS_IN_HANDLE, UINT8)
        return self.b.define_pointer(f"load ptr, {at}, align 8")

    def slot(self, place: int) -> Pointer:
        """The address of a slot; a share of rows has slots of its own for what it calls."""
        if self.share is None:
            return self.slot_in(self.b.pointer("slots"), place)
        if place in self.share.places:
            return self.slot_in(self.share.own, place - self.share.places.start)
        return self.slot_in(self.share.slots, place)

    def slot_in(self, slots: Pointer, place: int) -> Pointer:
        """The address of one of some slots."""
        return self.b.define_pointer(f"getelementptr inbounds ptr, {slots}, i64 {place}")

    def calls(self, calls: Sequence[Call]) -> None:
        """Call everything in order."""
        for call in calls:
            if isinstance(call, KernelCall):
                self.kernel(call)
            elif isinstance(call, NumpyCall):
                self.python(call)
            else:
                {"scan": self.scan, "while_loop": self.while_loop, "cond": self.cond}[call.step.name](call)

    def kernel(self, call: KernelCall) -> None:
        """Call a kernel, alone or through the pool."""
        b, arguments = self.b, self.slot(self.first[id(call)])
        if call.pieces == 1:
            b.call_void(call.function, arguments, b.constant(0, INDEX))
        elif self.share is not None:
            with b.loop(0, call.pieces) as loop:
                b.call_void(call.function, arguments, loop.index)
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

    def python(self, call: Call) -> None:
        """Call Python, and return at once unless it says that all went well."""
        b, number = self.b, self.numbers[id(call)]
        stopped = b.element(b.pointer("dynamic"), STOPPED, INDEX)
        b.store(b.number(number + 1), stopped)
        b.call_pointer(b.pointer_in("dynamic", CALLBACK), b.number(number))
        with b.leave_if(b.compare("ne", b.load(stopped, INDEX), 0)):
            pass

    def look(self, call: RepeatCall) -> None:
        """Let Python look from time to time whether a signal waits."""
        is_short = all(isinstance(x, KernelCall) and x.pieces == 1 for x in flat([call]) if x is not call)
        with looks.when_due(self.b, is_short):
            self.python(call)

    def address(self, buffer: Buffer) -> Pointer:
        """Where a buffer lies, as one of its slots says."""
        return self.b.define_pointer(f"load ptr, {self.slot(self.places[buffer][0])}, align 8")

    def scan(self, call: RepeatCall) -> None:
        """A loop of a known number of steps."""
        if call.step.shares > 1:
            self.in_shares(call)
        else:
            self.steps(call, 0, call.step.length)

    def steps(self, call: RepeatCall, first: Index, last: Index) -> None:
        """Some of the steps of a scan, in order."""
        b, step = self.b, call.step
        still = [window for window in step.windows if not window.stride]
        for window in still:
            self.move(window, 0)
        self.calls(call.parts["before"])
        with b.loop(first, last) as loop:
            t: Index = loop.index
            if step.reverse:
                t = b.plus(step.length - 1, b.times(t, -1))
            for window in step.windows:
                if window not in still:
                    self.move(window, t)
            if self.share is None:
                self.look(call)
            self.calls(call.parts["body"])

    def move(self, window: Window, t: Index) -> None:
        """Let the slots of a window hold the address of one step."""
        b, base = self.b, window.base
        assert base is not None
        number = 0 if self.share is None else self.share.number
        at = b.affine(window.start, [(t, window.stride), (number, window.share)])
        now = b.element(self.address(base), at, window.dtype)
        for place in self.places.get(window, []):
            # What is packed before the loop has slots for windows too, which it does not read.
            if self.share is None or place in self.share.places:
                b.store_pointer(now, self.slot(place))

    def in_shares(self, call: RepeatCall) -> None:
        """A loop that each share of the rows goes through by itself."""
        b, step = self.b, call.step
        name, task = f"share_{self.numbers[id(call)]}", b.scratch(INDEX, 2)
        b.store_pointer(b.pointer("slots"), task)
        with b.loop(0, step.length, _STEPS_OF_SHARES) as loop:
            self.look(call)
            b.store(b.number(loop.index), b.element(task, 1, INDEX))
            if self.runs_shares_in_turn:
                with b.loop(0, step.shares) as shares:
                    self.of_share(call, shares.index, task)
            else:
                parallel, pool = b.pointer_in("dynamic", PARALLEL), b.pointer_in("dynamic", POOL)
                b.call_pointer(parallel, pool, Pointer(f"@{name}"), task, b.number(step.shares))
        if not self.runs_shares_in_turn:
            self.b = Builder(self.module, name, [("ptr", "task"), ("i64", "piece")])
            self.of_share(call, self.b.argument("piece"), self.b.pointer("task"))
            self.b.finish()
            self.b = b

    def of_share(self, call: RepeatCall, number: Index, task: Pointer) -> None:
        """The steps of one share, from the one that its task names on."""
        b, inside = self.b, [x for part in call.parts.values() for x in flat(part)]
        count = sum(len(_buffers(x)) for x in inside)
        places = range(self.first[id(inside[0])], self.first[id(inside[0])] + count)
        slots = b.define_pointer(f"load ptr, {task}, align 8")
        first = b.load(b.element(task, 1, INDEX), INDEX)
        last = b.minimum(b.plus(first, _STEPS_OF_SHARES), call.step.length)
        own = b.scratch(INDEX, count)
        for place in places:
            if self.slots[place] not in call.step.windows:
                b.store_pointer(
                    b.define_pointer(f"load ptr, {self.slot_in(slots, place)}, align 8"),
                    self.slot_in(own, place - places.start),
                )
        self.share = Share(number, slots, own, places)
        self.steps(call, first, last)
        self.share = None

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
            self.look(call)
            self.calls(call.parts["body"])

    def cond(self, call: RepeatCall) -> None:
        """One of two branches."""
        b = self.b

        def run(name: str) -> list[object]:
            self.calls(call.parts[name])
            return []

        b.choose(b.load(self.holds(call), BOOL), lambda: run("true"), lambda: run("false"))  # type: ignore[arg-type, return-value]


def has_loops(calls: Sequence[Call]) -> bool:
    """Whether there is a loop among some calls, whose end is awaited with an eye on signals."""
    return any(isinstance(call, RepeatCall) and call.step.name != "cond" for call in flat(calls))


def _buffers(call: Call) -> list[Buffer]:
    """Whose addresses a call needs in slots; bases of windows and predicates have a slot of their own."""
    if isinstance(call, KernelCall):
        return call.buffers
    if isinstance(call, NumpyCall):
        return [x for x in (*call.inputs, *call.outputs) if isinstance(x, Window)]
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
