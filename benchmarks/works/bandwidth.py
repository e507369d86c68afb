"""Operations on arrays that no cache holds: how near they come to copying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.arrays import noise
from benchmarks.work import Work

GOAL, SHARE_GOAL = 1.0, 0.85
BYTES = 4

# Bytes of the large arrays that an operation must read and write, in arrays of the input's size.
PASSES = {
    "chain": 3,
    "gelu": 2,
    "sum": 1,
    "column_sum": 1,
    "softmax": 2,
    "layer_norm": 2,
    "layer_norm_training": 4,
    "batch_norm_training": 6,
}
ROWS, IMAGES = (1 << 14, 1 << 10), (32, 96, 96, 64)
TITLES = {
    "chain": "x·y + max(x, 0) of 2²⁴ elements",
    "gelu": "GELU of 2²⁴ elements",
    "sum": "sum of 2²⁴ elements",
    "column_sum": "column sums of 16,384 × 1,024",
    "softmax": "softmax of rows, 16,384 × 1,024",
    "layer_norm": "layer norm, 16,384 × 1,024",
    "layer_norm_training": "layer norm and its derivative, 16,384 × 1,024",
    "batch_norm_training": "batch norm and its derivative, 32 × 96 × 96 × 64",
}


def arrays(parameters: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The input, another of its size, and factors and summands of norms; images are channels-last."""
    rng, shape = np.random.default_rng(17), tuple(parameters["shape"])
    vectors = {"weight": 1 + 0.1 * noise(rng, shape[-1:]), "bias": noise(rng, shape[-1:])}
    needs_other = parameters["operation"] in ("chain", "layer_norm_training", "batch_norm_training")
    other = {"y": noise(rng, shape)} if needs_other else {}
    return {"x": noise(rng, shape), **other, **vectors}


def bandwidth(operation: str) -> Work:
    """A row."""
    shape = IMAGES if operation == "batch_norm_training" else ROWS
    return Work(
        name=f"bandwidth-{operation.replace('_', '-')}",
        title=TITLES[operation],
        kind="bandwidth",
        parameters={"operation": operation, "shape": list(shape)},
        arrays=arrays,
        goal=GOAL,
        share_goal=SHARE_GOAL,
        keeps_memory=True,
        nbytes=lambda parameters: float(PASSES[operation] * np.prod(parameters["shape"]) * BYTES),
    )


WORKS = tuple(map(bandwidth, PASSES))
