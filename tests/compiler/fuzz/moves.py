"""Movement in random programs."""

from __future__ import annotations

import math
from typing import Any

import chainrule as cr

from .draft import Draft, production


@production(2)
def transpose(draft: Draft) -> Any:
    """Axes in another order."""
    x = draft.pick("biuf", 2)
    return None if x is None else cr.transpose(x, tuple(draft.rng.sample(range(x.ndim), x.ndim)))


@production(3)
def reshape(draft: Draft) -> Any:
    """Factors of the size, dealt out anew."""
    x = draft.pick("biuf")
    if x is None or 0 in x.shape:
        return None
    size, shape = math.prod(x.shape), []
    for _ in range(draft.rng.randint(0, 3)):
        divisors = [d for d in range(1, size + 1) if size % d == 0]
        shape.append(draft.rng.choice(divisors))
        size //= shape[-1]
    shape.insert(draft.rng.randint(0, len(shape)), size)
    return cr.reshape(x, tuple(shape))


@production(4)
def cut(draft: Draft) -> Any:
    """Slices with steps of either sign."""
    x = draft.pick("biuf", 1)
    if x is None:
        return None
    slices = []
    for n in x.shape:
        a, b = sorted((draft.rng.randint(0, n), draft.rng.randint(0, n)))
        step = draft.rng.choice((1, 1, 2, 3, -1, -2))
        slices.append(slice(a, b, step) if step > 0 else slice(b, a if a else None, step))
    return x[tuple(s if draft.flip(0.7) else slice(None) for s in slices)]


@production(3)
def pad(draft: Draft) -> Any:
    """Zeros around and between."""
    x = draft.pick("biuf", 1)
    if x is None:
        return None
    low, high, interior = ([draft.rng.choice((0, 0, 1, 3)) for _ in x.shape] for _ in range(3))
    if draft.flip(0.6):
        interior = [0] * x.ndim
    return cr.ops.TABLE["pad"](x, low=tuple(low), high=tuple(high), interior=tuple(interior))


@production(1)
def flip(draft: Draft) -> Any:
    """Some axes backwards."""
    x = draft.pick("biuf", 1)
    return None if x is None else cr.flip(x, draft.axes(x, 1))


@production(1)
def broadcast(draft: Draft) -> Any:
    """New axes before, and longer ones of one element."""
    x = draft.pick("biuf", 0, 3)
    if x is None:
        return None
    longer = tuple(draft.rng.choice((2, 3, 5)) if n == 1 else n for n in x.shape)
    return cr.broadcast_to(x, (*(draft.rng.randint(1, 3) for _ in range(draft.rng.randint(0, 2))), *longer))


@production(2)
def concatenate(draft: Draft) -> Any:
    """Parts side by side, the same ones again perhaps."""
    x = draft.pick("biuf", 1)
    if x is None:
        return None
    axis = draft.rng.randrange(x.ndim)
    same = [
        y
        for y in draft.values
        if y.dtype == x.dtype and y.ndim == x.ndim and _without(y.shape, axis) == _without(x.shape, axis)
    ]
    return cr.concatenate([x, *draft.rng.choices(same, k=draft.rng.randint(0, 2))], axis=axis)


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return (*shape[:axis], *shape[axis + 1 :])
