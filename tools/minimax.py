"""Fits the polynomials of `chainrule.compiler.llvm.math`, and writes its file ``coefficients.py``.

Each row of `FITS` is a function, an interval, a degree, and the weight of the error; `remez` makes the
largest weighted error as small as it can be (Remez's exchange, on a fine grid of Chebyshev points, in 50
digits).
Coefficients are rounded to the type that they are used in from the lowest on, and the others fitted again.

Run: ``python tools/minimax.py`` writes the file; ``python tools/minimax.py NAME`` prints one row's error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpmath import mp, mpf

mp.dps = 50
TARGET = Path(__file__).resolve().parents[1] / "src/chainrule/compiler/llvm/math/coefficients.py"
Function = Callable[[Any], Any]


@dataclass(frozen=True)
class Fit:
    """One polynomial.

    Attributes
    ----------
    function, weight : callable
        What is approximated, and what its error is multiplied by.
    low, high : number
        The interval.
    degrees : mapping of int to int
        Degree by the bytes of the element type.
    doc : str
        What the polynomial is, for the comment above it.
    """

    function: Function
    weight: Function
    low: Any
    high: Any
    degrees: Mapping[int, int]
    doc: str


def remez(fit: Fit, size: int) -> tuple[list[Any], Any]:
    """Coefficients and largest weighted error of a fit."""
    degree = fit.degrees[size]
    grid = _chebyshev(fit.low, fit.high, 24 * (degree + 2))
    rows = [(x, fit.function(x), abs(fit.weight(x))) for x in grid]
    found = _exchange(rows, degree)
    bits = {4: 24, 8: 53}[size]
    # What rounding the higher ones of a float64 polynomial costs is not worth fitting again.
    for k in range(degree if size == 4 else 3):
        found[k] = rounded(found[k], bits)
        rest = [
            ((x, (y - evaluate(found[: k + 1], x)) / x ** (k + 1), w * abs(x) ** (k + 1))) for x, y, w in rows
        ]
        found[k + 1 :] = _exchange(rest, degree - k - 1)
    found = [rounded(c, bits) for c in found]
    return found, max(abs(e) for e in _errors(rows, found))


def _exchange(rows: Sequence[Any], degree: int) -> list[Any]:
    """Move the places of equal error to where the error is largest, until it is no larger elsewhere."""
    count = degree + 2
    places = [round((2 * i + 1) * (len(rows) - 1) / (2 * count)) for i in range(count)]
    found = [mpf(0)]
    for _ in range(30):
        found, level = _solve([rows[i] for i in places], degree)
        errors = _errors(rows, found)
        places = _extremes(errors, count)
        if max(abs(e) for e in errors) <= abs(level) * mpf("1.0001"):
            break
    return found


def _solve(rows: Sequence[Any], degree: int) -> tuple[list[Any], Any]:
    """Coefficients whose weighted errors at some places are equal, of alternating sign, and that error."""
    matrix, right = mp.matrix(len(rows), len(rows)), mp.matrix(len(rows), 1)
    for i, (x, y, w) in enumerate(rows):
        for j, entry in enumerate([*(w * x**k for k in range(degree + 1)), -((-1) ** i)]):
            matrix[i, j] = entry
        right[i] = w * y
    *found, level = mp.lu_solve(matrix, right)
    return found, level


def _errors(rows: Sequence[Any], coefficients: Sequence[Any]) -> list[Any]:
    return [w * (evaluate(coefficients, x) - y) for x, y, w in rows]


def evaluate(coefficients: Sequence[Any], x: Any) -> Any:
    """Value of a polynomial, lowest coefficient first (Horner)."""
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def _extremes(errors: Sequence[Any], count: int) -> list[int]:
    """Places of the largest errors, one for each change of sign; as many as asked for, in order."""
    runs: list[int] = []
    for i, e in enumerate(errors):
        if runs and (e >= 0) == (errors[runs[-1]] >= 0):
            if abs(e) > abs(errors[runs[-1]]):
                runs[-1] = i
        else:
            runs.append(i)
    while len(runs) > count:
        # Alternation must stay: one too many goes at an end, two where the error between them is least.
        ends = (0, len(runs) - 1)
        inside = ends if len(runs) == count + 1 else range(len(runs))
        least = min(inside, key=lambda i: abs(errors[runs[i]]))
        around = runs[max(least - 1, 0) : least + 2]
        kept = [] if least in ends else [max((around[0], around[2]), key=lambda i: abs(errors[i]))]
        runs[max(least - 1, 0) if kept else least : least + 2 if kept else least + 1] = kept
    if len(runs) < count:
        missing = [i for i in range(len(errors)) if i not in set(runs)]
        step = len(missing) // (count - len(runs) + 1)
        runs = sorted([*runs, *missing[step::step][: count - len(runs)]])
    return runs


def _chebyshev(low: Any, high: Any, count: int) -> list[Any]:
    middle, half = (mpf(high) + low) / 2, (mpf(high) - low) / 2
    return [middle - half * mp.cos(mp.pi * (i + mpf(1) / 2) / count) for i in range(count)]


def rounded(x: Any, bits: int) -> Any:
    """The nearest number of so many bits."""
    mantissa, exponent = mp.frexp(x)
    return mp.ldexp(mp.nint(mp.ldexp(mantissa, bits)), exponent - bits)


def _odd_rest(f: Function) -> Function:
    """How an odd function goes on after x: :math:`(f(x) - x) / x^3`, as a function of x²."""
    return lambda z: (f(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


def _odd_weight(f: Function) -> Function:
    """What that counts for, relative to the function."""
    return lambda z: z * mp.sqrt(z) / f(mp.sqrt(z))


def _cosine_rest(z: Any) -> Any:
    return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2


def _per_argument(f: Function) -> Function:
    """An odd function divided by its argument, as a function of x²."""
    return lambda z: f(mp.sqrt(z)) / mp.sqrt(z)


def _relative(f: Function) -> Function:
    return lambda x: 1 / f(x)


def _atanh_rest(z: Any) -> Any:
    s = mp.sqrt(z)
    return (2 * mp.atanh(s) / s - 2) / z


def _scaled_erfc(t: Any) -> Any:
    """What is left of erfc(x) when its size is taken out; see `erfc` for t."""
    x = 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)


def _log2_erfc(x: Any) -> Any:
    return mp.log(mp.erfc(x), 2)


def _erfinv_by_log(w: Any) -> Any:
    r"""The x with :math:`1 - \operatorname{erf}^2 x = e^{-w}` (Newton, on the logarithm of erfc)."""
    tail = -w - mp.log(1 + mp.sqrt(1 - mp.exp(-w)))
    x = mp.sqrt(w) * mpf("0.9")
    for _ in range(60):
        value = mp.erfc(x)
        step = (mp.log(value) - tail) * value * mp.sqrt(mp.pi) / 2 * mp.exp(x * x)
        x += step
        if abs(step) < mpf(10) ** -40 * x:
            break
    return x


def _erfinv_middle(w: Any) -> Any:
    return _erfinv_by_log(w) / mp.sqrt(1 - mp.exp(-w))


def _erfinv_tail(t: Any) -> Any:
    return _erfinv_by_log(t**-2) * t


def _log_rest(z: Any) -> Any:
    return (_atanh_rest(z) - mpf(2) / 3) / z


def _gamma_between_zeros(u: Any) -> Any:
    return mp.loggamma(2 + u) / (u * (1 + u))


_LN2 = mp.log(2)
_HALF = _LN2 / 2 * mpf("1.001")
_THIRD = mpf(1) / 3
_FRACTION = (mpf("-0.3001"), mpf("0.4001"))

FITS: dict[str, Fit] = {
    "EXP": Fit(mp.exp, _relative(mp.exp), -_HALF, _HALF, {4: 6, 8: 11}, "e^r, |r| <= ln 2 / 2"),
    "EXP2": Fit(
        lambda r: mpf(2) ** r,
        lambda r: mpf(2) ** -r,
        -_HALF / _LN2,
        _HALF / _LN2,
        {4: 6, 8: 11},
        "2^r, |r| <= 1/2",
    ),
    "EXPM1": Fit(
        lambda r: (mp.expm1(r) - r) / r**2,
        lambda r: r**2 / mp.expm1(r),
        -_HALF,
        _HALF,
        {4: 5, 8: 9},
        "(e^r - 1 - r) / r^2, |r| <= ln 2 / 2",
    ),
    "LOG": Fit(
        lambda f: (mp.log1p(f) - f) / f**2,
        lambda f: f**2 / mp.log1p(f),
        *_FRACTION,
        {4: 8},
        "(ln(1 + f) - f) / f^2, for f from -0.3 to 0.4",
    ),
    "LOG2": Fit(
        lambda f: mp.log1p(f) / f / _LN2,
        lambda f: f * _LN2 / mp.log1p(f),
        *_FRACTION,
        {4: 9},
        "log2(1 + f) / f, for f from -0.3 to 0.4",
    ),
    "LOG10": Fit(
        lambda f: mp.log1p(f) / f / mp.log(10),
        lambda f: f * mp.log(10) / mp.log1p(f),
        *_FRACTION,
        {4: 9},
        "log10(1 + f) / f, for f from -0.3 to 0.4",
    ),
    "ATANH": Fit(
        _atanh_rest,
        lambda z: z / 2,
        0,
        mpf("0.0313"),
        {8: 6},
        "(ln((1 + s) / (1 - s)) / s - 2) / s^2, by z = s^2 <= 0.0313",
    ),
    "LOG_REST": Fit(
        _log_rest,
        lambda z: z**2 / 2,
        0,
        mpf("0.0313"),
        {8: 5},
        "((ln((1 + s) / (1 - s)) / s - 2) / s^2 - 2/3) / s^2, by z = s^2 <= 0.0313",
    ),
    "CBRT": Fit(
        lambda f: (1 + f) ** (-_THIRD),
        lambda f: (1 + f) ** _THIRD,
        *_FRACTION,
        {8: 5},
        "(1 + f)^(-1/3), for f from -0.3 to 0.4",
    ),
    "SIN": Fit(
        _odd_rest(mp.sin),
        _odd_weight(mp.sin),
        0,
        (mp.pi / 2 * mpf("1.001")) ** 2,
        {4: 3, 8: 7},
        "(sin r - r) / r^3, by z = r^2, |r| <= pi / 2",
    ),
    "COS": Fit(
        _cosine_rest,
        lambda z: z**2,
        0,
        (mp.pi / 4 * mpf("1.001")) ** 2,
        {4: 2, 8: 5},
        "(cos r - 1 + r^2 / 2) / r^4, by z = r^2, |r| <= pi / 4",
    ),
    "SINH": Fit(
        _odd_rest(mp.sinh),
        _odd_weight(mp.sinh),
        0,
        _HALF**2,
        {8: 4},
        "(sinh r - r) / r^3, by z = r^2, |r| <= ln 2 / 2",
    ),
    "COSH": Fit(
        lambda z: (mp.cosh(mp.sqrt(z)) - 1) / z,
        lambda z: z,
        0,
        _HALF**2,
        {8: 5},
        "(cosh r - 1) / r^2, by z = r^2, |r| <= ln 2 / 2",
    ),
    "ATAN": Fit(
        _odd_rest(mp.atan),
        _odd_weight(mp.atan),
        0,
        1,
        {4: 8, 8: 19},
        "(arctan t - t) / t^3, by z = t^2 <= 1",
    ),
    "ASIN": Fit(
        _odd_rest(mp.asin),
        _odd_weight(mp.asin),
        0,
        mpf("0.3165"),
        {4: 5, 8: 13},
        "(arcsin t - t) / t^3, by z = t^2 <= 0.5625^2",
    ),
    "ERF_SMALL": Fit(
        lambda z: _per_argument(mp.erf)(z) - 1,
        _relative(_per_argument(mp.erf)),
        0,
        1,
        {4: 6, 8: 12},
        "erf(x) / x - 1, by z = x^2 <= 1",
    ),
    "ERF_TAIL": Fit(
        _log2_erfc,
        lambda x: mp.erfc(x) * _LN2 / mp.erf(x),
        mpf("0.92"),
        mpf("3.95"),
        {4: 5},
        "log2 erfc(x), 0.92 <= x <= 3.95",
    ),
    "ERFINV_MIDDLE": Fit(
        _erfinv_middle,
        _relative(_erfinv_middle),
        0,
        5,
        {8: 12},
        "erfinv(x) / x, by w = -ln(1 - x^2) <= 5",
    ),
    "ERFINV_TAIL": Fit(
        _erfinv_tail,
        _relative(_erfinv_tail),
        mpf("0.0366"),
        1 / mp.sqrt(5),
        {8: 14},
        "erfinv(x) t, by t = 1 / sqrt(-ln(1 - x^2)), 5 <= t^-2 <= 746",
    ),
    "ERFCX": Fit(
        _scaled_erfc,
        _relative(_scaled_erfc),
        -1,
        mpf("0.75"),
        {8: 22},
        "(1 + 2 x) e^(x^2) erfc(x), by t = (x - 4) / (x + 4), 0 <= x <= 28",
    ),
    "LGAMMA": Fit(
        _gamma_between_zeros,
        _relative(_gamma_between_zeros),
        mpf("-1"),
        1,
        {8: 28},
        "ln Gamma(2 + u) / (u (1 + u)), |u| <= 1",
    ),
}


HEADER = '''\
"""Coefficients of polynomials, lowest first, by bytes of the element type; written by tools/minimax.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Coefficients = Mapping[int, Sequence[float]]
'''


def written(name: str, fit: Fit) -> str:
    """The lines of one fit."""
    fits = {size: remez(fit, size) for size in fit.degrees}
    errors = [f"# float{8 * size}: error 2^{float(mp.log(e, 2)):.1f}" for size, (_, e) in fits.items()]
    numbers = [_numbers(size, found) for size, (found, _) in fits.items()]
    lines = [f"\n# {fit.doc}", *errors, f"{name}: Coefficients = {{", *numbers, "}"]
    return "\n".join(lines) + "\n"


def _numbers(size: int, coefficients: Sequence[Any]) -> str:
    return "\n".join([f"    {size}: (", *(f"        {float(c)!r}," for c in coefficients), "    ),"])


def main(names: Sequence[str]) -> None:
    """Write the file, or print some of its parts."""
    if names:
        print("\n".join(written(name, FITS[name]) for name in names))
        return
    TARGET.write_text(HEADER + "".join(written(name, fit) for name, fit in FITS.items()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
