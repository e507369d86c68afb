"""What loops do with elements of any type: real ones are values, complex ones pairs of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.compiler.emit.complex import ComplexBuilder, Pair, Register, load_number, store_number
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.dtypes import DType, letter, real_type

__all__ = [
    "Register",
    "combiner",
    "constant",
    "fold_lanes",
    "gather",
    "identity",
    "load_number",
    "loop",
    "parts",
    "regrouped",
    "scatter",
    "select",
    "splat",
    "store_number",
]


def constant(b: Builder, value: Any, dtype: DType, lanes: int = 1) -> Register:
    """A constant, in every lane."""
    if dtypes.letter(dtype) != "c":
        return b.constant(value, dtype, lanes)
    part, number = real_type(dtype), complex(value)
    return Pair(b.constant(number.real, part, lanes), b.constant(number.imag, part, lanes))


def identity(combine: str, dtype: DType) -> Any:
    """The number that a fold begins with: combined with any other, it leaves that one."""
    if combine in ("or", "and"):
        return combine == "and"
    if combine == "multiply":
        return 1
    if combine == "add":
        return {"f": -0.0, "c": complex(-0.0, -0.0)}.get(letter(dtype), 0)
    lowest = combine == "maximum"
    if letter(dtype) == "f":
        return -np.inf if lowest else np.inf
    if letter(dtype) == "b":
        return not lowest
    limits = np.iinfo(dtype)
    return limits.min if lowest else limits.max


def parts(registers: Iterable[Register]) -> list[Value]:
    """All values that some registers consist of."""
    return [v for x in registers for v in ((x.real, x.imag) if isinstance(x, Pair) else (x,))]


def regrouped(values: Sequence[Value], like: Sequence[Register]) -> list[Register]:
    """Registers of values in the order of `parts`."""
    rest = iter(values)
    return [Pair(next(rest), next(rest)) if isinstance(x, Pair) else next(rest) for x in like]


class RegisterLoop:
    """A loop while its body is written, as `chainrule.compiler.llvm.Loop` is for values."""

    def __init__(self, index: Value, carried: tuple[Register, ...]) -> None:
        self.index, self.carried = index, carried
        self.following: tuple[Register, ...] = carried
        self.results: tuple[Register, ...] = ()

    def next(self, *registers: Register) -> None:
        """What the step hands on to the next one."""
        self.following = registers


@contextmanager
def loop(
    b: Builder, start: Index, stop: Index, step: int = 1, carried: Sequence[Register] = ()
) -> Iterator[RegisterLoop]:
    """The loop of a builder, whose steps hand on registers."""
    with b.loop(start, stop, step, parts(carried)) as inner:
        outer = RegisterLoop(inner.index, tuple(regrouped(inner.carried, carried)))
        yield outer
        inner.next(*parts(outer.following))
    outer.results = tuple(regrouped(inner.results, carried))


def splat(b: Builder, x: Register, lanes: int) -> Register:
    """One number in every lane."""
    return _each(lambda v: b.splat(v, lanes), x)


def select(b: Builder, condition: Value, x: Register, y: Register) -> Register:
    """The number x where a condition holds, y elsewhere."""
    if isinstance(x, Pair) and isinstance(y, Pair):
        return ComplexBuilder(b).select(condition, x, y)
    assert isinstance(x, Value) and isinstance(y, Value)
    return b.select(condition, x, y)


def combiner(b: Builder, combine: str, dtype: DType) -> Callable[[Any, Any], Any]:
    """What a fold does with two elements."""
    if dtypes.letter(dtype) == "c":
        pairs = ComplexBuilder(b)
        return {"add": pairs.add, "multiply": pairs.multiply}[combine]
    return {
        "add": b.add,
        "multiply": b.multiply,
        "maximum": b.maximum,
        "minimum": b.minimum,
        "or": b.bits_or,
        "and": b.bits_and,
    }[combine]


def fold_lanes(b: Builder, combine: Callable[[Any, Any], Any], x: Register) -> Register:
    """All lanes folded into one number, halves onto halves: an order that does not change."""
    if isinstance(x, Value):
        return b.fold_lanes(combine, x)
    while x.lanes > 1:
        half = x.lanes // 2
        low = _each(lambda v: b.shuffle(v, range(half)), x)  # noqa: B023
        high = _each(lambda v: b.shuffle(v, range(half, 2 * half)), x)  # noqa: B023
        if half == 1:
            low, high = (_each(lambda v, i=i: b.lane(v, i), x) for i in (0, 1))  # type: ignore[misc]
        x = combine(low, high)
    return x


def gather(
    b: Builder, base: Pointer, index: Index, step: int, dtype: DType, lanes: int, mask: Value | None
) -> Register:
    """Elements of an array at every ``step``-th place from an index on; 0 in lanes that are masked out."""
    if dtypes.letter(dtype) != "c":
        return b.gather(b.element(base, index, dtype), _places(b, step, lanes), dtype, mask)
    part = real_type(dtype)
    start = b.element(base, b.times(index, 2), part)
    places = _places(b, 2 * step, lanes)
    return Pair(b.gather(start, places, part, mask), b.gather(b.element(start, 1, part), places, part, mask))


def scatter(b: Builder, x: Register, base: Pointer, index: Index, step: int, mask: Value | None) -> None:
    """Write elements of an array at every ``step``-th place from an index on."""
    if isinstance(x, Value):
        b.scatter(x, b.element(base, index, x.dtype), _places(b, step, x.lanes), mask)
        return
    part = x.real.dtype
    start = b.element(base, b.times(index, 2), part)
    places = _places(b, 2 * step, x.lanes)
    b.scatter(x.real, start, places, mask)
    b.scatter(x.imag, b.element(start, 1, part), places, mask)


def _places(b: Builder, step: int, lanes: int) -> Value:
    return b.constants([i * step for i in range(lanes)], INDEX)


def _each(change: Callable[[Value], Value], x: Register) -> Register:
    """The same done with both parts of a pair."""
    return Pair(change(x.real), change(x.imag)) if isinstance(x, Pair) else change(x)
