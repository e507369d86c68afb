"""Compiled results against eager ones: exact for whole numbers, as exact as eager ones for floats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ml_dtypes
import numpy as np

import chainrule as cr
from chainrule import dtypes
from chainrule.compiler.program.build import build
from chainrule.compiler.program.program import Program

Array = Any

# Units in the last place of a result, and multiples of the error that the eager result has itself.
UNITS, _FACTOR = 8, 4


def wide(x: Array) -> Array:
    """The same numbers in float64, or complex128; other types as they are."""
    kind = dtypes.letter(x.dtype)
    return x.astype({"f": np.float64, "c": np.complex128}[kind]) if kind in "fc" else x


def run_eagerly(f: Callable[..., Any], arrays: Sequence[Array]) -> list[Array]:
    """Results of a function of tensors."""
    with np.errstate(all="ignore"):
        return [y.data for y in f(*map(cr.tensor, arrays))]


def compiled(f: Callable[..., Any], arrays: Sequence[Array]) -> tuple[Program, list[Array]]:
    """A function's program and its results."""
    program = build(cr.record(f, *map(cr.tensor, arrays)))
    with np.errstate(all="ignore"):
        return program, program.run(arrays)


def difference(found: Array, expected: Array, exact: Array | None = None, units: int = UNITS) -> str:
    """What is wrong with a result; empty if nothing is.

    ``exact`` is the result in a wider type, where there is one. It tells how exact the expected result is
    itself, and so how much the found one may be off. Where there is none, it may be off by some ``units``
    of the largest element.
    """
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return f"{found.dtype}{found.shape} instead of {expected.dtype}{expected.shape}"
    if dtypes.letter(expected.dtype) not in "fc":
        wrong = found != expected
        return _described(wrong, found, expected) if np.any(wrong) else ""
    parts = [
        (x.view(dtypes.real_type(x.dtype)) if x.dtype.kind == "c" else x)
        for x in map(_flat, (found, expected))
    ]
    reference = parts[1] if exact is None else _flat(exact)
    if reference.dtype.kind == "c":
        reference = reference.view(np.float64)
    wrong = _is_wrong(*parts, reference, units if exact is None else None)
    return _described(wrong, *parts) if np.any(wrong) else ""


def _flat(x: Array) -> Array:
    return np.ascontiguousarray(x).reshape(-1)


def _is_wrong(found: Array, expected: Array, exact: Array, units: int | None) -> Array:
    limits = ml_dtypes.finfo(found.dtype)
    eps, tiny = float(limits.eps), float(limits.smallest_normal)
    found, expected, exact = (x.astype(np.float64) for x in (found, expected, exact))
    with np.errstate(all="ignore"):
        normal = np.isfinite(expected) & np.isfinite(exact)
        own = np.where(normal, abs(expected - exact), 0.0)
        size = np.where(normal, abs(exact), 0.0)
        # Sums that cancel are as exact as their largest terms, which only the wider result tells.
        if units is None:
            other = _FACTOR * own.max(initial=0.0)
        else:
            other = units * eps * max(size.max(initial=0.0), 1.0)
        allowed = other + UNITS * eps * size + tiny
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        return ~(same | (normal & (abs(found - exact) <= allowed)))


def _described(wrong: Array, found: Array, expected: Array) -> str:
    places = np.flatnonzero(wrong)
    first = places[0]
    got, wanted = found.reshape(-1)[first], expected.reshape(-1)[first]
    return (
        f"{len(places)} of {wrong.size} elements differ, the first at {first}: {got!r} instead of {wanted!r}"
    )
