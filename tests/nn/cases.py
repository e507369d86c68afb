"""What is compared with PyTorch: each registered sample, some further calls, and three trainings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from chainrule import nn
from chainrule.core.sample import Integers, Sample, sample

FILE = Path(__file__).with_name("torch_reference.npz")
STEPS = 10

# Recurrent layers with first states (inputs after the first), or with lengths.
_FURTHER = {
    "Embedding/padding": ("Embedding", 5, 3, {"padding_idx": 2}, [(2, 4)], (Integers(0, 5),)),
    "RNN/hx": ("RNN", 3, 4, {}, [(5, 2, 3), (1, 2, 4)], ()),
    "GRU/hx": ("GRU", 3, 2, {"num_layers": 2}, [(4, 3, 3), (2, 3, 2)], ()),
    "LSTM/hx": ("LSTM", 3, 2, {"bidirectional": True}, [(4, 3, 3), (2, 3, 2), (2, 3, 2)], ()),
    "RNNCell/hx": ("RNNCell", 3, 4, {}, [(2, 3), (2, 4)], ()),
    "GRUCell/hx": ("GRUCell", 3, 4, {}, [(2, 3), (2, 4)], ()),
    "LSTMCell/hx": ("LSTMCell", 3, 4, {}, [(2, 3), (2, 4), (2, 4)], ()),
    "RNN/lengths": ("RNN", 3, 4, {}, [(5, 3, 3)], ()),
    "GRU/lengths": ("GRU", 3, 2, {"bidirectional": True, "batch_first": True}, [(3, 5, 3)], ()),
    "LSTM/lengths": ("LSTM", 3, 2, {"bidirectional": True, "num_layers": 2}, [(5, 3, 3)], ()),
}
LENGTHS = (3, 5, 1)


def _further(layer: str, first: int, second: int, options: dict, shapes: list, domains: tuple) -> Any:
    names = list(nn.LAYERS[layer].module.constraints)[:2]
    params = dict(zip(names, (first, second), strict=True)) | options
    return layer, sample(*shapes, domains=domains, **params)


# By key: a layer's name and a sample of it.
LAYER_CASES: dict[str, tuple[str, Sample]] = {
    **{f"{name}/{i}": (name, case) for name, row in nn.LAYERS.items() for i, case in enumerate(row.samples)},
    **{key: _further(*fields) for key, fields in _FURTHER.items()},
}
# By key: a loss's name, a sample of it, and a reduction.
LOSS_CASES = {
    f"{name}/{i}/{reduction}": (name, case, reduction)
    for name, row in nn.LOSSES.items()
    for i, case in enumerate(row.samples)
    for reduction in row.module.constraints["reduction"].good
}


def arguments(layer: str, tensors: list[Any]) -> tuple[Any, ...]:
    """How a layer is called with its inputs: an LSTM's states are a pair."""
    pair = layer.startswith("LSTM") and len(tensors) == 3
    return (tensors[0], tuple(tensors[1:])) if pair else tuple(tensors)


def mlp(nn: Any) -> Any:
    """A fully connected network, of PyTorch's parts or of Chainrule's."""
    return nn.Sequential(nn.Linear(7, 12), nn.ReLU(), nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 3))


def cnn(nn: Any) -> Any:
    """A small convolutional network."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, (3, 2), stride=(1, 2)),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(24, 3),
    )


def lstm(nn: Any) -> Any:
    """A recurrent network that classifies by its last output."""

    class Classifier(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(4, 6, num_layers=2, batch_first=True)
            self.head = nn.Linear(6, 3)

        def forward(self, x: Any) -> Any:
            output, _ = self.lstm(x)
            return self.head(output[:, -1])

    return Classifier()


# By key: the network, the shape of its input, the optimizer and its options.
TRAININGS: dict[str, tuple[Any, tuple[int, ...], str, dict[str, Any]]] = {
    "mlp": (mlp, (16, 7), "SGD", {"lr": 0.1, "momentum": 0.9}),
    "cnn": (cnn, (6, 1, 8, 8), "Adam", {"lr": 1e-2}),
    "lstm": (lstm, (5, 9, 4), "Adam", {"lr": 1e-2}),
}


def trained(module: Any, loss: Any, optimizer: Any) -> list[float]:
    """The loss before each step."""
    losses = []
    for _ in range(STEPS):
        value = loss(module)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


def save(reference: dict[str, np.ndarray]) -> None:
    """All arrays in one, with an index, which is smaller than a file for each."""
    index = {key: [str(a.dtype), list(a.shape)] for key, a in reference.items()}
    values = np.concatenate([a.ravel().astype(np.float64) for a in reference.values()])
    np.savez_compressed(FILE, index=np.array(json.dumps(index)), values=values)


def load() -> dict[str, np.ndarray]:
    """What `save` saved."""
    with np.load(FILE, allow_pickle=False) as file:
        index, values = json.loads(str(file["index"])), file["values"]
    reference, start = {}, 0
    for key, (dtype, shape) in index.items():
        stop = start + int(np.prod(shape))
        reference[key] = values[start:stop].reshape(shape).astype(dtype)
        start = stop
    return reference
