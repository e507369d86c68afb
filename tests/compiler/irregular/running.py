"""Compiles the kernels of many cases together, and runs them on arrays with guard zones around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from chainrule import dtypes
from chainrule.compiler.emit.irregular import RULES, Irregular
from chainrule.compiler.llvm import INDEX, Builder, Module, Value
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library, Source, load
from chainrule.compiler.target import Target
from chainrule.core.interpreter import EAGER, using_layers, wrap
from chainrule.core.op import inferred_specs
from chainrule.core.spec import Spec
from chainrule.ops import TABLE

_GUARD = 192
_PATTERN = 0xA5


@dataclass(frozen=True)
class Case:
    """A row at some shapes, types and parameters."""

    row: str
    inputs: tuple[Spec, ...]
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def outputs(self) -> tuple[Spec, ...]:
        return inferred_specs(TABLE[self.row], self.inputs, self.params)

    def __str__(self) -> str:
        return f"{self.row}({', '.join(map(str, self.inputs))}, {self.params})"


def case_of(row: str, arrays: Sequence[np.ndarray], **params: Any) -> Case:
    return Case(row, tuple(Spec(a.shape, a.dtype) for a in arrays), params)


class Held(Protocol):
    """An array in memory of its own."""

    array: np.ndarray

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype, alignment: int | None = None) -> None: ...

    @property
    def address(self) -> int: ...

    def check(self) -> None: ...


class Guarded:
    """An array at an address that is a multiple of its element's size and of nothing more."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype, alignment: int | None = None) -> None:
        part = dtypes.real_type(dtype).itemsize if alignment is None else alignment
        nbytes = int(np.prod(shape)) * dtype.itemsize
        self.memory = np.full(nbytes + 2 * _GUARD + 64, _PATTERN, np.uint8)
        self.start = _GUARD + (part - self.memory.ctypes.data - _GUARD) % 64
        self.stop = self.start + nbytes
        self.array = self.memory[self.start : self.stop].view(dtype).reshape(shape)

    @property
    def address(self) -> int:
        return self.memory.ctypes.data + self.start

    def check(self) -> None:
        """Nothing was written before or behind the array."""
        assert np.all(self.memory[: self.start] == _PATTERN), "written before an array"
        assert np.all(self.memory[self.stop :] == _PATTERN), "written behind an array"


@dataclass(frozen=True)
class Outcome:
    """What a kernel gave: its results, and index and size of what was out of range, if anything was."""

    outputs: list[np.ndarray]
    failure: tuple[int, int] | None


class Compiled:
    """Cases as machine code."""

    def __init__(self, cases: Sequence[Case], target: Target, hold: type[Held] = Guarded) -> None:
        self.cases, self.hold = list(cases), hold
        self.phases = [RULES[case.row](case.inputs, case.outputs, case.params) for case in self.cases]
        self.library: Library = load(sources_of(self.cases, target), target)

    def run(self, number: int, arrays: Sequence[np.ndarray], rng: np.random.Generator) -> Outcome:
        """Run a case, the pieces of every phase in random order."""
        case = self.cases[number]
        inputs = [_held_copy(self.hold, a) for a in arrays]
        outputs = [self.hold(spec.shape, spec.dtype) for spec in case.outputs]
        error = np.zeros(3, np.int64)
        for j, phase in enumerate(self.phases[number]):
            call = function(self.library, f"case{number}_{j}", "void", "ptr", "i64")
            for piece in rng.permutation(phase.pieces):
                scratch = self.hold((phase.scratch,), np.dtype(np.uint8), alignment=8)
                held = [*inputs, *outputs, scratch]
                addresses = np.array([x.address for x in held] + [error.ctypes.data])
                call(addresses.ctypes.data, int(piece))
                for x in held:
                    x.check()
        for before, after in zip(arrays, inputs, strict=True):
            assert before.tobytes() == after.array.tobytes(), "an input was written to"
        failure = (int(error[1]), int(error[2])) if error[0] else None
        return Outcome([x.array.copy() for x in outputs], failure)


def sources_of(cases: Sequence[Case], target: Target) -> list[Source]:
    """The kernels of cases as two modules: with and without LLVM's passes."""
    modules = {passes: Module(fused=target.has_fma) for passes in (True, False)}
    for i, case in enumerate(cases):
        for j, phase in enumerate(RULES[case.row](case.inputs, case.outputs, case.params)):
            _write(modules[phase.optimise], f"case{i}_{j}", case, phase)
    return [Source(str(module), "full" if key else "none") for key, module in modules.items()]


def _write(module: Module, name: str, case: Case, phase: Irregular) -> None:
    b = Builder(module, name, [("ptr", "buffers"), ("i64", "piece")])
    counts = len(case.inputs), len(case.outputs)
    pointers = [b.pointer_in("buffers", i) for i in range(sum(counts) + 2)]

    def fail(b: Builder, condition: Value, index: Value, size: Value | int) -> None:
        with b.when(condition):
            for i, x in enumerate((b.number(1), index, b.number(size))):
                b.store(x, b.element(pointers[-1], i, INDEX))

    phase.write(b, b.argument("piece"), pointers[: counts[0]], pointers[counts[0] : -2], pointers[-2], fail)
    b.finish()


def _held_copy(hold: type[Held], array: np.ndarray) -> Held:
    held = hold(array.shape, array.dtype)
    held.array[...] = array
    return held


def eager(case: Case, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The results of the row's NumPy definition."""
    with using_layers([EAGER]):
        found = TABLE[case.row](*(wrap(a) for a in arrays), **case.params)
    return [found.data]
