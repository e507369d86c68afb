"""Whole programs: no pointwise row is left to NumPy, and each gives the same bits as number by number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes
from chainrule.compiler.program.build import build
from chainrule.core.interpreter import wrap
from chainrule.errors import DTypeError

from .running import CPUS, ROWS, STORED, TYPES, Case, cases_of, casts, compiled, run, target
from .values import arguments, parts

Array = Any
# A masked vector, whole vectors of every width, and whole vectors with a masked one behind.
EXTENTS = (1, 16, 37)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory, monkeypatch) -> None:
    """A cache of kernels for these tests alone."""
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path_factory.getbasetemp() / "kernels"))


def of_type(dtype: np.dtype) -> list[Case]:
    """All rows that take a type, and its casts to and from all others."""
    to_it = [case for case in casts([*TYPES, *STORED]) if dict(case.params)["dtype"] == dtype]
    from_it = [case for case in casts([*TYPES, *STORED]) if case.types[0] == dtype and case not in to_it]
    rows = [case for case in cases_of(dtype) if case.row.dtype.stores or not dtypes.is_stored_only(dtype)]
    return [*rows, *to_it, *from_it]


def some_arguments(case: Case, extent: int) -> list[Array]:
    """As many of a row's arguments, spread over all of them; integers have no negative powers."""
    if any(dtypes.is_stored_only(dtype) for dtype in case.types):
        rng = np.random.default_rng(7)
        whole = [
            rng.integers(0, 2 if dtype.kind == "b" else 256, 256, np.uint8).view(dtype)
            for dtype in case.types
        ]
    else:
        whole = arguments(case)
    if case.row.name == "power" and case.types[0].kind in "iu":
        whole[1] = np.clip(whole[1], 0, 6)
    places = np.linspace(0, len(whole[0]) - 1, extent).astype(int)
    return [np.ascontiguousarray(x[places]) for x in whole]


def bits(x: Array) -> list[bytes]:
    """Of every part the bytes; all NaN are alike."""
    found = []
    for part in (np.array(part) for part in parts(x)):
        if dtypes.letter(part.dtype) == "f":
            part[part != part] = np.nan
        found.append(part.tobytes())
    return found


def check(dtype: np.dtype, cpu: str, shift: int) -> None:
    """All rows of a type in one program, at extents that take turns."""
    cases = of_type(dtype)
    given = [some_arguments(case, EXTENTS[(i + shift) % len(EXTENTS)]) for i, case in enumerate(cases)]

    def everything(*tensors: cr.Tensor) -> tuple[cr.Tensor, ...]:
        rest = iter(tensors)
        return tuple(case.row(*(next(rest) for _ in case.types), **dict(case.params)) for case in cases)

    arrays = [x for case in given for x in case]
    program = build(cr.record(everything, *map(wrap, arrays)), target=target(cpu))
    assert program.report.fallbacks == ()
    alone = compiled(cases, cpu, lanes=(1,))
    for case, own, found in zip(cases, given, program.run(arrays), strict=True):
        expected = run(alone, case, 1, own)
        assert found.dtype == expected.dtype
        assert bits(found) == bits(expected), f"{case.name}: {found}, alone {expected}, of {own}"


@pytest.mark.parametrize("number", range(len(TYPES) + len(STORED)), ids=[str(t) for t in (*TYPES, *STORED)])
def test_every_row(number):
    """Each type on one kind of processor: they take turns."""
    check([*TYPES, *STORED][number], CPUS[number % len(CPUS)], number)


@pytest.mark.slow
@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("shift", range(len(EXTENTS)))
@pytest.mark.parametrize("dtype", [*TYPES, *STORED], ids=str)
def test_every_row_everywhere(dtype, shift, cpu):
    check(dtype, cpu, shift)


def test_all_rows_and_types_are_tried():
    tried = {
        (case.row.name, dtype)
        for dtype in (*TYPES, *STORED)
        for case in of_type(dtype)
        for dtype in case.types
    }
    for row in ROWS:
        for dtype in (*TYPES, *STORED):
            taken = dtypes.letter(dtype) in row.dtype.kinds and (row.dtype.stores or dtype not in STORED)
            assert not taken or (row.name, dtype) in tried


def test_integers_have_no_negative_powers():
    with pytest.raises(DTypeError):
        cr.tensor([2, 3]) ** cr.tensor([1, -1])
