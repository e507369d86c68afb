"""A CSV file with a target column as a source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from chainrule.data.arrays import Array, to_float32
from chainrule.data.dataset import ArrayDataset
from chainrule.data.labels import class_names, encode_labels
from chainrule.data.limits import MAX_TARGET_CLASSES
from chainrule.data.sources.columns import (
    BadCell,
    bad_cells,
    column_index,
    describe,
    encode_columns,
    infer_columns,
    is_missing,
    is_numeric,
    numbers_of,
    ragged_rows,
    refuse_bad,
    texts_of,
)
from chainrule.data.sources.csv_file import ENCODING, SUFFIXES, Table, read_csv
from chainrule.data.spec import TASKS, Column
from chainrule.data.splits import Splits
from chainrule.errors import error


def load_csv(
    source: str | Path,
    *,
    target: str | None = None,
    task: str | None = None,
    ignore: Sequence[str] = (),
    categorical: Sequence[str] = (),
    header: bool | None = None,
    delimiter: str | None = None,
    encoding: str = ENCODING,
    skip_bad: bool = False,
    columns: Sequence[Column] | None = None,
) -> Splits:
    """A CSV file: one sample per row, one column of it the target.

    A column is numeric if more than half of its filled cells hold numbers; any other column is
    categories, encoded one-hot. Empty cells and ``NA``, ``N/A``, ``NaN``, ``null``, ``?`` are missing.

    Parameters
    ----------
    source : str or Path
        The file.
    target : str, optional
        Name of the target column; by default the last one.
    task : str, optional
        By default a text target is a class, and so is a whole-number target of at most 20
        different values that come twice or more on average; any other is a regression.
    ignore : sequence of str
        Columns to leave out (numbers of persons, free text, …).
    categorical : sequence of str
        Columns of numbers that are categories.
    header, delimiter, encoding : optional
        How to read the file, see `chainrule.data.sources.csv_file.read_csv`.
    skip_bad : bool
        Leave out rows with a missing or unreadable cell, and list them.
    columns : sequence of Column, optional
        Columns as an earlier data set had them, in place of looking at the file.

    Raises
    ------
    DataError
        A bad cell, naming row, line, column and content; a column of too many different texts.
    """
    path = Path(source)
    known = [*ignore, *categorical, *(column.name for column in columns or ())]
    known += [] if target is None else [target]
    table = read_csv(path, header=header, delimiter=delimiter, encoding=encoding, known=known)
    target = table.names[-1] if target is None else target
    if columns is None:
        columns = _infer(table, target, ignore, categorical)
    x, bad = encode_columns(table, columns)
    y, task, classes, bad_targets = _encode_target(table, target, task)
    bad = [*ragged_rows(table), *bad, *bad_targets]
    if not skip_bad:
        refuse_bad(bad, table)
    good = _good_rows(table, bad)
    if bad and not good.any():
        raise error("data.none_left", name=path, count=len(table.rows) + len(table.ragged))
    dataset = ArrayDataset(
        x[good],
        y[good],
        name=path.stem,
        task=task,
        classes=classes,
        feature_names=[feature for column in columns for feature in column.features],
        columns=columns,
        target=target,
    )
    return Splits(dataset, skipped=_skipped(bad, table))


def is_csv(source: object) -> bool:
    """Whether a source is the path of a CSV file."""
    return isinstance(source, str | Path) and str(source).lower().endswith(SUFFIXES)


def _infer(table: Table, target: str, ignore: Sequence[str], categorical: Sequence[str]) -> list[Column]:
    for name in (target, *ignore, *categorical):
        column_index(table, name)
    names = [name for name in table.names if name != target and name not in ignore]
    if not names:
        raise error("data.csv_no_features", path=table.path, target=target)
    return infer_columns(table, names, categorical)


Target = tuple[Array, str, tuple[str, ...] | None, list[BadCell]]


def _encode_target(table: Table, target: str, task: str | None) -> Target:
    if task is not None and task not in TASKS:
        raise error("data.choice", option="task", got=task, allowed=", ".join(TASKS))
    cells = texts_of(table, target)
    filled = np.array([not is_missing(cell) for cell in cells], bool)
    numeric = is_numeric(cells)
    values = numbers_of(cells) if numeric else np.array(cells)
    good = np.isfinite(to_float32(values)) if numeric else filled
    bad = bad_cells(table, target, cells, good, "data.reason_number")
    if task is None:
        task = "classification" if not numeric or _are_labels(values[good]) else "regression"
    if task == "regression" and not numeric:
        raise error("data.csv_text_target", path=table.path, name=target)
    if task == "regression":
        return values[:, np.newaxis], task, None, bad
    labels, classes = _labels(values, good, numeric)
    return labels, task, classes, bad


def _are_labels(values: Array) -> bool:
    different = len(np.unique(values))
    whole = bool((values == np.floor(values)).all())
    return whole and different <= MAX_TARGET_CLASSES and 2 * different <= len(values)


def _labels(values: Array, good: Array, numeric: bool) -> tuple[Array, tuple[str, ...]]:
    """Labels (0 where the cell is bad) and class names."""
    known = np.unique(values[good])
    whole = numeric and bool((known == np.floor(known)).all())
    labels = np.zeros(len(values), np.int64)
    labels[good] = encode_labels(values[good], known, "train")
    return labels, class_names(known.astype(np.int64) if whole else known)


def _good_rows(table: Table, bad: Sequence[BadCell]) -> Array:
    numbers = {cell.row.number for cell in bad}
    return np.array([row.number not in numbers for row in table.rows], bool)


def _skipped(bad: Sequence[BadCell], table: Table) -> tuple[str, ...]:
    """The first reason of every row that was left out."""
    first: dict[int, BadCell] = {}
    for cell in bad:
        first.setdefault(cell.row.number, cell)
    return tuple(describe(first[number], table) for number in sorted(first))
