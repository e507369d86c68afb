"""Random programs: rows and composites applied to what a program has computed so far.

A program is made while it is recorded, so every choice knows the shapes and types before it. All that is
random comes from one seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import chainrule as cr
from chainrule import dtypes

Production = Callable[["Draft"], Any]
PRODUCTIONS: dict[Production, int] = {}

# Lengths around those of vectors are likelier than others.
EXTENTS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 15, 16, 17, 33)
MOST_ELEMENTS = 3000
FLOATS = [
    *map(np.dtype, ("float32", "float32", "float32", "float64", "float16")),
    dtypes.extended("bfloat16"),
]
WHOLE = [np.dtype(name) for name in ("bool", "bool", "int8", "uint8", "int32", "uint32", "int64", "int64")]


def production(weight: int = 2) -> Callable[[Production], Production]:
    """Register what a program may do next; None says that nothing here is fit for it."""

    def register(f: Production) -> Production:
        PRODUCTIONS[f] = weight
        return f

    return register


class Draft:
    """A program while it is made.

    Attributes
    ----------
    rng : Random
        Source of all choices.
    values : list of Tensor
        Arguments, states, and what was computed from them.
    """

    def __init__(self, rng: random.Random, values: Sequence[Any]) -> None:
        self.rng, self.values = rng, list(values)

    def grow(self, count: int) -> None:
        """Apply so many productions."""
        chosen = self.rng.choices(list(PRODUCTIONS), list(PRODUCTIONS.values()), k=count)
        for make in chosen:
            self.note(make(self))

    def note(self, found: Any) -> None:
        """Keep results, if they have not become too large."""
        for y in found if isinstance(found, tuple | list) else [found]:
            if y is not None and math.prod(y.shape) <= MOST_ELEMENTS:
                self.values.append(y)

    def flip(self, chance: float = 0.5) -> bool:
        """Yes or no."""
        return self.rng.random() < chance

    def pick(self, kinds: str = "f", least: int = 0, most: int = 5, filled: bool = False) -> Any:
        """A value of some kinds of types and numbers of axes, rather a late one; None if there is none."""
        fit = [
            x
            for x in self.values
            if dtypes.letter(x.dtype) in kinds and least <= x.ndim <= most and not (filled and 0 in x.shape)
        ]
        if not fit:
            return None
        return fit[-1] if self.flip(0.4) else self.rng.choice(fit)

    def axes(self, x: Any, least: int = 0) -> tuple[int, ...]:
        """Some axes of a value, in order."""
        count = self.rng.randint(min(least, x.ndim), x.ndim)
        return tuple(sorted(self.rng.sample(range(x.ndim), count)))

    def subset(self, seed_values: Sequence[Any]) -> Draft:
        """A program of its own on some values."""
        return Draft(self.rng, seed_values)

    def like(self, x: Any, shape: Sequence[int]) -> Any:
        """Any value brought to a shape: cut, repeated, or a constant."""
        if x is None or x.ndim == 0 or 0 in x.shape:
            return cr.tensor(np.full(shape, 0.5)).astype(np.float32 if x is None else x.dtype)
        size = math.prod(shape)
        flat = cr.reshape(x, (-1,))
        if flat.shape[0] >= size:
            return cr.reshape(flat[:size], tuple(shape))
        return cr.broadcast_to(flat[0], tuple(shape))


def shape(rng: random.Random, most: int = 4) -> tuple[int, ...]:
    """Extents of an argument."""
    while True:
        found = tuple(rng.choice(EXTENTS) for _ in range(rng.choice((0, 1, 1, 2, 2, 2, 3, 3, most))))
        if math.prod(found) <= MOST_ELEMENTS and (0 not in found or rng.random() < 0.3):
            return found
