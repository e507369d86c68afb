r"""Polynomials of one and several variables about a centre.

.. math:: p(x) = \sum_m a_m (x - c)^m, \qquad (x - c)^m = \prod_i (x_i - c_i)^{m_i}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import chainrule.calculus.messages  # noqa: F401  (registers the messages used here)
from chainrule.autodiff.taylor import Index
from chainrule.calculus.fields import as_tensor
from chainrule.calculus.formula import Formula
from chainrule.calculus.subject import is_tensor, signature_of
from chainrule.errors import error, hint
from chainrule.functions.shaping import reshape
from chainrule.tensor import Tensor


class Polynomial:
    r"""A polynomial about a centre; called like a function, on numbers, arrays and tensors.

    Parameters
    ----------
    terms : mapping
        Coefficients :math:`a_m` by multi-index, tensors of one shape.
    center : sequence
        :math:`c`, one number per variable.
    variables : sequence of str
        A name for each variable.
    name : str
        What stands on the left of the formula.

    Examples
    --------
    >>> from chainrule.calculus.polynomial import Polynomial
    >>> p = Polynomial({(0,): 1.0, (2,): 0.5}, center=[1.0], variables=["x"])
    >>> p
    p(x) = 1 + (x - 1)**2/2
    >>> p(3.0), p.derivative()(3.0)
    (3.0, 2.0)
    """

    def __init__(
        self, terms: Mapping[Index, Any], center: Sequence[Any], variables: Sequence[str], name: str = "p"
    ) -> None:
        self.terms = {m: as_tensor(terms[m]) for m in sorted(terms, key=_grade)}
        self.center = tuple(as_tensor(c) for c in center)
        self.variables, self.name = tuple(variables), name
        self.__name__, self.__signature__ = name, signature_of(self.variables)

    @property
    def coefficients(self) -> dict[Index, Any]:
        """The coefficients as numbers (arrays, if the value is a vector), lowest degree first."""
        return {m: a.tolist() if not a.shape else a.numpy() for m, a in self.terms.items()}

    @property
    def degree(self) -> int:
        """The highest degree of a term, whether its coefficient is zero or not."""
        return max(map(sum, self.terms))

    def __call__(self, *point: Any) -> Any:
        """The value at a point (one number per variable, or a vector), or at many: leading axes."""
        offsets = [x - c for x, c in zip(self._coordinates(point), self.center, strict=True)]
        inner = next(iter(self.terms.values())).shape
        spread = [reshape(h, (*h.shape, *(1 for _ in inner))) for h in offsets]
        value = _horner(self.terms, spread)
        is_number = not value.shape and not is_tensor(point)
        return value.item() if is_number else value

    def _coordinates(self, point: Sequence[Any]) -> list[Tensor]:
        count = len(self.variables)
        given = [as_tensor(x) for x in point]
        if len(given) == 1 and count > 1 and given[0].shape[-1:] == (count,):
            return [given[0][..., i] for i in range(count)]
        if len(given) != count:
            raise error("calculus.point", what=self.name, expected=count, got=len(given))
        return given

    def _combined(self, other: Any, combine: Callable[[Any, Any], dict[Index, Any]]) -> Polynomial:
        if not isinstance(other, Polynomial):
            other = Polynomial({(0,) * len(self.center): other}, self.center, self.variables)
        same_center = all(np.array_equal(a, b) for a, b in zip(self.center, other.center, strict=False))
        if self.variables != other.variables or not same_center:
            raise error("calculus.other_center", first=str(self.place), second=str(other.place))
        return Polynomial(combine(self.terms, other.terms), self.center, self.variables, self.name)

    @property
    def place(self) -> str:
        """The centre as text, for example ``x = 1.0, y = 0.0``."""
        pairs = zip(self.variables, self.center, strict=True)
        return ", ".join(f"{name} = {float(c)!r}" for name, c in pairs)

    def __add__(self, other: Any) -> Polynomial:
        return self._combined(other, _sum)

    def __mul__(self, other: Any) -> Polynomial:
        return self._combined(other, _product)

    def __neg__(self) -> Polynomial:
        return self * -1.0

    def __sub__(self, other: Any) -> Polynomial:
        return self + -1.0 * other

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Any) -> Polynomial:
        return -self + other

    def derivative(self, variable: str | None = None) -> Polynomial:
        """The derivative by a variable (which need not be named if there is only one)."""
        i = self._axis(variable, "derivative")
        terms = {_moved(m, i, -1): a * float(m[i]) for m, a in self.terms.items() if m[i]}
        terms = terms or {(0,) * len(self.center): 0.0 * next(iter(self.terms.values()))}
        return Polynomial(terms, self.center, self.variables, self.name)

    def integral(self, variable: str | None = None) -> Polynomial:
        """The antiderivative by a variable that is zero at the centre."""
        i = self._axis(variable, "integral")
        terms = {_moved(m, i, 1): a / float(m[i] + 1) for m, a in self.terms.items()}
        return Polynomial(terms, self.center, self.variables, self.name)

    def _axis(self, variable: str | None, what: str) -> int:
        if variable is None and len(self.variables) == 1:
            return 0
        if variable not in self.variables:
            known, got = ", ".join(self.variables), str(variable)
            near = hint("calculus.near", got, self.variables)
            raise error("calculus.variable", what=what, got=got, known=known, near=near)
        return self.variables.index(str(variable))

    @property
    def formula(self) -> Formula:
        """The polynomial as a formula; coefficients that look like simple fractions are shown as such."""
        from chainrule.calculus.polynomial_formula import polynomial_formula

        return polynomial_formula(self)

    def __str__(self) -> str:
        return str(self.formula)

    def __repr__(self) -> str:
        return str(self)

    def _repr_latex_(self) -> str:
        return self.formula._repr_latex_()


def _grade(m: Index) -> tuple[int, Index]:
    """By degree; in one degree with the higher power of the first variable first."""
    return sum(m), tuple(-n for n in m)


def _horner(terms: Mapping[Index, Any], offsets: Sequence[Any]) -> Any:
    """Nested multiplication, by powers of the first variable: their coefficients are polynomials too."""
    if not offsets:
        return terms[()]
    by_power: dict[int, dict[Index, Any]] = {}
    for m, a in terms.items():
        by_power.setdefault(m[0], {})[m[1:]] = a
    value: Any = 0.0
    for power in range(max(by_power), -1, -1):
        inner = _horner(by_power[power], offsets[1:]) if power in by_power else 0.0
        value = value * offsets[0] + inner
    return value


def _moved(m: Index, axis: int, by: int) -> Index:
    return tuple(n + by * (i == axis) for i, n in enumerate(m))


def _sum(a: Mapping[Index, Any], b: Mapping[Index, Any]) -> dict[Index, Any]:
    return {m: a[m] + b[m] if m in a and m in b else a[m] if m in a else b[m] for m in [*a, *b]}


def _product(a: Mapping[Index, Any], b: Mapping[Index, Any]) -> dict[Index, Any]:
    found: dict[Index, Any] = {}
    for i, x in a.items():
        for j, y in b.items():
            m = tuple(map(sum, zip(i, j, strict=True)))
            found[m] = found[m] + x * y if m in found else x * y
    return found
