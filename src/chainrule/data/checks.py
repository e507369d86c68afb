"""What every data set must fulfil, and the errors when it does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.data.arrays import Array, to_float32
from chainrule.errors import error, text


def check_not_empty(count: int, name: str) -> None:
    """Refuse a data set without samples."""
    if count == 0:
        raise error("data.empty", name=name)


def check_lengths(x: Array, y: Array) -> None:
    """Refuse inputs and targets of different length."""
    if x.ndim == 0 or y.ndim == 0 or len(x) != len(y):
        raise error("data.lengths", shapes={"x": x.shape, "y": y.shape})


def check_finite(values: Array, what: str, names: Sequence[str] | None = None) -> None:
    """Refuse NaN and infinities, naming the first one's sample and column.

    Parameters
    ----------
    values : array
        Samples along axis 0.
    what : str
        How the message calls the array, ``x`` or ``y``.
    names : sequence of str, optional
        Names along the last axis.
    """
    bad = _non_finite_rows(values)
    if not bad.size:
        return
    row = bad[0]
    place = tuple(int(i) for i in np.argwhere(~np.isfinite(values[row]))[0])
    column = names[place[-1]] if names and place else ", ".join(map(str, place))
    where = text("data.at_column", column=column) if place else ""
    raise error(
        "data.non_finite",
        what=what,
        value=values[row][place],
        index=int(row),
        column=where,
        count=len(bad),
        total=len(values),
    )


def finite_rows(values: Array) -> Array:
    """Mask of the samples that hold no NaN and no infinity, as float32 sees them."""
    if values.dtype.kind != "f":
        return np.ones(len(values), bool)
    finite = np.isfinite(to_float32(values)).all(axis=tuple(range(1, values.ndim)))
    return np.asarray(finite)


def _non_finite_rows(values: Array) -> Array:
    return np.flatnonzero(~finite_rows(values))


def check_labels(labels: Array, classes: Sequence[str]) -> None:
    """Refuse labels outside 0 … number of classes - 1, naming the first one's index."""
    bad = np.flatnonzero((labels < 0) | (labels >= len(classes)))
    if bad.size:
        first = int(bad[0])
        raise error("data.label_range", label=int(labels[first]), index=first, last=len(classes) - 1)


def check_whole(option: str, value: object, least: int) -> None:
    """Refuse an option that is not a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise error("data.whole_number", option=option, got=value, least=least)
