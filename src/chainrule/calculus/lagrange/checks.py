"""What is checked about a stationary point: kind, independence of constraints, meaning of multipliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainrule.calculus.fields import Array
from chainrule.calculus.lagrange import kkt
from chainrule.calculus.lagrange.problem import Problem

ACTIVE = 1e-7
_ZERO = 1e-7
_CHANGE = 1e-4
_RUNAWAY = 1e5
_OPPOSITE = {"minimum": "maximum", "maximum": "minimum"}


@dataclass(frozen=True)
class Sensitivity:
    r"""How the best value changes with the right-hand side of a constraint, :math:`∂f^* / ∂c`.

    Attributes
    ----------
    predicted : float
        By the multiplier.
    measured : float
        By solving again for a slightly larger and a slightly smaller c; NaN where that fails.
    """

    predicted: float
    measured: float

    @property
    def agrees(self) -> bool:
        """Whether the two are equal up to the error of the difference."""
        return bool(abs(self.predicted - self.measured) <= 1e-4 * max(1.0, abs(self.predicted)))


def sensitivities(problem: Problem, at: kkt.Stationary) -> tuple[Sensitivity, ...]:
    """Of each constraint."""
    found = []
    for i, multiplier in enumerate(at.m):
        values = [_value(problem.with_right(i, problem.right[i] + c), at) for c in (_CHANGE, -_CHANGE)]
        measured = (values[0] - values[1]) / (2 * _CHANGE)
        found.append(Sensitivity(-problem.sign * float(multiplier) + 0.0, measured + 0.0))
    return tuple(found)


def _value(changed: Problem, at: kkt.Stationary) -> float:
    found = kkt.solve(changed, at.x, at.m)
    return changed.objective.value(found.x) if found.converged else np.nan


def dependent(problem: Problem, x: Array, tolerance: float = ACTIVE) -> tuple[int, ...]:
    """Active constraints whose gradients are linearly dependent; none is what LICQ asks for."""
    active = np.flatnonzero(problem.active(x, ACTIVE))
    A = problem.jacobian(x)[active]
    if not A.size:
        return ()
    norms = np.linalg.norm(A, axis=1, keepdims=True)
    A = A / np.where(norms <= tolerance, np.inf, norms)
    U, s, _ = np.linalg.svd(A)
    null = U[:, int((s > tolerance).sum()) :]
    return tuple(int(i) for i in active[np.linalg.norm(null, axis=1) > 1e-6])


def has_runaway(problem: Problem, at: kkt.Stationary) -> bool:
    """Whether the multipliers only grow to make up for gradients that vanish or depend on each other."""
    norms = np.maximum(np.linalg.norm(problem.jacobian(at.x), axis=1), ACTIVE)
    size = 1 + np.linalg.norm(problem.gradient(at.x))
    if not (norms * abs(at.m)).max(initial=0.0) > _RUNAWAY * size:
        return False
    products = abs(at.m * problem.constraints(at.x))[problem.p :]
    return bool(dependent(problem, at.x)) or products.max(initial=0.0) > ACTIVE * size


def reduced(problem: Problem, at: kkt.Stationary, held: np.ndarray) -> tuple[Array, Array]:
    """Where the held constraints do not change: the Lagrangian's curvatures (k,) and directions (n, k)."""
    A = problem.jacobian(at.x)[held]
    _, s, V = np.linalg.svd(A) if len(A) else (None, np.zeros(0), np.eye(len(at.x)))
    Z = V[int((s > ACTIVE * max(s.max(initial=0.0), ACTIVE)).sum()) :].T
    if not Z.size:
        return np.zeros(0), np.zeros((len(at.x), 0))
    eigenvalues, vectors = np.linalg.eigh(Z.T @ problem.hessian(at.x, at.m) @ Z)
    return eigenvalues, Z @ vectors


def classified(problem: Problem, at: kkt.Stationary) -> tuple[Array, str]:
    """Eigenvalues on the tangent space, and what kind of point of f they make it."""
    active = problem.active(at.x, ACTIVE)
    weak = active & (np.arange(len(active)) >= problem.p) & (at.m <= ACTIVE * (1 + abs(at.m).max(initial=0)))
    eigenvalues, _ = reduced(problem, at, active & ~weak)
    zero = _ZERO * float(abs(problem.hessian(at.x, at.m)).max())
    kind = _kind(eigenvalues, zero, pushed=bool((active & ~weak)[problem.p :].any()))
    if weak.any() and kind != "minimum":
        # Only directions along the weakly active constraints are sure to be allowed.
        inner, _ = reduced(problem, at, active)
        kind = "saddle" if (inner < -zero).any() else "degenerate"
    return np.sort(problem.sign * eigenvalues), kind if problem.sign > 0 else _OPPOSITE.get(kind, kind)


def _kind(eigenvalues: Array, zero: float, *, pushed: bool) -> str:
    """``pushed``: an inequality holds the point back, so that f rises away from it."""
    if (eigenvalues > zero).all():
        return "minimum"
    if (eigenvalues < -zero).all() and not pushed:
        return "maximum"
    return "saddle" if (eigenvalues < -zero).any() else "degenerate"
