"""Reductions that fold nothing, that follow each other, or that only need another shape."""

from __future__ import annotations

from typing import Any

from chainrule.core.spec import Shape
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops.move import reshape
from chainrule.ops.pointwise import exp
from chainrule.ops.reduce import argmax, max_, sum_

_FOLDS = ("sum", "prod", "max", "min", "any", "all")


@rewrites(
    "reduction of axes of extent 1",
    r"\sum_{i=1}^{1} x_{i} = x_{1}",
    *_FOLDS,
    exact=Exact.ZERO_SIGN,
    examples=(
        example(lambda x: sum_(x, axis=(1,), keepdims=False), "f32[2, 1, 3]"),
        example(lambda x: max_(x, axis=(0, 1), keepdims=True), "f32[1, 1]"),
        example(lambda x: sum_(x, axis=(), keepdims=False), "f32[2]"),
    ),
    refusals=(
        example(lambda x: sum_(x, axis=(0, 1), keepdims=False), "f32[2, 1]"),
        example(lambda x: sum_(x, axis=(0,), keepdims=False), "bool[1, 2]"),
    ),
)
def reduction_of_units(here: Here) -> Any:
    """The reshape: one element is its own sum, product and extremum."""
    folded = [here.x.shape[a] for a in here.params["axis"]]
    if any(n != 1 for n in folded) or here.x.dtype != here.spec.dtype:
        return None
    return reshape(here.x, shape=here.shape)


def _merge(here: Here) -> Any:
    inner = here.made_by(here.x, here.name)
    if inner is None or not here.is_only_user(here.x):
        return None
    first, second = inner.params["axis"], here.params["axis"]
    if inner.params["keepdims"] != here.params["keepdims"]:
        return None
    if not here.params["keepdims"]:
        left = [a for a in range(len(inner.x.shape)) if a not in first]
        second = tuple(left[a] for a in second)
    return here.again(inner.x, axis=tuple(sorted({*first, *second})))


@rewrites(
    "extrema merged",
    r"\max_{i} \max_{j} x_{i j} = \max_{i, j} x_{i j}",
    *("max", "min", "any", "all"),
    examples=(
        example(
            lambda x: max_(max_(x, axis=(1,), keepdims=False), axis=(1,), keepdims=False), "f32[2, 3, 4]"
        ),
        example(lambda x: max_(max_(x, axis=(1,), keepdims=True), axis=(0,), keepdims=True), "f32[2, 3, 4]"),
    ),
    refusals=(
        example(lambda x: argmax(max_(x, axis=(1,), keepdims=False), axis=(0,), keepdims=False), "f32[2, 3]"),
    ),
)
def merge_extrema(here: Here) -> Any:
    """One reduction over the axes of both."""
    return _merge(here)


@rewrites(
    "sums merged",
    r"\sum_{i} \sum_{j} x_{i j} = \sum_{i, j} x_{i j}",
    *("sum", "prod"),
    exact=Exact.ROUNDING,
    bound="the same numbers are added or multiplied, in an order of the computer's choice",
    ulps=8,
    examples=(
        example(
            lambda x: sum_(sum_(x, axis=(0,), keepdims=False), axis=(1,), keepdims=False), "f32[2, 3, 4]"
        ),
    ),
    refusals=(
        example(
            lambda x: sum_(exp(sum_(x, axis=(0,), keepdims=False)), axis=(0,), keepdims=False), "f32[2, 3]"
        ),
    ),
)
def merge_sums(here: Here) -> Any:
    """One reduction over the axes of both."""
    return _merge(here)


@rewrites(
    "reshape into a reduction",
    "a reshape that adds or drops the axes that a reduction folded is done by the reduction",
    "reshape",
    examples=(
        example(lambda x: reshape(sum_(x, axis=(1,), keepdims=False), shape=(2, 1)), "f32[2, 3]"),
        example(lambda x: reshape(sum_(x, axis=(1,), keepdims=True), shape=(2,)), "f32[2, 3]"),
    ),
    refusals=(example(lambda x: reshape(sum_(x, axis=(1,), keepdims=False), shape=(1, 2)), "f32[2, 3]"),),
)
def reshape_into_reduction(here: Here) -> Any:
    """The reduction with ``keepdims`` the other way, where nothing else uses it as it is."""
    inner = here.made_by(here.x, *_FOLDS, "argmax", "argmin")
    if inner is None or not here.is_only_user(here.x):
        return None
    keepdims = not inner.params["keepdims"]
    if here.shape != _reduced(inner.x.shape, inner.params["axis"], keepdims):
        return None
    return inner.again(inner.x, keepdims=keepdims)


def _reduced(shape: Shape, axis: Shape, keepdims: bool) -> Shape:
    if keepdims:
        return tuple(1 if a in axis else n for a, n in enumerate(shape))
    return tuple(n for a, n in enumerate(shape) if a not in axis)
