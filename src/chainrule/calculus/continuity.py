"""Where a function of one variable is continuous, and how it fails to be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from chainrule.calculus.extrapolation import SETTLED
from chainrule.calculus.fields import Array, Function, ScalarField, form_of, shown
from chainrule.calculus.limits import Limit, limit
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import as_box, check_count
from chainrule.errors import text

# What a two-sided limit of a kind makes of a point, where the function's own value does not matter.
_KINDS = {
    "differs": "jump",
    "diverges": "infinite",
    "oscillates": "oscillating",
    "undecided": "undecided",
    "undefined": "undefined",
}
_ROUNDS = 60


@dataclass(frozen=True, repr=False)
class Continuity(Printed):
    """Whether a function is continuous at a place; true where it is.

    Attributes
    ----------
    place, value : float
        The place, and the function there (NaN if it is not defined).
    kind : str
        ``"continuous"``, ``"removable"``, ``"jump"``, ``"infinite"``, ``"oscillating"``, ``"undefined"`` (on
        both sides) or ``"undecided"``.
    limit : Limit
        The limits on both sides.
    """

    place: float
    value: float
    kind: str
    limit: Limit

    def __bool__(self) -> bool:
        return self.kind == "continuous"

    def __str__(self) -> str:
        sides = {"left": self.limit.left, "right": self.limit.right}
        numbers = {name: math.nan if side is None else side.trend.value for name, side in sides.items()}
        numbers |= {"place": self.place, "value": self.value, "limit": self._limit}
        words = {n: text("continuity.nothing") if math.isnan(x) else shown(x, 10) for n, x in numbers.items()}
        return text(f"continuity.{self.kind}", **words)

    @property
    def _limit(self) -> float:
        """The limit, or at an end of the domain that of the only side."""
        sides = [side.trend.value for side in (self.limit.left, self.limit.right) if side is not None]
        defined = [x for x in sides if not math.isnan(x)]
        return defined[0] if math.isnan(self.limit.value) and len(defined) == 1 else self.limit.value


def is_continuous(f: Function, x0: float) -> Continuity:
    r"""Whether :math:`\lim_{x \to x_0} f(x) = f(x_0)`, and what is wrong if not; numerically.

    Where the function is defined on one side only, that side counts.

    Parameters
    ----------
    f : callable
        A function of one number.
    x0 : float
        The place.

    Returns
    -------
    Continuity
        True where ``f`` is continuous.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(is_continuous(cr.sqrt, 0.0))
    True
    >>> print(is_continuous(lambda x: cr.sin(x) / x, 0.0))
    removable discontinuity at 0: f is not defined, its limit 1
    >>> print(is_continuous(cr.floor, 2.0))
    jump at 2: from 1 to 2; f is 2
    """
    around = limit(f, x0)
    field = ScalarField(f, form_of(f, 1, "is_continuous"), "is_continuous")
    value = field.value(np.array([float(x0)]))
    return Continuity(float(x0), value, _kind(around, value), around)


def _kind(around: Limit, value: float) -> str:
    sides = [side.trend for side in (around.left, around.right) if side is not None]
    defined = [side for side in sides if side.kind != "undefined"]
    kinds = {side.kind for side in defined}
    if "diverges" in kinds:
        return "infinite"
    if around.kind == "undefined" and len(defined) == 1 and kinds == {"converges"}:
        return "continuous" if _equal(defined[0].value, defined[0].error, value) else "removable"
    if around.kind != "converges":
        return _KINDS[around.kind]
    return "continuous" if _equal(around.value, around.error, value) else "removable"


def _equal(limit: float, error: float, value: float) -> bool:
    return (
        abs(limit - value) <= 10 * error + SETTLED * max(1.0, abs(value)) if math.isfinite(value) else False
    )


@dataclass(frozen=True, repr=False)
class ContinuityCheck(Printed):
    """What was found on an interval; true if nothing was.

    Attributes
    ----------
    low, high : float
        The interval.
    count : int
        Number of points that were compared at first.
    discontinuities : tuple of Continuity
        Each place found, from low to high.
    gaps : tuple of (float, float)
        Where the function is not defined: from, to.
    """

    low: float
    high: float
    count: int
    discontinuities: tuple[Continuity, ...]
    gaps: tuple[tuple[float, float], ...]

    def __bool__(self) -> bool:
        return not (self.discontinuities or self.gaps)

    def __str__(self) -> str:
        if self:
            return text("continuity.none", low=shown(self.low), high=shown(self.high), count=self.count)
        gaps = [text("continuity.gap", low=shown(low, 10), high=shown(high, 10)) for low, high in self.gaps]
        return "\n".join([*gaps, *map(str, self.discontinuities)])


def check_continuity(f: Function, interval: tuple[float, float], count: int = 401) -> ContinuityCheck:
    """Look for discontinuities on an interval.

    Between neighbouring points the function is followed by bisection towards its greatest change; where
    that does not become small, a jump or a pole has been found. A removable discontinuity is found only
    if it is one of the points. Finding none is evidence, not a proof.

    Parameters
    ----------
    f : callable
        A function of one number.
    interval : (float, float)
        Where to look.
    count : int
        Number of points, spread evenly, both ends included.

    Returns
    -------
    ContinuityCheck
        True if no discontinuity was found.

    Raises
    ------
    ConfigError
        The interval is reversed or infinite.

    Examples
    --------
    >>> import chainrule as cr
    >>> bool(check_continuity(cr.sin, (0, 10)))
    True
    >>> print(check_continuity(lambda x: 1 / x, (-1, 2)))
    infinite discontinuity at 0: from the left -∞, from the right ∞
    """
    box = as_box(interval, "check_continuity")
    check_count(count, "check_continuity", "count", 2)
    low, high = float(box.low[0]), float(box.high[0])
    field = ScalarField(f, form_of(f, 1, "check_continuity"), "check_continuity")
    grid = np.linspace(low, high, count)
    values = field.values(grid[None])
    gaps, single = _gaps(field, grid, values)
    places = {_round(place, high - low) for place in (*single, *_jumps(field, grid, values))}
    found = (is_continuous(f, place) for place in sorted(places))
    return ContinuityCheck(low, high, count, tuple(c for c in found if not c), tuple(gaps))


def _gaps(field: ScalarField, grid: Array, values: Array) -> tuple[list[tuple[float, float]], list[float]]:
    """Stretches where the function is not defined, and single points where its value is not finite."""
    bad = np.concatenate([[False], ~np.isfinite(values), [False]])
    runs = np.flatnonzero(np.diff(bad.astype(int))).reshape(-1, 2)
    gaps, single = [], []
    for start, stop in runs:
        if stop - start == 1:
            single.append(float(grid[start]))
        else:
            ends = [(grid[start], grid[max(start - 1, 0)]), (grid[stop - 1], grid[min(stop, len(grid) - 1)])]
            low, high = (_edge(field, *end) for end in ends)
            gaps.append((low, high))
    return gaps, single


def _edge(field: ScalarField, undefined: float, defined: float) -> float:
    """Where a function begins to be defined, by bisection."""
    for _ in range(_ROUNDS):
        middle = (undefined + defined) / 2
        if np.isfinite(field.value(np.array([middle]))):
            defined = middle
        else:
            undefined = middle
    return _round(undefined, max(abs(undefined), 1.0))


def _jumps(field: ScalarField, grid: Array, values: Array) -> Array:
    """Places between grid points where the function keeps changing however closely one looks."""
    inside = np.isfinite(values[:-1]) & np.isfinite(values[1:])
    left, right, low, high = (a[inside] for a in (grid[:-1], grid[1:], values[:-1], values[1:]))
    for _ in range(_ROUNDS):
        middle = (left + right) / 2
        at = field.values(middle[None])
        with np.errstate(invalid="ignore"):
            go_left = ~(abs(high - at) > abs(at - low))
        left, low = np.where(go_left, left, middle), np.where(go_left, low, at)
        right, high = np.where(go_left, middle, right), np.where(go_left, at, high)
    with np.errstate(invalid="ignore"):
        changed = ~(abs(high - low) <= SETTLED * np.median(abs(values[np.isfinite(values)])))
    return np.asarray(right[changed])


def _round(place: float, width: float) -> float:
    """A place without the last digits, in which bisection ends beside it."""
    digits = 12 - math.ceil(math.log10(max(abs(place), width)))
    return round(float(place), digits) + 0.0
