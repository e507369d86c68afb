"""Whole trainings, from the command to an accuracy: everything counted, data, compiling and testing included.

Data sets lie in the folder that ``CHAINRULE_DATA`` names, as IDX files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.work import Work


def no_arrays(parameters: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Commands read files."""
    return {}


def training(data: str, epochs: int, target: float) -> Work:
    """The recipe of the command's own network for images, and what part of the test images must be right."""
    recipe = {"data": data, "epochs": epochs, "target": target, "batch": 128, "lr": 0.005, "shift": 3}
    return Work(
        name=f"command-{data}",
        title=f"command to {target:.0%} on {data}, {epochs} epochs of batch 128, everything counted",
        kind="command",
        parameters=recipe,
        arrays=no_arrays,
        goal=3.0,
        tolerance=0.0,
        is_command=True,
    )


WORKS = (training("mnist", 3, 0.99), training("fashion-mnist", 6, 0.90))
