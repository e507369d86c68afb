"""Reading new files, without targets, as the training files were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chainrule.data.arrays import Array, as_batch, stored
from chainrule.data.checks import check_finite, check_not_empty
from chainrule.data.image import SUFFIXES as IMAGE_SUFFIXES
from chainrule.data.image import read_image
from chainrule.data.sources.columns import describe, encode_columns, ragged_rows, refuse_bad
from chainrule.data.sources.csv_file import ENCODING, Table, read_csv
from chainrule.data.sources.csv_file import SUFFIXES as CSV_SUFFIXES
from chainrule.data.sources.folder import image_paths
from chainrule.data.sources.idx import read_idx
from chainrule.data.sources.npz import read_npz
from chainrule.data.spec import Column, InputSpec
from chainrule.errors import DataError, error


@dataclass(frozen=True)
class Inputs:
    """Inputs for prediction.

    Parameters
    ----------
    x : array
        float32 (N, *shape), before the model's own preprocessing.
    names : tuple of str
        For each input its file, with the row where a file holds several.
    skipped : tuple of str
        What was left out, and why.
    """

    x: Array
    names: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def read_inputs(
    paths: Sequence[str | Path], spec: InputSpec, *, skip_bad: bool = False, encoding: str = ENCODING
) -> Inputs:
    """Read files to predict on.

    Parameters
    ----------
    paths : sequence of str or Path
        Image files or folders of them, CSV files with the training file's columns (its target
        column may be missing), ``.npz`` files with an array ``x``, or IDX files of images.
    spec : InputSpec
        Of the data that the model was trained on.
    skip_bad : bool
        Leave out damaged images and rows, and list them.
    encoding : str
        Of the text of CSV files.

    Raises
    ------
    DataError
        A missing or damaged file, or one that does not fit the spec's kind of input.
    ShapeError
        Arrays of another shape.
    """
    read = _read_or_skip if skip_bad else _read
    found = [read(path, spec, encoding) for path in _expanded(paths)]
    check_not_empty(sum(len(part.names) for part in found), ", ".join(map(str, paths)))
    return Inputs(
        np.concatenate([part.x for part in found]),
        tuple(name for part in found for name in part.names),
        tuple(problem for part in found for problem in part.skipped),
    )


def _read_or_skip(path: Path, spec: InputSpec, encoding: str) -> Inputs:
    try:
        return _read(path, spec, encoding, skip_bad=True)
    except DataError as problem:
        return Inputs(np.empty((0, *spec.shape), np.float32), (), (str(problem).splitlines()[0],))


def _expanded(paths: Sequence[str | Path]) -> list[Path]:
    return [file for path in map(Path, paths) for file in (image_paths(path) if path.is_dir() else [path])]


def _read(path: Path, spec: InputSpec, encoding: str, skip_bad: bool = False) -> Inputs:
    suffix = path.suffix.lower()
    if suffix in IMAGE_SUFFIXES and spec.input_kind == "image":
        channels, height, width = spec.shape
        x = read_image(path, (height, width), channels, fit=spec.fit or "crop")
        return Inputs(x[np.newaxis], (str(path),))
    if suffix in CSV_SUFFIXES and spec.input_kind == "table":
        return _read_table(path, spec, encoding, skip_bad)
    if suffix == ".npz":
        return _from_array(read_npz(path, ("x",))["x"], path, spec)
    if path.name.removesuffix(".gz").endswith("-ubyte"):
        return _from_array(read_idx(path), path, spec)
    if not path.exists():
        raise error("files.no_file", path=path)
    raise error("data.input_file", path=path, kind=spec.input_kind)


def _from_array(array: Array, path: Path, spec: InputSpec) -> Inputs:
    x = as_batch(stored(array, spec.input_kind), spec.input_kind)
    if x.shape[1:] != spec.shape:
        raise error("data.other_shape", name=path, shapes={"x": x.shape[1:], "model": spec.shape})
    check_finite(x, str(path), spec.feature_names)
    return Inputs(x, tuple(f"{path}[{row}]" for row in range(len(x))))


def _read_table(path: Path, spec: InputSpec, encoding: str, skip_bad: bool) -> Inputs:
    columns = spec.columns or tuple(Column(name) for name in _feature_names(spec))
    table = read_csv(path, encoding=encoding, known=[column.name for column in columns])
    table = _under_names(table, columns)
    x, bad = encode_columns(table, columns)
    bad = [*ragged_rows(table), *bad]
    if not skip_bad:
        refuse_bad(bad, table)
    numbers = {cell.row.number for cell in bad}
    good = [place for place, row in enumerate(table.rows) if row.number not in numbers]
    names = tuple(f"{path}[{table.rows[place].number}]" for place in good)
    return Inputs(x[good], names, tuple(describe(cell, table) for cell in bad))


def _feature_names(spec: InputSpec) -> Sequence[str]:
    return spec.feature_names or [f"column {place}" for place in range(1, spec.shape[-1] + 1)]


def _under_names(table: Table, columns: Sequence[Column]) -> Table:
    """A file without header and with nothing but the features has them in the training file's order."""
    if table.has_header or len(table.names) != len(columns):
        return table
    names = tuple(column.name for column in columns)
    return Table(table.path, names, table.rows, table.has_header, table.ragged)
