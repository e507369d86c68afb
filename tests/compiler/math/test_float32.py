"""Errors of all functions in float32, over the whole range of numbers, on each kind of processor."""

import numpy as np
import pytest

from chainrule.compiler.llvm.math.accuracy import FUNCTIONS

from .measuring import CPUS, FLOAT32, FLOAT64, arity, errors, exactly, in_double, kernel, worst

ALL = 2**32
SINGLE = [name for name in FUNCTIONS if arity(name) == 1 and name != "polygamma"]
PAIRS = [name for name in FUNCTIONS if arity(name) == 2]
_BLOCK = 2**22


def numbers(start, stop, step=1):
    """Floats by their bits: all of them from 0 to 2^32."""
    return np.arange(start, stop, step, dtype=np.uint64).astype(np.uint32).view(np.float32)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", SINGLE)
def test_every_so_many_numbers(name, cpu):
    x = numbers(0, ALL, 16 * 1009)
    error, where = worst(kernel(name, FLOAT32, cpu)(x), in_double(name, x), x)
    assert error <= FUNCTIONS[name].float32, where


@pytest.mark.slow
@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", SINGLE)
def test_every_1009th_number(name, cpu):
    x = numbers(0, ALL, 1009)
    error, where = worst(kernel(name, FLOAT32, cpu)(x), in_double(name, x), x)
    assert error <= FUNCTIONS[name].float32, where


@pytest.mark.slow
@pytest.mark.parametrize("name", SINGLE)
def test_all_numbers(name):
    compiled = kernel(name, FLOAT32, CPUS[-1])
    for start in range(0, ALL, _BLOCK):
        x = numbers(start, start + _BLOCK)
        error, where = worst(compiled(x), in_double(name, x), x)
        assert error <= FUNCTIONS[name].float32, where


def pairs(name):
    """Random bits, numbers of ordinary size, bases near 1 with large exponents, and numbers of equal size."""
    rng = np.random.default_rng(20240607)
    bits = rng.integers(0, ALL, (2, 20_000), dtype=np.uint64).astype(np.uint32).view(np.float32)
    ordinary = rng.uniform(-20, 20, (2, 20_000))
    near = np.stack([1 + rng.uniform(-1e-3, 1e-3, 10_000), rng.uniform(-1e5, 1e5, 10_000)])
    first = np.exp(rng.uniform(-80, 80, 10_000))
    alike = np.stack([first, first * np.exp(rng.uniform(-3, 3, 10_000))])
    return np.concatenate([bits, *(part.astype(np.float32) for part in (ordinary, near, alike))], axis=1)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name, cpu):
    x, y = pairs(name)
    error, where = worst(kernel(name, FLOAT32, cpu)(x, y), in_double(name, x, y), x, y)
    assert error <= FUNCTIONS[name].float32, where


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("order", range(4))
def test_polygamma(order, cpu):
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.uniform(-20, 20, 300), np.exp(rng.uniform(-20, 20, 200))]).astype(np.float32)
    found = kernel("polygamma", FLOAT32, cpu, order=order)(x)
    error, where = worst(found, exactly("polygamma", x, order=order), x)
    assert error <= FUNCTIONS["polygamma"].float32, where


def test_what_is_measured_is_an_error():
    exact = np.array([1.0, 1.0, 3.0, np.inf, np.nan, 1e-45, 2.0])
    found = np.array([1.0, 1.0 + 2**-22, np.inf, np.inf, np.nan, 0.0, np.nan], np.float32)
    measured = errors(found, exact)
    np.testing.assert_allclose(measured[[0, 1, 3, 4]], [0, 2, 0, 0])
    assert measured[2] > 2**100 and 0.7 < measured[5] < 0.8 and measured[6] == np.inf
    assert errors(np.array([1.5]), np.array([1.5], np.longdouble))[0] == 0 and FLOAT64.itemsize == 8
