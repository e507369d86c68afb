"""Loops, branches and derivatives in random programs."""

from __future__ import annotations

from typing import Any

import chainrule as cr

from .draft import Draft, production


def _one(draft: Draft, values: list[Any], like: Any) -> Any:
    """Something computed from values, with the shape and type of one of them."""
    inner = draft.subset(values)
    inner.grow(draft.rng.randint(1, 3))
    fit = [y for y in inner.values[len(values) :] if y.shape == like.shape and y.dtype == like.dtype]
    found = fit[-1] if fit else cr.tanh(like) + draft.like(inner.values[-1], ()).astype(like.dtype)
    return cr.tanh(found)


@production(2)
def scan(draft: Draft) -> Any:
    """A few steps over a sequence."""
    xs, h = draft.pick("f", 1), draft.pick("f")
    if xs is None or h is None or xs.shape[0] > 8:
        return None
    captured = [draft.rng.choice(draft.values)] if draft.flip() else []

    def body(state: Any, x: Any) -> Any:
        new = _one(draft, [*captured, x, state], state)
        return new, (draft.rng.choice((x, state, new)) if draft.flip() else new * 0.5)

    return cr.scan(body, h, xs, reverse=draft.flip(0.3))


@production(1)
def swap(draft: Draft) -> Any:
    """A loop whose carried values change places."""
    x = draft.pick("f")
    if x is None:
        return None
    first, second = cr.scan(
        lambda pair, t: ((pair[1] * 0.5, pair[0] + t), pair[0]), (x, cr.tanh(x)), cr.arange(3).astype(x.dtype)
    )
    return (*first, second)


@production(1)
def choose(draft: Draft) -> Any:
    """One of two bodies."""
    x = draft.pick("f", filled=True)
    if x is None:
        return None
    condition = cr.any(cr.greater(x, 1.0))
    return cr.cond(condition, lambda y: _one(draft, [y], y), lambda y: _one(draft, [y], y), x)


@production(1)
def repeat(draft: Draft) -> Any:
    """A loop of some steps, whose number is computed."""
    x = draft.pick("f")
    if x is None:
        return None
    count = draft.rng.randint(0, 4)
    going = lambda pair: cr.less(pair[0], count)  # noqa: E731
    return cr.while_loop(
        going, lambda pair: (pair[0] + 1, _one(draft, [pair[1]], pair[1])), (cr.tensor(0), x)
    )[1]


@production(4)
def gradient(draft: Draft) -> Any:
    """The gradient of a sum of all that a small program makes of a value."""
    x = draft.pick("f")
    if x is None:
        return None
    others = draft.rng.sample(draft.values, min(2, len(draft.values)))

    def loss(point: Any) -> Any:
        inner = draft.subset([*others, point])
        inner.grow(draft.rng.randint(1, 4))
        made = [y for y in inner.values[len(others) :] if y.dtype == point.dtype]
        return sum((cr.sum(cr.sin(y)) for y in made[1:]), cr.sum(made[0]))

    return cr.grad(loss)(x)
