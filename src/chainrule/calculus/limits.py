"""Limits of functions of one variable, found numerically."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.calculus.messages_integrals  # noqa: F401  (registers the messages used here)
from chainrule.calculus.extrapolation import SETTLED, Trend, trend
from chainrule.calculus.fields import Array, Function, ScalarField, as_tensor, form_of, shown
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import check_choice
from chainrule.errors import error, text

SIDES = {"both": (-1, 1), "left": (-1,), "right": (1,)}
# Between the three neighbours that show whether values scatter.
_SPACING = 2.0**-10
_HALVINGS = 50
# On the way to infinity, so that not only whole numbers are seen.
_ODD = 1 + 1 / math.pi
# x₀ + h has few correct digits of h below this part of x₀.
_SMALLEST = 2.0**-36
# Numbers in f are rounded, as π is in sin(x) / (x - π). At smaller distances that shows, smooth as a pole.
_EXACT = 30


@dataclass(frozen=True, repr=False)
class OneSided(Printed):
    """What a function does as its argument comes from one side.

    Attributes
    ----------
    trend : Trend
        What kind of behaviour, towards which value.
    places, values : ndarray (k,)
        The evidence: where the function was evaluated, from far to near, and its values.
    """

    trend: Trend
    places: Array
    values: Array

    def __str__(self) -> str:
        numbers = {name: shown(getattr(self.trend, name), 10) for name in ("value", "low", "high")}
        return text(f"limit.{self.trend.kind}", error=f"{self.trend.error:.1e}", **numbers)


@dataclass(frozen=True, repr=False)
class Limit(Printed):
    """A limit, or why there is none.

    Attributes
    ----------
    kind : str
        ``"converges"``; ``"diverges"`` to ∞ or -∞; or there is none: ``"differs"`` (left and right),
        ``"oscillates"``, ``"undefined"`` (on one side at least), ``"undecided"``.
    value : float
        The limit, also if infinite; NaN if there is none.
    error : float
        Estimate of its error.
    left, right : OneSided or None
        The evidence of each side that was asked for.
    """

    kind: str
    value: float
    error: float
    left: OneSided | None
    right: OneSided | None

    @property
    def exists(self) -> bool:
        """Whether there is a finite limit."""
        return self.kind == "converges"

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        sides = {"limit.left": self.left, "limit.right": self.right}
        evidence = [f"  {text(name, side=side)}" for name, side in sides.items() if side is not None]
        numbers = {"value": shown(self.value, 10), "error": f"{self.error:.1e}"}
        return "\n".join([text(f"limit.result_{self.kind}", **numbers), *evidence])


def limit(f: Function, x0: float, side: str = "both") -> Limit:
    r"""The limit of a function at a place, :math:`\lim_{x \to x_0} f(x)`, found numerically.

    The function is evaluated at distances that halve down to rounding, and the values are extrapolated.
    What they show is evidence: no finite number of values proves a limit.

    Parameters
    ----------
    f : callable
        A function of one number. It is not evaluated at ``x0`` itself.
    x0 : float
        The place; may be ``math.inf`` or ``-math.inf``.
    side : {"both", "left", "right"}
        From where to come.

    Returns
    -------
    Limit

    Raises
    ------
    ConfigError
        ``x0`` is NaN, or the side does not exist.

    Examples
    --------
    >>> import math
    >>> import chainrule as cr
    >>> print(f"{float(limit(lambda x: cr.sin(x) / x, 0)):.9f}")
    1.000000000
    >>> print(f"{float(limit(lambda x: (1 + 1 / x) ** x, math.inf)):.7f}")
    2.7182818
    >>> print(limit(lambda x: x / abs(x), 0))
    there is no limit: left and right differ
      from the left: -1 ± 2.2e-16
      from the right: 1 ± 2.2e-16
    """
    place = _place(x0)
    check_choice(side, SIDES, "limit", "side")
    field = ScalarField(f, form_of(f, 1, "limit"), "limit")
    if math.isinf(place):
        one = _from_far(field, math.copysign(1.0, place))
        return _of_one(one, one if place < 0 else None, one if place > 0 else None)
    found = {sign: _from_side(field, place, sign) for sign in SIDES[side]}
    if len(found) == 1:
        (one,) = found.values()
        return _of_one(one, found.get(-1), found.get(1))
    return _of_both(found[-1], found[1])


def _place(x0: Any) -> float:
    place = as_tensor(x0)
    if place.size != 1 or math.isnan(place.item()):
        raise error("limit.place", got=x0)
    return float(place.item())


def _from_side(field: ScalarField, place: float, sign: int) -> OneSided:
    distances = max(1.0, abs(place)) * 2.0 ** -np.arange(1, _HALVINGS + 1)
    distances = distances[distances >= _SMALLEST * abs(place)]
    return _along(field, place + sign * distances[:, None] * (1 + _SPACING * np.arange(3)), _EXACT)


def _from_far(field: ScalarField, sign: float) -> OneSided:
    distances = _ODD * 2.0 ** np.arange(_HALVINGS)
    return _along(field, sign * distances[:, None] * (1 + _SPACING * np.arange(3)), _HALVINGS)


def _along(field: ScalarField, places: Array, exact: int) -> OneSided:
    values = field.values(places.reshape(1, -1)).reshape(places.shape)
    return OneSided(trend(values, exact), places[:, 0], values[:, 0])


def _of_one(one: OneSided, left: OneSided | None, right: OneSided | None) -> Limit:
    return Limit(one.trend.kind, one.trend.value, one.trend.error, left, right)


def _of_both(left: OneSided, right: OneSided) -> Limit:
    """The limit from both sides, or why there is none."""
    kinds = {left.trend.kind, right.trend.kind}
    for missing in ("undecided", "undefined", "oscillates"):
        if missing in kinds:
            return Limit(missing, math.nan, math.nan, left, right)
    better = min(left.trend, right.trend, key=lambda side: side.error)
    if not _agree(left.trend, right.trend):
        return Limit("differs", math.nan, math.nan, left, right)
    return Limit(better.kind, better.value, better.error, left, right)


def _agree(a: Trend, b: Trend) -> bool:
    if a.kind != b.kind or math.isinf(a.value):
        return a.kind == b.kind and a.value == b.value
    return abs(a.value - b.value) <= 10 * (a.error + b.error) + SETTLED * max(abs(a.value), abs(b.value))
