"""What a side is asked to do, and what it gives back. Runs in the peers' environment too."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = "weights/"


@dataclass(frozen=True)
class Job:
    """A work as a side sees it: its kind, its parameters, and the arrays that all sides are given."""

    kind: str
    parameters: dict[str, Any]
    arrays: dict[str, np.ndarray] = field(repr=False)
    threads: int = 1

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """Arrays of the model, by the names of our ``state_dict``."""
        return {key[len(WEIGHTS) :]: x for key, x in self.arrays.items() if key.startswith(WEIGHTS)}


def one_value(result: Any) -> list[np.ndarray]:
    """A result that NumPy can read."""
    return [np.asarray(result)]


def data_folder(name: str) -> Path:
    """A data set in the folder that ``CHAINRULE_DATA`` names; `FileNotFoundError` if it isn't there."""
    folder = Path(os.environ.get("CHAINRULE_DATA", ROOT.parent / "shared" / "data")) / name
    if not folder.is_dir():
        raise FileNotFoundError(
            f"no {name} in {folder.parent}; name a folder that has it with CHAINRULE_DATA"
        )
    return folder


def reached(accuracy: float, target: float) -> bool:
    """True; a training that did not get as far has not done its work, however quick it was."""
    if accuracy < target:
        raise RuntimeError(f"{accuracy:.2%} of the test samples are right, {target:.0%} are wanted")
    return True


@dataclass(frozen=True)
class Task:
    """A work that is ready to be done.

    `step` does it once and returns when it is done (what runs in the background is waited for); the first
    call may compile. `values` turns what `step` returned into arrays, which are compared between sides:
    the loss of a training step, the outputs of a model or kernel.
    """

    step: Callable[[], Any]
    values: Callable[[Any], list[np.ndarray]] = one_value
