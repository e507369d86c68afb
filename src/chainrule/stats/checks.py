"""What the statistical functions ask of the numbers and data that they are given."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from chainrule.core.arrays import as_array
from chainrule.core.interpreter import Value
from chainrule.errors import error


def whole_number(function: str, name: str, value: Any, least: int) -> int:
    """A whole number of at least ``least``."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise error("stats.samples", function=function, name=name, least=least, got=repr(value))
    return number


def open_share(function: str, name: str, value: Any) -> float:
    """A number strictly between 0 and 1."""
    if not isinstance(value, int | float | np.number) or not 0 < value < 1:
        raise error("stats.share", function=function, name=name, got=repr(value))
    return float(value)


def one_of(function: str, name: str, value: Any, known: tuple[str, ...]) -> str:
    """One of several names."""
    if value not in known:
        raise error(
            "stats.choice", function=function, name=name, known=", ".join(map(repr, known)), got=repr(value)
        )
    return str(value)


def observations(function: str, name: str, data: Any, *, ndim: int | None = 1, least: int = 1) -> np.ndarray:
    """Data as a finite ``float64`` array with its observations along axis 0."""
    array = data.numpy() if isinstance(data, Value) else as_array(data)  # type: ignore[attr-defined]
    found = np.asarray(array, np.float64)
    if ndim is not None and found.ndim != ndim:
        raise error("stats.data_axes", function=function, name=name, expected=ndim, got=found.shape)
    if found.ndim == 0 or found.shape[0] < least:
        got = found.shape[0] if found.ndim else 0
        raise error("stats.no_data", function=function, name=name, least=least, got=got)
    if not np.isfinite(found).all():
        raise error("stats.bad_data", function=function, name=name, got=found[~np.isfinite(found)][0])
    return found


def varying(function: str, name: str, data: np.ndarray) -> np.ndarray:
    """Data that are not all the same number."""
    if np.ptp(data) == 0:
        raise error("stats.constant", function=function, name=name)
    return data


def equally_many(function: str, **named: np.ndarray) -> None:
    """Refuse data of different lengths."""
    (first, a), (second, b) = named.items()
    if len(a) != len(b):
        shapes = {name: data.shape for name, data in named.items()}
        raise error("stats.lengths", function=function, first=first, second=second, shapes=shapes)
