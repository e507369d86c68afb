"""Arguments of random programs: all types, and arrays that lie in memory in unusual ways."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from chainrule import dtypes

from .draft import FLOATS, WHOLE, shape


def numbers(rng: random.Random, extents: tuple[int, ...], dtype: np.dtype) -> Any:
    """Random elements; whole numbers are small, so that no arithmetic on them overflows at once."""
    generator = np.random.default_rng(rng.getrandbits(32))
    kind = dtypes.letter(dtype)
    if kind == "f":
        return np.asarray(generator.uniform(-2, 2, extents)).astype(dtype)
    low, high = {"b": (0, 2), "u": (0, 9), "i": (-8, 9)}[kind]
    return np.asarray(generator.integers(low, high, extents)).astype(dtype)


def placed(rng: random.Random, x: Any) -> Any:
    """The same array, sometimes strided, reversed or in another order in memory."""
    choice = rng.randrange(5)
    if choice == 0 and x.ndim:
        wide = np.zeros([2 * n + 1 for n in x.shape], x.dtype)
        view = wide[tuple(slice(1, 2 * n + 1, 2) for n in x.shape)]
        view[...] = x
        return view
    if choice == 1 and x.ndim:
        return np.ascontiguousarray(x[::-1])[::-1]
    return np.asfortranarray(x) if choice == 2 else x


def arguments(rng: random.Random, count: int) -> list[Any]:
    """Arrays, some of which are the same, or have the shape of another."""
    found: list[Any] = []
    for _ in range(count):
        extents = rng.choice(found).shape if found and rng.random() < 0.4 else shape(rng)
        dtype = rng.choice(FLOATS if rng.random() < 0.75 else WHOLE)
        if found and rng.random() < 0.5:
            dtype = rng.choice(found).dtype
        found.append(placed(rng, numbers(rng, extents, dtype)))
    if found and rng.random() < 0.1:
        found.append(rng.choice(found))
    return found
