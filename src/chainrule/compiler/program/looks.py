"""Code that looks for signals: what a loop does at every step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.types import INDEX
from chainrule.compiler.program import interrupt
from chainrule.compiler.program.addresses import COUNT, LOOKED, PATIENCE
from chainrule.compiler.program.interrupt import Clock

# How many short steps are made between two readings of the clock: a power of two.
_SHORT_STEPS = 16


def start(b: Builder) -> None:
    """Note that Python has looked now."""
    found = interrupt.clock()
    _write(b, LOOKED, b.number(0) if found is None else _now(b, found))


@contextmanager
def when_due(b: Builder, is_short: bool) -> Iterator[None]:
    """Do what is written inside if it is time to look again.

    Reading the clock would be most of a short step: it is done at some of them.
    """
    with b.when(_at_some_steps(b)) if is_short else nullcontext(), b.when(_is_due(b)):
        start(b)
        yield


def _at_some_steps(b: Builder) -> Value:
    count = b.define(f"add {_read(b, COUNT)}, 1", INDEX)
    _write(b, COUNT, count)
    return b.compare("eq", b.bits_and(count, _SHORT_STEPS - 1), 0)


def _is_due(b: Builder) -> Value:
    found, last = interrupt.clock(), _read(b, LOOKED)
    if found is not None:
        passed = b.define(f"sub {_now(b, found)}, {last.text}", INDEX)
    else:
        passed = b.define(f"add {last}, 1", INDEX)
        _write(b, LOOKED, passed)
    return b.compare("gt", passed, _read(b, PATIENCE))


def _now(b: Builder, clock: Clock) -> Value:
    return b.define(f"call i64 {clock.reading}", INDEX)


def _read(b: Builder, place: int) -> Value:
    return b.load(b.element(b.pointer("dynamic"), place, INDEX), INDEX)


def _write(b: Builder, place: int, x: Value) -> None:
    b.store(x, b.element(b.pointer("dynamic"), place, INDEX))
