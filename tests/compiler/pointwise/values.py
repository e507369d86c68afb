"""Arguments that show what a row does at the limits of a type, and inside the row's domain."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

import chainrule as cr
from chainrule import dtypes
from chainrule.core.sample import Domain, Integers

from .running import Case

Array = Any
SEED = 4
_DRAWN = 61
# Rows with iterations are tried at their domains' ends by tests of their own.
ITERATED = (
    *("gammainc", "betainc", "gamma_integral", "beta_integral", "gammaincinv", "betaincinv"),
    *("bessel_i", "spherical_bessel", "xlogy", "xlog1py", "polygamma"),
)
_INSIDE = [0.25, 0.5, 0.75, 1.0, 1.5, 3.0, 7.0]
_PLAIN = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 7.0, 100.0]


def values_of(dtype: np.dtype) -> Array:
    """Zeros, ones, halves, infinities, NaN, the smallest and the largest of a type."""
    letter = dtypes.letter(dtype)
    if letter == "b":
        return np.array([False, True])
    if dtypes.is_stored_only(dtype):
        return _all_of(dtype)
    if letter == "c":
        return _grid_of(dtype)
    return _floats_of(dtype) if letter == "f" else _integers_of(dtype)


def _all_of(dtype: np.dtype) -> Array:
    """All elements of a type that takes a byte, or half of one."""
    if dtypes.letter(dtype) == "f":
        return np.arange(256, dtype=np.uint8).view(dtype)
    return np.arange(-8 if dtypes.letter(dtype) == "i" else 0, 8).astype(dtype)


def _grid_of(dtype: np.dtype) -> Array:
    """Complex numbers of all combinations of parts."""
    info = np.finfo(dtype)
    positive = [0.0, 0.5, 1.0, 3.0, float(info.smallest_subnormal), info.max, np.inf]
    parts = [*positive, *(-x for x in positive), np.nan]
    return np.array([*product(parts, repeat=2)], dtypes.real_type(dtype)).view(dtype)[:, 0].copy()


def _floats_of(dtype: np.dtype) -> Array:
    info = cr.finfo(dtype)
    tiny = float(info.smallest_normal)
    edges = [tiny * info.eps, tiny, info.eps, 1 + info.eps, info.max, np.inf]
    positive = np.array([*_PLAIN, *map(float, edges)]).astype(dtype)
    return np.concatenate([positive, -positive, np.array([np.nan]).astype(dtype)])


def _integers_of(dtype: np.dtype) -> Array:
    info = np.iinfo(dtype)
    near = [0, 1, 2, 3, 6, 7, 8, 9, 31, 63, 64, 100]
    ends = [info.max, info.max - 1, info.max // 2, info.min, info.min + 1, info.max // 2 + 1]
    negative = [-x for x in near] if info.min else []
    return np.array(sorted({*near, *ends, *negative}), dtype)


def arguments(case: Case) -> list[Array]:
    """All combinations of special values, and numbers drawn from the row's domain."""
    rng = np.random.default_rng(SEED)
    special = [grid.ravel() for grid in np.meshgrid(*_special(case), indexing="ij")]
    domains = (
        case.row.domain if len(case.row.domain) == len(case.types) else case.row.domain * len(case.types)
    )
    drawn = [_drawn(domain, dtype, rng) for domain, dtype in zip(domains, case.types, strict=True)]
    arrays = [np.concatenate(both) for both in zip(special, drawn, strict=True)]
    # The last vector is never full.
    size = len(arrays[0]) - (len(arrays[0]) % 16 == 0)
    return [np.ascontiguousarray(a[:size]) for a in arrays]


def _special(case: Case) -> list[Array]:
    """Special values for each argument; fewer where there are many arguments."""
    found = []
    for i, dtype in enumerate(case.types):
        if i in case.row.dtype.separate:
            values = np.array([False, True] if dtype.kind == "b" else [0, 1, 2, 3], dtype)
        elif case.row.name in ITERATED:
            values = np.array([*_INSIDE[:: len(case.types) // 2], np.nan]).astype(dtype)
        else:
            values = values_of(dtype)
            if len(case.types) > 2:
                values = values[:: max(1, len(values) // 12)]
        found.append(values)
    return found


def _drawn(domain: Domain, dtype: np.dtype, rng: np.random.Generator) -> Array:
    letter = dtypes.letter(dtype)
    if letter == "c":
        real, imag = (domain.draw(rng, (_DRAWN,)).real for _ in range(2))
        return (real + 1j * imag).astype(dtype)
    if letter == "u" and not isinstance(domain, Integers):
        return rng.integers(0, 12, _DRAWN).astype(dtype)
    drawn = domain.draw(rng, (_DRAWN,)).real
    return (abs(drawn) if letter == "u" else drawn).astype(dtype)


def parts(x: Array) -> Iterator[Array]:
    """Real and imaginary part of complex numbers; other numbers themselves."""
    if x.dtype.kind == "c":
        yield x.real
        yield x.imag
    else:
        yield x


def within_range(case: Case, arrays: list[Array]) -> list[Array]:
    """Arguments for which a definition says what the result is."""
    name, dtype = case.row.name, case.types[-1]
    if name == "power" and dtypes.letter(dtype) in "iu":
        return _where(arrays[1] >= 0, arrays)
    if name in ("power", "exp2") and dtype.kind == "c":
        # What a large argument is multiplied by, its error is too.
        sizes = [abs(np.where(np.isfinite(x), x, np.inf)) for x in arrays]
        return _where(np.logical_and.reduce([(x == 0) | (x > 1e-30) & (x < 100) for x in sizes]), arrays)
    if name == "lgamma":
        # SciPy gives infinity for subnormal numbers, of which the logarithm is finite.
        size, tiny = abs(arrays[0].astype(np.float64)), float(np.finfo(np.float32).smallest_normal)
        return _where(~((size > 0) & (size < tiny)), arrays)
    return arrays


def castable(case: Case, arrays: list[Array]) -> list[Array]:
    """Numbers that the other type can hold, or that NumPy brings into it by dropping their highest bits."""
    letter = dtypes.letter(case.output)
    if letter not in "iu" or dtypes.letter(case.types[0]) not in "fc":
        return arrays
    with np.errstate(invalid="ignore"):  # Some NaN are signals.
        x = np.real(arrays[0]).astype(np.float64)
    return _where((x >= _lowest(case.output)) & (x < _highest(case.output)), arrays)


def _lowest(dtype: np.dtype) -> float:
    if dtypes.is_stored_only(dtype):
        return -8 if dtypes.letter(dtype) == "i" else 0
    return -(2.0**63) if dtype.itemsize == 8 else -(2.0**31)


def _highest(dtype: np.dtype) -> float:
    is_unsigned = dtypes.letter(dtype) == "u"
    if dtypes.is_stored_only(dtype):
        return 16 if is_unsigned else 8
    if dtype.itemsize == 8:
        return 2.0**64 if is_unsigned else 2.0**63
    return 2.0**32 if dtype == dtypes.uint32 else 2.0**31


def _where(condition: Array, arrays: list[Array]) -> list[Array]:
    return [np.ascontiguousarray(a[condition]) for a in arrays]
