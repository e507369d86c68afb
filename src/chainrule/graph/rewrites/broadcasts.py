"""Broadcasts, moved below operations that broadcast by themselves; sums of what was broadcast."""

from __future__ import annotations

from typing import Any

from chainrule.core.interpreter import lift
from chainrule.dtypes import is_float
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops.move import broadcast_to, reshape
from chainrule.ops.pointwise import add, exp, multiply
from chainrule.ops.reduce import max_, sum_
from chainrule.ops.shapes import size


@rewrites(
    "broadcast after a pointwise operation",
    r"f(\mathrm{broadcast}(x), y) = \mathrm{broadcast}(f(x, y))",
    examples=(
        example(lambda x, y: add(broadcast_to(x, shape=(2, 3)), y), "f32[3]", "f32[2, 3]"),
        example(lambda x: exp(broadcast_to(x, shape=(4, 3))), "f32[3]"),
        example(lambda x, y: add(broadcast_to(x, shape=(2, 3)), y), "f32[2, 1]", "f32[3]"),
    ),
    refusals=(example(lambda x, y: add(x, y), "f32[3]", "f32[2, 3]"),),
)
def broadcast_after_pointwise(here: Here) -> Any:
    """Compute at the smaller shape; stretch the result if it is then too small."""
    if here.node.op.family != "pointwise":
        return None
    found = [here.made_by(x, "broadcast_to") for x in here.inputs]
    if not any(found):
        return None
    inputs = [x if inner is None else inner.x for x, inner in zip(here.inputs, found, strict=True)]
    return _stretched(here.again(*inputs), here)


def _stretched(y: Any, here: Here) -> Any:
    return y if y.shape == here.shape else broadcast_to(y, shape=here.shape)


@rewrites(
    "new axes in front",
    "axes of extent 1 in front need not be added to what is broadcast",
    examples=(example(lambda x, y: add(reshape(x, shape=(1, 3)), y), "f32[3]", "f32[2, 3]"),),
    refusals=(
        example(lambda x, y: add(reshape(x, shape=(3, 1)), y), "f32[3]", "f32[3, 2]"),
        example(lambda x: exp(reshape(x, shape=(1, 3))), "f32[3]"),
    ),
)
def axes_in_front(here: Here) -> Any:
    """Leave out the reshape where another input has the axes anyway."""
    if here.node.op.family != "pointwise" or len(here.inputs) == 1:
        return None
    inputs = list(here.inputs)
    changed = False
    for i, x in enumerate(inputs):
        inner = here.made_by(x, "reshape")
        others = [len(y.shape) for j, y in enumerate(inputs) if j != i]
        if inner is not None and max(others) >= len(x.shape) and _only_adds_in_front(inner):
            inputs[i], changed = inner.x, True
    return here.again(*inputs) if changed else None


def _only_adds_in_front(inner: Here) -> bool:
    added = len(inner.shape) - len(inner.x.shape)
    return added > 0 and inner.shape == (1,) * added + inner.x.shape


def _folds_copies(here: Here) -> tuple[Here, tuple[int, ...]] | None:
    """The broadcast that a reduction folds, and those of the folded axes along which it only copied."""
    inner = here.made_by(here.x, "broadcast_to")
    if inner is None:
        return None
    added = len(here.x.shape) - len(inner.x.shape)
    before = (1,) * added + inner.x.shape
    copied = tuple(a for a in here.params["axis"] if before[a] == 1 and here.x.shape[a] > 1)
    return (inner, copied) if copied else None


def _with_axes(inner: Here, copied: tuple[int, ...]) -> Any:
    """What was broadcast, with all its axes, and still broadcast along those that were not only copied."""
    shape = tuple(1 if a in copied else n for a, n in enumerate(inner.shape))
    return broadcast_to(inner.x, shape=shape)


@rewrites(
    "extremum of a broadcast",
    r"\max_{i} x = x",
    *("max", "min", "any", "all"),
    examples=(
        example(lambda x: max_(broadcast_to(x, shape=(4, 3)), axis=(0,), keepdims=False), "f32[3]"),
        example(lambda x: max_(broadcast_to(x, shape=(4, 3)), axis=(0, 1), keepdims=True), "f32[3]"),
    ),
    refusals=(example(lambda x: max_(broadcast_to(x, shape=(4, 3)), axis=(1,), keepdims=False), "f32[3]"),),
)
def extremum_of_broadcast(here: Here) -> Any:
    """The same of one of the copies."""
    found = _folds_copies(here)
    return None if found is None else here.again(_with_axes(*found))


@rewrites(
    "sum of a broadcast",
    r"\sum_{i=1}^{n} x = n \cdot x",
    "sum",
    exact=Exact.ROUNDING,
    bound="n units in the last place: n - 1 sums round, one product does",
    ulps=8,
    examples=(
        example(lambda x: sum_(broadcast_to(x, shape=(4, 3)), axis=(0,), keepdims=False), "f32[3]"),
        example(lambda x: sum_(broadcast_to(x, shape=(4, 3)), axis=(0, 1), keepdims=True), "f32[3]"),
        example(lambda x: sum_(broadcast_to(x, shape=(4, 3)), axis=(0,), keepdims=False), "i32[3]"),
    ),
    refusals=(example(lambda x: sum_(broadcast_to(x, shape=(4, 3)), axis=(1,), keepdims=False), "f32[3]"),),
)
def sum_of_broadcast(here: Here) -> Any:
    """The number of copies times the sum of one; exact for integers, which wrap around alike."""
    found = _folds_copies(here)
    if found is None or (is_float(here.spec.dtype) and here.spec.dtype.itemsize == 2):
        return None
    inner, copied = found
    count = size(tuple(inner.shape[a] for a in copied))
    return multiply(here.again(_with_axes(inner, copied)), lift(count, here.spec.dtype))
