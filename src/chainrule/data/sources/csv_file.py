"""A CSV file as a table of texts: delimiter, header line, rows of equal width."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.data.checks import check_not_empty
from chainrule.errors import error
from chainrule.files.limits import check_bytes

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = ",;\t|"
ENCODING = "utf-8-sig"
SUFFIXES = (".csv", ".tsv")


@dataclass(frozen=True)
class Row:
    """The cells of one sample, with its number among the samples and its line in the file (from 1)."""

    number: int
    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A CSV file's column names and rows; names are ``column 1``, … where it has no header."""

    path: Path
    names: tuple[str, ...]
    rows: list[Row]
    has_header: bool
    ragged: list[Row]


def read_csv(
    path: Path,
    *,
    header: bool | None = None,
    delimiter: str | None = None,
    encoding: str = ENCODING,
    known: Sequence[str] = (),
) -> Table:
    """Read a CSV file.

    Parameters
    ----------
    path : Path
        The file.
    header : bool, optional
        Whether the first line holds names. By default it does if it has one of the ``known``
        names, or else if none of its cells is a number or comes again further down its column.
    delimiter : str, optional
        By default the one of comma, semicolon, tab and bar that is most frequent in the first line.
    encoding : str
        Of the file's text.
    known : sequence of str
        Names that a header is expected to have.
    """
    records = list(_records(path, delimiter, encoding))
    check_not_empty(len(records), str(path))
    first = records[0][1]
    if header is None:
        header = _looks_like_header([cells for _, cells in records], known)
    names = _names(first, path) if header else tuple(f"column {n}" for n in range(1, len(first) + 1))
    body = records[1:] if header else records
    check_not_empty(len(body), str(path))
    rows = [Row(number, line, cells) for number, (line, cells) in enumerate(body, start=1)]
    fitting = [row for row in rows if len(row.cells) == len(names)]
    ragged = [row for row in rows if len(row.cells) != len(names)]
    return Table(path, names, fitting, header, ragged)


def _records(path: Path, delimiter: str | None, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped cells of each record that is not blank."""
    if delimiter is not None and len(delimiter) != 1:
        raise error("data.delimiter", got=delimiter)
    try:
        check_bytes(path, path.stat().st_size)
        with path.open(newline="", encoding=encoding) as file:
            delimiter = _delimiter(file.readline()) if delimiter is None else delimiter
            file.seek(0)
            reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True, strict=True)
            yield from _filled(reader, path)
    except FileNotFoundError as e:
        raise error("files.no_file", path=path) from e
    except UnicodeDecodeError as e:
        raise error("data.encoding", path=path, encoding=encoding, byte=e.start) from e
    except LookupError as e:
        raise error("data.unknown_encoding", got=encoding) from e
    except OSError as e:
        raise error("files.damaged", path=path, kind="CSV", problem=e) from e


def _filled(reader: Reader, path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as e:
        raise error("data.csv", path=path, line=reader.line_num, problem=e) from e


def _delimiter(line: str) -> str:
    counts = Counter(character for character in line if character in DELIMITERS)
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])


def _looks_like_header(records: list[list[str]], known: Sequence[str]) -> bool:
    first, rest = records[0], records[1:]
    if any(name in first for name in known):
        return True
    if any(is_number(cell) for cell in first) or not any(first):
        return False
    comes_again = (cell == row[place] for row in rest for place, cell in enumerate(first[: len(row)]) if cell)
    return not any(comes_again)


def _names(cells: list[str], path: Path) -> tuple[str, ...]:
    names = tuple(cell or f"column {place}" for place, cell in enumerate(cells, start=1))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise error("data.csv_names", path=path, name=twice[0])
    return names


def is_number(text: str) -> bool:
    """Whether a cell is the text of a number.

    >>> is_number("-1.5e3"), is_number("12,5")
    (True, False)
    """
    try:
        float(text)
    except ValueError:
        return False
    return True
