"""Fully connected layers."""

from __future__ import annotations

import itertools
from typing import Any


def mlp(nn: Any, sizes: list[int]) -> Any:
    """Linear layers of these sizes with ReLU between them."""
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
