"""Batches of a data set, shuffled by seed, made ahead in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any, Protocol

import numpy as np

from chainrule.data.arrays import Array
from chainrule.data.augment import Augmentation
from chainrule.data.checks import check_not_empty, check_whole
from chainrule.data.prefetch import prefetched
from chainrule.data.seeds import generator
from chainrule.errors import error

STREAM = 1
STATE = ("epoch", "batch", "seed")


class Indexable(Protocol):
    """What a loader needs of a data set."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Array) -> Any: ...


class Loader:
    """Iterate over the batches of a data set, an epoch per iteration.

    The order of epoch e is a function of (seed, e) alone, and so are all augmentations. A run
    that stops in the middle of an epoch and loads the saved state goes on bit for bit, whatever
    the number of workers. An iteration that is given up (by ``break``) begins its epoch again.

    Parameters
    ----------
    dataset : Dataset
        Or anything with a length that takes an array of indices.
    batch_size : int
        Samples per batch; the last batch holds what is left.
    shuffle : bool
        Take the samples in a new random order every epoch.
    seed : int
        Of the order and of the augmentations.
    drop_last : bool
        Leave out a last batch that is not full.
    prefetch : int
        Batches made ahead; 0 for none and no threads.
    workers : int
        Threads that make them. More than one helps where images are decoded.
    transform : callable, optional
        Applied to the inputs of each batch, for example a fitted `Pipeline`.
    augment : sequence of Augmentation
        Applied to the inputs before ``transform``; for training only.

    Attributes
    ----------
    epoch : int
        Number of the epoch that the next iteration makes; rises by one at the end of each.
    batch : int
        Batches of the epoch that were handed out.

    Raises
    ------
    DataError
        For an empty data set.
    ConfigError
        For sizes and counts that make no sense.

    Examples
    --------
    >>> from chainrule.data import ArrayDataset, Loader
    >>> data = ArrayDataset(np.zeros((5, 3)), [0, 1, 2, 1, 0])
    >>> for x, y in Loader(data, batch_size=2, shuffle=False):
    ...     print(x.shape, y)
    (2, 3) [0 1]
    (2, 3) [2 1]
    (1, 3) [0]
    """

    def __init__(
        self,
        dataset: Indexable,
        batch_size: int = 32,
        *,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
        prefetch: int = 2,
        workers: int = 1,
        transform: Callable[[Array], Array] | None = None,
        augment: Sequence[Augmentation] = (),
    ) -> None:
        check_whole("batch_size", batch_size, 1)
        check_whole("prefetch", prefetch, 0)
        check_whole("workers", workers, 1)
        generator(seed)
        check_not_empty(len(dataset), getattr(dataset, "name", type(dataset).__name__))
        if drop_last and len(dataset) < batch_size:
            raise error("data.drops_all", batch=batch_size, count=len(dataset))
        self.dataset, self.batch_size, self.shuffle, self.seed = dataset, batch_size, shuffle, seed
        self.drop_last, self.prefetch, self.workers = drop_last, prefetch, workers
        self.transform, self.augment = transform, tuple(augment)
        self.epoch = 0
        self.batch = 0
        self._resumed = False

    def __len__(self) -> int:
        """Batches per epoch."""
        full, rest = divmod(len(self.dataset), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        if not self._resumed:
            self.batch = 0
        self._resumed = False
        make = partial(self._make, self._order(), self._draws())
        numbers = range(self.batch, len(self))
        with closing(prefetched(make, numbers, self.prefetch, self.workers)) as batches:
            for batch in batches:
                self.batch += 1
                yield batch
        self.epoch, self.batch = self.epoch + 1, 0

    def _order(self) -> Array:
        count = len(self.dataset)
        return generator(self.seed, self.epoch).permutation(count) if self.shuffle else np.arange(count)

    def _draws(self) -> list[Array]:
        """Random numbers of every augmentation for every sample of the epoch."""
        count = len(self.dataset)
        return [
            generator(self.seed, self.epoch, STREAM, place).random((count, augmentation.draws))
            for place, augmentation in enumerate(self.augment)
        ]

    def _make(self, order: Array, draws: list[Array], number: int) -> Any:
        rows = order[number * self.batch_size : (number + 1) * self.batch_size]
        batch = self.dataset[rows]
        if not isinstance(batch, tuple):
            return self._prepared(batch, rows, draws)
        x, *rest = batch
        return (self._prepared(x, rows, draws), *rest)

    def _prepared(self, x: Array, rows: Array, draws: list[Array]) -> Array:
        for augmentation, uniform in zip(self.augment, draws, strict=True):
            x = augmentation(x, uniform[rows])
        return x if self.transform is None else self.transform(x)

    def state_dict(self) -> dict[str, int]:
        """Where the iteration is: epoch, batches of it already handed out, and seed."""
        return {name: getattr(self, name) for name in STATE}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on from a saved place: the next iteration begins there.

        After the last batch of an epoch that is an iteration without batches, so that a training
        loop comes to its end-of-epoch work as it would have without the interruption.
        """
        fits = all(isinstance(state.get(name), int) and state[name] >= 0 for name in STATE)
        if not fits or state["batch"] > len(self):
            raise error("data.loader_state", state=dict(state), batches=len(self))
        self.epoch, self.batch, self.seed = (state[name] for name in STATE)
        self._resumed = True
