"""A second opinion: SciPy's SLSQP, and the smallest violation of constraints that cannot be kept."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from chainrule.calculus.fields import Array
from chainrule.calculus.lagrange.problem import Problem

_FEASIBLE = 1e-6


@dataclass(frozen=True)
class SolverCheck:
    """What SLSQP, which works without these conditions, found from the same start.

    Attributes
    ----------
    x : ndarray (n,)
        Its point.
    value : float
        f there.
    violation : float
        By how much it misses the constraints.
    success : bool
        Whether SLSQP says that it converged.
    """

    x: Array
    value: float
    violation: float
    success: bool

    @property
    def feasible(self) -> bool:
        """Whether its point is finite and keeps the constraints."""
        return bool(np.isfinite([*self.x, self.value]).all() and self.violation <= _FEASIBLE)


def slsqp(problem: Problem, x: Array) -> SolverCheck:
    """Sequential quadratic programming (Kraft, 1988) from a start, with exact derivatives."""
    from scipy import optimize

    p = problem.p
    parts = [("eq", slice(0, p), 1.0)] if p else []
    parts += [("ineq", slice(p, None), -1.0)] if problem.q else []
    constraints = [
        {
            "type": kind,
            "fun": lambda v, rows=rows, sign=sign: sign * problem.constraints(v)[rows],
            "jac": lambda v, rows=rows, sign=sign: sign * problem.jacobian(v)[rows],
        }
        for kind, rows, sign in parts
    ]
    options = {"maxiter": 200, "ftol": 1e-12}
    with _quiet():
        found = optimize.minimize(
            problem.value, x, jac=problem.gradient, method="SLSQP", constraints=constraints, options=options
        )
        violation = problem.violation(found.x)
    return SolverCheck(np.asarray(found.x), problem.sign * float(found.fun), violation, bool(found.success))


def least_violation(problem: Problem, x: Array) -> tuple[Array, float]:
    """The point near a start at which the constraints are missed least, in squares, and by how much."""
    from scipy import optimize

    p = problem.p
    kinks = np.arange(len(problem.right)) >= p

    def missed(v: Array) -> Array:
        y = problem.constraints(v)
        return np.where(kinks & (y < 0), 0.0, y)

    def slopes(v: Array) -> Array:
        return np.where((kinks & (problem.constraints(v) < 0))[:, None], 0.0, problem.jacobian(v))

    with _quiet():
        found = optimize.least_squares(missed, x, jac=slopes, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    return np.asarray(found.x), problem.violation(found.x)


@contextmanager
def _quiet() -> Iterator[None]:
    """What goes wrong here is told from the result."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        yield
