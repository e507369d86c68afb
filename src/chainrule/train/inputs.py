"""What users give as data, as batches."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.data import ArrayDataset, Dataset, Loader
from chainrule.data.loader import Indexable
from chainrule.errors import error
from chainrule.tensor import Tensor

BATCH_SIZE = 32


class Tensors:
    """Tensors of inputs and targets, taken as they are: no conversion, no classes.

    Parameters
    ----------
    *parts : Tensor
        With equally many samples along axis 0.
    """

    name = "tensors"

    def __init__(self, *parts: Tensor) -> None:
        shapes = {name: part.shape for name, part in zip("xy", parts, strict=False)}
        if any(not part.shape or part.shape[0] != parts[0].shape[0] for part in parts):
            raise error("data.lengths", shapes=shapes)
        self.parts = tuple(part.numpy() for part in parts)

    def __len__(self) -> int:
        return len(self.parts[0])

    def __getitem__(self, rows: Any) -> Any:
        taken = tuple(part[rows] for part in self.parts)
        return taken if len(taken) > 1 else taken[0]


def as_dataset(data: Any, what: str) -> Indexable:
    """A data set of arrays, tensors, or one that is one already.

    Raises
    ------
    DTypeError
        It is none of them.
    """
    if isinstance(data, Dataset):
        return data
    parts = data if isinstance(data, tuple) and len(data) == 2 else (data,)
    if all(isinstance(part, Tensor) for part in parts):
        return Tensors(*parts)
    if all(isinstance(part, np.ndarray | Tensor | list) for part in parts):
        return ArrayDataset(*(np.asarray(part) if isinstance(part, Tensor) else part for part in parts))
    if hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, tuple | dict | str):
        return data
    raise error("train.data", what=what, got=type(data).__name__)


def as_loader(
    data: Any, batch_size: int | None = None, *, shuffle: bool | None = None, seed: int | None = None
) -> Loader:
    """Batches for training: a loader as it is, anything else in batches of a new one.

    Raises
    ------
    ConfigError
        Options of a loader together with a loader.
    """
    options: dict[str, Any] = {"batch_size": batch_size, "shuffle": shuffle, "seed": seed}
    given = {name: value for name, value in options.items() if value is not None}
    if not isinstance(data, Loader):
        return Loader(as_dataset(data, "fit"), **{"batch_size": BATCH_SIZE, **given})
    if given:
        raise error("train.loader_options", options=", ".join(given))
    return data


def in_order(data: Any, batch_size: int | None, what: str) -> Loader:
    """Batches for measuring: every sample once, in order, not augmented; no loader moves on."""
    if not isinstance(data, Loader):
        return Loader(as_dataset(data, what), BATCH_SIZE if batch_size is None else batch_size, shuffle=False)
    if batch_size is not None:
        raise error("train.loader_options", options="batch_size")
    kept: dict[str, Any] = {"prefetch": data.prefetch, "workers": data.workers, "transform": data.transform}
    return Loader(data.dataset, data.batch_size, shuffle=False, **kept)


def pair(batch: Any, what: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets of a batch.

    Raises
    ------
    DataError
        The data has no targets.
    """
    if not (isinstance(batch, tuple) and len(batch) == 2):
        raise error("train.no_targets", what=what)
    return batch


def inputs_of(batch: Any) -> np.ndarray:
    """The inputs of a batch, with or without targets."""
    return batch[0] if isinstance(batch, tuple) else batch
