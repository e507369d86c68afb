"""Errors of all functions in float64, against more digits, on each kind of processor."""

from functools import cache

import numpy as np
import pytest

from chainrule.compiler.llvm.math.accuracy import FUNCTIONS

from .measuring import CPUS, FLOAT64, ORDERS, arity, exactly, kernel, worst

_COUNT = 120
_POSITIVE = ("lgamma", "polygamma")


@cache
def cases(name, order=0):
    """Places in the intervals, near their ends, and of random bits where the function is defined."""
    rng = np.random.default_rng(7 + order)
    columns = []
    for low, high in FUNCTIONS[name].intervals[-arity(name) :]:
        inside = rng.uniform(low, high, _COUNT)
        near_0 = np.exp(rng.uniform(-200, 0, _COUNT)) * rng.choice([-1.0, 1.0], _COUNT)
        near_1 = 1 - np.exp(rng.uniform(-34, 0, _COUNT)) * rng.choice([-1.0, 1.0], _COUNT)
        near_ends = np.concatenate([low + (high - low) * np.exp(rng.uniform(-30, 0, _COUNT // 2))] * 2)
        bits = rng.integers(0, 2**64, _COUNT, dtype=np.uint64).view(np.float64)
        columns.append(np.concatenate([inside, near_0, near_1, near_ends, bits]))
    arrays = np.stack(columns)
    arrays = arrays[:, np.isfinite(arrays).all(axis=0) & inside_domain(name, *arrays)]
    exact = exactly(name, *arrays, order=order)
    return arrays, exact


def inside_domain(name, *arrays):
    """Where the result is a finite number; what lies outside is the concern of the special values."""
    x = arrays[0]
    if name in ("log", "log2", "log10", "sqrt", "rsqrt", *_POSITIVE):
        return (x > 0) & (x < 1e300)
    if name == "log1p":
        return x > -1
    if name == "arccosh":
        return x >= 1
    if name in ("arcsin", "arccos", "arctanh", "erfinv"):
        return (abs(x) < 1) & (x != 0)
    if name == "ndtri":
        return (x > 1e-20) & (x < 1) & (x != 0.5)
    with np.errstate(all="ignore"):
        if name in ("exp", "exp2", "expm1", "sinh", "cosh", "sigmoid", "erfc"):
            return abs(x) < 1e4
        if name == "power":
            size = arrays[1] * np.log2(abs(x))
            return (x > 0) & (abs(size) < 1100)
        if name == "hypot":
            return np.maximum(abs(x), abs(arrays[1])) < 1e308
    return np.ones(x.shape, bool)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "polygamma"])
def test_errors(name, cpu):
    arrays, exact = cases(name)
    unit = np.max(np.abs([*arrays, exact]), axis=0) if name.startswith("logaddexp") else None
    error, where = worst(kernel(name, FLOAT64, cpu)(*arrays), exact, *arrays, unit_of=unit)
    assert error <= FUNCTIONS[name].float64, where


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("order", ORDERS)
def test_polygamma(order, cpu):
    (x,), exact = cases("polygamma", order)
    # Near the zero of ψ the terms are about 1 and cancel.
    unit = np.maximum(np.abs(exact), 1.0) if order == 0 else None
    error, where = worst(kernel("polygamma", FLOAT64, cpu, order=order)(x), exact, x, unit_of=unit)
    assert error <= FUNCTIONS["polygamma"].float64, where


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_large_angles(name, cpu):
    rng = np.random.default_rng(11)
    large = np.exp(rng.uniform(10, 709, 300)) * rng.choice([-1.0, 1.0], 300)
    # Of all float64 numbers, the last is nearest to a multiple of π/2 (Muller, Elementary Functions, 11.2.1).
    multiples = rng.integers(-(2**40), 2**40, 300) * (np.pi / 2)
    x = np.concatenate([large, multiples, [6381956970095103.0 * 2.0**797]])
    error, where = worst(kernel(name, FLOAT64, cpu)(x), exactly(name, x), x)
    assert error <= FUNCTIONS[name].float64, where


@pytest.mark.parametrize("cpu", CPUS)
def test_lgamma_below_0(cpu):
    x = np.random.default_rng(3).uniform(-30, 0, 400)
    found, exact = kernel("lgamma", FLOAT64, cpu)(x), exactly("lgamma", x)
    # There are zeros between the poles, near which only the absolute error is small.
    np.testing.assert_allclose(found, exact.astype(float), rtol=1e-14, atol=2e-13)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("order", ORDERS)
def test_polygamma_below_0(order, cpu):
    x = np.random.default_rng(4).uniform(-30, 0, 200)
    exact = exactly("polygamma", x, order=order).astype(float)
    found = kernel("polygamma", FLOAT64, cpu, order=order)(x)
    np.testing.assert_allclose(found, exact, rtol=1e-13, atol=1e-12 * 10.0**order)
