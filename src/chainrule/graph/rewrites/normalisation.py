"""A normalisation with known statistics, folded into the weights before it: for inference.

Batch norm that does not train is a product and a sum per channel. The product can be done on the weights,
once for all calls. It is no row for training, where the weights change at each step.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops.contract import contract, letters
from chainrule.ops.move import reshape
from chainrule.ops.pointwise import add, exp, multiply
from chainrule.ops.shapes import size
from chainrule.ops.window import conv, conv_params

_PLAIN = {"groups": 1, **conv_params((1, 1), ((0, 0), (0, 0)))}
_BOUND = "a few units in the last place of the sum of the products' absolute values"


def _weight(*shape: int) -> np.ndarray:
    """Elements that do not change, for examples."""
    return np.linspace(0.5, 2.0, size(shape), dtype=np.float32).reshape(shape)


_KERNEL, _MATRIX, _PER_IMAGE_CHANNEL, _PER_CHANNEL = (
    _weight(4, 3, 3, 3),
    _weight(4, 3),
    _weight(4, 1, 1),
    _weight(4),
)


def _conv(x: Any, w: Any) -> Any:
    return conv(x, w, **_PLAIN)


def _channel_of(here: Here, x: Here) -> int | None:
    """The axis of a convolution's or product's result that its weight alone has."""
    if x.name == "conv":
        return 1
    a, b, result = letters(x.params["spec"])
    own = [i for i, letter in enumerate(result) if letter in b and letter not in a]
    return own[0] if len(own) == 1 else None


def _is_per_channel(scale: Any, shape: tuple[int, ...], channel: int) -> bool:
    """Whether a tensor that is broadcast to a shape differs along one axis only."""
    full = (1,) * (len(shape) - len(scale.shape)) + tuple(scale.shape)
    return len(full) == len(shape) and full[channel] == size(scale.shape) and shape[channel] == full[channel]


def _sides(here: Here, *names: str) -> tuple[Here, Any] | None:
    """Where one factor or summand is computed, and the other, if nothing else uses the first."""
    for x, other in (here.inputs, here.inputs[::-1]):
        inner = here.made_by(x, *names)
        if inner is not None and here.is_only_user(x) and inner.shape == here.shape:
            return inner, other
    return None


@rewrites(
    "scale folded into weights",
    r"(W * x)_{c} \cdot s_{c} = (s_{c} W_{c}) * x",
    "multiply",
    exact=Exact.ROUNDING,
    bound=_BOUND,
    ulps=16,
    default=False,
    examples=(
        example(lambda x: multiply(_conv(x, _KERNEL), _PER_IMAGE_CHANNEL), "f32[2, 3, 5, 5]"),
        example(lambda x: multiply(contract(x, _MATRIX, spec="bi,oi->bo"), _PER_CHANNEL), "f32[2, 3]"),
    ),
    refusals=(
        example(lambda x: multiply(_conv(x, _KERNEL), _weight(3)), "f32[2, 3, 5, 5]"),
        example(lambda x: multiply(y := _conv(x, _KERNEL), exp(y)), "f32[2, 3, 5, 5]"),
        example(lambda x, w: multiply(_conv(x, w), _PER_IMAGE_CHANNEL), "f32[2, 3, 5, 5]", "f32[4, 3, 3, 3]"),
        example(lambda x, s: multiply(_conv(x, _KERNEL), s), "f32[2, 3, 5, 5]", "f32[4, 1, 1]"),
    ),
)
def scale_into_weights(here: Here) -> Any:
    """Scale each channel's weights in place of its results, if these are used for nothing else."""
    found = _sides(here, "conv", "contract")
    if found is None:
        return None
    inner, scale = found
    channel = _channel_of(here, inner)
    if channel is None or not _is_per_channel(scale, here.shape, channel):
        return None
    x, w = inner.inputs
    if not (here.lasts(w) and here.lasts(scale)):
        return None
    axis = 0 if inner.name == "conv" else _axis_in_weight(inner, channel)
    shape = tuple(here.shape[channel] if a == axis else 1 for a in range(len(w.shape)))
    return inner.again(x, multiply(w, reshape(scale, shape=shape)))


def _axis_in_weight(inner: Here, channel: int) -> int:
    _, b, result = letters(inner.params["spec"])
    return b.index(result[channel])


@rewrites(
    "scale of a sum",
    r"(W * x + b) \cdot s = (W * x) \cdot s + b \cdot s",
    "multiply",
    exact=Exact.ROUNDING,
    bound=_BOUND,
    ulps=16,
    default=False,
    examples=(
        example(
            lambda x, b: multiply(add(_conv(x, _KERNEL), b), _PER_IMAGE_CHANNEL),
            *("f32[2, 3, 5, 5]", "f32[4, 1, 1]"),
        ),
    ),
    refusals=(
        example(lambda x, b: multiply(add(x, b), _PER_CHANNEL), "f32[2, 4]", "f32[4]"),
        example(
            lambda x, b, s: multiply(add(_conv(x, _KERNEL), b), s),
            *("f32[2, 3, 5, 5]", "f32[4, 1, 1]", "f32[4, 1, 1]"),
        ),
    ),
)
def scale_of_sum(here: Here) -> Any:
    """Scale a convolution or product and its bias each, so that both can be folded."""
    found = _sides(here, "add")
    if found is None:
        return None
    inner, scale = found
    parts = _sides(inner, "conv", "contract")
    if parts is None:
        return None
    product, bias = parts
    if not (here.lasts(product.inputs[1]) and here.lasts(scale)):
        return None
    channel = _channel_of(here, product)
    if channel is None or any(not _is_per_channel(x, here.shape, channel) for x in (scale, bias)):
        return None
    return add(multiply(product.y, scale), multiply(bias, scale))


@rewrites(
    "biases merged",
    "(x + b) + c = x + (b + c)",
    "add",
    exact=Exact.ROUNDING,
    bound="one rounding of the larger summand",
    ulps=4,
    default=False,
    examples=(
        example(
            lambda x, w, b, c: add(add(contract(x, w, spec="bi,oi->bo"), b), c),
            *("f32[2, 3]", "f32[4, 3]", "f32[4]", "f32[4]"),
        ),
    ),
    refusals=(
        example(lambda x, b, c: add(add(x, b), c), "f32[2, 3]", "f32[3]", "f32[3]"),
        example(
            lambda x, w, b, c: add(add(contract(x, w, spec="bi,oi->bo"), b), c),
            *("f32[2, 3]", "f32[4, 3]", "f32[4]", "f32[2, 4]"),
        ),
        example(
            lambda x, w, v, b: add(
                add(contract(x, w, spec="bi,oi->bo"), contract(x, v, spec="bi,oi->bo")), b
            ),
            *("f32[1, 3]", "f32[1, 3]", "f32[1, 3]", "f32[1]"),
        ),
    ),
)
def merge_biases(here: Here) -> Any:
    """Add the smaller tensors first, where both are per channel and no products themselves."""
    found = _sides(here, "add")
    if found is None:
        return None
    inner, second = found
    parts = _sides(inner, "conv", "contract")
    if parts is None:
        return None
    product, first = parts
    channel = _channel_of(here, product)
    if channel is None or any(not _is_per_channel(x, here.shape, channel) for x in (first, second)):
        return None
    if any(here.made_by(x, "conv", "contract") is not None for x in (first, second)):
        return None
    return add(product.y, add(first, second))
