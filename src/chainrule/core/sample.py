"""Where an operation may be tried: domains of its arguments and sample shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.core.spec import Shape


@dataclass(frozen=True)
class Domain:
    """An interval to sample from, keeping away from singular points.

    At a singular point the operation has no derivative (or no value); samples stay at least
    ``margin`` away from it, so that a numeric derivative is not taken across it.
    """

    low: float = -2.0
    high: float = 2.0
    singular: tuple[float, ...] = ()
    margin: float = 0.05

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """A float64 array of the given shape inside the domain."""
        values = np.asarray(rng.uniform(self.low, self.high, shape))
        for point in self.singular:
            side = np.where(values < point, -1.0, 1.0)
            values = np.where(abs(values - point) < self.margin, point + 2 * self.margin * side, values)
        return values


@dataclass(frozen=True)
class Distinct(Domain):
    """Values that all differ by at least ``margin``: for operations that compare elements."""

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """A random permutation of equally spaced values, each moved a little."""
        size = int(np.prod(shape))
        spaced = rng.permutation(size) * 4 * self.margin + rng.uniform(0, self.margin, size)
        return (spaced - spaced.mean() if size else spaced).reshape(shape)


@dataclass(frozen=True)
class Integers(Domain):
    """Whole numbers ``low <= n < high``: indices and counts, which have no derivative."""

    dtype: str = "int64"

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """An integer (or bool) array of the given shape."""
        return rng.integers(int(self.low), int(self.high), shape).astype(self.dtype)


@dataclass(frozen=True)
class Complexes(Domain):
    """Complex numbers whose real and imaginary part lie in the interval each."""

    dtype: str = "complex128"

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """A complex128 array of the given shape."""
        real, imaginary = super().draw(rng, shape), super().draw(rng, shape)
        return np.asarray(real + 1j * imaginary)


BOOLS = Integers(0, 2, dtype="bool")
REALS = Domain()
COMPLEX = Complexes()


@dataclass(frozen=True)
class Sample:
    """One case to try: shapes of the arguments, their domains where special, and parameters."""

    shapes: tuple[Shape, ...]
    params: dict[str, Any] = field(default_factory=dict)
    domains: tuple[Domain | None, ...] = ()

    def draw(self, rng: np.random.Generator, defaults: tuple[Domain, ...]) -> list[np.ndarray]:
        """Arrays for the arguments, from the sample's domains or else the row's."""
        arrays = []
        for i, shape in enumerate(self.shapes):
            special = self.domains[i] if i < len(self.domains) else None
            default = defaults[min(i, len(defaults) - 1)] if defaults else REALS
            arrays.append((special or default).draw(rng, shape))
        return arrays


def sample(*shapes: Shape, domains: tuple[Domain | None, ...] = (), **params: Any) -> Sample:
    """Shorthand for a `Sample`: shapes first, then the operation's parameters by name."""
    return Sample(shapes, params, domains)
