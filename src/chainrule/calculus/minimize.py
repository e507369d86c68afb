"""The lowest point near a start."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

import chainrule.calculus.messages_optimize  # noqa: F401  (registers the messages used here)
from chainrule.calculus.critical import CriticalPoint, kind_of
from chainrule.calculus.fields import Array, Function, ScalarField, as_point, form_of, shown
from chainrule.calculus.regions import check_count
from chainrule.errors import error

_ZERO = 1e-7
_ESCAPES = 10
# How far to step aside from a saddle, relative to the point.
_ASIDE = 1e-2


def minimize(f: Function, x0: Any, *, steps: int = 200) -> CriticalPoint:
    r"""A local minimum: BFGS with exact gradients (SciPy), then Newton's method for the last digits.

    Parameters
    ----------
    f : callable
        A function of one number, of n numbers or of one vector (n,), that gives one number.
    x0 : number or array_like (n,)
        The start.
    steps : int
        The most steps.

    Returns
    -------
    CriticalPoint
        Of kind ``"minimum"``, or ``"degenerate"`` where the second order does not decide. Saddles and maxima,
        where the gradient is zero too, are left along the direction in which the function curves down.

    Raises
    ------
    ConvergenceError
        The gradient did not become small; unbounded functions end so.

    Examples
    --------
    >>> banana = lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2
    >>> minimize(banana, [-1.0, 1.0]).point.round(9)
    array([1., 1.])
    """
    check_count(steps, "minimize", "steps")
    start = as_point(x0, "minimize")
    field = ScalarField(f, form_of(f, start.size, "minimize", vector=start.ndim == 1), "minimize")
    start = start.reshape(-1)
    value, slope = field.value(start), float(np.linalg.norm(field.gradient(start)))
    if not np.isfinite([value, slope]).all():
        raise error("fields.start", what="minimize", value=value, point=shown(start))
    point, eigenvalues = _descended(field, start, steps)
    norm = float(np.linalg.norm(field.gradient(point)))
    scale = float(max(abs(eigenvalues).max(), abs(field.hessian(start)).max()))
    kind = kind_of(eigenvalues, _ZERO * scale)
    is_end = norm <= _ZERO * max(1.0, slope) and kind in ("minimum", "degenerate")
    if not is_end or (kind == "degenerate" and _still_falls(field, point)):
        raise error("optimum.minimize", point=shown(point), value=field.value(point), residual=norm)
    return CriticalPoint(point, field.value(point), norm, eigenvalues, kind)


def _descended(field: ScalarField, start: Array, steps: int) -> tuple[Array, Array]:
    """Where descent ends, and the eigenvalues of the Hessian there; a saddle or maximum is left sideways."""
    point, eigenvalues = start, np.full(len(start), np.nan)
    for _ in range(_ESCAPES):
        point = _polished(field, _bfgs(field, start, steps))
        H = field.hessian(point)
        if not np.isfinite(H).all():
            return point, np.full(len(point), np.nan)
        eigenvalues, vectors = np.linalg.eigh(H)
        if eigenvalues[0] >= -_ZERO * abs(eigenvalues).max():
            break
        aside = _ASIDE * max(1.0, float(np.linalg.norm(point))) * vectors[:, 0]
        start = min(point + aside, point - aside, key=field.value)
    return point, eigenvalues


def _still_falls(field: ScalarField, point: Array) -> bool:
    """Whether the function goes on falling along its gradient, however small that has become."""
    g = field.gradient(point)
    size = float(np.linalg.norm(g))
    if size == 0:
        return False
    lengths = max(1.0, float(np.linalg.norm(point))) * np.array([0.0, 1e-3, 1e-2, 1e-1, 1.0])
    values = field.values(point[:, None] - lengths * (g / size)[:, None])
    return bool((np.diff(values) < 0).all())


def _bfgs(field: ScalarField, start: Array, steps: int) -> Array:
    from scipy import optimize

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # What went wrong is seen from the gradient.
        options = {"maxiter": steps, "gtol": 1e-10}
        found = optimize.minimize(field.value, start, jac=field.gradient, method="BFGS", options=options)
    return np.asarray(found.x)


def _polished(field: ScalarField, x: Array) -> Array:
    """Newton steps for as long as the gradient falls and the function does not rise."""
    for _ in range(5):
        g, H = field.gradient(x), field.hessian(x)
        if not np.isfinite(H).all():
            return x
        tried = x - np.linalg.lstsq(H, g, rcond=None)[0]
        lower = field.value(tried) <= field.value(x) + 1e-12 * abs(field.value(x))
        if not (lower and np.linalg.norm(field.gradient(tried)) < np.linalg.norm(g)):
            return x
        x = tried
    return x
