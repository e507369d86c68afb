"""Elements that are no plain numbers, in loop nests: complex ones, and those of types for storage alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes
from chainrule.compiler.program.build import build
from chainrule.core.interpreter import wrap

from .running import CPUS, STORED, target

Array = Any
SEED = 5
COMPLEX = [dtypes.complex64, dtypes.complex128]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory, monkeypatch) -> None:
    """A cache of kernels for these tests alone."""
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path_factory.getbasetemp() / "kernels"))


def both(f: Callable[..., Any], cpu: str, *arrays: Array) -> tuple[list[Array], list[Array]]:
    """Results of a function compiled, none of it by NumPy, and eager."""
    program = build(cr.record(f, *map(wrap, arrays)), target=target(cpu))
    assert program.report.fallbacks == ()
    expected = f(*map(wrap, arrays))
    return program.run(list(arrays)), [
        x.data for x in (expected if isinstance(expected, tuple) else (expected,))
    ]


def drawn(dtype: np.dtype, *shape: int) -> Array:
    rng = np.random.default_rng(SEED)
    return (rng.normal(size=shape) + 1j * rng.normal(size=shape)).astype(dtype)


MOVES: list[Callable[[cr.Tensor], cr.Tensor]] = [
    lambda x: cr.transpose(x),
    lambda x: cr.transpose(x[:, ::-1]),
    lambda x: x[1::2, ::3],
    lambda x: cr.reshape(cr.transpose(x), (5, 37)),
    lambda x: cr.concatenate([x, x[:2]], axis=0),
    lambda x: cr.pad(x, ((1, 2), (3, 0))),
    lambda x: cr.broadcast_to(x[0], (3, 37)),
]


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("dtype", COMPLEX, ids=str)
def test_complex_numbers_are_moved(dtype, cpu):
    found, expected = both(lambda x: tuple(move(x) for move in MOVES), cpu, drawn(dtype, 5, 37))
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b, strict=True)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("dtype", COMPLEX, ids=str)
def test_sums_and_products_of_complex_numbers(dtype, cpu):
    x = drawn(dtype, 5, 37)
    found, expected = both(
        lambda x: (
            cr.sum(x),
            cr.sum(x, axis=0),
            cr.sum(x, axis=1),
            cr.prod(x, axis=0),
            cr.prod(x[:, :9], axis=1),
        ),
        cpu,
        x,
    )
    tolerance = 40 * np.finfo(dtype).eps
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == dtype
        np.testing.assert_array_less(np.abs(a - b), tolerance * np.maximum(np.abs(b), 1))


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("dtype", COMPLEX, ids=str)
def test_what_follows_a_complex_product(dtype, cpu):
    """A normalisation with a fold in it, and a bias and an absolute value behind a matrix product."""
    x, y = drawn(dtype, 9, 37), drawn(dtype, 37, 11)

    def f(x: cr.Tensor, y: cr.Tensor) -> tuple[cr.Tensor, ...]:
        unit = x / cr.sqrt(cr.sum(cr.real(x * cr.conj(x)), axis=1, keepdims=True))
        return cr.abs(cr.matmul(unit, y) + y[0]), cr.exp(cr.matmul(unit, y)), unit

    found, expected = both(f, cpu, x, y)
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_less(np.abs(a - b), 200 * np.finfo(dtype).eps * np.maximum(np.abs(b), 1))


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("dtype", STORED, ids=str)
def test_types_for_storage_are_moved(dtype, cpu):
    """All 185 of some bytes, bit by bit."""
    x = np.random.default_rng(SEED).integers(0, 256, (5, 37), np.uint8)
    if dtypes.letter(dtype) != "f":
        x &= 15
    found, expected = both(lambda x: tuple(move(x) for move in MOVES), cpu, x.view(dtype))
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == dtype
        np.testing.assert_array_equal(a.view(np.uint8), np.ascontiguousarray(b).view(np.uint8))
