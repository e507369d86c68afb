"""Numbers that look exact: 0.1 as 1/10, 3.141592653589793 as π."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

_LARGEST_DENOMINATOR = 10_000
_LARGEST_WHOLE = 2**53
_LARGEST_MULTIPLE = 100
_ROUNDING = 1e-15


def fraction(x: float, *, tolerance: float = 0.0, largest: int = _LARGEST_DENOMINATOR) -> Fraction | None:
    """The simple fraction that a number is, within a relative tolerance, or None.

    >>> from chainrule.calculus.exact import fraction
    >>> fraction(0.1), fraction(2 / 3), fraction(3.141592653589793)
    (Fraction(1, 10), Fraction(2, 3), None)
    """
    if not math.isfinite(x) or abs(x) > _LARGEST_WHOLE:
        return None
    found = Fraction(x).limit_denominator(largest)
    return found if abs(float(found) - x) <= tolerance * abs(x) else None


def exact(value: Any, *, tolerance: float = 0.0) -> Any:
    """A number as a SymPy expression: a fraction, fraction times π or e, or root of a fraction if it is one.

    Anything else keeps all its digits as a decimal number.
    """
    import sympy as sp

    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        return sp.true if value else sp.false
    if isinstance(value, int):
        return sp.Integer(value)
    if isinstance(value, complex):
        return exact(value.real, tolerance=tolerance) + sp.I * exact(value.imag, tolerance=tolerance)
    if isinstance(value, float):
        return _exact_float(value, tolerance)
    return sp.sympify(value)


def _exact_float(x: float, tolerance: float) -> Any:
    import sympy as sp

    if math.isnan(x):
        return sp.nan
    if math.isinf(x):
        return sp.oo if x > 0 else -sp.oo
    plain = fraction(x, tolerance=tolerance)
    if plain is not None:
        return _rational(plain)
    for constant in (sp.pi, sp.E, 1 / sp.pi, 1 / sp.E):
        unit = float(constant)
        multiple = fraction(x / unit, tolerance=max(tolerance, _ROUNDING), largest=_LARGEST_MULTIPLE)
        if multiple is not None and _is_close(_rational(multiple) * constant, x, tolerance):
            return _rational(multiple) * constant
    squared = fraction(x * x, tolerance=max(tolerance, _ROUNDING), largest=_LARGEST_MULTIPLE)
    root = None if squared is None else sp.sign(x) * sp.sqrt(_rational(squared))
    return sp.Float(repr(x), 17) if root is None or not _is_close(root, x, tolerance) else root


def _is_close(expr: Any, x: float, tolerance: float) -> bool:
    return abs(float(expr) - x) <= tolerance * abs(x)


def _rational(x: Fraction) -> Any:
    import sympy as sp

    return sp.Rational(x.numerator, x.denominator)
