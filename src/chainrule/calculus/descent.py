"""Ways down a function: gradient descent and its relatives, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

import chainrule.calculus.messages_optimize  # noqa: F401  (registers the messages used here)
from chainrule.calculus.fields import Array, Function, ScalarField, as_point, form_of, shown
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import check_choice, check_count, check_positive
from chainrule.errors import error, text

Step = Callable[[ScalarField, Array, Array, Array, float, float], tuple[Array, Array]]


def gradient(
    field: ScalarField, x: Array, g: Array, v: Array, rate: float, momentum: float
) -> tuple[Array, Array]:
    r""":math:`x \leftarrow x - η \nabla f`."""
    return x - rate * g, v


def heavy_ball(
    field: ScalarField, x: Array, g: Array, v: Array, rate: float, momentum: float
) -> tuple[Array, Array]:
    r""":math:`v \leftarrow βv - η \nabla f,\; x \leftarrow x + v` (Polyak, 1964)."""
    v = momentum * v - rate * g
    return x + v, v


def nesterov(
    field: ScalarField, x: Array, g: Array, v: Array, rate: float, momentum: float
) -> tuple[Array, Array]:
    r""":math:`v \leftarrow βv - η \nabla f(x + βv),\; x \leftarrow x + v` (Nesterov, 1983)."""
    v = momentum * v - rate * field.gradient(x + momentum * v)
    return x + v, v


def backtracking(
    field: ScalarField, x: Array, g: Array, v: Array, rate: float, momentum: float
) -> tuple[Array, Array]:
    r""":math:`x - t \nabla f`, t halved from η until f falls by :math:`\frac{t}{2} \|\nabla f\|^2`."""
    before = field.value(x)
    for _ in range(60):
        if field.value(x - rate * g) <= before - rate / 2 * (g @ g):
            break
        rate /= 2
    return x - rate * g, v


def newton_step(
    field: ScalarField, x: Array, g: Array, v: Array, rate: float, momentum: float
) -> tuple[Array, Array]:
    r""":math:`x \leftarrow x - η (\nabla^2 f)^{-1} \nabla f`; goes to saddles and maxima as well."""
    return x - rate * np.linalg.lstsq(field.hessian(x), g, rcond=None)[0], v


# Beyond this, relative to the first value, it is not coming back.
_FAR = 1e20
_MANY = 10
METHODS: dict[str, Step] = {
    "gradient": gradient,
    "momentum": heavy_ball,
    "nesterov": nesterov,
    "backtracking": backtracking,
    "newton": newton_step,
}


@dataclass(frozen=True, repr=False)
class DescentPath(Printed):
    """The points of a descent.

    Attributes
    ----------
    points : ndarray (k + 1, n)
        From the start to the end.
    values : ndarray (k + 1,)
        The function at each.
    gradients : ndarray (k + 1, n)
        Its gradient at each.
    reason : str
        Why it ended: ``"converged"``, ``"steps"`` (all steps made), ``"zigzag"`` (all steps made, the last
        ones to and fro), ``"diverged"`` or ``"unbounded"`` (down without end).
    """

    points: Array
    values: Array
    gradients: Array
    reason: str

    @property
    def converged(self) -> bool:
        """Whether the gradient became small."""
        return self.reason == "converged"

    def __len__(self) -> int:
        return len(self.points)

    def __str__(self) -> str:
        return text(
            f"optimum.path_{self.reason}",
            count=len(self) - 1,
            point=shown(self.points[-1]),
            value=shown(self.values[-1]),
            norm=f"{np.linalg.norm(self.gradients[-1]):.1e}",
        )


def descent_path(
    f: Function,
    x0: Any,
    rate: float = 0.1,
    steps: int = 100,
    *,
    method: str = "gradient",
    momentum: float = 0.9,
    tolerance: float = 1e-8,
) -> DescentPath:
    r"""Go down a function step by step, and keep the way.

    It ends when :math:`\|\nabla f\|` is within the tolerance, when all steps are made, or when the value
    is no longer finite or has become far greater than at the start.

    Parameters
    ----------
    f : callable
        A function of one number, of n numbers or of one vector (n,), that gives one number.
    x0 : number or array_like (n,)
        The start.
    rate : float
        Step size η; the first one tried by ``"backtracking"``; 1 is natural for ``"newton"``.
    steps : int
        The most steps.
    method : {"gradient", "momentum", "nesterov", "backtracking", "newton"}
        How a step is made.
    momentum : float
        β, the part of the last step that is kept by ``"momentum"`` and ``"nesterov"``.
    tolerance : float
        Norm of the gradient at which to stop.

    Returns
    -------
    DescentPath

    Raises
    ------
    ConfigError
        The function is not finite at the start, or an option does not exist.

    Examples
    --------
    >>> bowl = lambda x, y: x * x + 4 * y * y
    >>> path = descent_path(bowl, [2.0, 1.0], rate=0.1)
    >>> path.points[:3].round(3)
    array([[2.  , 1.  ], [1.6 , 0.2 ], [1.28, 0.04]])
    >>> print(descent_path(bowl, [2.0, 1.0], rate=1, steps=300))
    diverged after 13 steps: f grew to 3.75499e+22; take a smaller rate
    """
    check_positive(rate, "descent_path", "rate")
    check_count(steps, "descent_path", "steps")
    check_choice(method, METHODS, "descent_path", "method")
    start = as_point(x0, "descent_path")
    form = form_of(f, start.size, "descent_path", vector=start.ndim == 1)
    field = ScalarField(f, form, "descent_path")
    x = start.reshape(-1)
    points, values, gradients = [x], [field.value(x)], [field.gradient(x)]
    if not np.isfinite([values[0], *gradients[0]]).all():
        raise error("fields.start", what="descent_path", value=values[0], point=shown(x))
    velocity, reason = np.zeros_like(x), _reason(values, gradients[0], tolerance)
    with np.errstate(all="ignore"):  # What overflows has diverged.
        while not reason and len(points) <= steps:
            x, velocity = METHODS[method](field, x, gradients[-1], velocity, rate, momentum)
            points.append(x)
            values.append(field.value(x))
            gradients.append(field.gradient(x))
            reason = _reason(values, gradients[-1], tolerance)
    reason = reason or ("zigzag" if _turns_back(gradients) else "steps")
    return DescentPath(np.array(points), np.array(values), np.array(gradients), reason)


def _reason(values: list[float], g: Array, tolerance: float) -> str:
    """Why to stop, or ""."""
    bound = _FAR * max(1.0, abs(values[0]))
    if values[-1] < -bound:
        return "unbounded"
    if not np.isfinite([values[-1], *g]).all() or values[-1] > bound:
        return "diverged"
    return "converged" if np.linalg.norm(g) <= tolerance else ""


def _turns_back(gradients: list[Array]) -> bool:
    """Whether each of the last steps went against the one before."""
    last = gradients[-_MANY:]
    return len(last) == _MANY and all(g @ h < 0 for g, h in pairwise(last))
