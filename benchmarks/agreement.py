"""Whether all compute the same thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

Values = dict[str, np.ndarray]


def loaded(file: Path) -> Values:
    """What a worker kept."""
    with np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def distances(results: dict[str, Values]) -> dict[str, float]:
    """How far each one's results lie from the median of all, as a part of the largest magnitude.

    No side is taken to be right: each is compared with the middle one. Results that are missing, of another
    shape or not finite lie infinitely far.
    """
    if not results:
        return {}
    reference = _middle(list(results.values()))
    return {key: _distance(values, reference) for key, values in results.items()}


def _middle(all_values: list[Values]) -> Values:
    """The median of each element over the results that have the names and the shape that most have."""
    found, names = {}, [tuple(sorted(values)) for values in all_values]
    for name in max(names, key=names.count):
        arrays = [np.asarray(values[name], np.float64) for values in all_values if name in values]
        shapes = [x.shape for x in arrays]
        usual = max(shapes, key=shapes.count)
        found[name] = np.median([x for x in arrays if x.shape == usual], axis=0)
    return found


def _distance(values: Values, reference: Values) -> float:
    if set(values) != set(reference):
        return float("inf")
    return max(_part(np.asarray(values[name], np.float64), reference[name]) for name in reference)


def _part(x: np.ndarray, reference: np.ndarray) -> float:
    if x.shape != reference.shape or not np.isfinite(x).all():
        return float("inf")
    largest = float(np.abs(reference).max(initial=0.0))
    return float(np.abs(x - reference).max(initial=0.0)) / (largest if largest > 0 else 1.0)
