r"""Newton's method on the conditions of Karush, Kuhn and Tucker.

.. math:: \nabla f + J_g^T λ + J_h^T μ = 0, \quad g = 0, \quad φ(μ, -h) = 0, \qquad
          φ(a, b) = a + b - \sqrt{a^2 + b^2}

φ is zero exactly where :math:`a \ge 0,\; b \ge 0,\; ab = 0`, so the active set is found along with the point.

Source: Fischer, A special Newton-type optimization method, Optimization 24, 1992.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainrule.calculus.fields import Array
from chainrule.calculus.lagrange.problem import Problem

TOLERANCE = 1e-9
_STEPS = 60
_HALVINGS = 20
_ROUNDING = 1e-14


@dataclass(frozen=True)
class Stationary:
    """Where Newton's method ended.

    ``m`` (p + q,) are the multipliers λ and μ, ``residual`` is the norm of the conditions, relative to
    the size of the gradient, and ``steps`` how many steps were made.
    """

    x: Array
    m: Array
    residual: float
    steps: int

    @property
    def converged(self) -> bool:
        """Whether the conditions hold."""
        return self.residual <= TOLERANCE


def solve(problem: Problem, x: Array, m: Array) -> Stationary:
    """Newton's method from a point and multipliers, with steps cut so that the conditions' norm falls."""
    n, z = len(x), np.concatenate([x, m])
    F = conditions(problem, x, m)
    for step in range(_STEPS):
        size = 1 + np.linalg.norm(problem.gradient(z[:n]))
        norm = np.linalg.norm(F)
        J = _derivative(problem, z[:n], z[n:])
        if norm <= _ROUNDING * size or not (np.isfinite(J).all() and np.isfinite(norm)):
            return _ended(problem, z, F, step)
        move = -np.linalg.lstsq(J, F, rcond=1e-13)[0]
        # Once the conditions hold, only a full step can make them hold better.
        tries = 1 if norm <= TOLERANCE * size else _HALVINGS
        for length in 0.5 ** np.arange(tries):
            tried = conditions(problem, *np.split(z + length * move, [n]))
            if np.linalg.norm(tried) < (1 - 1e-4 * length) * norm:
                z, F = z + length * move, tried
                break
        else:
            return _ended(problem, z, F, step)
    return _ended(problem, z, F, _STEPS)


def _ended(problem: Problem, z: Array, F: Array, steps: int) -> Stationary:
    n = len(z) - len(problem.right)
    residual = relative(problem, F, z[:n])
    m = np.where(abs(z[n:]) <= _ROUNDING * (1 + abs(z[n:]).max(initial=0.0)), 0.0, z[n:])
    return Stationary(z[:n], m, residual, steps)


def relative(problem: Problem, F: Array, x: Array) -> float:
    """The norm of the conditions, relative to the size of the gradient."""
    size = 1 + float(np.linalg.norm(problem.gradient(x)))
    return float(np.linalg.norm(F)) / size if np.isfinite(F).all() else np.inf


def conditions(problem: Problem, x: Array, m: Array) -> Array:
    """The left sides of the conditions, (n + p + q,)."""
    y = problem.constraints(x)
    stationary = problem.gradient(x) + problem.jacobian(x).T @ m
    a, b = m[problem.p :], -y[problem.p :]
    return np.concatenate([stationary, y[: problem.p], a + b - np.hypot(a, b)])


def _derivative(problem: Problem, x: Array, m: Array) -> Array:
    """The Jacobian of the conditions, square."""
    p, n = problem.p, len(x)
    A, y = problem.jacobian(x), problem.constraints(x)
    a, b = m[p:], -y[p:]
    r = np.hypot(a, b)
    # At a = b = 0 any point of the unit circle will do as (a, b) / r.
    safe = np.where(r == 0, 1.0, r)
    by_a = 1 - np.where(r == 0, np.sqrt(0.5), a / safe)
    by_b = 1 - np.where(r == 0, np.sqrt(0.5), b / safe)
    J = np.zeros((n + len(m), n + len(m)))
    J[:n, :n], J[:n, n:] = problem.hessian(x, m), A.T
    J[n : n + p, :n] = A[:p]
    J[n + p :, :n] = -by_b[:, None] * A[p:]
    J[n + p :, n + p :] = np.diag(by_a)
    return J


def multipliers(problem: Problem, x: Array, tolerance: float = 1e-6) -> Array:
    r"""The multipliers of active constraints that fit a point best, :math:`\min_m \|\nabla f + A^T m\|`."""
    active = problem.active(x, tolerance)
    m = np.zeros(len(active))
    m[active] = np.linalg.lstsq(problem.jacobian(x)[active].T, -problem.gradient(x), rcond=None)[0]
    m[problem.p :] = np.maximum(m[problem.p :], 0)
    return m
