r"""A problem with constraints: minimise :math:`σf(x)` where :math:`g(x) = c` and :math:`h(x) \le d`."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from chainrule.autodiff import hessian
from chainrule.calculus.fields import Array, ScalarField, VectorField, as_tensor, symmetric
from chainrule.tensor import Tensor


@dataclass(frozen=True)
class Problem:
    """Objective and constraints, with their derivatives.

    Attributes
    ----------
    objective : ScalarField
        f.
    equality, inequality : VectorField
        g and h.
    sign : float
        σ: 1 to minimise f, -1 to maximise it.
    right : ndarray (p + q,)
        c and d; zero unless a right-hand side is being varied.
    p : int
        Number of equality constraints.
    """

    objective: ScalarField
    equality: VectorField
    inequality: VectorField
    sign: float
    right: Array
    p: int

    @property
    def q(self) -> int:
        """Number of inequality constraints."""
        return len(self.right) - self.p

    def value(self, x: Array) -> float:
        """What is minimised, σf."""
        return self.sign * self.objective.value(x)

    def gradient(self, x: Array) -> Array:
        """Its gradient (n,)."""
        return self.sign * self.objective.gradient(x)

    def constraints(self, x: Array) -> Array:
        """G - c and h - d, (p + q,)."""
        return np.concatenate([self.equality.values(x), self.inequality.values(x)]) - self.right

    def jacobian(self, x: Array) -> Array:
        """The derivatives of all constraints, (p + q, n)."""
        return np.concatenate([self.equality.jacobian(x), self.inequality.jacobian(x)])

    def hessian(self, x: Array, m: Array) -> Array:
        """The Hessian of the Lagrangian (n, n) for multipliers ``m`` (p + q,)."""

        def lagrangian(v: Tensor) -> Tensor:
            total = self.sign * self.objective(v)
            for multiplier, y in zip(m, [*self.equality(v), *self.inequality(v)], strict=True):
                total = total + float(multiplier) * y
            return total

        return symmetric(hessian(lagrangian)(as_tensor(x)).numpy())

    def violation(self, x: Array) -> float:
        """The largest amount by which a constraint is not kept."""
        y = self.constraints(x)
        return float(np.concatenate([abs(y[: self.p]), np.maximum(y[self.p :], 0), [0.0]]).max())

    def active(self, x: Array, tolerance: float) -> np.ndarray:
        """Which constraints hold with equality (p + q,); all of g do."""
        y = self.constraints(x)
        return (np.arange(len(y)) < self.p) | (y >= -tolerance * (1 + np.linalg.norm(x)))

    def with_right(self, i: int, c: float) -> Problem:
        """The same problem with the right-hand side of one constraint at ``c``."""
        right = self.right.copy()
        right[i] = c
        return replace(self, right=right)
