"""Weights laid out as JAX and Keras have them, from PyTorch's and ours."""

from __future__ import annotations

from typing import Any

import numpy as np

EMBEDDINGS = ("token.weight", "place.weight")


def inputs_first(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Matrices (inputs, outputs) and kernels (height, width, inputs, outputs); embeddings as they are."""
    return {name: w if name in EMBEDDINGS else _turned(w) for name, w in weights.items()}


def _turned(w: np.ndarray) -> np.ndarray:
    axes = {4: (2, 3, 1, 0), 2: (1, 0)}.get(w.ndim)
    return w if axes is None else np.ascontiguousarray(w.transpose(axes))


def after_flattening(w: np.ndarray, channels: int) -> np.ndarray:
    """Rows of a matrix that reads a flattened image, (channels, pixels), in the order (pixels, channels)."""
    rows, columns = w.shape
    cut = w.reshape(channels, rows // channels, columns)
    return np.ascontiguousarray(cut.transpose(1, 0, 2).reshape(rows, columns))


def channels_last(x: np.ndarray) -> np.ndarray:
    """Images (batch, height, width, channels)."""
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1))


def convolution_arrays(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Images channels-last, and the weight ``w`` as (height, width, inputs, outputs)."""
    return {name: _turned(x) if name == "w" else channels_last(x) for name, x in arrays.items()}


def missing_operand(settings: dict[str, Any]) -> tuple[int, ...]:
    """Shape of what a convolution is differentiated by, laid out like `convolution_arrays`."""
    names = ("batch", "size", "inputs", "outputs", "kernel", "groups")
    n, size, inputs, outputs, kernel, groups = (settings[name] for name in names)
    image, weight = (n, size, size, inputs), (kernel, kernel, inputs // groups, outputs)
    return image if settings["direction"] == "data" else weight
