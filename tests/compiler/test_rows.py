"""Every row of the table, by discovery: compiled code gives what its NumPy definition and derivative give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes
from chainrule.compiler.program.calls import NumpyCall
from chainrule.compiler.program.program import Program
from chainrule.core.derivative import Zero
from chainrule.core.op import TABLE, Op
from chainrule.core.sample import Sample
from chainrule.errors import ChainruleError
from chainrule.graph import Node

from .comparing import UNITS, Array, compiled, difference, run_eagerly, wide

SEED = 20
ROWS = [row for row in TABLE.values() if row.samples]
FLOATS = [np.dtype(np.float32), np.dtype(np.float64)]
OTHERS = [
    np.dtype(np.float16),
    dtypes.extended("bfloat16"),
    *map(np.dtype, (np.bool_, np.int8, np.uint8, np.int32, np.int64, np.uint64, np.complex64)),
]

# Rows whose definition is itself further off than that in float64: SciPy's gammaincinv by 6e-14.
INEXACT = {"gammaincinv": 64}

# LAPACK and Fourier transforms.
_IN_ANY_TYPE = ("linalg", "fft")
LEFT_TO_NUMPY = {row.name for row in ROWS if row.family in _IN_ANY_TYPE}


@dataclass(frozen=True)
class Case:
    """A row on some arrays."""

    row: Op
    sample: Sample
    arrays: tuple[Array, ...]

    def __call__(self, *xs: Any) -> list[Any]:
        found = self.row(*xs, **self.sample.params)
        return list(found) if isinstance(found, tuple) else [found]

    def __str__(self) -> str:
        types = ", ".join(f"{a.dtype}{list(a.shape)}" for a in self.arrays)
        return f"{self.row.name}({types}, {self.sample.params})"


def cases(row: Op, types: Sequence[np.dtype], samples: Sequence[Sample]) -> Iterator[Case]:
    """A row's samples in those of some types that it takes."""
    rng = np.random.default_rng(SEED)
    for dtype in types:
        for sample in samples:
            arrays = tuple(_drawn(row, sample, dtype, rng))
            case = Case(row, sample, arrays)
            if _is_taken(case):
                yield case


def _drawn(row: Op, sample: Sample, dtype: np.dtype, rng: np.random.Generator) -> Iterator[Array]:
    for i, x in enumerate(sample.draw(rng, row.domain)):
        if i in row.dtype.separate or x.dtype.kind in "biu":
            yield x.astype(dtype) if x.dtype.kind == dtype.kind == "i" else x
        elif dtypes.letter(dtype) in "fc":
            yield x.real.astype(dtype) if dtype.kind != "c" else x.astype(dtype)
        else:
            whole = np.rint(3 * x.real)
            yield (whole - whole.min(initial=0)).astype(dtype) if dtype.kind in "bu" else whole.astype(dtype)


def _is_taken(case: Case) -> bool:
    """Whether the row takes these types, and its definition these values."""
    try:
        run_eagerly(case, case.arrays)
    except ChainruleError:
        return False
    return True


def left_to_numpy(program: Program) -> set[str]:
    """Rows that a program leaves to their definitions, though no number is complex, or in any type."""
    nodes = [call.node for call in program.calls if isinstance(call, NumpyCall)]
    return {node.op.name for node in nodes if node.op.family in _IN_ANY_TYPE or not _is_complex(node)}


def _is_complex(node: Node) -> bool:
    return any(x.dtype.kind == "c" for x in (*node.inputs, *node.outputs))


def check(
    given: Sequence[Case], function: Callable[[Case], Callable[..., Any]], extra: Any = None
) -> Program:
    """Compile some cases as one program, and compare each with its eager results."""
    arguments = [(*case.arrays, *(extra(case) if extra else ())) for case in given]
    ends = np.cumsum([len(a) for a in arguments])

    def all_cases(*xs: Any) -> list[Any]:
        parts = [xs[end - len(a) : end] for a, end in zip(arguments, ends, strict=True)]
        return [y for case, part in zip(given, parts, strict=True) for y in function(case)(*part)]

    program, found = compiled(all_cases, [a for part in arguments for a in part])
    results = iter(found)
    for case, part in zip(given, arguments, strict=True):
        expected = run_eagerly(function(case), part)
        exact = run_eagerly(function(case), [wide(a) for a in part])
        for y, z in zip(expected, exact, strict=True):
            wider = z if z.dtype.itemsize > y.dtype.itemsize else None
            problem = difference(next(results), y, wider, INEXACT.get(case.row.name, UNITS))
            assert not problem, f"{case}: {problem}"
    return program


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_compiled_is_eager(row):
    given = [*cases(row, FLOATS, row.samples), *cases(row, OTHERS, row.samples[:1])]
    assert given
    program = check(given, lambda case: case)
    assert left_to_numpy(program) == LEFT_TO_NUMPY & {row.name}


def float_positions(case: Case) -> list[int]:
    return [i for i, a in enumerate(case.arrays) if dtypes.is_float(a.dtype)]


def differentiated(case: Case) -> Callable[..., Any]:
    """Both modes in random directions: pulled back cotangents, and pushed forward tangents."""
    places = float_positions(case)

    def both(*given: Any) -> list[Any]:
        xs, directions = list(given[: len(case.arrays)]), given[len(case.arrays) :]

        def of_floats(*floats: Any) -> list[Any]:
            full = list(xs)
            for place, x in zip(places, floats, strict=True):
                full[place] = x
            return [y for y in case(*full) if dtypes.is_float(y.dtype)]

        point = [xs[i] for i in places]
        tangents, cotangents = directions[: len(places)], directions[len(places) :]
        _, pull_back = cr.vjp(of_floats, *point)
        return [*pull_back(list(cotangents)), *cr.jvp(of_floats, point, list(tangents))[1]]

    return both


def directions(case: Case) -> list[Array]:
    rng = np.random.default_rng(SEED)
    results = [y for y in run_eagerly(case, case.arrays) if dtypes.is_float(y.dtype)]
    like = [*(case.arrays[i] for i in float_positions(case)), *results]
    return [np.asarray(rng.uniform(-1, 1, x.shape)).astype(x.dtype) for x in like]


DIFFERENTIABLE = [row for row in ROWS if not isinstance(row.derivative, Zero)]


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=lambda row: row.name)
def test_compiled_derivatives_are_eager(row):
    types = FLOATS if "f" in row.dtype.kinds else [np.dtype(np.complex128)]
    given = [case for case in cases(row, types, row.samples) if float_positions(case)]
    assert given
    program = check(given, differentiated, directions)
    assert left_to_numpy(program) <= LEFT_TO_NUMPY
