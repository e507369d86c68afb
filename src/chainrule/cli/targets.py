"""Targets of a regression, scaled for training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from chainrule.data import Dataset

Array = npt.NDArray[Any]


class TargetScale:
    r"""Brings every target to mean 0 and deviation 1, and predictions back to the unit of the data.

    .. math:: \tilde y = (y - \mu) / \sigma

    Parameters
    ----------
    mean, std : array_like (outputs,)
        Of the training part.

    Examples
    --------
    >>> scale = TargetScale.of(np.array([[10.0], [30.0]]))
    >>> scale.back(np.array([[1.0]])).tolist()
    [[30.0]]
    """

    def __init__(self, mean: npt.ArrayLike, std: npt.ArrayLike) -> None:
        self.mean, self.std = np.asarray(mean, np.float64), np.asarray(std, np.float64)

    @classmethod
    def of(cls, targets: Array) -> TargetScale:
        """The scale of a training part's targets; a constant target is only shifted."""
        columns = as_columns(targets).astype(np.float64)
        std = columns.std(axis=0)
        return cls(columns.mean(axis=0), np.where(std > 0, std, 1.0))

    def scaled(self, targets: Array) -> Array:
        """Targets (N,) or (N, outputs) as scaled columns (N, outputs)."""
        return ((as_columns(targets) - self.mean) / self.std).astype(np.float32)

    def back(self, scaled: Array) -> Array:
        """Scaled numbers (N, outputs) in the unit of the data."""
        return scaled * self.std + self.mean

    def to_json(self) -> dict[str, Any]:
        """Plain lists."""
        return {"mean": self.mean.tolist(), "std": self.std.tolist()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> TargetScale:
        """The scale that `to_json` describes."""
        return cls(values["mean"], values["std"])


class ScaledTargets(Dataset):
    """A data set with its targets scaled, as columns (N, outputs).

    Parameters
    ----------
    parent : Dataset
        Of a regression.
    scale : TargetScale
        Fitted on the training part.
    """

    def __init__(self, parent: Dataset, scale: TargetScale) -> None:
        assert parent.targets is not None
        self.parent, self.spec = parent, parent.spec
        self.targets = scale.scaled(parent.targets)

    def __len__(self) -> int:
        return len(self.parent)

    def inputs(self, rows: slice | Array) -> Array:
        """The parent's inputs."""
        return self.parent.inputs(rows)


def as_columns(targets: Array) -> Array:
    """Targets (N,) or (N, outputs) as (N, outputs)."""
    return targets.reshape(len(targets), -1)
