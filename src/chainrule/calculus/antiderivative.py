"""Indefinite integrals: a formula where SymPy finds one, otherwise an integral with a moving end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import chainrule.calculus.messages_integrals  # noqa: F401  (registers the messages used here)
from chainrule.calculus.evaluation import NoCounterpartError, evaluate
from chainrule.calculus.fields import Function, ScalarField, as_tensor, form_of, shown
from chainrule.calculus.formula import Formula
from chainrule.calculus.integrals import integrate
from chainrule.calculus.printed import Printed
from chainrule.calculus.subject import Subject
from chainrule.errors import ChainruleError, error, text
from chainrule.functions.shaping import reshape, stack
from chainrule.tensor import Tensor

# Not evenly spread, so that no period or symmetry hides a mistake.
_PLACES = np.sort(np.concatenate([np.tan(np.linspace(-1.4, 1.4, 20)), np.sqrt(np.arange(2, 14)) / 3]))
_SAME = 1e-8


@dataclass(frozen=True, repr=False)
class Antiderivative(Printed):
    r"""A function F with :math:`F' = f`; call it with a number or tensor.

    Attributes
    ----------
    kind : str
        ``"symbolic"``: evaluated by its formula; ``"numeric"``: integrated from a to x at each call.
    formula : Formula
        The formula; false, with the reason, if SymPy found none that can be evaluated and checked.
    residual : float
        Of a formula: the largest difference found between F' and f, relative to f.
    start : float
        The lower end a of the numeric integral.
    """

    f: Function
    kind: str
    formula: Formula
    residual: float
    start: float

    def __call__(self, x: Any) -> Tensor:
        """F at each element of ``x``; differentiable."""
        at = as_tensor(x)
        if self.kind == "symbolic":
            return _by_formula(self.formula, at)
        each = [integrate(self.f, self.start, end).value for end in reshape(at, (-1,))]
        return reshape(stack(each), at.shape) if each else at

    def __str__(self) -> str:
        key = f"integral.antiderivative_{self.kind}"
        said = {"formula": self.formula.text, "residual": f"{self.residual:.0e}", "start": shown(self.start)}
        return text(key, **said)


def antiderivative(f: Function, start: float = 0.0) -> Antiderivative:
    r"""An antiderivative, :math:`F(x) = \int f(x)\,dx`.

    SymPy integrates the function's formula. The result is differentiated back and compared with ``f`` at many
    places; if it does not hold, or there is no formula, F is :math:`\int_a^x f`, computed at each call.

    Parameters
    ----------
    f : callable
        A function of one number.
    start : float
        a, where F is 0 if it is computed numerically.

    Returns
    -------
    Antiderivative

    Raises
    ------
    ShapeError
        ``f`` is not a function of one number.

    Examples
    --------
    >>> import chainrule as cr
    >>> F = antiderivative(lambda x: x * cr.cos(x))
    >>> print(F.formula)
    F(x) = x*sin(x) + cos(x)
    >>> print(antiderivative(lambda x: cr.exp(cr.sin(x))).kind)
    numeric
    """
    if not np.isfinite(start):
        raise error("integral.start", got=start)
    form = form_of(f, 1, "antiderivative")
    try:
        formula = _integrated(f)
        residual = _residual(f, formula)
    except (ChainruleError, NoCounterpartError) as problem:
        reason = str(problem).splitlines()[0]
        return Antiderivative(f, "numeric", Formula("F", "F", form.names, None, reason), np.nan, float(start))
    if residual <= _SAME:
        return Antiderivative(f, "symbolic", formula, residual, float(start))
    reason = text("integral.not_verified", residual=f"{residual:.1e}")
    return Antiderivative(f, "numeric", Formula("F", "F", form.names, None, reason), residual, float(start))


def _integrated(f: Function) -> Formula:
    """What SymPy gives; NoCounterpartError if it leaves an integral."""
    import sympy as sp

    subject = Subject(f, "antiderivative", scalar=True)
    entries, (symbol,) = subject.expressions(subject.form())
    found = sp.integrate(entries.reshape(-1)[0], symbol)
    if found.has(sp.Integral):
        raise NoCounterpartError(text("integral.no_formula"))
    return Formula("F", "F", (symbol.name,), _real(found, symbol, entries.reshape(-1)[0].atoms(sp.log)))


def _real(found: Any, symbol: Any, own: set[Any]) -> Any:
    r"""With :math:`\ln |u|`, whose slope is the same, in place of :math:`\ln u` where u may be negative.

    The logarithms of the integrand itself, ``own``, stay.
    """
    import sympy as sp

    def is_negative(u: Any) -> bool:
        values = np.broadcast_to(sp.lambdify(symbol, u, "numpy")(_PLACES), _PLACES.shape)
        return bool((np.real(values) < 0).any())

    with np.errstate(all="ignore"):
        swapped = {e: sp.log(sp.Abs(e.args[0])) for e in found.atoms(sp.log) - own if is_negative(e.args[0])}
    return found.xreplace(swapped)


def _by_formula(formula: Formula, x: Tensor) -> Tensor:
    import sympy as sp

    symbol = sp.Symbol(formula.variables[0], real=True)
    return as_tensor(evaluate(formula.expr, {symbol: x})) + 0 * x


def _residual(f: Function, formula: Formula) -> float:
    """The largest relative difference between F' and f; infinite if both are finite hardly anywhere."""
    what, places = "antiderivative", _PLACES[None]
    number = form_of(f, 1, what)
    F = ScalarField(partial(_by_formula, formula), number, what)
    slopes, heights = F.gradients(places)[0], F.values(places)
    values = ScalarField(f, number, what).values(places)
    usable = np.isfinite(slopes) & np.isfinite(heights) & np.isfinite(values)
    if usable.sum() < len(_PLACES) // 4:
        return np.inf
    differences = abs(slopes[usable] - values[usable]) / (1 + abs(values[usable]))
    return float(differences.max())
