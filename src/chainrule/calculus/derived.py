"""Derivatives as results: a number at a point, a formula, and the comparison of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.autodiff.taylor import Index
from chainrule.calculus.existence import check_exists
from chainrule.calculus.fields import Form
from chainrule.calculus.formula import Formula, differentiated, formula_of, simplified_slope, without
from chainrule.calculus.subject import Partials, Points, Subject, is_tensor, signature_of
from chainrule.errors import ChainruleError, GraphError, error, text
from chainrule.functions.shaping import moveaxis, reshape

Combine = Callable[[Partials, int], Any]
FORMULA_TOLERANCE = 1e-9
DIFFERENCE_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Operator:
    r"""A differential operator: which derivatives it needs, and how they make its result.

    Attributes
    ----------
    name, tex : callable
        From the function's name, what stands on the left of the formula: as text and in LaTeX.
    indices : callable
        From the number of variables (or of directions), the multi-indices :math:`m` needed.
    combine : callable
        From the :math:`D_m f`, and the number of variables, the result; for tensors, arrays
        and arrays of expressions alike, whose last axis is that of the points.
    directions : callable, optional
        From the number of variables, the directions along which is differentiated; by default the axes.
    """

    name: Callable[[str], str]
    tex: Callable[[str], str]
    indices: Callable[[int], Sequence[Index]]
    combine: Combine
    directions: Callable[[int], np.ndarray] | None = None

    def along(self, count: int) -> np.ndarray:
        """The directions, one per row."""
        return np.eye(count) if self.directions is None else self.directions(count)


class Derived:
    """What a differential operator makes of a function.

    Call it with a point, or with many, for numbers (by automatic differentiation, in ``float64``);
    read `formula` for the formula (by SymPy). A point is one number per variable or one vector; many
    points are arrays of equal shape per variable, or an array of vectors (…, n). Python numbers in
    give a Python number out where the result is one; else the result is a tensor, whose leading
    axes are those of the points. Tensors that are given stay differentiable. A single point of Python
    numbers at which there is no derivative, as at a corner, is refused.
    """

    def __init__(self, subject: Subject, operator: Operator) -> None:
        self._subject, self._operator = subject, operator
        self._form: Form | None = None
        self._formulas: dict[Form, tuple[Formula, Formula]] = {}
        self.__name__ = operator.name(subject.name)
        self.__signature__ = signature_of(subject.arguments)

    def __call__(self, *point: Any) -> Any:
        """The result at a point, or at many.

        Raises
        ------
        GradientError
            At the single point that was given there is no derivative.
        """
        points = self._points(point)
        plain = not is_tensor(point)
        result = self._result(
            points, self._existing if plain and not points.batch else self._subject.partials
        )
        return result.item() if plain and not result.shape else result

    def _existing(self, points: Points, indices: Sequence[Index], directions: Any) -> Partials:
        """The derivatives at a single point, if they exist there."""
        found = self._subject.partials(points, indices, directions)
        check_exists(self._subject, points, found, directions)
        return found

    def _points(self, given: Sequence[Any]) -> Points:
        points = self._subject.points(given)
        self._form = points.form
        return points

    def _result(self, points: Points, partials: Callable[..., Partials]) -> Any:
        """The operator's result, the axes of the points first."""
        count = points.form.count
        directions = self._operator.along(count)
        found = partials(points, self._operator.indices(len(directions)), directions)
        together = moveaxis(self._operator.combine(found, count), -1, 0)
        return reshape(together, (*points.batch, *together.shape[1:]))

    @property
    def of(self) -> Formula:
        """The formula of the function itself."""
        return self._both()[0]

    @property
    def formula(self) -> Formula:
        """The derivative's formula. Where there is none, it is false, and says why."""
        return self._both()[1]

    def _both(self) -> tuple[Formula, Formula]:
        form = self._subject.form() if self._form is None else self._form
        if form not in self._formulas:
            self._formulas[form] = self._made(form)
        return self._formulas[form]

    def _made(self, form: Form) -> tuple[Formula, Formula]:
        subject, operator = self._subject, self._operator
        own, derived = (subject.name, subject.name), (self.__name__, operator.tex(subject.name))
        try:
            entries, symbols = subject.expressions(form)
        except GraphError as problem:
            return without(*own, form.names, problem), without(*derived, form.names, problem)
        before = formula_of(*own, form.names, entries)
        directions = operator.along(form.count)
        needed = operator.indices(len(directions))
        try:
            partials = {m: _along(entries, symbols, directions, m)[..., None] for m in needed}
        except GraphError as problem:
            return before, without(*derived, form.names, problem)
        combined = operator.combine(partials, form.count)[..., 0]
        return before, formula_of(*derived, form.names, np.asarray(combined, object), simplified_slope)

    def at(self, *point: Any) -> At:
        """The result at a point, to be shown with the formulas."""
        return At(self, tuple(point), self(*point))

    def check(self, *point: Any) -> Check:
        """Compare automatic differentiation with the formula and with differences, at one point or many."""
        points = self._points(point)
        partials = self._subject.partials if points.batch else self._existing
        automatic = np.asarray(self._result(points, partials))
        differences = np.asarray(self._result(points, self._subject.differences))
        by_formula = None
        if self.formula:
            columns = points.columns.numpy().T
            rows = [self.formula.value(*column) for column in columns]
            by_formula = np.reshape(rows, automatic.shape)
        return Check(self.__name__, automatic, by_formula, differences)

    def __str__(self) -> str:
        try:
            return f"{self.of}\n{self.formula}"
        except ChainruleError as problem:  # The number of variables is not known yet.
            return f"{self.__name__}: {str(problem).splitlines()[0]}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_latex_(self) -> str | None:
        try:
            both = self._both()
        except ChainruleError:
            return None
        if not both[0]:
            return None
        return rf"$\begin{{aligned}}{_aligned(self.of.latex)}\\{_aligned(self.formula.latex)}\end{{aligned}}$"


def _aligned(equation: str) -> str:
    left, right = equation.split(" = ", 1)
    return f"{left} &= {right}"


def _along(entries: Any, symbols: Sequence[Any], directions: np.ndarray, m: Index) -> Any:
    """The derivative of an array of expressions by multi-index, along directions."""
    from chainrule.calculus.exact import exact
    from chainrule.calculus.symbolic import elementwise

    def once(expr: Any, direction: np.ndarray) -> Any:
        moves = [(exact(u), s) for u, s in zip(direction, symbols, strict=True) if u]
        return sum(u * differentiated(expr, s) for u, s in moves)

    for axis, times in enumerate(m):
        for _ in range(times):
            entries = elementwise(lambda expr, u=directions[axis]: once(expr, u), entries)
    return entries


@dataclass(frozen=True)
class At:
    """A derivative at a point; printed with the formulas of the function and of the derivative."""

    derived: Derived
    point: tuple[Any, ...]
    value: Any

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        place = ", ".join(digits(x) for x in self.point)
        return f"{self.derived}\n{self.derived.__name__}({place}) = {digits(self.value)}"

    def __repr__(self) -> str:
        return str(self)


def digits(x: Any) -> str:
    """Numbers with all their digits, and no more."""
    array = np.asarray(x, np.float64)
    return (
        repr(array.item()) if not array.ndim else np.array2string(array, separator=", ", floatmode="unique")
    )


@dataclass(frozen=True)
class Check:
    """Automatic differentiation, formula and differences compared.

    Attributes
    ----------
    automatic, by_formula, by_differences : arrays
        The three results; ``by_formula`` is None where there is no formula.
    """

    name: str
    automatic: np.ndarray
    by_formula: np.ndarray | None
    by_differences: np.ndarray

    @property
    def formula_error(self) -> float:
        """Largest difference from the formula, relative to 1 or the result's size; NaN without a formula."""
        return np.nan if self.by_formula is None else _difference(self.automatic, self.by_formula)

    @property
    def difference_error(self) -> float:
        """Largest difference from numeric differences, relative to 1 or the result's size."""
        return _difference(self.automatic, self.by_differences)

    @property
    def agrees(self) -> bool:
        """Whether all that there is agrees: to 1e-9 with the formula, to 1e-6 with differences."""
        with_formula = self.by_formula is None or self.formula_error <= FORMULA_TOLERANCE
        return bool(with_formula and self.difference_error <= DIFFERENCE_TOLERANCE)

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        lines = [
            text("calculus.check_automatic", name=self.name, value=digits(self.automatic)),
            text(
                "calculus.check_differences", value=digits(self.by_differences), error=self.difference_error
            ),
        ]
        if self.by_formula is not None:
            value = digits(self.by_formula)
            lines.insert(1, text("calculus.check_formula", value=value, error=self.formula_error))
        return "\n".join([*lines, text("calculus.agrees" if self.agrees else "calculus.differs")])

    def __repr__(self) -> str:
        return str(self)


def _difference(got: np.ndarray, expected: np.ndarray) -> float:
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return float(np.max(np.abs(got - expected), initial=0.0)) / scale


def checked_count(n: Any, what: str, *, least: int = 1) -> int:
    """A whole number of times that is differentiated."""
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or n < least:
        raise error("calculus.order", what=what, got=repr(n), least=least)
    return int(n)
