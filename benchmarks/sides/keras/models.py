"""The networks in Keras: layers are called on inputs that have no values yet, and given their weights.

Weights have the names of ``benchmarks.models``', and inputs before outputs; images are channels-last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras.layers as kl
import numpy as np
from keras import ops

from benchmarks.models.convolutional import MOBILENET_STAGES
from benchmarks.models.layouts import after_flattening

EPSILON = 1e-5


def called(layer: Any, x: Any, *weights: Any) -> Any:
    """A layer's output, after the layer is made and given these weights."""
    y = layer(x)
    for variable, value in zip(layer.trainable_variables, weights, strict=True):
        variable.assign(value)
    return y


def linear(w: Any, name: str, x: Any) -> Any:
    """A fully connected layer."""
    weight, bias = w[f"{name}.weight"], w[f"{name}.bias"]
    return called(kl.Dense(weight.shape[1]), x, weight, bias)


def convolution(w: Any, name: str, x: Any, stride: int = 1) -> Any:
    """A convolution that keeps the size if its stride is 1."""
    kernel = w[f"{name}.weight"]
    size, _, _, outputs = kernel.shape
    padding = {"padding": "valid" if stride > 1 else "same"}
    if stride > 1:
        x = padded(x, size // 2)
    if f"{name}.bias" in w:
        return called(kl.Conv2D(outputs, size, stride, **padding), x, kernel, w[f"{name}.bias"])
    return called(kl.Conv2D(outputs, size, stride, use_bias=False, **padding), x, kernel)


def depthwise(w: Any, name: str, x: Any, stride: int = 1) -> Any:
    """A kernel for each channel."""
    kernel = w[f"{name}.weight"].swapaxes(2, 3)
    size = kernel.shape[0]
    padding = "valid" if stride > 1 else "same"
    if stride > 1:
        x = padded(x, size // 2)
    return called(kl.DepthwiseConv2D(size, stride, padding, use_bias=False), x, kernel)


def padded(x: Any, pixels: int) -> Any:
    """With zeros on all sides: TensorFlow's own padding of strided windows begins at another pixel."""
    return kl.ZeroPadding2D(pixels)(x) if pixels else x


def batch_norm(w: Any, name: str, x: Any) -> Any:
    """With momentum as PyTorch and Chainrule have it by default."""
    return called(
        kl.BatchNormalization(momentum=0.9, epsilon=EPSILON), x, w[f"{name}.weight"], w[f"{name}.bias"]
    )


def mlp(w: Any, x: Any, sizes: list[int]) -> Any:
    """Linear layers with ReLU between them."""
    last = 2 * (len(sizes) - 2)
    for place in range(0, last, 2):
        x = kl.ReLU()(linear(w, str(place), x))
    return linear(w, str(last), x)


def cnn(w: Any, x: Any, dropout: float) -> Any:
    """Two convolutions, each with batch norm, ReLU and pooling, and two linear layers."""
    for place in (0, 4):
        y = batch_norm(w, str(place + 1), convolution(w, str(place), x))
        x = kl.MaxPooling2D(2)(kl.ReLU()(y))
    x = kl.Dropout(dropout)(kl.Flatten()(x))
    w = {**w, "10.weight": after_flattening(w["10.weight"], 64)}
    return linear(w, "12", kl.ReLU()(linear(w, "10", x)))


def resnet_small(w: Any, x: Any, depth: int) -> Any:
    """ResNet for 32×32 images."""

    def normed(name: str, place: int, x: Any, stride: int = 1) -> Any:
        return batch_norm(w, f"{name}{place + 1}", convolution(w, f"{name}{place}", x, stride))

    x, number = kl.ReLU()(normed("", 0, x)), 3
    for stage in range(3):
        for place in range((depth - 2) // 6):
            stride = 2 if stage and not place else 1
            y = kl.ReLU()(normed(f"{number}.body.", 0, x, stride))
            y = normed(f"{number}.body.", 3, y)
            around = normed(f"{number}.around.", 0, x, stride) if stride > 1 else x
            x, number = kl.ReLU()(kl.Add()([y, around])), number + 1
    return linear(w, str(number + 2), kl.GlobalAveragePooling2D()(x))


def mobilenet_v2_small(w: Any, x: Any) -> Any:
    """MobileNetV2 for 32×32 images."""

    def normed(name: str, x: Any, place: int) -> Any:
        return batch_norm(w, f"{name}{place + 1}", convolution(w, f"{name}{place}", x))

    x, number = kl.ReLU(6.0)(normed("", x, 0)), 3
    for expansion, outputs, repeats, first in MOBILENET_STAGES:
        for place in range(repeats):
            name, stride, y, layer = f"{number}.body.", first if place == 0 else 1, x, 0
            if expansion > 1:
                y, layer = kl.ReLU(6.0)(normed(name, y, 0)), 3
            y = batch_norm(w, f"{name}{layer + 1}", depthwise(w, f"{name}{layer}", y, stride))
            y = normed(name, kl.ReLU(6.0)(y), layer + 3)
            x = kl.Add()([x, y]) if stride == 1 and x.shape[-1] == outputs else y
            number += 1
    x = kl.ReLU(6.0)(normed("", x, number))
    return linear(w, str(number + 5), kl.GlobalAveragePooling2D()(x))


def recurrent(w: Any, x: Any, cell: str, inputs: int, width: int, layers: int) -> Any:
    """An LSTM or GRU, and a linear layer on its last output."""
    for number in range(layers):
        x = {"LSTM": lstm, "GRU": gru}[cell](w, number, x, is_last=number == layers - 1)
    return linear(w, "out", x)


def lstm(w: Any, number: int, x: Any, is_last: bool) -> Any:
    """A layer; one bias stands for two."""
    weight, again, bias, other = (w[f"recurrent.{name}_l{number}"] for name in RECURRENT)
    layer = kl.LSTM(again.shape[0], return_sequences=not is_last)
    return called(layer, x, weight, again, bias + other)


RECURRENT = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def gru(w: Any, number: int, x: Any, is_last: bool) -> Any:
    """A layer; update and reset gates stand in the other order."""
    weight, again, bias, other = (_update_first(w[f"recurrent.{name}_l{number}"]) for name in RECURRENT)
    layer = kl.GRU(again.shape[0], return_sequences=not is_last)
    return called(layer, x, weight, again, np.stack([bias, other]))


def _update_first(x: np.ndarray) -> np.ndarray:
    reset, update, new = np.split(x, 3, axis=-1)
    return np.concatenate([update, reset, new], axis=-1)


def transformer(w: Any, x: Any, tokens: int, layers: int, width: int, heads: int, length: int) -> Any:
    """Pre-norm blocks of attention and a GELU layer four times as wide."""
    y = embedded(w, x)
    for number in range(layers):
        name = f"blocks.{number}"
        y = y + attention(w, name, norm(w, f"{name}.norm1", y), heads)
        wide = ops.gelu(linear(w, f"{name}.feed.0", norm(w, f"{name}.norm2", y)), approximate=False)
        y = y + linear(w, f"{name}.feed.2", wide)
    return linear(w, "head", norm(w, "norm", y))


class Places(kl.Layer):
    """Adds a vector for each place."""

    def build(self, shape: Any) -> None:
        self.places = self.add_weight(shape=shape[1:])

    def call(self, x: Any) -> Any:
        return x + self.places


def embedded(w: Any, x: Any) -> Any:
    """Vectors of tokens and places."""
    tokens = w["token.weight"]
    return called(Places(), called(kl.Embedding(*tokens.shape), x, tokens), w["place.weight"])


def norm(w: Any, name: str, x: Any) -> Any:
    """Layer norm."""
    return called(kl.LayerNormalization(epsilon=EPSILON), x, w[f"{name}.weight"], w[f"{name}.bias"])


def attention(w: Any, name: str, x: Any, heads: int) -> Any:
    """Of each place on those before it."""
    batch, length, width = x.shape
    parts = ops.reshape(linear(w, f"{name}.qkv", x), (batch, length, 3, heads, width // heads))
    q, k, v = (parts[:, :, i] for i in range(3))
    y = ops.dot_product_attention(q, k, v, is_causal=True)
    return linear(w, f"{name}.out", ops.reshape(y, (batch, length, width)))


OUTPUTS: dict[str, Callable[..., Any]] = {
    "mlp": mlp,
    "cnn": cnn,
    "resnet_small": resnet_small,
    "mobilenet_v2_small": mobilenet_v2_small,
    "recurrent": recurrent,
    "transformer": transformer,
}
