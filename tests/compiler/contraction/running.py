"""Running a contraction natively, and its definition in NumPy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.emitter import write
from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.llvm import Builder, Module
from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import Target

ARGUMENTS = [("ptr", "a"), ("ptr", "b"), ("ptr", "c"), ("ptr", "more"), ("i64", "piece"), ("ptr", "scratch")]


@dataclass
class Buffer:
    """An array that dims step through: numbers in a row, and where the first element is."""

    flat: np.ndarray
    start: int

    def view(self, dims: list[tuple[int, int]]) -> np.ndarray:
        """Extents and strides as an array."""
        size = self.flat.itemsize
        return np.lib.stride_tricks.as_strided(
            self.flat[self.start :], [n for n, _ in dims], [s * size for _, s in dims]
        )

    @property
    def address(self) -> int:
        return address(self.flat) + self.start * self.flat.itemsize


def buffer(rng: np.random.Generator, dims: list[tuple[int, int]], dtype: np.dtype) -> Buffer:
    """Small whole numbers for all that dims reach: sums of their products are exact in every type."""
    steps = [(max(n, 1) - 1) * s for n, s in dims]
    start, stop = -sum(min(s, 0) for s in steps), sum(max(s, 0) for s in steps) + 1
    numbers = rng.integers(0 if dtype.kind in "ub" else -3, 4, start + stop)
    if dtype.kind == "c":
        numbers = numbers + 1j * rng.integers(-3, 4, start + stop)
    flat = aligned_empty([start + stop], dtype)
    flat[:] = numbers.astype(dtype)
    return Buffer(flat, start)


@dataclass
class Operands:
    """A, B and C of a form."""

    form: Contraction
    a: Buffer
    b: Buffer
    c: Buffer

    def expected(self) -> np.ndarray:
        """All of C by the definition."""
        form, groups = self.form, []
        count = 0
        for dims in (form.batch, form.rows, form.columns, form.depth):
            groups.append(list(range(count, count + len(dims))))
            count += len(dims)
        batch, rows, columns, depth = groups
        wide = form.accumulator
        a = self.a.view([(d.extent, d.a) for d in (*form.batch, *form.rows, *form.depth)]).astype(wide)
        b = self.b.view([(d.extent, d.b) for d in (*form.batch, *form.columns, *form.depth)]).astype(wide)
        result = np.einsum(a, batch + rows + depth, b, batch + columns + depth, batch + rows + columns)
        flat = self.c.flat.copy()
        Buffer(flat, self.c.start).view(c_dims(form))[...] = result.astype(form.c)
        return flat


def c_dims(form: Contraction) -> list[tuple[int, int]]:
    return [(d.extent, d.c) for d in (*form.batch, *form.rows, *form.columns)]


def operands(form: Contraction, seed: int) -> Operands:
    """Operands full of numbers; C too, so that what must not be written is seen."""
    rng = np.random.default_rng(seed)
    return Operands(
        form,
        buffer(rng, [(d.extent, d.a) for d in (*form.batch, *form.rows, *form.depth)], form.a),
        buffer(rng, [(d.extent, d.b) for d in (*form.batch, *form.columns, *form.depth)], form.b),
        buffer(rng, c_dims(form), form.c),
    )


def text_of(chosen: Plan, *, into: bool = False, **epilogue: Any) -> str:
    """The module of a plan, a function for each phase; ``into``: B is packed to the array ``more``."""
    module = Module(fused=chosen.target.has_fma)
    for phase in range(len(chosen.phases)):
        b = Builder(module, f"phase{phase}", ARGUMENTS)
        a, bb, c, scratch = (b.pointer(name) for name in ("a", "b", "c", "scratch"))
        packed = b.pointer("more") if into else None
        write(b, chosen, a, bb, c, b.argument("piece"), scratch, phase=phase, packed=packed, **epilogue)
        b.finish()
    return str(module)


def run(
    chosen: Plan,
    given: Operands,
    *,
    more: np.ndarray | None = None,
    packed: np.ndarray | None = None,
    order: int = 1,
    phases: Iterable[int] | None = None,
    **epilogue: Any,
) -> None:
    """Carry a plan out, its pieces in order or backwards; scratch is full of NaN before."""
    library = load([text_of(chosen, into=packed is not None, **epilogue)], chosen.target)
    scratch = aligned_empty([chosen.scratch], np.dtype(np.uint8))
    scratch[:] = 0xFF
    extra = more if packed is None else packed
    at = None if extra is None else address(extra)
    for phase in range(len(chosen.phases)) if phases is None else phases:
        call = function(library, f"phase{phase}", "void", *(kind for kind, _ in ARGUMENTS))
        for piece in list(range(chosen.phases[phase]))[::order]:
            call(given.a.address, given.b.address, given.c.address, at, piece, address(scratch))


def check(form: Contraction, target: Target, seed: int = 0, order: int = 1, **choices: Any) -> Plan:
    """Run a form and compare all of C, what lies between its elements too."""
    given = operands(form, seed)
    expected = given.expected()
    chosen = plan(form, target, **choices)
    run(chosen, given, order=order)
    np.testing.assert_array_equal(given.c.flat, expected, err_msg=f"{form}\n{chosen}")
    return chosen


def matmul(m: int, n: int, k: int, how: str = "NN", dtype=np.float32) -> Contraction:
    """A matrix product; T says that an operand is stored transposed."""
    of_a = (k, 1) if how[0] == "N" else (1, m)
    of_b = (n, 1) if how[1] == "N" else (1, k)
    stored = np.dtype(dtype)
    rows, columns = (Dim(m, a=of_a[0], c=n),), (Dim(n, b=of_b[1], c=1),)
    return Contraction((), rows, columns, (Dim(k, a=of_a[1], b=of_b[0]),), stored, stored, stored)
