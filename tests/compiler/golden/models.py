"""Small models of every kind that people train, each with ten batches of data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule as cr
from chainrule import nn
from chainrule.nn.functional import scaled_dot_product_attention

STEPS, BATCH = 10, 12
CLASSES = 4


class Block(nn.Module):
    """Two convolutions and a way around them.

    A bias before a batch norm has a gradient of 0 but for rounding, which Adam would make into steps; so
    there is none.
    """

    def __init__(self, channels: int, width: int) -> None:
        self.conv1 = nn.Conv2d(channels, width, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.around = nn.Conv2d(channels, width, 1) if channels != width else nn.Identity()

    def forward(self, x: Any) -> Any:
        y = cr.relu(self.norm1(self.conv1(x)))
        return cr.relu(self.norm2(self.conv2(y)) + self.around(x))


class Recurrent(nn.Module):
    """A recurrent layer, and a linear one on its last output."""

    def __init__(self, layer: nn.Module) -> None:
        self.layer, self.head = layer, nn.Linear(16, CLASSES)

    def forward(self, x: Any) -> Any:
        y, _ = self.layer(x)
        return self.head(y[:, -1])


class Transformer(nn.Module):
    """A block of causal attention with two heads, over embedded tokens."""

    def __init__(self) -> None:
        self.embedding = nn.Embedding(11, 16)
        self.norm1, self.norm2 = nn.LayerNorm(16), nn.LayerNorm(16)
        self.projection, self.out = nn.Linear(16, 48), nn.Linear(16, 16)
        self.fc1, self.fc2 = nn.Linear(16, 32), nn.Linear(32, 16)
        self.head = nn.Linear(16, CLASSES)

    def forward(self, tokens: Any) -> Any:
        x = self.embedding(tokens)
        x = x + self.out(self._attended(self.norm1(x)))
        x = x + self.fc2(cr.gelu(self.fc1(self.norm2(x))))
        return self.head(x[:, -1])

    def _attended(self, x: Any) -> Any:
        n, length, width = x.shape
        heads = cr.transpose(self.projection(x).reshape((n, length, 3, 2, width // 2)), (2, 0, 3, 1, 4))
        y = scaled_dot_product_attention(heads[0], heads[1], heads[2], is_causal=True)
        return cr.transpose(y, (0, 2, 1, 3)).reshape((n, length, width))


class MeanOfWords(nn.Module):
    """The mean of the words' vectors, and a linear layer."""

    def __init__(self) -> None:
        self.embedding, self.head = nn.Embedding(11, 16), nn.Linear(16, CLASSES)

    def forward(self, tokens: Any) -> Any:
        return self.head(self.embedding(tokens).mean(axis=1))


def mlp() -> nn.Module:
    """Two hidden layers."""
    layers = (nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, CLASSES))
    return nn.Sequential(*layers)


def cnn() -> nn.Module:
    """Convolution, batch norm, pooling, dropout."""
    first = (nn.Conv2d(1, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2))
    second = (nn.Conv2d(6, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten())
    return nn.Sequential(*first, *second, nn.Dropout(0.3), nn.Linear(8 * 2 * 2, CLASSES))


def resnet() -> nn.Module:
    """Residual blocks, global average pooling."""
    blocks = (Block(1, 6), Block(6, 6), nn.AvgPool2d(2), Block(6, 10))
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(10, CLASSES))


def autoencoder() -> nn.Module:
    """Strided convolutions down, transposed ones up."""
    down = (nn.Conv2d(1, 6, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(6, 8, 4, stride=2, padding=1))
    up = (nn.ConvTranspose2d(8, 6, 4, stride=2, padding=1), nn.ReLU(), nn.ConvTranspose2d(6, 1, 2, stride=2))
    return nn.Sequential(*down, nn.SiLU(), *up, nn.Sigmoid())


def vectors(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Vectors that lie around one point for each class."""
    return (rng.normal(size=(len(labels), 20)) + np.eye(CLASSES, 20)[labels] * 3).astype(np.float32)


def images(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Images between 0 and 1 with a bright column for each class."""
    x = rng.uniform(size=(len(labels), 1, 8, 8)) * 0.6
    x[np.arange(len(labels)), 0, :, labels * 2] += 0.4
    return x.astype(np.float32)


def sequences(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Noise about a level for each class."""
    return (rng.normal(size=(len(labels), 9, 5)) * 0.5 + labels[:, None, None] - 1.5).astype(np.float32)


def words(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Words, every second of which tells the class."""
    x = rng.integers(4, 11, size=(len(labels), 9))
    x[:, ::2] = labels[:, None]
    return x


@dataclass(frozen=True)
class Example:
    """A kind of model, how its inputs are made, and its loss; without labels it gives its input again."""

    name: str
    make: Callable[[], nn.Module]
    inputs: Callable[[np.random.Generator, np.ndarray], np.ndarray]
    loss: str = "cross_entropy"

    def batches(self) -> list[tuple[cr.Tensor, cr.Tensor]]:
        """Ten batches, the same at each call."""
        rng = np.random.default_rng(20)
        labels = rng.integers(CLASSES, size=(STEPS, BATCH))
        found = []
        for y in labels:
            x = self.inputs(rng, y)
            found.append((cr.tensor(x), cr.tensor(y if self.loss == "cross_entropy" else x)))
        return found


EXAMPLES = {
    example.name: example
    for example in (
        Example("mlp", mlp, vectors),
        Example("cnn", cnn, images),
        Example("resnet", resnet, images),
        Example("lstm", lambda: Recurrent(nn.LSTM(5, 16, batch_first=True)), sequences),
        Example("gru", lambda: Recurrent(nn.GRU(5, 16, batch_first=True)), sequences),
        Example("transformer", Transformer, words),
        Example("mean_of_words", MeanOfWords, words),
        Example("autoencoder", autoencoder, images, "mse"),
    )
}
