"""Networks, written once for every package that has PyTorch's names of layers.

A maker takes the package of layers, ``chainrule.nn`` or ``torch.nn``, and its settings by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.models.convolutional import cnn, mobilenet_v2_small, resnet_small
from benchmarks.models.encoder import encoder
from benchmarks.models.imagenet import mobilenet_v2_image, resnet50
from benchmarks.models.mlp import mlp
from benchmarks.models.recurrent import recurrent
from benchmarks.models.transformer import transformer

MODELS: dict[str, Callable[..., Any]] = {
    "mlp": mlp,
    "cnn": cnn,
    "resnet_small": resnet_small,
    "mobilenet_v2_small": mobilenet_v2_small,
    "resnet50": resnet50,
    "mobilenet_v2_image": mobilenet_v2_image,
    "recurrent": recurrent,
    "transformer": transformer,
    "encoder": encoder,
}


def make(nn: Any, model: str, settings: dict[str, Any]) -> Any:
    """A model of a package of layers."""
    return MODELS[model](nn, **settings)
