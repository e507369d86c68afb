"""Compiles the mathematical functions for each kind of processor, and measures their errors."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from mpmath import mp, mpc, mpf
from scipy import special

from chainrule.compiler.llvm import Builder, Module, Value
from chainrule.compiler.llvm.math.accuracy import FUNCTIONS
from chainrule.compiler.native.arrays import address
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import Target, host
from chainrule.errors import ConfigError

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
CPUS = ["x86-64-v2", "x86-64-v3", "x86-64-v4"] if host().architecture == "x86_64" else ["native"]
ORDERS = range(4)
Array = Any


def target(cpu: str) -> Target:
    """A kind of processor, or the test is skipped where this machine lacks its instructions."""
    with patch.dict(os.environ, CHAINRULE_CPU=cpu):
        try:
            return host()
        except ConfigError as problem:
            pytest.skip(str(problem))


def arity(name: str) -> int:
    return 1 if name == "polygamma" else len(FUNCTIONS[name].intervals)


def write(b: Builder, name: str, xs: Sequence[Value], order: int = 0) -> Value:
    return b.polygamma(order, *xs) if name == "polygamma" else getattr(b, name)(*xs)


def kernel_text(name: str, dtype: np.dtype, lanes: int, fused: bool, order: int = 0) -> str:
    """A loop over arrays whose lengths are a multiple of the lanes."""
    module = Module(fused=fused)
    pointers = [f"x{i}" for i in range(arity(name))] + ["y"]
    b = Builder(module, "kernel", [*(("ptr", p) for p in pointers), ("i64", "n")])
    with b.loop(0, b.argument("n"), lanes) as loop:
        places = [b.element(b.pointer(p), loop.index, dtype) for p in pointers]
        b.store(write(b, name, [b.load(p, dtype, lanes) for p in places[:-1]], order), places[-1])
    b.finish()
    return str(module)


@cache
def kernel(
    name: str, dtype: np.dtype, cpu: str, lanes: int | None = None, order: int = 0
) -> Callable[..., Array]:
    """A function of the builder on arrays."""
    kind = target(cpu)
    width = kind.vector_bytes // dtype.itemsize if lanes is None else lanes
    library = load([kernel_text(name, dtype, width, kind.has_fma, order)], kind)
    native = function(library, "kernel", "void", *["ptr"] * (arity(name) + 1), "i64")

    def call(*arrays: Array) -> Array:
        size = len(arrays[0])
        padded = [np.concatenate([x, np.ones(-size % width, dtype)]) for x in arrays]
        result = np.empty_like(padded[0])
        native(*map(address, (*padded, result)), len(result))
        return result[:size]

    return call


def errors(found: Array, exact: Array, unit_of: Array | None = None) -> Array:
    """Errors in units in the last place of the exact values, or of larger ones; 0 where both are NaN."""
    info = np.finfo(found.dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = exact.astype(found.dtype)
        _, exponent = np.frexp(np.abs(exact if unit_of is None else unit_of))
        unit = np.ldexp(np.longdouble(1), np.clip(exponent - 1, info.minexp, info.maxexp - 1) - info.nmant)
        # An infinity where there should be none counts as the number after the largest.
        beyond = np.copysign(np.ldexp(np.longdouble(1), info.maxexp), found.astype(np.longdouble))
        value = np.where(np.isinf(found) & np.isfinite(exact), beyond, found)
        distance = np.abs(value - exact) / unit
    same = (found == rounded) & ~np.isfinite(found) | np.isnan(found) & np.isnan(exact)
    return np.where(same, 0.0, np.where(np.isnan(distance), np.inf, distance).astype(float))


def worst(found: Array, exact: Array, *arrays: Array, unit_of: Array | None = None) -> tuple[float, str]:
    """The largest error, and where it is."""
    distances = errors(found, exact, unit_of)
    place = int(np.argmax(distances))
    given = ", ".join(repr(x[place]) for x in arrays)
    return float(distances[place]), f"f({given}) = {found[place]!r}, exactly {exact[place]!r}"


def _sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1.0) / (1 + small)


# Definitions in float64, for the errors of float32.
DOUBLE: dict[str, Callable[..., Array]] = {
    "sigmoid": _sigmoid,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "erf": special.erf,
    "erfc": special.erfc,
    "erfinv": special.erfinv,
    "ndtri": special.ndtri,
    "lgamma": special.gammaln,
    "round": np.rint,
}


def in_double(name: str, *arrays: Array) -> Array:
    """The function of float32 numbers in float64, by NumPy or SciPy."""
    with np.errstate(all="ignore"):
        return DOUBLE.get(name, getattr(np, name, None))(*(x.astype(np.float64) for x in arrays))


# Definitions in as many digits as one likes, for the errors of float64.
EXACT: dict[str, Callable[..., Any]] = {
    "exp2": lambda x: mpf(2) ** x,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "log2": lambda x: mp.log(x, 2),
    "rsqrt": lambda x: 1 / mp.sqrt(x),
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "arcsin": mp.asin,
    "arccos": mp.acos,
    "arctan": mp.atan,
    "arcsinh": mp.asinh,
    "arccosh": mp.acosh,
    "arctanh": mp.atanh,
    "ndtri": lambda q: -mp.sqrt(2) * mp.erfinv(1 - 2 * q),
    "lgamma": lambda x: mp.re(mp.loggamma(x)),
    "trunc": lambda x: mp.sign(x) * mp.floor(abs(x)),
    "round": mp.nint,
    "power": mp.power,
    "arctan2": mp.atan2,
    "logaddexp": lambda x, y: max(x, y) + mp.log1p(mp.exp(-abs(x - y))),
    "logaddexp2": lambda x, y: max(x, y) + mp.log1p(mpf(2) ** -abs(x - y)) / mp.log(2),
}


def exactly(name: str, *arrays: Array, order: int = 0) -> Array:
    """The function of finite numbers within its domain, to more digits than a float64 has."""
    definition = EXACT.get(name, getattr(mp, name, None))
    values = []
    # sin(2^1000) needs all the digits before the point.
    with mp.workdps(360 if name in ("sin", "cos", "tan") else 60):
        for numbers in zip(*arrays, strict=True):
            given = [mpf(float(x)) for x in numbers]
            value = mp.polygamma(order, *given) if name == "polygamma" else definition(*given)
            values.append(_as_longdouble(value))
    return np.array(values, np.longdouble)


def _as_longdouble(value: Any) -> np.longdouble:
    if isinstance(value, mpc):
        return np.longdouble(math.nan)
    high = float(value)
    return np.longdouble(high) + np.longdouble(float(value - high)) if math.isfinite(high) else high
