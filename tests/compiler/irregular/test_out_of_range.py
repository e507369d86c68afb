"""Indices out of range are reported, and nothing outside is touched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.target import VARIABLE, host
from chainrule.errors import OutOfRangeError
from chainrule.ops import TABLE

from .cases import LEVELS
from .running import Compiled, Outcome, case_of, eager

SEED = 99


@pytest.fixture(params=LEVELS, autouse=True)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(VARIABLE, request.param)
    return str(request.param)


def outcome(row: str, arrays: list[np.ndarray], **params: Any) -> Outcome:
    compiled = Compiled([case_of(row, arrays, **params)], host())
    return compiled.run(0, arrays, np.random.default_rng(SEED))


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape, np.float32)


@pytest.mark.parametrize(
    ("index", "dtype"),
    [
        (5, "int64"),
        (-6, "int64"),
        (np.iinfo(np.int64).max, "int64"),
        (np.iinfo(np.int64).min, "int64"),
        (200, "uint8"),
        (-128, "int8"),
        (2**32 - 1, "uint32"),
        (-(2**31), "int32"),
    ],
)
def test_index_and_size_are_reported(index: int, dtype: str) -> None:
    i = np.array([0, 4, index, 1]).astype(dtype)
    x, u = ones(5, 3), ones(4, 3)
    assert outcome("gather", [x, i], axes=(0,)).failure == (index, 5)
    assert outcome("scatter_add", [u, i], axes=(0,), shape=(5, 3)).failure == (index, 5)
    for row in ("scatter_set", "scatter_min", "scatter_max", "scatter_mul"):
        assert outcome(row, [x, u, i], axes=(0,)).failure == (index, 5)


def test_an_unsigned_index_beyond_the_signed_ones_is_out_of_range() -> None:
    i = np.array([2**64 - 1], np.uint64)
    assert outcome("gather", [ones(5), i], axes=(0,)).failure is not None


def test_the_axis_of_the_index_counts() -> None:
    rows, columns = np.array([[1], [2]]), np.array([0, 7, 3])
    assert outcome("gather", [ones(3, 4), rows, columns], axes=(0, 1)).failure == (7, 4)


def test_other_slices_are_right_all_the_same() -> None:
    x = np.arange(15, dtype=np.float32).reshape(5, 3)
    found = outcome("gather", [x, np.array([4, 9, 1])], axes=(0,))
    np.testing.assert_array_equal(found.outputs[0][[0, 2]], x[[4, 1]])


def test_an_axis_of_one_element_is_not_left() -> None:
    x, u, i = ones(1, 3), 2 * ones(2, 3), np.array([1, -2])
    for row in ("scatter_set", "scatter_min", "scatter_max", "scatter_mul"):
        assert outcome(row, [x, u, i], axes=(0,)).failure in [(1, 1), (-2, 1)]
    assert outcome("scatter_add", [u, i], axes=(0,), shape=(1, 3)).failure in [(1, 1), (-2, 1)]
    found = outcome("gather", [x, i], axes=(0,))
    np.testing.assert_array_equal(found.outputs[0], ones(2, 3))


@pytest.mark.parametrize("shape", [(5, 0), (0, 3)])
def test_indices_are_checked_where_slices_or_axes_are_empty(shape: tuple[int, int]) -> None:
    found = outcome("gather", [ones(*shape), np.array([7])], axes=(0,))
    assert found.failure == (7, shape[0])
    u = ones(1, shape[1])
    assert outcome("scatter_add", [u, np.array([7])], axes=(0,), shape=shape).failure == (7, shape[0])
    assert outcome("scatter_set", [ones(*shape), u, np.array([7])], axes=(0,)).failure == (7, shape[0])


def test_no_index_is_checked_where_another_is_empty() -> None:
    found = outcome("gather", [ones(3, 4), np.zeros((0,), np.int64), np.array([9])], axes=(0, 1))
    assert found.failure is None


def test_in_a_large_array_every_piece_reports() -> None:
    rng = np.random.default_rng(SEED)
    i = rng.integers(0, 50, 4000)
    i[3999] = 50
    assert outcome("gather", [ones(50, 64), i], axes=(0,)).failure == (50, 50)
    assert outcome("scatter_add", [ones(4000, 64), i], axes=(0,), shape=(50, 64)).failure == (50, 50)


def window(padding: tuple[int, int]) -> dict[str, Any]:
    return {"window": (2,), "stride": (2,), "padding": (padding,), "dilation": (1,), "input_dilation": (1,)}


def test_a_window_without_elements_is_an_error() -> None:
    x, params = ones(1, 1, 4), window((2, 0))
    case = case_of("pool_index", [x], **params)
    with pytest.raises(OutOfRangeError, match="a window lies on padding alone"):
        eager(case, [x])
    with pytest.raises(OutOfRangeError, match="a window lies on padding alone"):
        cr.record(lambda x: TABLE["pool_index"](x, **params), x)


def test_a_tap_that_no_window_has_is_an_error() -> None:
    x, taps, params = ones(1, 1, 4), np.array([[[0, 2]]]), window((0, 0))
    assert outcome("pool_read", [x, taps], **params).failure == (2, 2)
    assert outcome("pool_write", [ones(1, 1, 2), np.array([[[0, -3]]])], space=(4,), **params).failure == (
        -3,
        2,
    )


def test_padding_is_no_maximum_of_a_window() -> None:
    x = np.full((1, 1, 4), -np.inf, np.float32)
    found = outcome("pool_index", [x], **window((1, 1)))
    assert found.failure is None
    np.testing.assert_array_equal(found.outputs[0], [[[0, 1, 3]]])
