"""Steps of training with Adam and cross-entropy: forward, loss, backward, update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.arrays import labels, model_weights, noise, tokens
from benchmarks.flops import recurrent_flops, training_flops
from benchmarks.work import Work

LEARNING_RATE = 1e-3
LOSSES = 4
CLASSES = 10

# Adam's first steps are nearly the signs of slopes. Where a slope is 0 but for rounding, as often in deep
# networks with batch norm, that differs from side to side.
DEEP_TOLERANCE = 1e-2
# Keras's LSTM has one bias where the others have two, which move twice as far together; its Adam adds epsilon
# at another place, which shows where slopes are small.
KERAS_TOLERANCE = 5e-3


def arrays(parameters: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Weights, a batch and its labels; a language model is given tokens and predicts others."""
    shape, rng = parameters["inputs"], np.random.default_rng(5)
    vocabulary = parameters["settings"].get("tokens")
    if vocabulary is None:
        batch = {"x": noise(rng, shape), "y": labels(rng, shape[:1], CLASSES)}
    else:
        batch = {"x": tokens(rng, shape, vocabulary), "y": labels(rng, shape, vocabulary)}
    return {**batch, **model_weights(rng, parameters["model"], parameters["settings"])}


def training(
    name: str,
    title: str,
    goal: float,
    model: str,
    inputs: tuple[int, ...],
    settings: dict[str, Any],
    **others: Any,
) -> Work:
    """A row: the batch's shape is that of its inputs."""
    return Work(
        name=f"train-{name}",
        title=f"train {title}",
        kind="training",
        parameters={"model": model, "settings": settings, "inputs": inputs, "lr": LEARNING_RATE},
        arrays=arrays,
        goal=goal,
        checked_steps=LOSSES,
        flops=recurrent_flops if model == "recurrent" else training_flops,
        is_image=len(inputs) == 4,
        **others,
    )


def resnet20(batch: int) -> Work:
    """The CIFAR form."""
    title, inputs, settings = f"ResNet-20, 32×32, batch {batch}", (batch, 3, 32, 32), {"depth": 20}
    others = {"cold_goal": 4.0, "tolerance": DEEP_TOLERANCE}
    return training(f"resnet20-{batch}", title, 2.0, "resnet_small", inputs, settings, **others)


def recurrent(name: str, cell: str, width: int, layers: int, goal: float) -> Work:
    """32 sequences of 64 steps with 32 inputs."""
    title = f"{cell} {width} units, {layers} layer{'s' if layers > 1 else ''}, 64 steps, batch 32"
    settings = {"cell": cell, "inputs": 32, "width": width, "layers": layers}
    others = {"cold_goal": 1.0, "tolerance": KERAS_TOLERANCE if cell == "LSTM" else 1e-3}
    return training(name, title, goal, "recurrent", (32, 64, 32), settings, **others)


_MLP: dict[str, Any] = {"model": "mlp", "cold_goal": 0.4}
_CNN = "CNN 28×28: 2 × (convolution, batch norm, ReLU, pooling), dropout, 2 × linear, batch 64"
_TEXT = "causal transformer, 4 layers of 128, 64 tokens, batch 32"

WORKS = (
    training(
        "mlp",
        "MLP 784-256-128-10, batch 128",
        1.5,
        inputs=(128, 784),
        settings={"sizes": [784, 256, 128, 10]},
        is_quick=True,
        **_MLP,
    ),
    training(
        "mlp-small",
        "MLP 784-64-10, batch 32",
        2.5,
        inputs=(32, 784),
        settings={"sizes": [784, 64, 10]},
        **_MLP,
    ),
    training(
        "cnn",
        _CNN,
        3.0,
        model="cnn",
        inputs=(64, 1, 28, 28),
        settings={"dropout": 0.5},
        checked={"settings": {"dropout": 0.0}},
        cold_goal=1.0,
        is_quick=True,
    ),
    resnet20(32),
    resnet20(128),
    training(
        "mobilenetv2",
        "MobileNetV2, 32×32, batch 64",
        2.0,
        model="mobilenet_v2_small",
        inputs=(64, 3, 32, 32),
        settings={},
        tolerance=DEEP_TOLERANCE,
    ),
    recurrent("lstm", "LSTM", 128, 1, 2.0),
    recurrent("lstm-wide", "LSTM", 512, 2, 1.3),
    recurrent("gru", "GRU", 128, 1, 4.0),
    recurrent("gru-wide", "GRU", 512, 2, 1.5),
    training(
        "transformer",
        _TEXT,
        1.5,
        model="transformer",
        inputs=(32, 64),
        settings={"tokens": 256, "layers": 4, "width": 128, "heads": 4, "length": 64},
        tolerance=KERAS_TOLERANCE,
    ),
)
