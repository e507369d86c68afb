"""Preprocessing that is fitted on the training part and saved with the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from chainrule.data.arrays import Array
from chainrule.data.dataset import Dataset
from chainrule.errors import error

CHUNK = 1024
RESOLUTION = float(np.finfo(np.float32).eps)


class Transform(Protocol):
    """A function of a batch of inputs, with state that JSON can hold."""

    def fit(self, train: Dataset) -> Transform:
        """Learn what is to be learned from the training part; returns itself."""

    def __call__(self, x: Array) -> Array:
        """Transform a batch, (N, …)."""

    def state_dict(self) -> dict[str, Any]:
        """What was learned, as lists and numbers."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take what `state_dict` gave."""


class Normalize:
    r"""Bring every channel (of images) or feature (of tables, sequences) to mean 0 and deviation 1.

    .. math:: \hat x_c = (x_c - \mu_c) / \sigma_c

    :math:`\mu_c` and :math:`\sigma_c` are the mean and standard deviation of the training part
    (of the population, dividing by N), summed in float64 and merged chunk by chunk (Chan, Golub,
    LeVeque 1979). A constant feature has :math:`\sigma_c = 1`, so it becomes 0.

    Examples
    --------
    >>> from chainrule.data import ArrayDataset
    >>> train = ArrayDataset([[0.0, 7.0], [2.0, 7.0]])
    >>> normalize = Normalize().fit(train)
    >>> normalize(train[:]).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """

    def __init__(self) -> None:
        self.axis = -1
        self.mean: Array | None = None
        self.std: Array | None = None

    def fit(self, train: Dataset) -> Normalize:
        """Compute mean and deviation; images have their channels on axis 1, all else on the last axis."""
        self.axis = 1 if train.input_kind == "image" else -1
        count, mean, squares = 0, np.float64(0), np.float64(0)
        for start in range(0, len(train), CHUNK):
            chunk = self._by_feature(train.inputs(np.arange(start, min(start + CHUNK, len(train)))))
            count, mean, squares = _merged(count, mean, squares, chunk)
        deviation = np.sqrt(squares / count)
        # Below the resolution of float32 a deviation is rounding, not information.
        constant = deviation <= RESOLUTION * np.abs(mean)
        self.mean, self.std = mean, np.where(constant, 1.0, deviation)
        return self

    def __call__(self, x: Array) -> Array:
        """Normalise a batch, giving float32."""
        if self.mean is None or self.std is None:
            raise error("data.not_fitted", name=type(self).__name__)
        if x.shape[self.axis] != len(self.mean):
            raise error("data.normalize_axis", axis=self.axis, expected=len(self.mean), shapes={"x": x.shape})
        shape = [1] * x.ndim
        shape[self.axis] = -1
        mean, std = (v.astype(np.float32).reshape(shape) for v in (self.mean, self.std))
        return (x - mean) / std

    def _by_feature(self, x: Array) -> Array:
        return np.moveaxis(x, self.axis, -1).reshape(-1, x.shape[self.axis]).astype(np.float64)

    def state_dict(self) -> dict[str, Any]:
        """Axis, mean and deviation as lists (Python's floats are written and read back exactly)."""
        if self.mean is None or self.std is None:
            raise error("data.not_fitted", name=type(self).__name__)
        return {"axis": self.axis, "mean": self.mean.tolist(), "std": self.std.tolist()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take what `state_dict` gave."""
        try:
            axis = int(state["axis"])
            mean, std = (np.array(state[name], np.float64) for name in ("mean", "std"))
        except (KeyError, TypeError, ValueError) as e:
            raise error("data.transform_state", name="Normalize", problem=repr(e)) from e
        self.axis, self.mean, self.std = axis, mean, std


def _merged(count: int, mean: Array, squares: Array, chunk: Array) -> tuple[int, Array, Array]:
    """Count, mean and sum of squared deviations after more rows (Chan, Golub, LeVeque 1979, eq. 2.1)."""
    total = count + len(chunk)
    chunk_mean = chunk.mean(axis=0)
    shift = chunk_mean - mean
    chunk_squares = np.square(chunk - chunk_mean).sum(axis=0)
    squares = squares + chunk_squares + np.square(shift) * count * len(chunk) / total
    return total, mean + shift * len(chunk) / total, squares


TRANSFORMS: dict[str, type[Transform]] = {"Normalize": Normalize}


class Pipeline:
    """Several transforms, one after the other.

    Each is fitted on the training part as the ones before it leave it.

    Parameters
    ----------
    transforms : sequence of Transform
        In the order they are applied.

    Examples
    --------
    >>> from chainrule.data import ArrayDataset
    >>> train = ArrayDataset([[0.0], [2.0]])
    >>> pipeline = Pipeline([Normalize()]).fit(train)
    >>> again = Pipeline.from_state_dict(pipeline.state_dict())
    >>> again(train[:]).tolist()
    [[-1.0], [1.0]]
    """

    def __init__(self, transforms: Sequence[Transform] = ()) -> None:
        self.transforms = list(transforms)

    def fit(self, train: Dataset) -> Pipeline:
        """Fit every transform."""
        for transform in self.transforms:
            transform.fit(train)
            train = _Transformed(train, transform)
        return self

    def __call__(self, x: Array) -> Array:
        """Apply every transform to a batch."""
        for transform in self.transforms:
            x = transform(x)
        return x

    def state_dict(self) -> dict[str, Any]:
        """Names and states, as lists and numbers that JSON holds exactly."""
        return {"transforms": [[type(t).__name__, t.state_dict()] for t in self.transforms]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Become the pipeline that a state describes."""
        self.transforms = _from_state(state)

    @classmethod
    def from_state_dict(cls, state: Mapping[str, Any]) -> Pipeline:
        """The pipeline that a state describes."""
        return cls(_from_state(state))


def _from_state(state: Mapping[str, Any]) -> list[Transform]:
    transforms = []
    try:
        rows = [(str(name), inner) for name, inner in state["transforms"]]
    except (KeyError, TypeError, ValueError) as e:
        raise error("data.transform_state", name="Pipeline", problem=repr(e)) from e
    for name, inner in rows:
        if name not in TRANSFORMS:
            raise error("data.choice", option="transform", got=name, allowed=", ".join(TRANSFORMS))
        transform = TRANSFORMS[name]()
        transform.load_state_dict(inner)
        transforms.append(transform)
    return transforms


class _Transformed(Dataset):
    """A data set as a transform leaves it, for fitting the next one."""

    def __init__(self, parent: Dataset, transform: Transform) -> None:
        self.parent, self.transform = parent, transform
        self.spec, self.targets = parent.spec, parent.targets

    def __len__(self) -> int:
        return len(self.parent)

    def inputs(self, rows: slice | Array) -> Array:
        return self.transform(self.parent.inputs(rows))
