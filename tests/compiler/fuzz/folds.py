"""Reductions, running folds, sorting, picking and random bits in random programs."""

from __future__ import annotations

from typing import Any

import numpy as np

import chainrule as cr
from chainrule import dtypes
from chainrule.core.op import TABLE

from .draft import Draft, production


@production(6)
def reduce(draft: Draft) -> Any:
    """A fold along some axes."""
    name = draft.rng.choice(("sum", "sum", "max", "min", "prod", "any", "all"))
    x = draft.pick("b" if name in ("any", "all") else "iuf")
    if x is None or (name in ("max", "min") and 0 in x.shape):
        return None
    if name == "prod":
        x = _near_one(x)
    return TABLE[name](x, axis=draft.axes(x, 1), keepdims=draft.flip())


def _near_one(x: Any) -> Any:
    """Factors whose product overflows in no order: an infinity times zero is NaN in some orders alone."""
    return x if dtypes.letter(x.dtype) in "iu" else cr.tanh(x) * 0.1 + 1.0


@production(4)
def normalise(draft: Draft) -> Any:
    """Composites of folds and pointwise rows along the same axes."""
    x = draft.pick("f", 1, filled=True)
    if x is None:
        return None
    axis = draft.rng.randrange(x.ndim)
    return draft.rng.choice(
        (
            lambda: cr.softmax(x, axis=axis),
            lambda: cr.log_softmax(x, axis=axis),
            lambda: (
                (x - cr.mean(x, axis=axis, keepdims=True))
                / cr.sqrt(cr.var(x, axis=axis, keepdims=True) + 0.1)
            ),
            lambda: cr.logsumexp(x, axis=axis, keepdims=True) - x,
            lambda: x / (1.0 + cr.sum(cr.abs(x), axis=draft.axes(x, 1), keepdims=True)),
        )
    )()


@production(2)
def running(draft: Draft) -> Any:
    """Running folds."""
    x = draft.pick("iuf", 1)
    if x is None:
        return None
    name, axis = draft.rng.choice(("cumsum", "cumprod", "cummax", "cummin")), draft.rng.randrange(x.ndim)
    if name == "cumprod":
        x = _near_one(x)
    if name in ("cumsum", "cumprod"):
        return TABLE[name](x, axis=axis, reverse=draft.flip())
    return TABLE[name](x, axis=axis)


@production(2)
def order(draft: Draft) -> Any:
    """Sorting and the places of extremes."""
    x = draft.pick("iuf", 1, filled=True)
    if x is None:
        return None
    axis = draft.rng.randrange(x.ndim)
    return draft.rng.choice(
        (
            lambda: cr.sort(x, axis=axis),
            lambda: cr.argsort(x, axis=axis),
            lambda: cr.argmax(x, axis=axis, keepdims=draft.flip()),
            lambda: cr.argmin(x, axis=axis),
        )
    )()


def _indices(draft: Draft, extent: int) -> Any:
    """Places within an axis: computed, or a constant."""
    x = draft.pick("iu")
    if x is not None and x.dtype != np.dtype("uint32") and draft.flip(0.7):
        return cr.remainder(x.astype(np.int64), extent)
    count = draft.rng.randint(0, 9)
    return cr.tensor(np.array([draft.rng.randrange(-extent, extent) for _ in range(count)], np.int64))


@production(3)
def gather(draft: Draft) -> Any:
    """Elements at places."""
    x = draft.pick("biuf", 1, filled=True)
    if x is None:
        return None
    axis = draft.rng.randrange(x.ndim)
    return TABLE["gather"](x, _indices(draft, x.shape[axis]), axes=(axis,))


@production(2)
def scatter(draft: Draft) -> Any:
    """Elements to places, several to one."""
    x = draft.pick("f", 1, filled=True)
    if x is None:
        return None
    extent = draft.rng.randint(1, 9)
    places = cr.tensor(np.array([draft.rng.randrange(extent) for _ in range(x.shape[0])], np.int64))
    name = draft.rng.choice(("scatter_add", "scatter_add", "scatter_set", "scatter_max"))
    if name == "scatter_add":
        return TABLE[name](x, places, axes=(0,), shape=(extent, *x.shape[1:]))
    return TABLE[name](draft.like(x, (extent, *x.shape[1:])), x, places, axes=(0,))


@production(1)
def bits(draft: Draft) -> Any:
    """A random mask from a key that is computed, or given."""
    x = draft.pick("f")
    keys = [y for y in draft.values if y.dtype == dtypes.uint32 and y.shape == (2,)]
    if x is None:
        return None
    key = draft.rng.choice(keys) if keys else cr.tensor(np.array([7, draft.rng.getrandbits(32)], np.uint32))
    drawn = TABLE["random_bits"](key, shape=x.shape)
    return (cr.where(cr.less(drawn, cr.tensor(np.uint32(1 << 31))), x, cr.zeros_like(x)), drawn)
