"""The core of the builder: lines, names, constants, and control flow in SSA form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from chainrule.compiler.llvm.module import Module
from chainrule.compiler.llvm.types import BOOL, INDEX, Pointer, Value, literal, register_type
from chainrule.dtypes import DType

# Types that a value can be settled in.
_FENCED = ("float32", "float64")

Number = Value | int | float | bool
Index = Value | int


class Loop:
    """A loop while its body is written.

    Attributes
    ----------
    index : Value
        The loop's variable.
    carried : tuple of Value
        What the step before handed on; ``next`` says what this step hands on.
    results : tuple of Value
        After the loop: what its last step handed on.
    """

    def __init__(self, index: Value, carried: tuple[Value, ...]) -> None:
        self.index, self.carried = index, carried
        self.following: tuple[Value, ...] = carried
        self.results: tuple[Value, ...] = ()

    def next(self, *values: Value) -> None:
        """What the step hands on to the next one."""
        self.following = values


class Core:
    """Lines and names of a function that is being written.

    Parameters
    ----------
    module : Module
        Where the function goes.
    name : str
        Its name.
    arguments : sequence of (type, name)
        LLVM types; pointers are taken not to overlap (``noalias``).
    """

    def __init__(self, module: Module, name: str, arguments: Sequence[tuple[str, str]]) -> None:
        self.module, self.name = module, name
        self._arguments = {argument: kind for kind, argument in arguments}
        self._stack: list[str] = []
        self._lines: list[str] = []
        self._count = 0
        self.block = "entry"

    def finish(self) -> None:
        """End the function, and put it into its module."""
        kinds = {name: "ptr noalias" if kind == "ptr" else kind for name, kind in self._arguments.items()}
        header = f"void @{self.name}({', '.join(f'{kind} %{name}' for name, kind in kinds.items())})"
        self.module.add(header, ["entry:", *self._stack, *self._lines, "  ret void"])

    @property
    def length(self) -> int:
        """Lines that are written so far."""
        return len(self._lines)

    def argument(self, name: str) -> Value:
        """An argument of type ``i64``."""
        return Value(f"%{name}", INDEX)

    def pointer(self, name: str) -> Pointer:
        """An argument that is an address."""
        return Pointer(f"%{name}")

    def fresh(self, stem: str = "v") -> str:
        """A name that is not used yet."""
        self._count += 1
        return f"%{stem}{self._count}"

    def line(self, text: str) -> None:
        """Write a line of text."""
        self._lines.append(f"  {text}")

    def define(self, text: str, dtype: DType, lanes: int = 1) -> Value:
        """Write an instruction, and name its result."""
        name = self.fresh()
        self._lines.append(f"  {name} = {text}")
        return Value(name, dtype, lanes)

    def define_pointer(self, text: str) -> Pointer:
        """Write an instruction whose result is an address."""
        name = self.fresh("p")
        self._lines.append(f"  {name} = {text}")
        return Pointer(name)

    def label(self, name: str) -> None:
        """Begin a block."""
        self._lines.append(f"{name[1:]}:")
        self.block = name[1:]

    def jump(self, label: str) -> None:
        """Go to a block."""
        self.line(f"br label {label}")

    def jump_if(self, condition: Value, yes: str, no: str) -> None:
        """Go to one of two blocks."""
        self.line(f"br i1 {condition.text}, label {yes}, label {no}")

    def constant(self, value: Any, dtype: DType, lanes: int = 1) -> Value:
        """A constant, in every lane."""
        text = literal(value, dtype)
        if lanes == 1:
            return Value(text, dtype)
        element = register_type(dtype)
        return Value(f"splat ({element} {text})", dtype, lanes)

    def constants(self, values: Sequence[Any], dtype: DType) -> Value:
        """A vector of constants, lane by lane."""
        element = register_type(dtype)
        parts = ", ".join(f"{element} {literal(value, dtype)}" for value in values)
        return Value(f"<{parts}>", dtype, len(values))

    def splat(self, x: Value, lanes: int) -> Value:
        """One number in every lane."""
        if x.lanes == lanes:
            return x
        if x.text[0] not in "%@":
            return Value(f"splat ({x.type} {x.text})", x.dtype, lanes)
        vector = register_type(x.dtype, lanes)
        first = self.define(f"insertelement {vector} poison, {x}, i64 0", x.dtype, lanes)
        return self.define(
            f"shufflevector {first}, {vector} poison, <{lanes} x i32> zeroinitializer", x.dtype, lanes
        )

    def lane(self, x: Value, place: Index) -> Value:
        """One lane of a vector."""
        at = place.text if isinstance(place, Value) else place
        return self.define(f"extractelement {x}, i64 {at}", x.dtype)

    def with_lane(self, x: Value, place: Index, element: Value) -> Value:
        """The vector with one lane replaced."""
        at = place.text if isinstance(place, Value) else place
        return self.define(f"insertelement {x}, {element}, i64 {at}", x.dtype, x.lanes)

    def shuffle(self, x: Value, places: Sequence[int], y: Value | None = None) -> Value:
        """Lanes of one vector, or of two in a row, in another order."""
        other = f"{x.type} poison" if y is None else str(y)
        mask = ", ".join(f"i32 {place}" for place in places)
        return self.define(
            f"shufflevector {x}, {other}, <{len(places)} x i32> <{mask}>", x.dtype, len(places)
        )

    def settled(self, x: Value) -> Value:
        """The same floats, which LLVM does not take apart to make one instruction of several."""
        return self.intrinsic("arithmetic.fence", x.dtype, x) if str(x.dtype) in _FENCED else x

    def intrinsic(self, name: str, dtype: DType, *arguments: Value) -> Value:
        """Call ``llvm.name``, overloaded by its result's type."""
        lanes = arguments[0].lanes
        element = {"half": "f16", "bfloat": "bf16", "float": "f32", "double": "f64"}
        kind = element.get(register_type(dtype), register_type(dtype))
        return self.call(f"llvm.{name}.{f'v{lanes}' if lanes > 1 else ''}{kind}", dtype, lanes, *arguments)

    def call(self, name: str, dtype: DType, lanes: int, *arguments: Value | Pointer) -> Value:
        """Call a function that is declared on the way."""
        result = register_type(dtype, lanes)
        self.module.declare(name, result, [_kind(x) for x in arguments])
        return self.define(f"call {result} @{name}({', '.join(map(str, arguments))})", dtype, lanes)

    def call_void(self, name: str, *arguments: Value | Pointer) -> None:
        """Call a function without result."""
        self.module.declare(name, "void", [_kind(x) for x in arguments])
        self.line(f"call void @{name}({', '.join(map(str, arguments))})")

    def call_pointer(self, function: Pointer, *arguments: Value | Pointer) -> None:
        """Call the function at an address."""
        self.line(f"call void {function.text}({', '.join(map(str, arguments))})")

    def number(self, x: Index) -> Value:
        """An index as a value."""
        return x if isinstance(x, Value) else Value(str(int(x)), INDEX)

    @contextmanager
    def loop(self, start: Index, stop: Index, step: int = 1, carried: Sequence[Value] = ()) -> Iterator[Loop]:
        """Repeat what is written inside, for start, start + step, … below stop.

        ``carried`` is what the first step is handed. The test stands at the end; before the first
        step there is one only if it is not known that there is a first step.
        """
        known = isinstance(start, int) and isinstance(stop, int) and start < stop
        first, last = self.number(start), self.number(stop)
        body, after = self.fresh("loop"), self.fresh("done")
        before = self.block
        if known:
            self.jump(body)
        else:
            self.jump_if(self.define(f"icmp slt {first}, {last.text}", BOOL), body, after)
        self.label(body)
        place = len(self._lines)
        loop = Loop(Value(self.fresh("i"), INDEX), tuple(self._named_like(x) for x in carried))
        yield loop
        following = self.define(f"add nsw {loop.index}, {step}", INDEX)
        self.jump_if(self.define(f"icmp slt {following}, {last.text}", BOOL), body, after)
        latch = self.block
        starts, ends = [first, *carried], [following, *loop.following]
        names = [loop.index, *loop.carried]
        self._lines[place:place] = [
            f"  {x.text} = {_phi(x, (a, before), (b, latch))}"
            for x, a, b in zip(names, starts, ends, strict=True)
        ]
        self.label(after)
        loop.results = loop.following
        if not known:
            loop.results = tuple(
                self.define(_phi(a, (a, before), (b, latch)), a.dtype, a.lanes)
                for a, b in zip(carried, loop.following, strict=True)
            )

    def _named_like(self, x: Value) -> Value:
        return Value(self.fresh("c"), x.dtype, x.lanes)

    @contextmanager
    def when(self, condition: Value) -> Iterator[None]:
        """Do what is written inside only if a condition (one bit) holds."""
        body, after = self.fresh("then"), self.fresh("endif")
        self.jump_if(condition, body, after)
        self.label(body)
        yield
        self.jump(after)
        self.label(after)

    @contextmanager
    def leave_if(self, condition: Value) -> Iterator[None]:
        """Do what is written inside, and return from the function, if a condition holds."""
        body, after = self.fresh("then"), self.fresh("endif")
        self.jump_if(condition, body, after)
        self.label(body)
        yield
        self.line("ret void")
        self.label(after)

    def choose(
        self, condition: Value, yes: Callable[[], Sequence[Value]], no: Callable[[], Sequence[Value]]
    ) -> tuple[Value, ...]:
        """Write two branches of which one is run, and give the values of that one."""
        one, other, after = self.fresh("then"), self.fresh("else"), self.fresh("endif")
        self.jump_if(condition, one, other)
        ends = []
        for label, branch in ((one, yes), (other, no)):
            self.label(label)
            ends.append((tuple(branch()), self.block))
            self.jump(after)
        self.label(after)
        (xs, first), (ys, second) = ends
        return tuple(
            self.define(_phi(x, (x, first), (y, second)), x.dtype, x.lanes)
            for x, y in zip(xs, ys, strict=True)
        )

    @contextmanager
    def repeat_from(self, test: Callable[[], None], holds: Callable[[], Value]) -> Iterator[None]:
        """Repeat what is written inside as long as a condition in memory holds, tested before each step."""
        head, body, after = self.fresh("loop"), self.fresh("then"), self.fresh("done")
        self.jump(head)
        self.label(head)
        test()
        self.jump_if(holds(), body, after)
        self.label(body)
        yield
        self.jump(head)
        self.label(after)

    def repeat_while(
        self, carried: Sequence[Value], step: Callable[..., tuple[Value, Sequence[Value]]]
    ) -> tuple[Value, ...]:
        """Repeat ``step(*carried) -> (go on?, values)`` until it says no; it runs at least once."""
        before, body, after = self.block, self.fresh("loop"), self.fresh("done")
        self.jump(body)
        self.label(body)
        place = len(self._lines)
        names = [self._named_like(x) for x in carried]
        again, values = step(*names)
        self.jump_if(again, body, after)
        self._lines[place:place] = [
            f"  {name.text} = {_phi(name, (a, before), (b, self.block))}"
            for name, a, b in zip(names, carried, values, strict=True)
        ]
        self.label(after)
        return tuple(values)


def _kind(x: Value | Pointer) -> str:
    return "ptr" if isinstance(x, Pointer) else x.type


def _phi(like: Value, *ways: tuple[Value, str]) -> str:
    return f"phi {like.type} " + ", ".join(f"[{value.text}, %{block}]" for value, block in ways)
