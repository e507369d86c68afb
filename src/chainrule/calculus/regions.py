"""Boxes of the space of variables, and points in them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.calculus.messages_fields  # noqa: F401  (registers the messages used here)
from chainrule import random
from chainrule.calculus.fields import Array
from chainrule.errors import error


@dataclass(frozen=True)
class Box:
    """All points between ``low`` (n,) and ``high`` (n,)."""

    low: Array
    high: Array

    @property
    def count(self) -> int:
        """Number of variables."""
        return len(self.low)

    @property
    def width(self) -> Array:
        """Extent (n,) along each variable."""
        return np.asarray(self.high - self.low)

    @property
    def volume(self) -> float:
        """Length, area or volume."""
        return float(np.prod(self.width))

    def random_points(self, m: int, generator: random.Generator | None) -> Array:
        """Points, as columns (n, m), spread evenly over the box."""
        unit = random.uniform((self.count, m), dtype=np.float64, generator=generator).numpy()
        return np.asarray(self.low[:, None] + self.width[:, None] * unit)

    def corners(self) -> Array:
        """All corners, as columns (n, 2ⁿ)."""
        return np.array(list(itertools.product(*zip(self.low, self.high, strict=True)))).T

    def contains(self, points: Array) -> np.ndarray:
        """Whether each column of ``points`` (n, m) lies in the box, up to rounding."""
        slack = 1e-9 * self.width[:, None]
        inside = (points >= self.low[:, None] - slack) & (points <= self.high[:, None] + slack)
        return np.asarray(inside.all(axis=0))


def as_box(region: Any, what: str) -> Box:
    """A box from one pair ``(low, high)``, or from a list with one pair for each variable.

    Raises
    ------
    ShapeError
        It is neither.
    ConfigError
        A pair is reversed or infinite.
    """
    try:
        pairs = np.atleast_2d(np.asarray(region, np.float64))
    except (TypeError, ValueError) as problem:
        raise error("fields.region", what=what, got=repr(region)) from problem
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.size == 0:
        raise error("fields.region", what=what, got=repr(region))
    for i, (low, high) in enumerate(pairs):
        if not (low < high and np.isfinite([low, high]).all()):
            raise error("fields.reversed", what=what, name=f"axis {i}", low=low, high=high)
    return Box(pairs[:, 0].copy(), pairs[:, 1].copy())


def check_count(value: Any, what: str, name: str, least: int = 1) -> None:
    """Refuse a number of steps, samples … that is not an integer or is too small."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise error("fields.count", what=what, name=name, least=least, got=repr(value))


def check_positive(value: Any, what: str, name: str) -> None:
    """Refuse a rate, tolerance … that is not above 0."""
    if not isinstance(value, int | float | np.number) or not value > 0:
        raise error("fields.positive", what=what, name=name, got=repr(value))


def check_choice(value: Any, known: Any, what: str, name: str) -> None:
    """Refuse an option that is not in a table."""
    if value not in known:
        raise error("fields.choice", what=what, name=name, known=", ".join(map(repr, known)), got=repr(value))
