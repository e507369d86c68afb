"""Layers and losses at the samples of their rows, with random parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

import chainrule as cr
from chainrule import nn
from chainrule.core import tree
from chainrule.core.interpreter import lift
from chainrule.core.sample import REALS

SAMPLES = [(name, i) for name, row in nn.LAYERS.items() for i in range(len(row.samples))]
LOSS_SAMPLES = [(name, i) for name, row in nn.LOSSES.items() for i in range(len(row.samples))]


def drawn(row: Any, i: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Inputs of a sample; floats have few digits, so that they are the same in every type."""
    arrays = row.samples[i].draw(rng, (REALS,))
    return [a.astype(np.float32).astype(a.dtype) if a.dtype.kind == "f" else a for a in arrays]


def built(name: str, i: int, rng: np.random.Generator) -> Any:
    """A layer in float64 whose parameters and statistics are random, variances positive."""
    row = nn.LAYERS[name]
    module = row.module(**row.samples[i].params).double()
    for path, tensor in (*module.named_parameters(), *module.named_buffers()):
        if tensor.dtype.kind == "f":
            values = rng.uniform(0.3, 1.5, tensor.shape)
            sign = 1 if path.endswith("var") else rng.choice([-1, 1], tensor.shape)
            tensor.assign((sign * values).astype(np.float32))
    return module


def called(module: nn.Module, *inputs: Any) -> list[Any]:
    """All results of a call, after the random numbers were begun anew."""
    cr.random.seed(7)
    return [lift(y) for y in tree.leaves(module(*inputs))]
