r"""Substitutions that bring an interval, finite or not, to [0, 1], and a region to a cube.

Source: Shampine, Vectorized adaptive quadrature in MATLAB, J. Comput. Appl. Math. 211, 2008,
equations 2 to 5, written for [0, 1]: near 0 there
are far more floating-point numbers than near an end of [-1, 1]. They weaken what is singular at the ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.calculus.fields import Array, ScalarField, as_tensor, form_of
from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.functions.shaping import stack
from chainrule.tensor import Tensor

Place = tuple[Any, Any]
_NEAR = 1e-9
Bound = Callable[[Tensor], Tensor]


def finite(u: Tensor, low: Any, high: Any) -> Place:
    r""":math:`x = a + (b - a)\, u^2 (3 - 2u)`, and :math:`dx / du`."""
    width = high - low
    return low + width * u * u * (3 - 2 * u), 6 * width * u * (1 - u)


def upwards(u: Tensor, low: Any, high: Any) -> Place:
    r"""From a to ∞, :math:`x = a + \left(\frac{u}{1 - u}\right)^2`."""
    return low + (u / (1 - u)) ** 2, 2 * u / (1 - u) ** 3


def downwards(u: Tensor, low: Any, high: Any) -> Place:
    r"""From b down to -∞, :math:`x = b - \left(\frac{u}{1 - u}\right)^2`; the integral goes the other way."""
    return high - (u / (1 - u)) ** 2, 2 * u / (1 - u) ** 3


def everywhere(u: Tensor, low: Any, high: Any) -> Place:
    r"""From -∞ to ∞, :math:`x = \frac{2u - 1}{4u(1 - u)}`."""
    rest = 4 * u * (1 - u)
    return (2 * u - 1) / rest, 2 * (1 + (2 * u - 1) ** 2) / rest**2


# By whether the lower and the upper limit are infinite.
SUBSTITUTIONS = {
    (False, False): finite,
    (False, True): upwards,
    (True, False): downwards,
    (True, True): everywhere,
}


# How many equal panels an axis begins with, by the number of variables; one if there are more.
_PANELS = {1: 10, 2: 2}
# Towards infinity panels begin by growing with the distance, 4 to each doubling; 1 in two variables.
_TAILS = {1: 1 - 2.0 ** -np.arange(1, 19, 0.25), 2: 1 - 2.0 ** -np.arange(1, 9)}


class Axis:
    """One variable's limits: numbers, tensors, or functions of the variables before it."""

    def __init__(self, pair: Any, before: int, what: str) -> None:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise error("integral.pair", what=what, position=before, got=repr(pair))
        self.low, self.high = (_bound(limit, before, what) for limit in pair)
        self.sign = 1.0
        if _is(self.low, math.inf) or _is(self.high, -math.inf):
            self.low, self.high, self.sign = self.high, self.low, -1.0
        if _is(self.low, math.inf) or _is(self.high, -math.inf):
            raise error("integral.same_infinity", what=what)
        self.infinite = _is(self.low, -math.inf), _is(self.high, math.inf)
        self.substitution = SUBSTITUTIONS[self.infinite]

    def edges(self, dimension: int) -> Array:
        """Between 0 and 1, the ends of the panels to begin with; they are to see far peaks."""
        even = np.linspace(0.0, 1.0, _PANELS.get(dimension, 1) + 1)
        if dimension not in _TAILS or not any(self.infinite):
            return even
        tail = _TAILS[dimension]
        below = 1 - tail[::-1] if all(self.infinite) else even[(even > 0) & (even < tail[0])]
        return np.unique(np.concatenate([[0.0], below, tail, [1.0]]))

    def nearby(self, x: float) -> float:
        """A place as it is told: 0 or an infinity for what cannot be told from it."""
        ends = [abs(end.item()) for end in (self.low, self.high) if isinstance(end, Tensor)]
        scale = max(ends, default=1.0) or 1.0
        if abs(x) < _NEAR * scale:
            return 0.0
        return math.copysign(math.inf, x) if any(self.infinite) and abs(x) > scale / _NEAR else x

    def at(self, u: Tensor, earlier: list[Tensor]) -> Place:
        """The variable and its derivative by ``u`` (m,), where the variables before it are ``earlier``."""
        low, high = (
            limit.many(stack(earlier)) if isinstance(limit, ScalarField) else limit
            for limit in (self.low, self.high)
        )
        x, slope = self.substitution(u, low, high)
        return x, self.sign * slope


def _is(limit: Any, infinity: float) -> bool:
    return isinstance(limit, float) and limit == infinity


def _bound(limit: Any, before: int, what: str) -> Any:
    """A limit as a field of the earlier variables, an infinity, or a tensor."""
    if callable(limit) and not isinstance(limit, Value):
        if not before:
            raise error("integral.first_limit", what=what)
        return ScalarField(limit, form_of(limit, before, what, vector=False), what)
    number = as_tensor(limit)
    if number.size != 1:
        raise error("integral.limit", what=what, shape=number.shape)
    value = number.item()
    if math.isnan(value):
        raise error("integral.nan_limit", what=what)
    return value if math.isinf(value) else number.reshape(())


class Region:
    """The limits of all variables, the outermost first."""

    def __init__(self, pairs: Sequence[Any], what: str) -> None:
        self.axes = [Axis(pair, before, what) for before, pair in enumerate(pairs)]

    def at(self, u: Tensor) -> Place:
        """The points (n, m) that belong to points ``u`` of the cube, and the volume factors (m,)."""
        points: list[Tensor] = []
        factor: Any = np.float64(1.0)
        for i, axis in enumerate(self.axes):
            x, slope = axis.at(u[i], points)
            points.append(x)
            factor = slope * factor
        return stack(points), factor
