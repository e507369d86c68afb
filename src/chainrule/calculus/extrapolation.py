r"""Where a sequence goes: to a limit, to infinity, up and down, or nobody can tell.

The members are a function's values at distances :math:`h, h/2, h/4, …` from a place. Near most places
their errors are sums of powers of h, that is geometric sequences, which Aitken's process
removes one by one. Where the distances become so small that rounding takes over, the values scatter
between neighbouring points; there a sequence that had settled is cut off.

Source: Weniger, Nonlinear sequence transformations, Computer Physics Reports 10, 1989, section 5.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from chainrule.calculus.fields import Array

LEVELS = 4
SHORTEST = 5
# Fewer members that do not scatter may be so by chance.
_CHANCE = 3
SETTLED = 1e-6
# Faster from member to member than by any usual power of the distance.
_FAST = 2.0**-6
# Less growth over the last members may come from the rounding of the place.
_NOTABLE = 1e-3
# Extrapolated values agree with each other somewhat better than with the limit.
_CAUTION = 10


@dataclass(frozen=True)
class Trend:
    """What a sequence does.

    ``kind`` is ``"converges"``, ``"diverges"`` (to ``value``, ∞ or -∞), ``"oscillates"`` (between ``low``
    and ``high``), ``"undefined"`` or ``"undecided"``. ``value`` is NaN unless it converges or diverges.
    """

    kind: str
    value: float = math.nan
    error: float = math.nan
    low: float = math.nan
    high: float = math.nan


def trend(values: Array, exact: int) -> Trend:
    """What a function does along a sequence.

    Parameters
    ----------
    values : ndarray (k, 3)
        At each distance, the function at three neighbouring points of equal spacing.
    exact : int
        How many members may be extrapolated.
    """
    defined = np.asarray(~np.isnan(values).any(axis=1))
    if not defined[-SHORTEST:].any():
        return Trend("undefined")
    start, stop = _first_smooth(values)
    y = values[start:, 0]
    infinite = np.flatnonzero(np.isinf(y))
    finite = y[: infinite[0]] if infinite.size else y[: stop - start]
    if _grows(finite) and (infinite.size or len(finite) == len(y)):
        return Trend("diverges", math.copysign(math.inf, finite[-1]), 0.0)
    stop = min(stop, exact)
    found = settled(y[: max(stop - start, 0)], _noise(values[start:stop]))
    return _squeezed(values[defined]) if found is None else Trend("converges", *found)


def _first_smooth(values: Array) -> tuple[int, int]:
    """First and last index of the first members that are finite and do not scatter.

    What comes after a later stretch of scatter is left alone: smooth values there are made of rounding.
    """
    smooth = np.asarray(np.isfinite(values).all(axis=1) & (~_rough(values) | _vanishing(values)))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], smooth, [False]]).astype(int)))
    long = [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2) if stop - start >= _CHANCE]
    return long[0] if long else (0, 0)


def _bends(values: Array) -> Array:
    """By how much three neighbouring values miss a line."""
    first, second, third = values.T
    return np.asarray(abs(first - 2 * second + third))


def _noise(values: Array) -> Array:
    """How much rounding there is in each member.

    Bends tell it. Some are 0 by chance, so those around count too; and once they have begun to grow, it is
    rounding that they show, which does not go away at smaller distances.
    """
    around = np.pad(_bends(values), 2)
    noise = np.max([around[i : len(values) + i] for i in range(5)], axis=0)
    growing = np.flatnonzero(np.diff(noise) > 0)
    for i in range(growing[0] + 1 if growing.size else len(noise), len(noise)):
        noise[i] = max(noise[i], noise[i - 1] / 2)
    return np.asarray(noise)


def _rough(values: Array) -> np.ndarray:
    """Where neighbouring values scatter instead of lying on a line."""
    with np.errstate(invalid="ignore", over="ignore"):
        first, second, third = values.T
        bend = _bends(values)
        slope = abs(second - first) + abs(third - second)
        return np.asarray((bend > 0.2 * slope) & (bend > SETTLED * abs(values).max(axis=1)))


def _vanishing(values: Array) -> np.ndarray:
    """Where values fall so fast, as exp(-1/x²) does, that neighbours are on no line."""
    sizes = abs(values)
    fast = sizes[1:].max(axis=1) <= _FAST * sizes[:-1].min(axis=1)
    return np.concatenate([[False], fast])


def _grows(y: Array) -> bool:
    """Whether the last members go away from 0 by steps that do not become smaller."""
    if len(y) < SHORTEST:
        return False
    last = y[-SHORTEST:]
    if not abs(last[-1]) - abs(last[0]) > _NOTABLE * abs(last[-1]):
        return False
    steps = np.diff(last)
    one_way = (steps > 0).all() or (steps < 0).all()
    away = (np.diff(abs(last)) > 0).all()
    return bool(one_way and away and (abs(steps[1:]) >= (1 - SETTLED) * abs(steps[:-1])).all())


def settled(y: Array, noise: Array) -> tuple[float, float] | None:
    """Limit of a sequence and its error, or None if it does not show one.

    ``noise`` (k,) is the rounding of each member: equal members may be equal because they are rounded alike.
    """
    if len(y) < SHORTEST:
        return None
    values, errors, ends = _candidates(y)
    errors = np.maximum(errors, noise[ends])
    for i in np.argsort(errors, kind="stable"):
        value, error, gaps = values[i], errors[i], abs(y - values[i])
        if not error <= SETTLED * max(abs(value), abs(y).max()):
            return None
        # Later members that leave a value tell that the sequence only rested there.
        if gaps[-1] <= min(2 * gaps[ends[i]], np.median(gaps)) + SETTLED * abs(value):
            return _rounded(float(value), _CAUTION * float(error))
    return None


def _rounded(value: float, error: float) -> tuple[float, float]:
    """A value with its error; what is not told apart from 0 is 0."""
    return (0.0, error) if abs(value) <= error else (value, max(error, float(np.spacing(abs(value)))))


def _candidates(y: Array) -> tuple[Array, Array, np.ndarray]:
    """Values that Aitken's process gives, their errors, and the last member that each one used."""
    found = []
    before = y
    for level in range(LEVELS + 1):
        now = aitken(before) if level else y
        if len(now) < 3:
            break
        # A value has to agree with the two before it and with the level below.
        error = np.maximum(abs(now[2:] - now[1:-1]), abs(now[1:-1] - now[:-2]))
        if level:
            error = np.maximum(error, abs(now[2:] - before[4:]))
        found.append((now[2:], error, np.arange(2 + 2 * level, len(y))))
        before = now
    values, errors, ends = (np.concatenate(part) for part in zip(*found, strict=True))
    return values, errors, ends


def aitken(s: Array) -> Array:
    r"""Aitken's :math:`\Delta^2` process, :math:`s_{n+2} - \frac{(\Delta s_{n+1})^2}{\Delta^2 s_n}`.

    Examples
    --------
    >>> import numpy as np
    >>> aitken(np.array([1.0, 1.5, 1.75, 1.875]))
    array([2., 2.])
    """
    step = np.diff(s)
    bend = np.diff(step)
    safe = np.where(bend == 0, 1.0, bend)
    return np.asarray(s[2:] - np.where(bend == 0, 0.0, step[1:] ** 2 / safe))


def _squeezed(values: Array) -> Trend:
    """A sequence that swings: to a limit if it swings less and less."""
    if not np.isfinite(values).all() or len(values) < 3 * SHORTEST:
        return Trend("undecided")
    blocks = [values[-3 * SHORTEST : -2 * SHORTEST], values[-2 * SHORTEST : -SHORTEST], values[-SHORTEST:]]
    swings = [float(np.ptp(block)) for block in (values[:SHORTEST], *blocks)]
    low, high = float(blocks[-1].min()), float(blocks[-1].max())
    if swings[3] < 0.5 * swings[2] < 0.25 * swings[1]:
        small = swings[3] <= SETTLED * max(swings[0], abs(low), abs(high))
        return Trend("converges", *_rounded((low + high) / 2, swings[3])) if small else Trend("undecided")
    return Trend("oscillates", low=low, high=high) if _rough(blocks[-1]).any() else Trend("undecided")
