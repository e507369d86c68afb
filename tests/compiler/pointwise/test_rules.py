"""Every pointwise row, by discovery: for every element type, on vectors and numbers, for every processor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest

from chainrule import dtypes
from chainrule.compiler.emit.pointwise import has_rule
from chainrule.core.op import Op

from .comparing import problem, same
from .running import CPUS, LANES, ROWS, STORED, TYPES, Case, cases_of, casts, compiled, run
from .values import ITERATED, arguments, castable, within_range

Array = Any
PLAIN = [row for row in ROWS if row.name not in ITERATED]
WITH_LOOPS = [row for row in ROWS if row.name in ITERATED]
# The oldest processor has the fewest instructions; all else on others than the newest is left to slow tests.
QUICK = {
    CPUS[0]: [*map(np.dtype, ("int8", "int64", "uint64", "float16", "float32", "float64"))],
    CPUS[-1]: TYPES,
}

PROCESSORS = [pytest.param(cpu, marks=[] if cpu in QUICK else [pytest.mark.slow]) for cpu in CPUS]


def suites(rows: Sequence[Op]) -> list[Any]:
    """All processors and element types."""
    found = []
    for cpu, dtype in product(CPUS, TYPES):
        is_quick = dtype in QUICK.get(cpu, [])
        if rows is WITH_LOOPS:
            is_quick = cpu == CPUS[-1] and dtype.itemsize > 2
        if cases_of(dtype, rows):
            marks = [] if is_quick else [pytest.mark.slow]
            found.append(pytest.param(cpu, dtype, id=f"{cpu}-{dtype}", marks=marks))
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_has_a_rule(row):
    assert row.emit is not None
    for dtype in TYPES:
        if dtypes.letter(dtype) in row.dtype.kinds:
            assert has_rule(row, [dtype])


def check(cases: Sequence[Case], cpu: str, given: Sequence[Sequence[Array]]) -> None:
    """Compile some cases as one module, and compare each with its definition."""
    library, problems = compiled(cases, cpu), []
    for case, arrays in zip(cases, given, strict=True):
        of_vectors, of_numbers = (run(library, case, lanes, arrays) for lanes in LANES)
        assert same(of_vectors, of_numbers).all(), f"{case.name}: lanes differ"
        problems.append(problem(case, arrays, of_vectors))
    assert not any(problems), "\n".join(filter(None, problems))


@pytest.mark.parametrize(("cpu", "dtype"), suites(PLAIN))
def test_rows(cpu, dtype):
    cases = cases_of(dtype, PLAIN)
    check(cases, cpu, [within_range(case, arguments(case)) for case in cases])


@pytest.mark.parametrize(("cpu", "dtype"), suites(WITH_LOOPS))
def test_rows_with_loops(cpu, dtype):
    cases = cases_of(dtype, WITH_LOOPS)
    check(cases, cpu, [arguments(case) for case in cases])


def test_all_rows_are_tried():
    tried = {
        case.row.name for dtype in TYPES for case in (*cases_of(dtype, PLAIN), *cases_of(dtype, WITH_LOOPS))
    }
    assert tried == {row.name for row in ROWS} - {"cast"}
    assert set(ITERATED) <= tried


@pytest.mark.parametrize("cpu", PROCESSORS)
def test_casts_between_all_types(cpu):
    cases = casts([*TYPES, *STORED])
    check(cases, cpu, [castable(case, arguments(case)) for case in cases])


@pytest.mark.parametrize("cpu", PROCESSORS)
def test_types_for_storage_are_moved(cpu):
    cases = [case for dtype in STORED for case in cases_of(dtype, (row for row in ROWS if row.dtype.stores))]
    assert {case.row.name for case in cases} == {"identity", "where", "nextafter"}
    check(cases, cpu, [arguments(case) for case in cases])


def test_16_bit_floats_are_rounded_once():
    """Halfway between two float16, but for a part that float32 cannot hold."""
    case = next(c for c in casts(TYPES) if c.types == (dtypes.float64,) and c.output == dtypes.float16)
    just_above, just_below = 1 + 2.0**-11 + 2.0**-40, 1 + 3 * 2.0**-11 - 2.0**-40
    x = np.array([just_above, just_below, -just_above, 1 + 2.0**-11])
    found = run(compiled([case], CPUS[-1]), case, 16, [x])
    np.testing.assert_array_equal(found, np.array([1 + 2.0**-10, 1 + 2.0**-10, -1 - 2.0**-10, 1], np.float16))
