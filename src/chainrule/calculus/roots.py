"""Roots of functions and of systems: bisection and Newton's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.calculus.messages_optimize  # noqa: F401  (registers the messages used here)
from chainrule.calculus.fields import Array, Function, ScalarField, VectorField, as_point, form_of, shown
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import as_box, check_count, check_positive
from chainrule.errors import error, text

_FLAT = 1e-7


@dataclass(frozen=True, repr=False)
class Root(Printed):
    r"""Where a function is zero.

    Attributes
    ----------
    point : ndarray () or (n,)
        The place, in the form of the start.
    residual : float
        :math:`\|f\|` there.
    iterations : int
        Steps that were made.
    converged : bool
        Whether the tolerance was reached.
    path : ndarray (iterations + 1, n)
        The points on the way.
    """

    point: Array
    residual: float
    iterations: int
    converged: bool
    path: Array

    def __float__(self) -> float:
        return float(self.point)

    def __str__(self) -> str:
        key = "optimum.root" if self.converged else "optimum.no_root"
        residual = f"{self.residual:.1e}"
        return text(key, point=shown(self.point), residual=residual, count=self.iterations)


def newton(f: Function, x0: Any, *, steps: int = 100, tolerance: float = 1e-12, strict: bool = True) -> Root:
    r"""A root, by Newton's method with steps cut short where the function would grow.

    .. math:: x_{k+1} = x_k - t\, J(x_k)^{-1} f(x_k), \qquad t = 1, \tfrac12, \tfrac14, …

    Near a simple root the number of correct digits doubles at each step.

    Parameters
    ----------
    f : callable
        A function of one number, of n numbers or of one vector (n,), that gives n numbers.
    x0 : number or array_like (n,)
        The start.
    steps : int
        The most steps.
    tolerance : float
        Of the last step, relative to the point, or of the residual, relative to the first one.
    strict : bool
        Raise if there is no convergence; otherwise the result tells it.

    Returns
    -------
    Root

    Raises
    ------
    ConvergenceError
        No root was reached.
    ShapeError
        ``f`` does not give as many numbers as there are variables.

    Examples
    --------
    >>> print(f"{float(newton(lambda x: x**2 - 2, 1.0)):.12f}")
    1.414213562373
    >>> newton(lambda x, y: (x * x + y * y - 5, x * y - 2), [2.0, 0.5]).point.round(9)
    array([2., 1.])
    """
    check_count(steps, "newton", "steps")
    check_positive(tolerance, "newton", "tolerance")
    start = as_point(x0, "newton")
    form = form_of(f, start.size, "newton", vector=start.ndim == 1)
    field = VectorField([f], [form], "newton")
    path, residuals, converged = _newton(field, start.reshape(-1), steps, tolerance)
    found = Root(path[-1].reshape(start.shape), residuals[-1], len(path) - 1, converged, np.array(path))
    if strict and not converged:
        key = "optimum.newton_flat" if _is_flat(field, path[-1]) else "optimum.newton"
        raise error(key, point=shown(found.point), residual=found.residual, count=found.iterations)
    return found


def _newton(
    field: VectorField, start: Array, steps: int, tolerance: float
) -> tuple[list[Array], list[float], bool]:
    """All points, their residuals, and whether the last one is a root."""
    values = field.values(start)
    if values.shape != start.shape:
        raise error("optimum.square", what="newton", got=len(values), expected=len(start))
    if not np.isfinite(values).all():
        raise error("fields.start", what="newton", value=shown(values), point=shown(start))
    path, residuals = [start], [float(np.linalg.norm(values))]
    for _ in range(steps):
        here, before = path[-1], residuals[-1]
        J = field.jacobian(here)
        if before == 0 or not np.isfinite(J).all():
            return path, residuals, before == 0
        full = np.asarray(-np.linalg.lstsq(J, values, rcond=None)[0], np.float64)
        size, reach = float(np.linalg.norm(full)), max(1.0, float(np.linalg.norm(here)))
        # A small residual alone may be that of a function that only goes to zero far away.
        is_root = before <= np.sqrt(tolerance) * max(1.0, residuals[0])
        if is_root and size <= tolerance * reach:
            return path, residuals, True
        x, values, residual = _shortened(field, here, full, before)
        if not residual < before:
            # Rounding lets the residual fall no further.
            near = size <= np.sqrt(tolerance) * reach
            return path, residuals, bool(near and before <= tolerance * max(1.0, residuals[0]))
        path.append(x)
        residuals.append(residual)
    return path, residuals, False


def _is_flat(field: VectorField, point: Array) -> bool:
    """Whether the Jacobian leads nowhere: up to rounding it is singular, or it is not finite."""
    J = field.jacobian(point)
    return not np.isfinite(J).all() or np.linalg.matrix_rank(J, tol=_FLAT * max(1.0, abs(J).max())) < len(J)


def _shortened(field: VectorField, x: Array, step: Array, before: float) -> tuple[Array, Array, float]:
    """The first of x + step, x + step/2, … at which the residual is smaller, or the last one tried."""
    length, tried = 1.0, x
    values, size = np.full_like(x, np.inf), np.inf
    for _ in range(40):
        tried = x + length * step
        values = field.values(tried)
        with np.errstate(over="ignore"):
            size = float(np.linalg.norm(values))
        if size < before:
            break
        length /= 2
    return tried, values, size


def bisect(f: Function, a: float, b: float, *, tolerance: float = 0.0, strict: bool = True) -> Root:
    r"""A root between two places where the function has opposite signs, by halving the interval.

    .. math:: f(a)\, f(b) \le 0

    Each step gives one more binary digit.

    Parameters
    ----------
    f : callable
        A function of one number.
    a, b : float
        The ends.
    tolerance : float
        Half width at which to stop; 0 goes on to neighbouring floating-point numbers.
    strict : bool
        Raise if the sign changes at a jump or a pole instead; otherwise the result tells it.

    Returns
    -------
    Root
        Its path are the ends and the middles of the intervals.

    Raises
    ------
    ConfigError
        The signs at the ends are equal, or a value is NaN.
    ConvergenceError
        There is a jump or a pole.

    Examples
    --------
    >>> import chainrule as cr
    >>> print(f"{float(bisect(cr.cos, 0, 3)):.12f}")
    1.570796326795
    """
    box = as_box((a, b), "bisect")
    field = ScalarField(f, form_of(f, 1, "bisect"), "bisect")
    ends = [float(box.low[0]), float(box.high[0])]
    values = [field.value(np.array([x])) for x in ends]
    if not values[0] * values[1] <= 0:
        raise error("optimum.signs", a=ends[0], b=ends[1], fa=values[0], fb=values[1])
    largest, path = max(map(abs, values)), [*ends]
    while 0 not in values and ends[1] - ends[0] > 2 * tolerance:
        middle = (ends[0] + ends[1]) / 2
        if not ends[0] < middle < ends[1]:
            break
        path.append(middle)
        value = field.value(np.array([middle]))
        side = 0 if value * values[0] > 0 else 1
        ends[side], values[side] = middle, value
    best = int(np.argmin(np.abs(values)))
    residual = abs(values[best])
    # Next to a jump or a pole the values stay large however close one comes.
    converged = tolerance > 0 or residual <= 1e-6 * largest
    if strict and not converged:
        place = ends[best] if abs(ends[best]) > 1e-12 * box.width[0] else 0.0
        raise error("optimum.jump", point=shown(place), residual=shown(residual))
    return Root(np.array(ends[best]), residual, len(path) - 2, converged, np.array(path)[:, None])
