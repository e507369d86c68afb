"""Climbing to the maximum of a smooth function of a vector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.autodiff import grad, hessian, value_and_grad
from chainrule.tensor import Tensor

Objective = Callable[[Any], Tensor]

_HALVINGS = 40
# How far rounding may let the value drop where it is all but largest.
_ROUNDING = 1e-13


@dataclass(frozen=True)
class Ascent:
    """Where an ascent ended.

    Attributes
    ----------
    point : numpy.ndarray
        The last point.
    value : float
        The function there.
    residual : float
        The largest component of the gradient there.
    steps : int
        How many steps were made.
    """

    point: np.ndarray
    value: float
    residual: float
    steps: int


def newton(f: Objective, start: np.ndarray, tolerance: float, max_steps: int) -> Ascent:
    """Newton's method, made to climb: along each eigenvector of the Hessian, uphill by gradient / curvature.

    A step is halved until it leads up (Nocedal & Wright, *Numerical Optimization*, 2006, section 3.4).
    """
    both, second = value_and_grad(f), hessian(f)
    x = start
    value, gradient = (np.asarray(part) for part in both(x))
    for step in range(max_steps):
        if _norm(gradient) <= tolerance:
            return Ascent(x, float(value), _norm(gradient), step)
        found = _uphill(both, x, value, _direction(gradient, second(x).numpy()))
        if found is None:
            return Ascent(x, float(value), _norm(gradient), step)
        x, value, gradient = found
    return Ascent(x, float(value), _norm(gradient), max_steps)


def _norm(gradient: np.ndarray) -> float:
    return float(abs(gradient).max(initial=0.0))


def _direction(gradient: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """Newton's step with every curvature taken as downwards, and none as next to 0."""
    if not np.isfinite(curvature).all():
        return gradient
    sizes, axes = np.linalg.eigh((curvature + curvature.T) / 2)
    sizes = np.maximum(abs(sizes), 1e-8 * max(1e-8, abs(sizes).max(initial=0.0)))
    return np.asarray(axes @ ((axes.T @ gradient) / sizes))


def _uphill(both: Callable[[Any], Any], x: np.ndarray, value: Any, direction: np.ndarray) -> Any:
    """The first of ever shorter steps that does not lead down; None if all do."""
    floor = value - _ROUNDING * max(1.0, abs(value))
    for halving in range(_HALVINGS):
        at = x + 0.5**halving * direction
        reached, gradient = (np.asarray(part) for part in both(at))
        if reached >= floor and np.isfinite(gradient).all():
            return at, reached, gradient
    return None


def lbfgs(f: Objective, start: np.ndarray, tolerance: float, max_steps: int) -> Ascent:
    """SciPy's L-BFGS-B, which needs no Hessian: for many parameters."""
    from scipy.optimize import minimize

    slope = value_and_grad(f)

    def downwards(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = slope(x)
        return -float(value), -np.asarray(gradient)

    options = {"maxiter": max_steps, "ftol": 0.0, "gtol": tolerance, "maxcor": 20}
    found = minimize(downwards, start, jac=True, method="L-BFGS-B", options=options)
    residual = _norm(np.asarray(grad(f)(found.x)))
    return Ascent(found.x, -float(found.fun), residual, int(found.nit))


METHODS: dict[str, Callable[[Objective, np.ndarray, float, int], Ascent]] = {"newton": newton, "lbfgs": lbfgs}
