r"""Sums of deviations from a mean, which are zero: the derivative of a normalisation asks for them.

A sum over what is left of them would need a pass over all elements between two others, and force those apart.
The sum of the other term is known already, or is one of rows, which is made in an earlier pass over them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from chainrule.core.spec import Shape
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops.move import reshape
from chainrule.ops.pointwise import add, divide, multiply, negative, subtract
from chainrule.ops.reduce import sum_

# A longer combination is left as it is.
_MOST_TERMS = 8

Scale = Callable[[Any], Any]


def _total(x: Any, keepdims: bool = True) -> Any:
    return sum_(x, axis=(1,), keepdims=keepdims)


def _deviation(x: Any) -> Any:
    return subtract(x, divide(_total(x), 3.0))


@rewrites(
    "sum of deviations",
    r"\sum_{i} (a y_{i} + b (x_{i} - \bar{x})) = a \sum_{i} y_{i}",
    "sum",
    exact=Exact.ROUNDING,
    bound="the rounding of the mean, as often as there are summands",
    ulps=16,
    examples=(
        example(lambda x, y: [_total(y), _total(add(y, _deviation(x)))], "f32[2, 3]", "f32[2, 3]"),
        example(lambda x, y: _total(add(y, _deviation(x))), "f32[2, 3]", "f32[2, 3]"),
        example(
            lambda x, y, a: [
                _total(y, keepdims=False),
                _total(negative(add(multiply(y, a), multiply(_deviation(x), a)))),
            ],
            *("f32[2, 3]", "f32[2, 3]", "f32[2, 1]"),
        ),
    ),
    refusals=(
        example(lambda x, y: _total(add(y, _deviation(x))), "f32[2, 3, 4]", "f32[2, 3, 4]"),
        example(lambda x: _total(_deviation(x)), "f32[2, 3]"),
        example(
            lambda x, y, a: [_total(y), _total(add(y, multiply(_deviation(x), a)))],
            *("f32[2, 3]", "f32[2, 3]", "f32[3]"),
        ),
        example(
            lambda x, y: [_total(y), _total(add(y, subtract(x, divide(_total(x), 2.0))))],
            *("f32[2, 3]", "f32[2, 3]"),
        ),
    ),
)
def sum_of_deviations(here: Here) -> Any:
    """The one term that is no deviation, if its sum is known already, or does not take a pass of its own."""
    axes = here.params["axis"]
    others, deviations = [], 0
    for number, (x, scale) in enumerate(_terms(here, here.x, axes)):
        if number == _MOST_TERMS:
            return None
        if _is_deviation(here, x, axes):
            deviations += 1
        else:
            others.append((x, scale))
    if not deviations or len(others) != 1:
        return None
    x, scale = others[0]
    total = _known_sum(here, x, axes)
    if total is None and _are_last(axes, x.shape):
        # A row is near while its sums are made, and this one need not wait for the mean.
        total = sum_(x, axis=axes, keepdims=True)
    if total is None or total is here.y:
        return None
    kept = tuple(1 if a in axes else n for a, n in enumerate(x.shape))
    return reshape(scale(reshape(total, shape=kept)), shape=here.shape)


def _terms(here: Here, x: Any, axes: Shape) -> Iterator[tuple[Any, Scale]]:
    """The tensors of full shape that a linear combination is made of, and what is done to the sum of each."""
    waiting: list[tuple[Any, Scale]] = [(x, _as_it_is)]
    while waiting:
        x, scale = waiting.pop()
        parts = [] if _is_deviation(here, x, axes) else _parts(here, x, axes)
        if not parts:
            yield x, scale
        waiting += [(y, _after(scale, inner)) for y, inner in parts]


def _are_last(axes: Shape, shape: Shape) -> bool:
    return sorted(axes) == list(range(len(shape) - len(axes), len(shape)))


def _as_it_is(total: Any) -> Any:
    return total


def _after(outer: Scale, inner: Scale) -> Scale:
    return lambda total: outer(inner(total))


def _parts(here: Here, x: Any, axes: Shape) -> list[tuple[Any, Scale]]:
    """The terms that a tensor is the sum of, or the one that it is a multiple of; nothing otherwise."""
    maker = here.made_by(x, "add", "subtract", "negative", "multiply", "divide")
    if maker is None:
        return []
    if maker.name == "negative":
        return [(maker.x, negative)]
    a, b = maker.inputs
    if maker.name in ("add", "subtract"):
        second: Scale = negative if maker.name == "subtract" else _as_it_is
        return [(a, _as_it_is), (b, second)] if a.shape == b.shape == x.shape else []
    if a.shape == x.shape and is_constant(b, x.shape, axes):
        return [(a, lambda total: multiply(total, b) if maker.name == "multiply" else divide(total, b))]
    if maker.name == "multiply" and b.shape == x.shape and is_constant(a, x.shape, axes):
        return [(b, lambda total: multiply(total, a))]
    return []


def is_constant(c: Any, shape: Shape, axes: Shape) -> bool:
    """Whether what is broadcast to a shape is the same all along some axes."""
    lead = len(shape) - len(c.shape)
    return all(a < lead or c.shape[a - lead] == 1 for a in axes)


def _is_deviation(here: Here, x: Any, axes: Shape) -> bool:
    """Whether a tensor is another less that one's mean along some axes."""
    maker = here.made_by(x, "subtract")
    if maker is None or maker.x.shape != x.shape or not is_constant(maker.inputs[1], x.shape, axes):
        return False
    mean = here.made_by(_before_reshape(here, maker.inputs[1]), "divide", "multiply")
    if mean is None:
        return False
    count = math.prod(x.shape[a] for a in axes)
    expected = count if mean.name == "divide" else 1 / count
    factor = here.value(mean.inputs[1])
    if factor is None or not math.isclose(float(factor), expected, rel_tol=1e-6):
        return False
    return _is_sum_of(here, mean.x, maker.x, axes)


def _before_reshape(here: Here, x: Any) -> Any:
    while (maker := here.made_by(x, "reshape")) is not None:
        x = maker.x
    return x


def _is_sum_of(here: Here, total: Any, x: Any, axes: Shape) -> bool:
    """Whether a tensor has the sums of another along some axes, in whatever shape."""
    maker = here.made_by(_before_reshape(here, total), "sum")
    return maker is not None and any(
        maker.x.data is source.data and sorted(maker.params["axis"]) == sorted(along)
        for source, along in _sources(here, x, axes)
    )


def _sources(here: Here, x: Any, axes: Shape) -> Iterator[tuple[Any, Shape]]:
    """A tensor with some of its axes, and what it is a transpose of, with the same axes.

    The axes that are left stand in the same order: sums of both lie alike.
    """
    yield x, axes
    maker = here.made_by(x, "transpose")
    if maker is not None:
        order = maker.params["axes"]
        left = [order[a] for a in range(len(order)) if a not in axes]
        if left == sorted(left):
            yield maker.x, tuple(order[a] for a in axes)


def _known_sum(here: Here, x: Any, axes: Shape) -> Any:
    """The sums of a tensor along some axes, if the graph has them."""
    for source, along in _sources(here, x, axes):
        for user in here.users(source):
            is_sum = user.name == "sum" and sorted(user.params["axis"]) == sorted(along)
            if is_sum and user.y.dtype == x.dtype:
                return user.y
    return None
