r"""Functions as formulas, through SymPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.calculus.subject import Subject
from chainrule.errors import OutOfRangeError, ShapeError, error, text

if TYPE_CHECKING:
    from chainrule.calculus.symbolic import Array

_SIMPLIFIED_UP_TO = 150
_DIGITS = 30


@dataclass(frozen=True)
class Formula:
    r"""A function's formula.

    Printed, it is text that can be read back by SymPy; in a notebook it is set as mathematics.

    Attributes
    ----------
    name : str
        What stands on the left, for example ``f'``.
    tex : str
        The same in LaTeX.
    variables : tuple of str
        Names of the variables.
    expr : SymPy expression, Matrix or Array, or None
        What stands on the right; None if SymPy has no counterpart of the function.
    reason : str
        Why there is none; otherwise empty.
    shown : tuple of str
        The right side as text and in LaTeX where SymPy's order of the terms is not the wanted one.
    """

    name: str
    tex: str
    variables: tuple[str, ...]
    expr: Any = None
    reason: str = ""
    shown: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """The right side as text."""
        from sympy import sstr

        if self.expr is None:
            return self.reason
        return sstr(_plain(self.expr), full_prec=False) if self.shown is None else self.shown[0]

    @property
    def latex(self) -> str:
        """The whole equation in LaTeX."""
        import sympy as sp

        if self.expr is None:
            right = rf"\text{{{self.reason}}}"
        else:
            right = sp.latex(self.expr, full_prec=False) if self.shown is None else self.shown[1]
        names = ", ".join(sp.latex(sp.Symbol(name)) for name in self.variables)
        return f"{self.tex}({names}) = {right}"

    def __bool__(self) -> bool:
        return self.expr is not None

    def __str__(self) -> str:
        if self.expr is None:
            return f"{self.name}: {self.reason}"
        return f"{self.name}({', '.join(self.variables)}) = {self.text}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def value(self, *point: float) -> np.ndarray:
        """The formula at a point, computed with 30 digits, rounded to ``float64``; a column as (n,)."""
        import sympy as sp

        from chainrule.calculus.symbolic import elementwise

        symbols = [sp.Symbol(name, real=True) for name in self.variables]
        # A float has a finite number of binary digits, so nothing is lost.
        places = dict(zip(symbols, (sp.Float(float(x), 2 * _DIGITS) for x in point), strict=True))
        if isinstance(self.expr, sp.MatrixBase | sp.NDimArray):
            rows, *columns = self.expr.shape
            entries = np.array(self.expr.tolist(), object).reshape(rows, *(columns if columns != [1] else []))
        else:
            entries = np.array(self.expr, object)
        return elementwise(lambda entry: _number(entry.subs(places)), entries).astype(np.float64)


def _number(expr: Any) -> float:
    value = expr.evalf(_DIGITS)
    return float(value) if value.is_number and value.is_extended_real else np.nan


def _plain(expr: Any) -> Any:
    """A matrix as lists, which are easier to read on one line; a column as one list."""
    if not getattr(expr, "is_Matrix", False):
        return expr
    return list(expr) if expr.shape[1] == 1 else expr.tolist()


def joined(entries: Array) -> Any:
    """An array of expressions as SymPy's own: expression, matrix (a vector is a column) or array."""
    import sympy as sp

    if entries.ndim == 0:
        return entries.item()
    if entries.ndim <= 2 and entries.size:
        rows = entries.tolist() if entries.ndim == 2 else [[entry] for entry in entries]
        return sp.ImmutableMatrix(rows)
    return sp.ImmutableDenseNDimArray(entries.tolist(), entries.shape)


def simplified(expr: Any) -> Any:
    """The shorter of an expression and its simplification, which is tried if the expression is not long."""
    import sympy as sp

    expr = sp.sympify(expr)
    if expr.count_ops() > _SIMPLIFIED_UP_TO:
        return expr
    simple = sp.simplify(expr)
    # SymPy takes sign(0) / |0| for 0 and makes a case of it.
    is_invented = simple.has(sp.Piecewise) and not expr.has(sp.Piecewise)
    return expr if is_invented else min(simple, expr, key=lambda e: e.count_ops())


def simplified_slope(expr: Any) -> Any:
    """The simplest form of a derivative; its signs come from corners, where it is not defined."""
    import sympy as sp

    without_signs = sp.sympify(expr).replace(sp.sign, lambda e: e / sp.Abs(e))
    return min(simplified(expr), simplified(without_signs), key=lambda e: e.count_ops())


def differentiated(expr: Any, symbol: Any) -> Any:
    """The derivative of an expression; where a function has steps, as between them: zero.

    Raises
    ------
    GraphError
        SymPy has no derivative of a function in it.
    """
    import sympy as sp

    def is_step(e: Any) -> bool:
        of_step = isinstance(e, sp.Derivative) and isinstance(e.expr, sp.floor | sp.ceiling | sp.sign)
        return of_step or isinstance(e, sp.DiracDelta) or (isinstance(e, sp.Subs) and e.expr == 0)

    found = sp.diff(expr, symbol)
    if found.has(sp.re, sp.im) and not expr.has(sp.I):
        # SymPy does not take x / y for real, as y might be 0.
        found = found.replace(sp.re, lambda e: e).replace(sp.im, lambda e: sp.Integer(0)).doit()
    found = found.replace(is_step, lambda e: sp.Integer(0))
    unknown = found.atoms(sp.Derivative)
    if unknown:
        raise error("calculus.no_slope", function=next(iter(unknown)).expr.func.__name__)
    return found


def formula(f: Callable[..., Any], *, size: int | None = None) -> Formula:
    r"""The formula of a function that is written with Chainrule's operations.

    Parameters
    ----------
    f : callable
        Function of numbers, ``f(x)``, ``f(x, y)``, or of a vector, ``f(v)``.
    size : int, optional
        Number of components if ``f`` takes one vector; they are then called ``v1``, ``v2``, …

    Raises
    ------
    GraphError
        The function branches on values, or an operation of it has no counterpart in SymPy.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.formula(lambda x: cr.sin(x) * x / 2)
    f(x) = x*sin(x)/2
    >>> print(cr.calculus.formula(lambda v: (v * v).sum(), size=3).text)
    v1**2 + v2**2 + v3**2
    """
    subject = Subject(f, "formula", size=size)
    vector = size is not None
    form = subject.form(size if vector else subject.required, vector=vector)
    try:
        found, _ = subject.expressions(form)
    except (ShapeError, OutOfRangeError) as problem:
        if vector or form.count > 1:
            raise
        raise error("calculus.size", what="formula") from problem
    return formula_of(subject.name, subject.name, form.names, found)


def formula_of(
    name: str,
    tex: str,
    variables: tuple[str, ...],
    entries: Array,
    simplify: Callable[[Any], Any] = simplified,
) -> Formula:
    """A formula from an array of expressions."""
    from chainrule.calculus.symbolic import elementwise

    return Formula(name, tex, variables, joined(elementwise(simplify, entries)))


def without(name: str, tex: str, variables: tuple[str, ...], problem: Exception) -> Formula:
    """The formula of a function that has none, and why."""
    reason = text("calculus.without", reason=str(problem).splitlines()[0])
    return Formula(name, tex, variables, None, reason)
