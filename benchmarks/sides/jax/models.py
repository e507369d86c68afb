"""The networks in plain JAX: functions of weights, running statistics, a key for masks, and inputs.

Weights have the names of ``benchmarks.models``', and inputs before outputs; images are channels-last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.models.convolutional import MOBILENET_STAGES
from benchmarks.sides.jax.recurrent import recurrent
from benchmarks.sides.jax.transformer import transformer

EPSILON, MOMENTUM = 1e-5, 0.1


def linear(w: Any, name: str, x: Any) -> Any:
    """A fully connected layer."""
    return x @ w[f"{name}.weight"] + w[f"{name}.bias"]


def convolution(w: Any, name: str, x: Any, stride: int = 1, groups: int = 1) -> Any:
    """A convolution that keeps the size if its stride is 1, with a bias if there is one."""
    kernel = w[f"{name}.weight"]
    pad = kernel.shape[0] // 2
    y = jax.lax.conv_general_dilated(
        x,
        kernel,
        (stride, stride),
        [(pad, pad), (pad, pad)],
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
        feature_group_count=groups,
    )
    return y + w[f"{name}.bias"] if f"{name}.bias" in w else y


def batch_norm(w: Any, statistics: Any, name: str, x: Any) -> Any:
    """With the batch's own mean and variance; the running ones follow."""
    mean, variance, n = x.mean((0, 1, 2)), x.var((0, 1, 2)), x.size // x.shape[-1]
    for key, value in (("running_mean", mean), ("running_var", variance * (n / (n - 1)))):
        old = statistics[f"{name}.{key}"]
        statistics[f"{name}.{key}"] = (1 - MOMENTUM) * old + MOMENTUM * jax.lax.stop_gradient(value)
    scale = w[f"{name}.weight"] * jax.lax.rsqrt(variance + EPSILON)
    return (x - mean) * scale + w[f"{name}.bias"]


def max_pool(x: Any) -> Any:
    """Of 2×2 pixels."""
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def dropped(key: Any, p: float, x: Any) -> Any:
    """Dropout."""
    return jnp.where(jax.random.bernoulli(key, 1 - p, x.shape), x / (1 - p), 0) if p > 0 else x


def mlp(w: Any, statistics: Any, key: Any, x: Any, sizes: list[int]) -> Any:
    """Linear layers with ReLU between them."""
    last = 2 * (len(sizes) - 2)
    for place in range(0, last, 2):
        x = jax.nn.relu(linear(w, str(place), x))
    return linear(w, str(last), x)


def cnn(w: Any, statistics: Any, key: Any, x: Any, dropout: float) -> Any:
    """Two convolutions, each with batch norm, ReLU and pooling, and two linear layers."""
    for place in (0, 4):
        y = batch_norm(w, statistics, str(place + 1), convolution(w, str(place), x))
        x = max_pool(jax.nn.relu(y))
    hidden = linear(w, "10", dropped(key, dropout, x.reshape(len(x), -1)))
    return linear(w, "12", jax.nn.relu(hidden))


def resnet_small(w: Any, statistics: Any, key: Any, x: Any, depth: int) -> Any:
    """ResNet for 32×32 images."""

    def normed(name: str, place: int, x: Any, stride: int = 1) -> Any:
        prefix = f"{name}." if name else ""
        y = convolution(w, f"{prefix}{place}", x, stride)
        return batch_norm(w, statistics, f"{prefix}{place + 1}", y)

    x, number = jax.nn.relu(normed("", 0, x)), 3
    for stage in range(3):
        for place in range((depth - 2) // 6):
            stride = 2 if stage and not place else 1
            y = jax.nn.relu(normed(f"{number}.body", 0, x, stride))
            y = normed(f"{number}.body", 3, y)
            around = normed(f"{number}.around", 0, x, stride) if stride > 1 else x
            x, number = jax.nn.relu(y + around), number + 1
    return linear(w, str(number + 2), x.mean((1, 2)))


def mobilenet_v2_small(w: Any, statistics: Any, key: Any, x: Any) -> Any:
    """MobileNetV2 for 32×32 images."""

    def normed(name: str, place: int, x: Any, stride: int = 1, groups: int = 1) -> Any:
        prefix = f"{name}." if name else ""
        y = convolution(w, f"{prefix}{place}", x, stride, groups)
        return batch_norm(w, statistics, f"{prefix}{place + 1}", y)

    x, number = jax.nn.relu6(normed("", 0, x)), 3
    for expansion, outputs, repeats, first in MOBILENET_STAGES:
        for place in range(repeats):
            name, stride, y, layer = f"{number}.body", first if place == 0 else 1, x, 0
            if expansion > 1:
                y, layer = jax.nn.relu6(normed(name, 0, y)), 3
            y = jax.nn.relu6(normed(name, layer, y, stride, y.shape[-1]))
            y = normed(name, layer + 3, y)
            x = x + y if stride == 1 and x.shape[-1] == outputs else y
            number += 1
    x = jax.nn.relu6(normed("", number, x))
    return linear(w, str(number + 5), x.mean((1, 2)))


LOGITS: dict[str, Callable[..., Any]] = {
    "mlp": mlp,
    "cnn": cnn,
    "resnet_small": resnet_small,
    "mobilenet_v2_small": mobilenet_v2_small,
    "recurrent": recurrent,
    "transformer": transformer,
}
