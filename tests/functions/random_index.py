"""Random indices of NumPy's whole grammar."""

from __future__ import annotations

from typing import Any

import numpy as np


def random_shape(rng: np.random.Generator) -> tuple[int, ...]:
    """Up to four axes, sometimes an empty one."""
    smallest = 0 if rng.random() < 0.1 else 1
    return tuple(int(n) for n in rng.integers(smallest, 5, rng.integers(0, 5)))


def random_index(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """One index for a tensor of the shape; its index tensors may not fit together."""
    block = tuple(int(n) for n in rng.integers(1, 4, rng.integers(0, 3)))
    items: list[Any] = []
    axis = 0
    while axis < len(shape) and rng.random() < 0.9:
        item, used = _item(rng, shape, axis, block, has_ellipsis=any(i is Ellipsis for i in items))
        items.append(item)
        axis += used
    return tuple(items) if len(items) != 1 or rng.random() < 0.5 else items[0]


def _item(rng, shape, axis, block, has_ellipsis):
    """One item, and how many axes it takes."""
    extent = shape[axis]
    kind = rng.choice(["new", "slice", "slice", "integer", "array", "array", "array", "mask", "ellipsis"])
    if kind == "new":
        return None, 0
    if kind == "integer" and extent:
        return int(rng.integers(-extent, extent)), 1
    if kind == "array" and extent:
        places = rng.integers(-extent, extent, _part_of(rng, block))
        return (places if rng.random() < 0.7 else places.tolist()), 1
    if kind == "mask":
        used = int(rng.integers(0, min(3, len(shape) - axis) + 1))
        mask = rng.random(shape[axis : axis + used]) < 0.5
        # Behind an ellipsis it may stand at another axis; NumPy lets an empty mask fit any extent there.
        if mask.size or not has_ellipsis:
            return (mask if used or rng.random() < 0.5 else bool(mask)), used
    if kind == "ellipsis" and not has_ellipsis:
        return Ellipsis, int(rng.integers(0, len(shape) - axis + 1))
    step = None if rng.random() < 0.4 else int(rng.choice([-3, -2, -1, 1, 2, 3]))
    return slice(_bound(rng, extent), _bound(rng, extent), step), 1


def _part_of(rng, block):
    """A shape that can be broadcast to a block's."""
    count = int(rng.integers(0, len(block) + 1))
    return tuple(1 if rng.random() < 0.2 else n for n in block[len(block) - count :])


def _bound(rng, extent):
    return None if rng.random() < 0.4 else int(rng.integers(-extent - 2, extent + 3))
