"""Compiles pointwise rows, many to a module, and runs them on arrays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from chainrule import dtypes
from chainrule.compiler.emit import pointwise
from chainrule.compiler.emit.complex import load_number, store_number
from chainrule.compiler.llvm import Builder, Module, Value
from chainrule.compiler.native.arrays import address
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library, load
from chainrule.compiler.target import Target, host
from chainrule.core.op import TABLE, Op
from chainrule.core.spec import Spec
from chainrule.errors import ConfigError

Array = Any
ROWS = [row for row in TABLE.values() if row.family == "pointwise"]
TYPES = [*dtypes.SUPPORTED, dtypes.extended("bfloat16")]
STORED = [dtypes.extended(name) for name in dtypes.EXTENDED if name != "bfloat16"]
CPUS = ["x86-64-v2", "x86-64-v3", "x86-64-v4"] if host().architecture == "x86_64" else ["native"]
# A vector of this many, with a masked one at the end; and single numbers.
LANES = (16, 1)


def target(cpu: str) -> Target:
    """A kind of processor, or the test is skipped where this machine lacks its instructions."""
    with patch.dict(os.environ, CHAINRULE_CPU=cpu):
        try:
            return host()
        except ConfigError as problem:
            pytest.skip(str(problem))


@dataclass(frozen=True)
class Case:
    """A row at element types, with its parameters."""

    row: Op
    types: tuple[np.dtype, ...]
    params: tuple[tuple[str, Any], ...] = ()

    @property
    def output(self) -> np.dtype:
        shapes = ((),) * len(self.types)
        return np.dtype(self.row.infer(shapes, self.types, dict(self.params))[1])

    @property
    def name(self) -> str:
        return "_".join([self.row.name, *map(str, self.types), str(self.output)])

    def is_emitted(self) -> bool:
        specs = [Spec((), dtype) for dtype in self.types]
        return pointwise.can_emit(self.row, specs, Spec((), self.output))


def cases_of(dtype: np.dtype, rows: Iterable[Op] = ROWS) -> list[Case]:
    """All rows that take an element type; orders are int64 and conditions bool."""
    own = {"b": dtypes.bool_, "iu": dtypes.int64}
    found = []
    for row in rows:
        types = tuple(
            own[row.dtype.separate_kinds] if i in row.dtype.separate else dtype for i in range(len(row.args))
        )
        if dtypes.letter(dtype) in row.dtype.kinds and row.name != "cast":
            found.append(Case(row, types))
    return found


def casts(types: Sequence[np.dtype]) -> list[Case]:
    return [Case(TABLE["cast"], (a,), (("dtype", b),)) for a, b in product(types, repeat=2)]


def text(cases: Sequence[Case], kind: Target, lanes: Sequence[int] = LANES) -> str:
    """A module with a function for each case and number of lanes."""
    module = Module(fused=kind.has_fma)
    for case, count in product(cases, lanes):
        _write(module, case, count)
    return str(module)


def _write(module: Module, case: Case, lanes: int) -> None:
    names = [f"x{i}" for i in range(len(case.types))]
    b = Builder(module, f"{case.name}_{lanes}", [*(("ptr", x) for x in (*names, "y")), ("i64", "n")])
    size = b.argument("n")

    def step(place: Value, mask: Value | None) -> None:
        values = [
            load_number(b, b.pointer(name), place, dtype, lanes, mask)
            for name, dtype in zip(names, case.types, strict=True)
        ]
        y = pointwise.apply(b, case.row, dict(case.params), values, case.output)
        store_number(b, y, b.pointer("y"), place, mask)

    if lanes == 1:
        with b.loop(0, size) as loop:
            step(loop.index, None)
    else:
        # Rules are written once, or compiling takes twice as long: the last vector alone is not full.
        with b.loop(0, size, lanes) as loop:
            step(loop.index, b.first_lanes(b.subtract(size, loop.index), lanes))
    b.finish()


def compiled(cases: Sequence[Case], cpu: str, lanes: Sequence[int] = LANES) -> Library:
    kind = target(cpu)
    return load([text(cases, kind, lanes)], kind)


def run(library: Library, case: Case, lanes: int, arrays: Sequence[Array]) -> Array:
    """A compiled case on arrays; what lies behind the result is not touched."""
    size = len(arrays[0])
    call: Callable[..., None] = function(
        library, f"{case.name}_{lanes}", "void", *["ptr"] * (len(arrays) + 1), "i64"
    )
    bytes_after = 64
    room = np.full(size * case.output.itemsize + bytes_after, 0xA5, np.uint8)
    call(*map(address, arrays), address(room), size)
    assert (room[-bytes_after:] == 0xA5).all(), f"{case.name} wrote behind its result"
    return room[:-bytes_after].view(case.output)
