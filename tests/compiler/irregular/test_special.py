"""NaN, infinities, both zeros and ties, where rows compare numbers; overflow of integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule import dtypes
from chainrule.compiler.llvm import Builder, Module
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import VARIABLE, host
from chainrule.ops.window import conv_params

from .cases import LEVELS
from .running import Case, Compiled, case_of, eager

SEED = 4711
FLOATS = ["float16", "bfloat16", "float32", "float64"]
SPECIAL = [np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1.5]
Tried = list[tuple[Case, list[np.ndarray]]]


@pytest.fixture(params=LEVELS, autouse=True)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(VARIABLE, request.param)
    return str(request.param)


def special(shape: tuple[int, ...], name: str, rng: np.random.Generator) -> np.ndarray:
    """Few different numbers, so that there are many ties."""
    return rng.choice(SPECIAL, shape).astype(dtypes.canonical(name))


def check_equal(tried: Tried) -> None:
    compiled, rng = Compiled([case for case, _ in tried], host()), np.random.default_rng(SEED)
    for i, (case, arrays) in enumerate(tried):
        found = compiled.run(i, arrays, rng)
        assert found.failure is None
        (expected,) = eager(case, arrays)
        wide = dtypes.shown_in(expected.dtype)
        np.testing.assert_array_equal(found.outputs[0].astype(wide), expected.astype(wide), err_msg=str(case))


def tried(row: str, arrays: list[np.ndarray], **params: Any) -> tuple[Case, list[np.ndarray]]:
    return case_of(row, arrays, **params), arrays


@pytest.mark.parametrize("name", FLOATS)
def test_order_of_special_floats(name: str) -> None:
    rng = np.random.default_rng(SEED)
    check_equal(
        [
            tried("argsort", [special((3, n), name, rng)], axis=1, descending=descending)
            for n in (9, 60, 400)
            for descending in (False, True)
        ]
    )


@pytest.mark.parametrize("place", [0, 150, 299])
def test_order_where_a_single_element_differs(place: int) -> None:
    x = np.zeros(300, np.int32)
    x[place] = 7 << 16
    check_equal([tried("argsort", [x - 5], axis=0, descending=descending) for descending in (False, True)])


@pytest.mark.parametrize("name", ["complex64", "complex128"])
def test_order_of_special_complex_numbers(name: str) -> None:
    rng = np.random.default_rng(SEED)
    x = np.empty((2, 300), name)
    x.real, x.imag = (special(x.shape, "float64", rng) for _ in range(2))
    check_equal([tried("argsort", [x], axis=1, descending=descending) for descending in (False, True)])


@pytest.mark.parametrize("name", FLOATS)
def test_extremes_of_special_floats(name: str) -> None:
    rng = np.random.default_rng(SEED)
    shapes = [(40, 5), (40, 77), (3, 40)]
    check_equal(
        [
            tried(row, [special(shape, name, rng)], axis=(axis,), keepdims=False)
            for row in ("argmax", "argmin")
            for shape in shapes
            for axis in (0, 1)
        ]
    )


@pytest.mark.parametrize("row", ["argmax", "argmin"])
def test_first_of_equal_elements_wins(row: str) -> None:
    lowest = np.full((3, 100), -np.inf, np.float32)
    numbers = np.zeros((3, 100), np.float32)
    numbers[:, [70, 90]] = np.nan
    same = [
        lowest,
        -lowest,
        np.zeros((3, 100), bool),
        np.ones((3, 100), bool),
        np.full((3, 100), -128, np.int8),
    ]
    check_equal([tried(row, [x], axis=(axis,), keepdims=False) for x in (*same, numbers) for axis in (0, 1)])


@pytest.mark.parametrize("name", FLOATS)
def test_taps_of_special_floats(name: str) -> None:
    rng = np.random.default_rng(SEED)
    params = conv_params((1, 2), ((1, 0), (1, 1)))
    x = special((2, 3, 8, 9), name, rng)
    lowest = np.full_like(x, -np.inf)
    check_equal([tried("pool_tap", [a], window=(2, 3), **params) for a in (x, lowest)])


@pytest.mark.parametrize("name", FLOATS)
def test_running_extremes_of_special_floats(name: str) -> None:
    rng = np.random.default_rng(SEED)
    x = np.sort(rng.standard_normal((4, 90))).astype(dtypes.canonical(name))
    x[1, 40], x[2, 0], x[3, 89] = np.nan, -np.inf, np.inf
    check_equal([tried(row, [x], axis=axis) for row in ("cummax", "cummin") for axis in (0, 1)])


@pytest.mark.parametrize("name", FLOATS)
def test_search_of_special_floats(name: str) -> None:
    rng = np.random.default_rng(SEED)
    a = np.sort(special((20,), "float64", rng)).astype(dtypes.canonical(name))
    v = special((50,), name, rng)
    check_equal([tried("searchsorted", [a, v], side=side) for side in ("left", "right")])


@pytest.mark.parametrize("name", FLOATS)
def test_scattered_extremes_of_special_floats(name: str) -> None:
    rng = np.random.default_rng(SEED)
    x, u, i = special((5, 19), name, rng), special((30, 19), name, rng), rng.integers(0, 5, 30)
    check_equal([tried(row, [x, u, i], axes=(0,)) for row in ("scatter_min", "scatter_max")])


@pytest.mark.parametrize("name", ["int8", "uint8", "int16", "uint32", "int64", "uint64"])
def test_integers_wrap_around(name: str) -> None:
    rng = np.random.default_rng(SEED)
    limits = np.iinfo(name)
    x = rng.integers(limits.min, limits.max, (3, 40), name, endpoint=True)
    i = rng.integers(0, 4, 3)
    check_equal(
        [
            tried("scatter_add", [x, i], axes=(0,), shape=(4, 40)),
            tried("scatter_mul", [x[:2], x, i % 2], axes=(0,)),
            tried("cumsum", [x], axis=1, reverse=False),
            tried("cumprod", [x], axis=1, reverse=True),
            tried("linear_scan", [x, x], axis=1, reverse=False),
            tried("argsort", [x], axis=1, descending=True),
            tried("argmin", [x], axis=(1,), keepdims=False),
        ]
    )


def test_a_running_sum_keeps_its_sign_of_zero() -> None:
    x = np.full((2, 40), -0.0, np.float32)
    compiled = Compiled([case_of("cumsum", [x], axis=1, reverse=False)], host())
    (found,) = compiled.run(0, [x], np.random.default_rng(SEED)).outputs
    assert np.signbit(found).all()


def test_a_running_product_does_not_overflow_before_its_time() -> None:
    x = np.array([[1e-30, 1e20, 1e20, 1e-20] * 10], np.float32)
    check_equal([tried("cumprod", [x], axis=1, reverse=False)])


@pytest.mark.parametrize("fused", [True, False], ids=["by instruction", "by bits"])
@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_every_16_bit_float_is_widened_and_every_float32_rounded(name: str, fused: bool) -> None:
    if fused and not host().has_fma:
        pytest.skip("this machine has no instruction for it")
    dtype = dtypes.canonical(name)
    halves = np.arange(1 << 16, dtype=np.uint16).view(dtype)
    module = Module(fused=fused)
    lanes, float32 = 16, np.dtype(np.float32)
    b = Builder(module, "widened", [("ptr", "x"), ("ptr", "y"), ("i64", "n")])
    with b.loop(0, b.argument("n"), lanes) as loop:
        x = b.load(b.element(b.pointer("x"), loop.index, dtype), dtype, lanes)
        b.store(b.cast(x, float32), b.element(b.pointer("y"), loop.index, float32))
    b.finish()
    b = Builder(module, "narrowed", [("ptr", "x"), ("ptr", "y"), ("i64", "n")])
    with b.loop(0, b.argument("n"), lanes) as loop:
        x = b.load(b.element(b.pointer("x"), loop.index, float32), float32, lanes)
        b.store(b.cast(x, dtype), b.element(b.pointer("y"), loop.index, dtype))
    b.finish()
    library = load([str(module)], host())
    wide = np.empty(halves.size, np.float32)
    function(library, "widened", "void", "ptr", "ptr", "i64")(halves.ctypes.data, wide.ctypes.data, wide.size)
    np.testing.assert_array_equal(wide, halves.astype(np.float32))
    # Numbers beside every half, half way to the next, and all exponents.
    rng = np.random.default_rng(SEED)
    bits = (
        wide.view(np.uint32)[:, None] + np.array([0, 1, 0xFFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0x8001])
    ).ravel()
    bits = np.concatenate([bits.astype(np.uint32), rng.integers(0, 1 << 32, 1 << 18).astype(np.uint32)])
    x, found = bits.view(np.float32), np.empty(bits.size, dtype)
    function(library, "narrowed", "void", "ptr", "ptr", "i64")(x.ctypes.data, found.ctypes.data, x.size)
    with np.errstate(over="ignore", invalid="ignore"):
        expected = x.astype(dtype)
    np.testing.assert_array_equal(found.astype(np.float32), expected.astype(np.float32))
    assert np.array_equal(np.signbit(found)[x == 0], np.signbit(x[x == 0]))
