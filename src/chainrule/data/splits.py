"""The three parts of a data set: training, validation, test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from chainrule.data.dataset import Dataset
from chainrule.data.spec import InputSpec
from chainrule.errors import error


@dataclass(frozen=True)
class Splits:
    """Training, validation and test part.

    Parameters
    ----------
    train : Dataset
        What the network learns from; all preprocessing is fitted on it alone.
    validation : Dataset, optional
        What choices (early stopping, learning rate) are made on.
    test : Dataset, optional
        What is measured once, at the end.
    skipped : tuple of str
        Each sample that was left out, and why.

    Examples
    --------
    >>> from chainrule import data
    >>> train, validation, test = data.load("iris")
    >>> len(train), len(validation), len(test)
    (105, 15, 30)
    """

    train: Dataset
    validation: Dataset | None = None
    test: Dataset | None = None
    skipped: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Dataset | None]:
        return iter((self.train, self.validation, self.test))

    @property
    def spec(self) -> InputSpec:
        """What a model must know of the inputs."""
        return self.train.spec


def complete(parts: Splits, validation: float, test: float, seed: int) -> Splits:
    """Cut the parts that a source did not bring off its training part.

    Parameters
    ----------
    parts : Splits
        What the source brought.
    validation, test : float
        Shares of the training part; 0 for none. Not used for parts that the source brought.
    seed : int
        Equal seeds give equal parts.
    """
    shares = {
        "validation": validation if parts.validation is None else 0.0,
        "test": test if parts.test is None else 0.0,
    }
    wanted = {name: share for name, share in shares.items() if share != 0}
    if not wanted:
        return parts
    fractions = [1 - sum(wanted.values()), *wanted.values()]
    train, *others = parts.train.split(fractions, seed=seed)
    cut = dict(zip(wanted, others, strict=True))
    return replace(
        parts,
        train=train,
        validation=cut.get("validation", parts.validation),
        test=cut.get("test", parts.test),
    )


def check_classes(train: Dataset) -> None:
    """Refuse to train a classifier on a single class."""
    if train.classes is None:
        return
    present = np.flatnonzero(train.class_counts())
    if len(present) < 2:
        only = train.classes[present[0]]
        raise error("data.one_class", name=train.name, only=only, count=len(train))
