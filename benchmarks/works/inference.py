"""Networks that predict, in float32."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.arrays import model_weights, noise
from benchmarks.models import make
from benchmarks.task import WEIGHTS
from benchmarks.work import Work

# The variance that norms divide by: that of outputs of uniform weights on rectified inputs.
VARIANCE = 1 / 6


def arrays(parameters: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Weights, running statistics, and inputs."""
    rng = np.random.default_rng(7)
    model, settings = parameters["model"], parameters["settings"]
    weights = model_weights(rng, model, settings)
    return {"x": noise(rng, parameters["inputs"]), **weights, **statistics(rng, model, settings)}


def statistics(rng: np.random.Generator, model: str, settings: dict[str, Any]) -> dict[str, np.ndarray]:
    """Running means and variances of a model's batch norms, which keep signals at their size."""
    from chainrule import nn

    found = {}
    for name, buffer in make(nn, model, settings).named_buffers():
        if name.endswith("running_mean"):
            found[WEIGHTS + name] = 0.1 * noise(rng, buffer.shape)
        elif name.endswith("running_var"):
            found[WEIGHTS + name] = rng.uniform(0.5, 1.5, buffer.shape).astype(np.float32) * np.float32(
                VARIANCE
            )
    return found


def flops(parameters: Mapping[str, Any]) -> float:
    """Operations, counted on our graph before anything is rewritten."""
    import chainrule as cr
    from chainrule import nn

    model = make(nn, parameters["model"], parameters["settings"])
    model.eval()
    with cr.no_grad():
        return float(cr.record(model, cr.zeros(parameters["inputs"])).flops)


def inference(
    name: str,
    title: str,
    goal: float,
    model: str,
    inputs: tuple[int, ...],
    settings: dict[str, Any],
    winograd: bool = False,
) -> Work:
    """A row: the batch's shape is that of its inputs."""
    return Work(
        name=f"infer-{name}",
        title=f"infer {title}",
        kind="inference",
        parameters={"model": model, "settings": settings, "inputs": inputs, "winograd": winograd},
        arrays=arrays,
        goal=goal,
        flops=flops,
        is_image=len(inputs) == 4,
    )


def images(name: str, title: str, goal: float, model: str, batch: int, winograd: bool = False) -> Work:
    """Images of 224×224 pixels."""
    how = f"{title}, 224×224, batch {batch}{', Winograd' if winograd else ''}"
    return inference(name, how, goal, model, (batch, 3, 224, 224), {}, winograd)


_ENCODER = {"layers": 6, "width": 384, "heads": 12, "length": 128}
_LSTM = {"cell": "LSTM", "inputs": 256, "width": 256, "layers": 2}

WORKS = (
    images("resnet50-1", "ResNet-50", 1.1, "resnet50", 1),
    images("resnet50-8", "ResNet-50", 1.1, "resnet50", 8),
    images("resnet50-winograd-1", "ResNet-50", 1.3, "resnet50", 1, winograd=True),
    images("resnet50-winograd-8", "ResNet-50", 1.3, "resnet50", 8, winograd=True),
    images("mobilenetv2-1", "MobileNetV2", 1.1, "mobilenet_v2_image", 1),
    images("mobilenetv2-8", "MobileNetV2", 1.1, "mobilenet_v2_image", 8),
    inference(
        "encoder", "encoder, 6 layers of 384, 12 heads, 128 tokens", 1.15, "encoder", (1, 128, 384), _ENCODER
    ),
    inference("lstm", "LSTM 256 units, 2 layers, 100 steps, batch 1", 1.5, "recurrent", (1, 100, 256), _LSTM),
)
