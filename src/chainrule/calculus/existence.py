r"""Whether a derivative that was computed is one.

Automatic differentiation follows the branch that a function takes at a point. Where branches meet, what it
gives need not be a derivative: it gives 0 for :math:`|x|` at 0. There the result is compared with

.. math:: \frac{D_{m - e_k} f(p \pm h u_k) - D_{m - e_k} f(p)}{\pm h}

for smaller and smaller h, from which it must not keep its distance.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.autodiff import no_grad
from chainrule.autodiff.taylor import Index, less, unit
from chainrule.calculus.fields import Array, as_tensor
from chainrule.calculus.subject import Partials, Points, Subject
from chainrule.core.derivative import Zero
from chainrule.errors import GraphError, error

# Still smaller ones would show the rounding of functions like (exp(x) - 1) / x.
_STEPS = np.array([1e-4, 1e-7])
_SIDES = np.array([-1.0, 1.0])
_ROUNDING = 1e3 * np.finfo(np.float64).eps
# Rows with corners; rows with steps are told by their derivative, which is zero.
_CORNERS = ("absolute", "maximum", "minimum", "fmax", "fmin", "max", "min", "copysign", "hypot")


def check_exists(subject: Subject, points: Points, found: Partials, directions: Any = None) -> None:
    """Refuse a single point at which one of the derivatives ``found`` does not exist, or is another number.

    Raises
    ------
    GradientError
        The function has a corner or a jump there, or is defined there by a branch of its own.
    """
    if not _has_branches(subject, points):
        return
    moves = np.eye(points.form.count) if directions is None else np.asarray(directions)
    for m in sorted(found, key=lambda m: (sum(m), *(-times for times in m))):
        if any(m):
            _check(subject, points, m, np.asarray(found[m])[..., 0], moves)


def _has_branches(subject: Subject, points: Points) -> bool:
    try:
        graph = subject.graph(points.form)
    except GraphError:
        return True
    return any(n.op.name in _CORNERS or isinstance(n.op.derivative, Zero) for n in graph.nodes)


def _check(subject: Subject, points: Points, m: Index, value: Array, moves: np.ndarray) -> None:
    axis = next(i for i, n in enumerate(m) if n)
    quotients, rounding = _quotients(subject, points, less(m, unit(axis, len(m))), moves, axis)
    with np.errstate(invalid="ignore"):
        first, last = np.moveaxis(abs(quotients - value[..., None, None]), -1, 0)
        wrong = (last > 0.5 * first) & (last > rounding + 1e-6 * abs(value)[..., None])
        if not wrong.any():
            return
        # Quotients that agree with each other make a derivative, which the branch at the point hides.
        spread = np.ptp(quotients, axis=(-2, -1))
        hidden = bool((spread <= 0.1 * last.max(axis=-1))[wrong.any(axis=-1)].all())
    key = "calculus.hidden" if hidden else "calculus.corner"
    names = ", ".join(name for name, u in zip(points.form.names, moves[axis], strict=True) if u)
    raise error(
        key,
        what=subject.what,
        place=place_of(points),
        name=names,
        value=_plain(quotients.mean(axis=(-2, -1))),
    )


def _quotients(
    subject: Subject, points: Points, lower: Index, moves: np.ndarray, axis: int
) -> tuple[Array, Array]:
    """Difference quotients (…, sides, steps) of a derivative, and the rounding of those of the last step."""
    start = points.columns.numpy()
    h = (_SIDES[:, None] * _STEPS * max(1.0, float(abs(start).max()))).ravel()
    columns = start + moves[axis][:, None] * np.concatenate([[0.0], h])
    there = replace(points, columns=as_tensor(columns), batch=(len(h) + 1,))
    with no_grad(), np.errstate(all="ignore"):
        values = np.asarray(subject.partials(there, [lower], moves)[lower])
        quotients = (values[..., 1:] - values[..., :1]) / h
        rounding = _ROUNDING * abs(values).max(axis=-1) / abs(h).min()
    return quotients.reshape(*values.shape[:-1], len(_SIDES), len(_STEPS)), rounding[..., None]


def _plain(value: Array) -> str:
    return f"{value.item():.6g}" if value.size == 1 else np.array2string(value, precision=6, separator=", ")


def place_of(points: Points) -> str:
    """A single point in words."""
    named = zip(points.form.names, points.columns.numpy()[:, 0].tolist(), strict=True)
    return ", ".join(f"{name} = {x!r}" for name, x in named)
