"""Nested state as arrays by name and a skeleton that JSON can hold, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

ARRAY, PAIRS = "$array", "$pairs"


def pack(state: Any) -> tuple[dict[str, np.ndarray], Any]:
    """The arrays of nested dicts and lists, named by their place, and the rest as JSON can hold it.

    >>> pack({"w": np.zeros(2), "steps": (3, 0.5, None)})
    ({'w': array([0., 0.])}, {'w': {'$array': 'w'}, 'steps': [3, 0.5, None]})
    """
    arrays: dict[str, np.ndarray] = {}
    return arrays, _taken_apart(state, "", arrays)


def _taken_apart(value: Any, place: str, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        # safetensors stores the memory as it lies, so rows must follow one another.
        arrays[place] = np.asarray(value, order="C")
        return {ARRAY: place}
    if isinstance(value, Mapping):
        parts = [[key, _taken_apart(item, _join(place, key), arrays)] for key, item in value.items()]
        # JSON would turn other keys into strings.
        return dict(parts) if all(isinstance(key, str) for key in value) else {PAIRS: parts}
    if isinstance(value, list | tuple):
        return [_taken_apart(item, _join(place, i), arrays) for i, item in enumerate(value)]
    return value


def _join(place: str, key: object) -> str:
    return f"{place}.{key}" if place else str(key)


def unpack(arrays: Mapping[str, np.ndarray], value: Any) -> Any:
    """What `pack` took apart; tuples come back as lists.

    Raises
    ------
    KeyError, ValueError, TypeError, RecursionError
        The skeleton is not one, or names an array that is not there.
    """
    if isinstance(value, list):
        return [unpack(arrays, item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {ARRAY}:
        return arrays[value[ARRAY]]
    if value.keys() == {PAIRS}:
        return {key: unpack(arrays, item) for key, item in value[PAIRS]}
    return {key: unpack(arrays, item) for key, item in value.items()}
