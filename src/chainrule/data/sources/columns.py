"""Columns of a CSV file as features: which are numeric, which categories, and which cells are bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.data.arrays import Array, to_float32
from chainrule.data.labels import shorten
from chainrule.data.limits import MAX_CATEGORIES
from chainrule.data.sources.csv_file import Row, Table, is_number
from chainrule.data.spec import Column
from chainrule.errors import error, nearest, text
from chainrule.files.limits import check_bytes

MISSING = frozenset({"", "?", "na", "n/a", "nan", "null"})
"""Texts (in small letters) that mean a cell is missing."""


@dataclass(frozen=True)
class BadCell:
    """A cell, or a whole row where ``column`` is None, that cannot be used, and why (a message's key)."""

    row: Row
    column: str | None
    content: str
    reason: str


def texts_of(table: Table, name: str) -> list[str]:
    """The cells of one column."""
    place = column_index(table, name)
    return [row.cells[place] for row in table.rows]


def column_index(table: Table, name: str) -> int:
    """Position of a column, or an error that lists the names."""
    if name not in table.names:
        folded = {known.lower(): known for known in table.names}
        near = nearest(name.lower(), folded)
        hint = text("data.did_you_mean", near=folded[near]) if near else ""
        raise error("data.csv_column", path=table.path, name=name, names=shorten(table.names), hint=hint)
    return table.names.index(name)


def is_missing(cell: str) -> bool:
    """Whether a cell is empty or holds one of the usual marks.

    >>> is_missing("NaN"), is_missing("?"), is_missing("0")
    (True, True, False)
    """
    return cell.lower() in MISSING


def is_numeric(cells: Iterable[str]) -> bool:
    """Whether more than half of the cells that are filled hold numbers.

    The others are then bad cells, so that one mistyped number does not turn a column into text.
    """
    filled = [cell for cell in cells if not is_missing(cell)]
    return 2 * sum(map(is_number, filled)) > len(filled)


def infer_columns(table: Table, names: Sequence[str], categorical: Sequence[str]) -> list[Column]:
    """Each column's kind, and its categories in sorted order."""
    columns = [_infer_column(table, name, name in categorical) for name in names]
    unasked = [column for column in columns if column.name not in categorical]
    many = {c.name: len(c.features) for c in unasked if len(c.features) > MAX_CATEGORIES}
    if many:
        counts = ", ".join(f"{name!r} ({count})" for name, count in many.items())
        raise error(
            "data.csv_categories", path=table.path, columns=counts, names=list(many), limit=MAX_CATEGORIES
        )
    return columns


def _infer_column(table: Table, name: str, categorical: bool) -> Column:
    cells = texts_of(table, name)
    if all(map(is_missing, cells)):
        raise error("data.csv_empty_column", path=table.path, name=name)
    if not categorical and is_numeric(cells):
        return Column(name)
    return Column(name, tuple(sorted({cell for cell in cells if not is_missing(cell)})))


def encode_columns(table: Table, columns: Sequence[Column]) -> tuple[Array, list[BadCell]]:
    """Features (rows, features) as float32, and the cells that could not be read (0 in their place)."""
    count = sum(len(column.features) for column in columns)
    check_bytes(table.path, 4 * count * len(table.rows))
    x = np.zeros((len(table.rows), count), np.float32)
    bad: list[BadCell] = []
    start = 0
    for column in columns:
        part = x[:, start : start + len(column.features)]
        fill = _fill_numbers if column.categories is None else _fill_one_hot
        bad += fill(table, column, part)
        start += len(column.features)
    return x, bad


def numbers_of(cells: Sequence[str]) -> Array:
    """Cells as float64, NaN where they hold no number."""
    return np.array([float(cell) if is_number(cell) else np.nan for cell in cells], np.float64)


def _fill_numbers(table: Table, column: Column, part: Array) -> list[BadCell]:
    cells = texts_of(table, column.name)
    values = to_float32(numbers_of(cells))
    good = np.isfinite(values)
    part[good, 0] = values[good]
    return bad_cells(table, column.name, cells, good, "data.reason_number")


def _fill_one_hot(table: Table, column: Column, part: Array) -> list[BadCell]:
    cells = texts_of(table, column.name)
    number = {category: place for place, category in enumerate(column.categories or ())}
    codes = np.array([-1 if is_missing(cell) else number.get(cell, -1) for cell in cells])
    good = codes >= 0
    part[np.flatnonzero(good), codes[good]] = 1
    return bad_cells(table, column.name, cells, good, "data.reason_category")


def bad_cells(table: Table, name: str, cells: Sequence[str], good: Array, reason: str) -> list[BadCell]:
    """The cells that are not good; those that are missing say so."""
    return [
        BadCell(table.rows[i], name, cells[i], "data.reason_missing" if is_missing(cells[i]) else reason)
        for i in np.flatnonzero(~good).tolist()
    ]


def ragged_rows(table: Table) -> list[BadCell]:
    """Rows with too few or too many cells."""
    return [BadCell(row, None, str(len(row.cells)), "data.reason_width") for row in table.ragged]


def describe(bad: BadCell, table: Table) -> str:
    """Row, line, column, content and reason of a bad cell."""
    reason = text(bad.reason, content=bad.content, expected=len(table.names))
    if bad.column is None:
        return text("data.bad_row", path=table.path, row=bad.row.number, line=bad.row.line, reason=reason)
    return text(
        "data.bad_cell",
        path=table.path,
        row=bad.row.number,
        line=bad.row.line,
        column=bad.column,
        content=bad.content,
        reason=reason,
    )


def refuse_bad(bad: Sequence[BadCell], table: Table) -> None:
    """Raise the error of the first bad cell in the file, saying how many there are."""
    if not bad:
        return
    first = min(bad, key=lambda cell: cell.row.number)
    kinds = Counter(cell.column for cell in bad if cell.column is not None)
    counts = shorten([f"{name} {count}" for name, count in kinds.most_common()], 5)
    raise error(
        "data.bad_cells",
        first=describe(first, table),
        rows=len({cell.row.number for cell in bad}),
        total=len(table.rows) + len(table.ragged),
        columns=text("data.bad_cells_by_column", columns=counts) if kinds else "",
    )
