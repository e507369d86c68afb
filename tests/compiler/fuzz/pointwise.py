"""Pointwise rows and casts in random programs."""

from __future__ import annotations

from typing import Any

import numpy as np

import chainrule as cr
from chainrule import dtypes
from chainrule.core.op import TABLE, Op
from chainrule.core.sample import REALS

from .draft import FLOATS, WHOLE, Draft, production

# Those that have no code of their own, or are about complex numbers, are tried in test_rows.
_LEFT_OUT = {
    *("bessel_i", "beta_integral", "betainc", "betaincinv", "gamma_integral", "gammainc", "gammaincinv"),
    *("polygamma", "spherical_bessel", "cast", "complex", "real", "imag", "conj", "angle", "where"),
}
ROWS = [row for row in TABLE.values() if row.family == "pointwise" and row.name not in _LEFT_OUT]


def _within(x: Any, row: Op, i: int) -> Any:
    """A value inside a row's domain."""
    domain = row.domain[min(i, len(row.domain) - 1)] if row.domain else REALS
    if dtypes.letter(x.dtype) != "f" or (domain.low <= REALS.low and domain.high >= REALS.high):
        return x
    return cr.tanh(x) * (0.45 * (domain.high - domain.low)) + 0.5 * (domain.high + domain.low)


@production(10)
def row(draft: Draft) -> Any:
    """Any pointwise row on values of one type that are broadcast against each other."""
    chosen = draft.rng.choice(ROWS)
    x = draft.pick(chosen.dtype.kinds)
    if x is None or chosen.dtype.separate or (chosen.name == "power" and dtypes.letter(x.dtype) != "f"):
        # Whole numbers have powers by their values: none that are negative.
        return None
    others = [partner(draft, x) for _ in chosen.args[1:]]
    given = [x, *others]
    if draft.flip():
        draft.rng.shuffle(given)
    params = next((s.params for s in chosen.samples), {})
    return chosen(*(_within(y, chosen, i) for i, y in enumerate(given)), **params)


def partner(draft: Draft, x: Any) -> Any:
    """A value that can be broadcast against another, and has its type."""
    fit = [y for y in draft.values if y.dtype == x.dtype and _broadcast(x.shape, y.shape)]
    if fit and draft.flip(0.8):
        return draft.rng.choice(fit)
    shape = [n if draft.flip() else 1 for n in x.shape]
    return draft.like(x, shape[draft.rng.randint(0, len(shape)) :])


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(a), reversed(b), strict=False))


@production(6)
def arithmetic(draft: Draft) -> Any:
    """The most frequent rows more often, in short chains."""
    x = draft.pick("f")
    for _ in range(draft.rng.randint(1, 4) if x is not None else 0):
        y = partner(draft, x)
        x = draft.rng.choice((cr.add, cr.subtract, cr.multiply, cr.maximum, lambda a, b: cr.tanh(a) * b))(
            x, y
        )
    return x


@production(2)
def cast(draft: Draft) -> Any:
    """Another type; floats become whole numbers only where they fit."""
    x = draft.pick("biuf")
    if x is None:
        return None
    if dtypes.letter(x.dtype) == "f" and draft.flip(0.3):
        return (cr.tanh(x) * 7.0).astype(np.dtype(draft.rng.choice(("int8", "int32", "int64"))))
    return x.astype(draft.rng.choice(FLOATS if draft.flip(0.7) or dtypes.letter(x.dtype) == "f" else WHOLE))


@production(2)
def choose(draft: Draft) -> Any:
    """An element of one or of another."""
    x = draft.pick("biuf")
    if x is None:
        return None
    other = partner(draft, x)
    condition = cr.greater(x, other) if dtypes.letter(x.dtype) != "b" else x
    return cr.where(condition, other, x)
