"""How a polynomial is written down."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.autodiff.taylor import Index
from chainrule.calculus.exact import exact, fraction
from chainrule.calculus.formula import Formula, without
from chainrule.errors import error

if TYPE_CHECKING:
    from chainrule.calculus.polynomial import Polynomial

_ROUNDING = 4 * np.finfo(np.float64).eps
_TOLERANCE = 1e-13
_LARGEST_DENOMINATOR = 2**14


def polynomial_formula(p: Polynomial) -> Formula:
    """A polynomial's formula, lowest degree first."""
    if any(a.shape for a in p.terms.values()):
        problem = error("calculus.vector_polynomial")
        return without(p.name, p.name, p.variables, problem)
    offsets = [_Offset(name, float(c)) for name, c in zip(p.variables, p.center, strict=True)]
    terms = _shown_coefficients({m: float(a) for m, a in p.terms.items()})
    return Formula(
        p.name,
        p.name,
        p.variables,
        sum((a * _monomial([o.expr for o in offsets], m) for m, a in terms.items()), exact(0)),
        shown=(_text(terms, offsets), _tex(terms, offsets)),
    )


class _Offset:
    """One variable's distance from the centre: an expression, and a symbol that prints like ``(x - 1)``."""

    def __init__(self, name: str, center: float) -> None:
        import sympy as sp

        self.expr = sp.Symbol(name, real=True) - exact(center)
        is_plain = center == 0
        self.symbol = sp.Symbol(name if is_plain else f"({sp.sstr(self.expr, full_prec=False)})")
        self.tex = sp.latex(self.expr) if is_plain else rf"\left({sp.latex(self.expr)}\right)"


def _monomial(factors: list[Any], m: Index) -> Any:
    return math.prod((x**n for x, n in zip(factors, m, strict=True)), start=exact(1))


def _text(terms: Mapping[Index, Any], offsets: list[_Offset]) -> str:
    import sympy as sp

    symbols = [o.symbol for o in offsets]
    return _joined([sp.sstr(a * _monomial(symbols, m), full_prec=False) for m, a in terms.items()])


def _tex(terms: Mapping[Index, Any], offsets: list[_Offset]) -> str:
    import sympy as sp

    symbols = [o.symbol for o in offsets]
    names = {o.symbol: o.tex for o in offsets}
    return _joined([sp.latex(a * _monomial(symbols, m), symbol_names=names) for m, a in terms.items()])


def _joined(terms: list[str]) -> str:
    """A sum of terms that bring their own sign."""
    return " + ".join(terms).replace("+ -", "- ") if terms else "0"


def _shown_coefficients(terms: Mapping[Index, float]) -> dict[Index, Any]:
    """The coefficients that are not zero, up to rounding, exact where they look it."""
    slopes = {m: a * _factorial(m) for m, a in terms.items()}
    largest: dict[int, float] = {}
    for m, slope in slopes.items():
        largest[sum(m)] = max(largest.get(sum(m), 0.0), abs(slope))

    def is_zero(m: Index) -> bool:
        near = [largest.get(sum(m) + step, 0.0) for step in (-1, 0, 1)]
        return abs(slopes[m]) <= _ROUNDING * max(near)

    return {m: _exact_coefficient(a, m) for m, a in terms.items() if not is_zero(m)}


def _factorial(m: Index) -> int:
    return math.prod(map(math.factorial, m))


def _exact_coefficient(a: float, m: Index) -> Any:
    """A fraction, if the coefficient or the derivative that it comes from is a simple one."""
    import sympy as sp

    whole = _factorial(m)
    for scale in (1, whole):
        found = fraction(a * scale, tolerance=_TOLERANCE, largest=_LARGEST_DENOMINATOR)
        if found:
            return sp.Rational(found.numerator, found.denominator) / scale
    slope = exact(a * whole, tolerance=_TOLERANCE)
    return exact(a) if slope.has(sp.Float) else slope / whole
