"""Where a function jumps or has a pole: its line is broken there, and the view stays on the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

HALVINGS = 40
REFINED = 64
ZOOMS = 4
FAR = 4.0


def jumps(f: Callable[[Array], Array], x: Array, y: Array) -> NDArray[np.bool_]:
    """Which steps between neighbouring places (N − 1,) hold a jump or a pole with a change of sign.

    A steep step is halved again and again, keeping the half that changes most. The change of
    a continuous function shrinks to nothing, that of one that jumps stays.
    """
    with np.errstate(invalid="ignore"):
        change = np.abs(np.diff(y))
    finite = np.isfinite(change)
    found = np.zeros(len(change), bool)
    if not finite.any():
        return found
    usual = float(np.median(change[finite]))
    steep = np.flatnonzero(finite & (change > 10 * usual) & (change > 1e-3 * np.ptp(y[np.isfinite(y)])))
    if steep.size:
        remaining = _change_after_halving(f, x[steep], x[steep + 1], y[steep], y[steep + 1])
        found[steep] = ~(remaining < 0.5 * change[steep])
    return found


def is_unbounded(f: Callable[[Array], Array], x: Array, y: Array) -> bool:
    """Whether the largest value stands far above its neighbours, or grows on when asked for more closely."""
    sizes = np.abs(np.where(np.isfinite(y), y, 0.0))
    top = int(np.argmax(sizes))
    peak = float(sizes[top])
    if peak > FAR * max(float(np.delete(sizes[max(top - 1, 0) : top + 2], min(top, 1)).max()), 1e-300):
        return True
    for _ in range(ZOOMS):
        x = np.linspace(x[max(top - 1, 0)], x[min(top + 1, len(x) - 1)], REFINED)
        nearer = f(x)
        sizes = np.abs(np.where(np.isfinite(nearer), nearer, 0.0))
        top = int(np.argmax(sizes))
    return float(sizes[top]) > FAR * max(peak, 1e-300)


def view(y: Array, unbounded: bool) -> tuple[float, float]:
    """The lowest and highest value to show, with a margin; without the far ends of poles."""
    finite = y[np.isfinite(y)]
    if unbounded:
        low, high = (float(q) for q in np.quantile(finite, (0.1, 0.9)))
        margin = 0.5 * (high - low)
    else:
        low, high = float(finite.min()), float(finite.max())
        margin = 0.06 * (high - low)
    return (low - margin, high + margin) if margin else (low - 1.0, high + 1.0)


def broken(x: Array, y: Array, jumped: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The line with a gap at each jump."""
    places = np.flatnonzero(jumped) + 1
    return np.insert(x, places, np.nan), np.insert(y, places, np.nan)


def _change_after_halving(f: Callable[[Array], Array], a: Array, b: Array, fa: Array, fb: Array) -> Array:
    with np.errstate(invalid="ignore"):
        for _ in range(HALVINGS):
            middle = (a + b) / 2
            fm = f(middle)
            left = np.abs(fm - fa) >= np.abs(fb - fm)
            a, fa = np.where(left, a, middle), np.where(left, fa, fm)
            b, fb = np.where(left, middle, b), np.where(left, fm, fb)
        return np.abs(fb - fa)
