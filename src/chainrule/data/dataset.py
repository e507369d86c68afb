"""Data sets: inputs and targets by index."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from chainrule.data.arrays import (
    Array,
    as_array,
    as_batch,
    as_targets,
    default_classes,
    guess_kind,
    guess_task,
    stored,
)
from chainrule.data.checks import check_finite, check_labels, check_lengths, check_not_empty
from chainrule.data.spec import Column, InputSpec
from chainrule.data.split import split_rows
from chainrule.errors import error

Rows = slice | Array


class Dataset(ABC):
    """Samples that are taken by index.

    ``dataset[i]`` is one sample, ``dataset[a:b]`` and ``dataset[array]`` are batches, each a
    pair (inputs, targets), or inputs alone where there are no targets. Inputs are float32:
    images (C, H, W) with values in [0, 1], tables (F,), sequences (T, F). Targets are int64
    labels, or float32.

    To make a new kind, define ``spec``, ``targets``, ``__len__`` and ``inputs``.

    Attributes
    ----------
    spec : InputSpec
        Kind, shape and names.
    targets : array or None
        All targets, (N,) labels or (N,) or (N, K) numbers.
    """

    spec: InputSpec
    targets: Array | None

    @abstractmethod
    def __len__(self) -> int:
        """Number of samples."""

    @abstractmethod
    def inputs(self, rows: Rows) -> Array:
        """Inputs of some samples as float32, with the batch axis first."""

    def __getitem__(self, index: int | slice | npt.ArrayLike) -> Any:
        if isinstance(index, int | np.integer):
            batch = self[np.array([index])]
            return batch[0] if self.targets is None else tuple(part[0] for part in batch)
        rows = index if isinstance(index, slice) else self._rows(index)
        return self.inputs(rows) if self.targets is None else (self.inputs(rows), self.targets[rows])

    def _rows(self, index: npt.ArrayLike) -> Array:
        rows = np.asarray(index)
        if rows.dtype == bool and rows.shape == (len(self),):
            return np.flatnonzero(rows)
        if rows.ndim != 1 or (rows.dtype.kind not in "iu" and rows.size):
            raise error("data.index_kind", dtype=rows.dtype, shape=rows.shape, length=len(self))
        rows = rows.astype(np.int64, copy=False)
        if rows.size and (rows.min() < -len(self) or rows.max() >= len(self)):
            first = rows[(rows < -len(self)) | (rows >= len(self))][0]
            raise error("data.index_range", index=int(first), length=len(self), name=self.name)
        return np.where(rows < 0, rows + len(self), rows)

    @property
    def name(self) -> str:
        """The data set's name."""
        return self.spec.name

    @property
    def task(self) -> str | None:
        """``classification``, ``regression``, or None without targets."""
        return self.spec.task

    @property
    def input_kind(self) -> str:
        """``image``, ``table`` or ``sequence``."""
        return self.spec.input_kind

    @property
    def classes(self) -> tuple[str, ...] | None:
        """Class names, label 0 first; None for a regression."""
        return self.spec.classes

    @property
    def feature_names(self) -> tuple[str, ...] | None:
        """Names along the last axis of a table or sequence."""
        return self.spec.feature_names

    @property
    def labels(self) -> Array:
        """The targets of a classification, or an error where there are no classes."""
        if self.targets is None or self.classes is None:
            raise error("data.no_classes", name=self.name)
        return self.targets

    def class_counts(self) -> Array:
        """Number of samples of each class.

        >>> ArrayDataset([[0.0], [1.0], [2.0]], [1, 0, 1]).class_counts()
        array([1, 2])
        """
        return np.bincount(self.labels, minlength=len(self.classes or ()))

    def subset(self, rows: npt.ArrayLike) -> Dataset:
        """The samples at some indices (or where a mask is True), sharing memory with this data set."""
        return Subset(self, self._rows(rows))

    def split(
        self, fractions: Sequence[float], *, seed: int = 0, stratify: bool | None = None
    ) -> list[Dataset]:
        """Cut at random into parts of given fractions; every sample lands in exactly one.

        Parameters
        ----------
        fractions : sequence of float
            Shares of the parts, adding up to 1.
        seed : int
            Equal seeds give equal parts.
        stratify : bool, optional
            Give every class the same shares. By default wherever there are classes.

        Raises
        ------
        ConfigError
            When the fractions do not add up to 1.
        DataError
            When a part would be empty.

        Examples
        --------
        >>> data = ArrayDataset(np.eye(10), [0, 1] * 5)
        >>> [len(part) for part in data.split([0.8, 0.2])]
        [8, 2]
        """
        stratify = self.classes is not None if stratify is None else stratify
        labels = self.labels if stratify else np.zeros(len(self), np.int64)
        return [self.subset(rows) for rows in split_rows(labels, fractions, seed)]

    def __repr__(self) -> str:
        shape, count = self.spec.shape, len(self.classes) if self.classes else None
        classes = f", {count} classes" if count else ""
        return f"<{type(self).__name__} {self.name!r}: {len(self)} × {self.input_kind} {shape}{classes}>"


class ArrayDataset(Dataset):
    """Arrays in memory.

    Parameters
    ----------
    x : array_like
        Images (N, H, W), (N, C, H, W) or (N, H, W, C), tables (N, F), or sequences (N, T, F).
        Integer pixels are 8-bit, or 16-bit for uint16; floating-point ones are taken as they are.
    y : array_like, optional
        Labels 0 … K-1 as integers (N,), or targets of a regression (N,) or (N, K).
    name : str
        Shown in messages and reports.
    task : str, optional
        ``classification`` or ``regression``; by default integers are labels and floats are not.
    input_kind : str, optional
        ``image``, ``table`` or ``sequence``; by default 2 axes are a table, 4 are images, and
        3 are images where they are uint8 or uint16, else sequences.
    classes : sequence of str, optional
        Class names; by default ``0``, ``1``, … up to the largest label.
    feature_names : sequence of str, optional
        Names along the last axis of a table or sequence.
    columns, target : optional
        Where the features and targets came from in a CSV file, see `InputSpec`.

    Raises
    ------
    DataError
        Empty data, NaN or infinity (naming sample and column).
    ShapeError
        Inputs and targets of different length, or axes that fit no kind.
    OutOfRangeError
        Labels outside the classes.

    Examples
    --------
    >>> data = ArrayDataset(np.zeros((4, 28, 28), np.uint8), [0, 1, 2, 1])
    >>> x, y = data[:2]
    >>> x.shape, x.dtype, y, data.classes
    ((2, 1, 28, 28), dtype('float32'), array([0, 1]), ('0', '1', '2'))
    """

    def __init__(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        *,
        name: str = "arrays",
        task: str | None = None,
        input_kind: str | None = None,
        classes: Sequence[str] | None = None,
        feature_names: Sequence[str] | None = None,
        columns: Sequence[Column] | None = None,
        target: str | None = None,
    ) -> None:
        x = as_array(x, "x")
        check_not_empty(len(x) if x.ndim else 1, name)
        kind = guess_kind(x) if input_kind is None else input_kind
        self._x = _read_only(stored(x, kind))
        check_finite(self._x, "x", feature_names)
        about = InputSpec(
            name,
            kind,
            self._x.shape[1:],
            feature_names=None if feature_names is None else tuple(feature_names),
            columns=None if columns is None else tuple(columns),
            target=target,
        )
        self.targets, self.spec = _with_targets(self._x, y, task, classes, about)

    def __len__(self) -> int:
        return len(self._x)

    def inputs(self, rows: Rows) -> Array:
        """Inputs of some samples as float32, with the batch axis first."""
        taken = self._x[rows] if isinstance(rows, slice) else self._x.take(rows, axis=0)
        return as_batch(taken, self.input_kind)


class Subset(Dataset):
    """Some samples of another data set, in a given order.

    Parameters
    ----------
    parent : Dataset
        Where the samples are taken from; its memory is shared.
    rows : array of int
        Indices into it, not negative.
    """

    def __init__(self, parent: Dataset, rows: Array) -> None:
        check_not_empty(len(rows), parent.name)
        self.parent, self.rows = _flattened(parent, rows)
        self.spec = parent.spec
        self.targets = None if parent.targets is None else _read_only(parent.targets[rows])

    def __len__(self) -> int:
        return len(self.rows)

    def inputs(self, rows: Rows) -> Array:
        """Inputs of some samples as float32, with the batch axis first."""
        return self.parent.inputs(self.rows[rows])


def _flattened(parent: Dataset, rows: Array) -> tuple[Dataset, Array]:
    return (parent.parent, parent.rows[rows]) if isinstance(parent, Subset) else (parent, rows)


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view


def _with_targets(
    x: Array, y: npt.ArrayLike | None, task: str | None, classes: Sequence[str] | None, about: InputSpec
) -> tuple[Array | None, InputSpec]:
    if y is None:
        return None, about
    y = as_array(y, "y")
    check_lengths(x, y)
    task = guess_task(y) if task is None else task
    about = replace(about, task=task)
    targets = as_targets(y, task)
    if task == "regression":
        check_finite(targets, "y")
        return _read_only(targets), about
    classes = default_classes(targets) if classes is None else tuple(classes)
    check_labels(targets, classes)
    return _read_only(targets), replace(about, classes=classes)
