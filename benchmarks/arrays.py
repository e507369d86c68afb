"""Arrays for everyone, made by NumPy from a seed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.models import make
from benchmarks.task import WEIGHTS


def noise(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Normal noise."""
    return rng.standard_normal(shape, np.float32)


def labels(rng: np.random.Generator, shape: tuple[int, ...], classes: int) -> np.ndarray:
    """Classes at random."""
    return rng.integers(classes, size=shape)


tokens = labels


def model_weights(rng: np.random.Generator, model: str, settings: dict[str, Any]) -> dict[str, np.ndarray]:
    """Weights of a model of `benchmarks.models`, by the names of ours.

    Kernels are uniform with variance 1/(3·inputs); factors of norms lie about 1, and all biases differ from
    0, so that one which is forgotten or exchanged shows in the results.
    """
    from chainrule import nn

    found = make(nn, model, settings)
    return {f"{WEIGHTS}{name}": _values(rng, name, p.shape) for name, p in found.named_parameters()}


def _values(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray:
    if len(shape) > 1:
        bound = 1 / math.sqrt(math.prod(shape[1:]))
        return rng.uniform(-bound, bound, shape).astype(np.float32)
    center = 1.0 if name.endswith("weight") else 0.0
    return (center + 0.05 * rng.standard_normal(shape)).astype(np.float32)
