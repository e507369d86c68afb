"""Labels of any values (text, 1 to K, only some digits) as 0 … K-1 with class names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.data.arrays import Array
from chainrule.errors import error


def class_names(values: Array) -> tuple[str, ...]:
    """Names of sorted label values.

    >>> class_names(np.array([1, 5]))
    ('1', '5')
    """
    return tuple(str(value) for value in values.tolist())


def encode_labels(y: Array, values: Array, part: str) -> Array:
    """Position of every label among the sorted label values.

    Parameters
    ----------
    y : array
        Labels (N,), integers or text.
    values : array
        Sorted different labels of the training part.
    part : str
        Which part ``y`` belongs to, for the message.

    Raises
    ------
    OutOfRangeError
        For a label that the training part lacks.

    Examples
    --------
    >>> encode_labels(np.array(["dog", "cat"]), np.array(["cat", "dog"]), "train").tolist()
    [1, 0]
    """
    codes = np.searchsorted(values, y).clip(max=len(values) - 1)
    unknown = np.flatnonzero(values[codes] != y)
    if unknown.size:
        raise _unknown(y[unknown[0]], int(unknown[0]), class_names(values), part)
    return codes.astype(np.int64)


def translate_labels(labels: Array, names: Sequence[str], wanted: Sequence[str], part: str) -> Array:
    """The same classes under the numbers that another data set (the one trained on) gave them."""
    number = {name: label for label, name in enumerate(wanted)}
    for index, label in enumerate(labels):
        if names[label] not in number:
            raise _unknown(names[label], index, wanted, part)
    table = np.array([number.get(name, -1) for name in names], np.int64)
    return table[labels]


def _unknown(label: object, index: int, names: Sequence[str], part: str) -> Exception:
    return error("data.unknown_label", label=str(label), index=index, part=part, classes=shorten(names))


def shorten(names: Sequence[str], most: int = 12) -> str:
    """Names joined by commas, those beyond ``most`` left out.

    >>> shorten("abcdef", 3)
    'a, b, c, … (6 in all)'
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, … ({len(names)} in all)"
