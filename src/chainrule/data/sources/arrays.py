"""Arrays, or names to arrays as in an ``.npz`` file, as a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.data.arrays import Array, as_array, guess_task
from chainrule.data.checks import check_lengths, finite_rows
from chainrule.data.dataset import ArrayDataset, Dataset
from chainrule.data.labels import class_names, encode_labels
from chainrule.data.splits import Splits
from chainrule.errors import error

LAYOUTS = (
    {part: (f"x_{part}", f"y_{part}") for part in ("train", "validation", "test")},
    {"train": ("x", "y")},
)
NAMES = tuple(name for layout in LAYOUTS for pair in layout.values() for name in pair)


def load_arrays(source: Any, *, task: str | None = None, skip_bad: bool = False) -> Splits:
    """A pair (x, y), a mapping of arrays under the names of `NAMES`, a data set, or splits.

    Parameters
    ----------
    source : tuple, mapping, Dataset or Splits
        Labels may be any integers or text; class names are their values in sorted order.
    task : str, optional
        ``classification`` or ``regression``; by default integers and text are labels.
    skip_bad : bool
        Leave out samples with NaN or infinity, and list them.
    """
    if isinstance(source, Splits):
        return source
    if isinstance(source, Dataset):
        return Splits(source)
    if not isinstance(source, Mapping):
        source = dict(zip(("x", "y"), source, strict=True))
    arrays = {name: as_array(value, name) for name, value in source.items()}
    return from_mapping(arrays, "arrays", task, skip_bad)


def is_arrays(source: object) -> bool:
    """Whether a source is a data set, a pair of arrays or a mapping with known names."""
    if isinstance(source, Splits | Dataset):
        return True
    if isinstance(source, Mapping):
        return any(name in source for name in NAMES)
    return isinstance(source, tuple) and len(source) == 2 and not isinstance(source[0], str)


def from_mapping(arrays: Mapping[str, Array], name: str, task: str | None, skip_bad: bool) -> Splits:
    """Parts from arrays under the names of the first layout that fits."""
    layout = next((layout for layout in LAYOUTS if set(layout["train"]) <= set(arrays)), None)
    if layout is None:
        raise error("data.array_names", name=name, got=", ".join(sorted(arrays)), known=", ".join(NAMES))
    pairs = {part: (arrays[x], arrays[y]) for part, (x, y) in layout.items() if x in arrays and y in arrays}
    kept, skipped = _without_bad(pairs, name, skip_bad)
    return Splits(**_datasets(kept, name, task), skipped=tuple(skipped))


Pairs = dict[str, tuple[Array, Array]]


def _without_bad(pairs: Pairs, name: str, skip_bad: bool) -> tuple[Pairs, list[str]]:
    kept, skipped = {}, []
    for part, (x, y) in pairs.items():
        check_lengths(x, y)
        good = finite_rows(x) & finite_rows(y) if skip_bad else np.ones(len(x), bool)
        skipped += [f"{name} ({part}): {row}" for row in np.flatnonzero(~good)]
        if len(x) and not good.any():
            raise error("data.none_left", name=name, count=len(x))
        kept[part] = (x[good], y[good]) if not good.all() else (x, y)
    return kept, skipped


def _datasets(pairs: Pairs, name: str, task: str | None) -> dict[str, Dataset]:
    train = pairs["train"][1]
    task = guess_task(train) if task is None else task
    if task == "regression":
        return {part: ArrayDataset(x, _columns(y), name=name, task=task) for part, (x, y) in pairs.items()}
    values = np.unique(train)
    return {
        part: ArrayDataset(x, encode_labels(_flat(y), values, part), name=name, classes=class_names(values))
        for part, (x, y) in pairs.items()
    }


def _columns(y: Array) -> Array:
    """Targets as (N, outputs), the shape that a last layer gives."""
    return y[:, np.newaxis] if y.ndim == 1 else y


def _flat(y: Array) -> Array:
    """Labels (N, 1), as some files keep them, as (N,)."""
    return y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
