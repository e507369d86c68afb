"""Contractions, convolutions and poolings in random programs."""

from __future__ import annotations

from typing import Any

import chainrule as cr
from chainrule import dtypes
from chainrule.core.op import TABLE
from chainrule.ops.window import conv_params, geometry

from .draft import Draft, production


@production(4)
def contract(draft: Draft) -> Any:
    """A product by random letters."""
    a = draft.pick("f", 1, 4)
    if a is None:
        return None
    in_a = "abcd"[: a.ndim]
    extents = dict(zip(in_a, a.shape, strict=True))
    shared = [c for c in in_a if draft.flip(0.6)]
    new = ["x", "y"][: draft.rng.randint(0, 2)]
    extents |= {c: draft.rng.choice((1, 2, 5, 16, 17, 33)) for c in new}
    in_b = draft.rng.sample([*shared, *new], len(shared) + len(new))
    # A letter of one operand alone must stand in the result; of both, it may.
    out = [c for c in extents if not (c in in_a and c in in_b) or draft.flip(0.25)]
    draft.rng.shuffle(out)
    b = _operand(draft, a, [extents[c] for c in in_b])
    return TABLE["contract"](a, b, spec=f"{in_a},{''.join(in_b)}->{''.join(out)}")


def _operand(draft: Draft, like: Any, shape: list[int]) -> Any:
    fit = [x for x in draft.values if x.dtype == like.dtype and list(x.shape) == shape]
    return draft.rng.choice(fit) if fit else draft.like(like, shape)


@production(2)
def matmul(draft: Draft) -> Any:
    """Two matrices, a bias and an activation."""
    a = draft.pick("f", 2)
    if a is None:
        return None
    columns = draft.rng.choice((1, 3, 16, 17, 33))
    y = a @ draft.like(a, (a.shape[-1], columns))
    if draft.flip():
        y = y + draft.like(a, (columns,))
    return cr.relu(y) if draft.flip() else y


def _windowed(draft: Draft) -> Any:
    """A value as images: batch, channels, space."""
    x = draft.pick("f", 1, filled=True)
    if x is None:
        return None
    while x.ndim < 3:
        x = x[None]
    return x


def _geometry(draft: Draft, space: tuple[int, ...]) -> tuple[tuple[int, ...], dict[str, Any]] | None:
    rng, count = draft.rng, len(space)
    window = tuple(rng.randint(1, 3) for _ in space)
    padding = tuple((rng.choice((0, 0, 1, 2, -1)), rng.choice((0, 0, 1, 2))) for _ in space)
    stride, dilation, spread = (
        tuple(rng.choice(choices) for _ in range(count))
        for choices in ((1, 1, 2, 3), (1, 1, 1, 2), (1, 1, 1, 2))
    )
    params = conv_params(stride, padding, dilation, spread)
    fits = all(a.span <= a.spread + a.lo + a.hi for a in geometry(space, window, params))
    return (window, params) if fits else None


def _finite(x: Any) -> Any:
    """Compiled code makes no products with zeros between elements; of infinite ones they would be NaN."""
    return x if dtypes.letter(x.dtype) not in "fc" else cr.where(cr.isfinite(x), x, cr.ones_like(x))


@production(3)
def conv(draft: Draft) -> Any:
    """A convolution of any geometry, perhaps in groups."""
    x = _windowed(draft)
    found = None if x is None or x.ndim > 5 else _geometry(draft, x.shape[2:])
    if x is None or found is None:
        return None
    window, params = found
    groups = draft.rng.choice([g for g in (1, 1, 2, x.shape[1]) if x.shape[1] % g == 0])
    outs = groups * draft.rng.choice((1, 2, 3, 16))
    w = draft.like(x, (outs, x.shape[1] // groups, *window))
    if max(*params["input_dilation"], *params["stride"]) > 1:
        x, w = _finite(x), _finite(w)
    return TABLE["conv"](x, w, groups=groups, **params)


@production(3)
def pool(draft: Draft) -> Any:
    """A pooling of any geometry."""
    x = _windowed(draft)
    found = None if x is None or x.ndim > 5 else _geometry(draft, x.shape[2:])
    if x is None or found is None:
        return None
    window, params = found
    name = draft.rng.choice(("sum_pool", "max_pool"))
    return TABLE[name](x, window=window, **params)
