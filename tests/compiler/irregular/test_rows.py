"""Every row's kernel gives what the row's NumPy definition gives, on all three levels of x86-64."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from chainrule import dtypes
from chainrule.compiler.emit.irregular import RULES
from chainrule.compiler.target import VARIABLE, host
from chainrule.core.sample import Sample
from chainrule.ops import TABLE

from .cases import LARGER, LEVELS, cases, every_type, some_types, types_of
from .running import Case, Compiled, eager

SEED = 20250711
# One unit in the last place of results that are rounded once more.
ROUNDING = {"float16": 2.0**-10, "bfloat16": 2.0**-7}
# Sums in another order, and products of complex numbers, which NumPy may round once less.
ROUNDED = {"cumsum": "fc", "cumprod": "c", "linear_scan": "c", "scatter_mul": "c"}


def test_every_row_has_larger_cases() -> None:
    assert set(LARGER) == set(RULES)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("row", RULES)
def test_row_agrees_with_its_definition(row: str, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, level)
    chosen = list(some_types(row, [*TABLE[row].samples, *LARGER[row]], 2))
    assert {dtype for dtype, _ in chosen} == set(types_of(row))
    check(row, chosen)


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("row", RULES)
def test_row_agrees_in_every_type(row: str, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, level)
    check(row, every_type(row, [*TABLE[row].samples, *LARGER[row]]))


def check(row: str, chosen: Iterable[tuple[np.dtype, Sample]]) -> None:
    rng = np.random.default_rng(SEED)
    tried = list(cases(row, chosen, rng))
    compiled = Compiled([case for case, _ in tried], host())
    for i, (case, arrays) in enumerate(tried):
        found = compiled.run(i, arrays, rng)
        assert found.failure is None, case
        for y, expected in zip(found.outputs, eager(case, arrays), strict=True):
            compare(case, arrays, y, expected)


def compare(case: Case, arrays: list[np.ndarray], found: np.ndarray, expected: np.ndarray) -> None:
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype), case
    if dtypes.letter(found.dtype) in ROUNDED.get(case.row, ""):
        compare_rounded(case, arrays, found, expected)
        return
    wide = dtypes.shown_in(found.dtype)
    np.testing.assert_array_equal(found.astype(wide), expected.astype(wide), err_msg=str(case))


def compare_rounded(case: Case, arrays: list[np.ndarray], found: np.ndarray, expected: np.ndarray) -> None:
    """Rounding errors are bounded by those of the same sums and products of absolute values."""
    sizes = [abs(a.astype(np.complex128)) if dtypes.letter(a.dtype) in "fc" else a for a in arrays]
    (bound,) = eager(case, sizes)
    steps = 8 if case.row == "cumsum" else 8 + max(case.inputs[0].shape)
    computed = dtypes.real_type(dtypes.computed_in(found.dtype))
    unit = steps * np.finfo(computed).eps + ROUNDING.get(found.dtype.name, 0.0)
    error = abs(found.astype(np.complex128) - expected.astype(np.complex128))
    assert np.all(error <= unit * bound + np.finfo(computed).tiny), (str(case), float(np.max(error / bound)))
