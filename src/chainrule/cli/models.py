"""The table of networks that the command offers, built for the shape of the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import chainrule.cli.messages  # noqa: F401  (registers the messages used here)
from chainrule import nn
from chainrule.errors import error, text
from chainrule.functions.shaping import reshape, transpose

Shape = Sequence[int]
Build = Callable[[Shape, int], nn.Module]

# Images are halved until the shorter side is at most this.
SMALL_SIDE = 12
WIDTHS = (16, 32, 32, 64)


@dataclass(frozen=True)
class ModelKind:
    """One row: a kind of network.

    Parameters
    ----------
    name : str
        Its key in `MODELS`; ``cli.model_NAME`` in the catalogue says in words what it is.
    build : callable
        ``(shape of one input, number of outputs) -> Module``.
    inputs : tuple of str
        Kinds of input that it takes.
    """

    name: str
    build: Build
    inputs: tuple[str, ...]


def mlp(shape: Shape, outputs: int) -> nn.Module:
    """Fully connected layers of 128 and 64, for any input.

    >>> import chainrule as cr
    >>> mlp((1, 8, 8), 10)(cr.zeros((5, 1, 8, 8))).shape
    (5, 10)
    """
    features = math.prod(shape)
    return nn.Sequential(
        {
            "flatten": nn.Flatten(),
            "fc1": nn.Linear(features, 128),
            "relu1": nn.ReLU(),
            "dropout1": nn.Dropout(0.2),
            "fc2": nn.Linear(128, 64),
            "relu2": nn.ReLU(),
            "dropout2": nn.Dropout(0.2),
            "fc3": nn.Linear(64, outputs),
        }
    )


def cnn(shape: Shape, outputs: int) -> nn.Module:
    """Convolutions and pooling down to a few pixels, two more convolutions, two linear layers.

    >>> import chainrule as cr
    >>> cnn((3, 28, 28), 10)(cr.zeros((5, 3, 28, 28))).shape
    (5, 10)
    """
    channels, height, width = shape
    layers: dict[str, Any] = {}
    number = 1
    while min(height, width) > SMALL_SIDE:
        channels = _block(layers, number, channels, WIDTHS[min(number, len(WIDTHS)) - 1], pool=True)
        height, width, number = height // 2, width // 2, number + 1
    channels = _block(layers, number, channels, 32)
    can_halve = min(height, width) >= 2
    channels = _block(layers, number + 1, channels, 64, pool=can_halve)
    pixels = (height // 2) * (width // 2) if can_halve else height * width
    layers |= {
        "flatten": nn.Flatten(),
        "fc1": nn.Linear(channels * pixels, 128),
        "relu": nn.ReLU(),
        "dropout": nn.Dropout(0.4),
        "fc2": nn.Linear(128, outputs),
    }
    return nn.Sequential(layers)


def _block(layers: dict[str, Any], number: int, channels: int, width: int, pool: bool = False) -> int:
    layers[f"conv{number}"] = nn.Conv2d(channels, width, 3, padding=1)
    layers[f"norm{number}"] = nn.BatchNorm2d(width)
    layers[f"relu{number}"] = nn.ReLU()
    if pool:
        layers[f"pool{number}"] = nn.MaxPool2d(2)
    return width


class RNN(nn.Module):
    """An LSTM that reads a sequence, or an image row by row, and a linear layer on its last output.

    Parameters
    ----------
    shape : sequence of int
        (T, F) of a sequence, (C, H, W) of an image.
    outputs : int
        Numbers of the result.

    Examples
    --------
    >>> import chainrule as cr
    >>> RNN((20, 6), 4)(cr.zeros((5, 20, 6))).shape
    (5, 4)
    """

    def __init__(self, shape: Shape, outputs: int) -> None:
        features = shape[1] if len(shape) == 2 else shape[0] * shape[2]
        self.lstm = nn.LSTM(features, 96, batch_first=True)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(96, outputs)

    def forward(self, x: Any) -> Any:
        """Scores (N, outputs) of sequences (N, T, F) or images (N, C, H, W)."""
        outputs, _ = self.lstm(x if x.ndim == 3 else _rows(x))
        return self.fc(self.dropout(outputs[:, -1]))


def _rows(x: Any) -> Any:
    n, channels, height, width = x.shape
    return reshape(transpose(x, (0, 2, 1, 3)), (n, height, channels * width))


MODELS: dict[str, ModelKind] = {
    kind.name: kind
    for kind in (
        ModelKind("mlp", mlp, ("image", "table", "sequence")),
        ModelKind("cnn", cnn, ("image",)),
        ModelKind("rnn", RNN, ("image", "sequence")),
    )
}

DEFAULT_MODELS = {"image": "cnn", "table": "mlp", "sequence": "rnn"}


def build_model(name: str, input_kind: str, shape: Shape, outputs: int) -> nn.Module:
    """The network of a row of `MODELS`.

    Raises
    ------
    ConfigError
        It does not take that kind of input.
    """
    if input_kind not in MODELS[name].inputs:
        fitting = [kind.name for kind in MODELS.values() if input_kind in kind.inputs]
        kind = text(f"cli.kind_{input_kind}")
        raise error("cli.model_input", name=name, kind=kind, known=", ".join(fitting))
    return MODELS[name].build(shape, outputs)
