"""Compiled results against the NumPy definitions of their rows, in units in the last place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.compiler.llvm.math.accuracy import FUNCTIONS
from chainrule.core.interpreter import EAGER, using_layers, wrap
from chainrule.core.op import TABLE

from .running import Case
from .values import parts

Array = Any
# Bits of the fraction, and the exponent of the smallest number that is not subnormal.
_FORMATS = {"float16": (10, -14), "bfloat16": (7, -126), "float32": (23, -126), "float64": (52, -1022)}

# Errors in float32 and float64, inside their domains, of rows that state none.
_OF_LOOPS = {
    **dict.fromkeys(("gammainc", "betainc", "gammaincinv", "betaincinv", "bessel_i"), (0.6, 32.0)),
    **dict.fromkeys(("gamma_integral", "beta_integral", "spherical_bessel"), (0.6, 32.0)),
    **dict.fromkeys(("xlogy", "xlog1py"), (2.0, 3.0)),
}
# The length of a complex function's error, in units of the length of its result.
_OF_COMPLEX = {dtypes.complex64: 2.0, dtypes.complex128: 4.0}
_EXACT_FOR_COMPLEX = (
    *("add", "subtract", "multiply", "square", "negative", "conj", "real", "imag"),
    *("identity", "where", "round"),
)
# SciPy's definitions are not exact themselves.
_OF_SCIPY = 4.0
# Where zeros of a function or of its definition are not exact, errors are in units of 1 …
_OF_ONE = ("sigmoid", "lgamma", "polygamma", "gamma_integral", "beta_integral", "spherical_bessel")
# … and of sums in units of the largest argument.
_OF_ARGUMENTS = ("logaddexp", "logaddexp2")
# Of either sign is the zero that is the larger one of two zeros.
_OF_EITHER_SIGN = ("maximum", "minimum", "fmax", "fmin")


def eagerly(case: Case, arrays: Sequence[Array]) -> Array:
    """What the eager interpreter gives."""
    with using_layers([EAGER]), np.errstate(all="ignore"):
        return case.row(*map(wrap, arrays), **dict(case.params)).data


def _product(z: Array, w: Array) -> Array:
    """By its parts: NumPy rounds the sum of two products once on some machines, and twice on others."""
    found = np.empty_like(z)
    found.real, found.imag = z.real * w.real - z.imag * w.imag, z.real * w.imag + z.imag * w.real
    return found


def _log1p(z: Array) -> Array:
    """More exact than NumPy's, which adds 1 first."""
    x, y = z.real, z.imag
    near = (abs(x) < 0.5) & (abs(y) < 0.5)
    more = z.copy()
    more.real += 1
    found = np.log(more)
    found.real = np.where(near, 0.5 * np.log1p(np.where(near, x * (2 + x) + y * y, 0)), found.real)
    return found


# Definitions by row and kind that are better, or more the same everywhere, than those of the rows.
_BETTER: dict[tuple[str, str], Callable[..., Array]] = {
    ("multiply", "c"): _product,
    ("square", "c"): lambda z: _product(z, z),
    ("log1p", "c"): _log1p,
    # Odd, as all its kind; SciPy's is so but at 0.
    ("erfinv", "f"): lambda x: np.where(x == 0, x, TABLE["erfinv"].numpy(x)),
}


def bound(case: Case) -> float:
    """The stated error, in units in the last place; 0 where the result is that of the definition."""
    name, kind = case.row.name, dtypes.letter(case.types[-1])
    if kind not in "fc" or dtypes.letter(case.output) not in "fc" or name == "cast":
        return 0.0
    if kind == "c":
        return 0.0 if name in _EXACT_FOR_COMPLEX else _OF_COMPLEX[case.types[-1]]
    is_double = case.types[-1].itemsize == 8
    if name not in FUNCTIONS:
        return _OF_LOOPS.get(name, (0.0, 0.0))[is_double]
    return FUNCTIONS[name].float64 if is_double else FUNCTIONS[name].float32


def exactly(case: Case, arrays: Sequence[Array]) -> tuple[Array, float]:
    """The definition in a wider type, and what is to be added to errors where NumPy has none."""
    kind = dtypes.letter(case.types[-1])
    define = _BETTER.get((case.row.name, kind), case.row.numpy)
    if kind == "c" and case.row.name in ("sign", "divide", "reciprocal"):
        # In its own type, steps of the definition overflow and lose digits.
        return eagerly(case, arrays), 0.0
    with np.errstate(all="ignore"):
        try:
            return np.asarray(define(*map(_wide, arrays))), 0.01
        except TypeError:
            return np.asarray(define(*map(_in_double, arrays))), _OF_SCIPY


def _wide(x: Array) -> Array:
    wider = {"float64": np.longdouble, "complex64": np.complex128, "complex128": np.clongdouble}
    return x.astype(wider.get(str(x.dtype), np.float64)) if dtypes.letter(x.dtype) in "fc" else x


def _in_double(x: Array) -> Array:
    return x.astype(np.float64) if dtypes.letter(x.dtype) == "f" else x


def same(x: Array, y: Array) -> Array:
    """Equal with the sign of zero, or both NaN; of complex numbers both parts."""
    found = np.ones(x.shape, bool)
    for a, b in zip(parts(x), parts(y), strict=True):
        if dtypes.letter(a.dtype) == "f":
            with np.errstate(invalid="ignore"):  # Some NaN are signals.
                a, b = a.astype(np.float64), b.astype(np.float64)
            found &= (a == b) & (np.signbit(a) == np.signbit(b)) | np.isnan(a) & np.isnan(b)
        else:
            found &= a == b
    return found


def agrees(case: Case, arrays: Sequence[Array], found: Array) -> Array:
    """Where a result is as it should be."""
    better = _BETTER.get((case.row.name, dtypes.letter(case.types[-1])))
    with np.errstate(all="ignore"):
        wanted = eagerly(case, arrays) if better is None else better(*arrays).astype(case.output)
    if bound(case) == 0:
        equal = found == wanted if case.row.name in _OF_EITHER_SIGN else False
        return same(found, wanted) | equal
    exact, more = exactly(case, arrays)
    within = _errors(case, arrays, found, exact) <= bound(case) + more
    good = np.ones(found.shape, bool)
    lost = np.isnan(wanted)
    for a, b, c in zip(*map(parts, (found, wanted, exact)), strict=True):
        good &= _part_agrees(a, b, c, within, lost)
    return good


def _part_agrees(found: Array, wanted: Array, exact: Array, within: Array, lost: Array) -> Array:
    """Infinities, NaN and zeros as in the definition; other numbers within the bound."""
    with np.errstate(over="ignore"):
        rounded = exact.astype(found.dtype)
    ends = same(found, wanted) | same(found, rounded)
    # Where a part is NaN, the sign of the other may be any.
    ends |= lost & same(abs(found), abs(wanted))
    special = ~np.isfinite(wanted) | ~np.isfinite(rounded) | (found == 0) & (wanted == 0)
    return np.where(special, ends, within)


def _errors(case: Case, arrays: Sequence[Array], found: Array, exact: Array) -> Array:
    """Errors in units in the last place; parts that are not finite do not count."""
    digits, lowest = _FORMATS[str(dtypes.real_type(found.dtype))]
    with np.errstate(all="ignore"):
        _, exponent = np.frexp(_size(case, arrays, exact).astype(np.longdouble))
        unit = np.ldexp(np.longdouble(1), np.clip(exponent - 1, lowest, None) - digits)
        error = np.zeros(found.shape, np.longdouble)
        for a, b in zip(parts(found), parts(exact), strict=True):
            counts = np.isfinite(b.astype(a.dtype))
            error = np.hypot(error, np.where(counts, a - b.astype(np.longdouble), 0))
        return error / unit


def _size(case: Case, arrays: Sequence[Array], exact: Array) -> Array:
    """What errors are relative to."""
    name, size = case.row.name, np.zeros(exact.shape, np.longdouble)
    for part in parts(exact):
        counts = np.isfinite(part.astype(dtypes.real_type(case.output)))
        size = np.hypot(size, np.where(counts, part, 0))
    if name in _OF_ONE:
        return np.maximum(size, 1)
    if name in _OF_ARGUMENTS:
        return np.max([size, *(abs(_wide(x)) for x in arrays)], axis=0)
    if name == "power" and exact.dtype.kind == "c":
        # The error of the exponent is that of the result's relative size.
        x, y = map(_wide, arrays)
        return size * np.maximum(1, np.nan_to_num(abs(y * np.log(x)), posinf=1))
    return size


def problem(case: Case, arrays: Sequence[Array], found: Array) -> str:
    """What is wrong with a result; the empty string if nothing is."""
    wrong = np.flatnonzero(~agrees(case, arrays, found))
    if not len(wrong):
        return ""
    wanted, shown = eagerly(case, arrays), wrong[:4]
    lines = [f"{tuple(a[i] for a in arrays)} gives {found[i]}, not {wanted[i]}" for i in shown]
    return f"{case.name}: {len(wrong)} of {len(found)} are wrong: " + "; ".join(lines)
