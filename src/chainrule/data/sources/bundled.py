"""The small data sets that come with scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.data.dataset import ArrayDataset
from chainrule.data.splits import Splits


def load_bundled(source: str) -> Splits:
    """One of `BUNDLED` by its name.

    Parameters
    ----------
    source : str
        ``digits`` (1797 images of 8 × 8 pixels, 0 … 16 scaled to [0, 1]), ``iris``, ``wine``,
        ``breast_cancer`` (classification of tables), ``diabetes`` (regression, in natural units).
    """
    return Splits(BUNDLED[source]())


def is_bundled(source: object) -> bool:
    """Whether a source is the name of a bundled data set."""
    return isinstance(source, str) and source in BUNDLED


def _digits() -> ArrayDataset:
    from sklearn.datasets import load_digits

    found = load_digits()
    images = (found.images / 16).astype(np.float32)[:, np.newaxis]
    return ArrayDataset(images, found.target, name="digits")


def _table(name: str, classified: bool = True, **options: Any) -> Callable[[], ArrayDataset]:
    def load() -> ArrayDataset:
        from sklearn import datasets

        found = getattr(datasets, f"load_{name}")(**options)
        names = [str(feature) for feature in found.feature_names]
        if not classified:
            return ArrayDataset(found.data, found.target[:, np.newaxis], name=name, feature_names=names)
        classes = [str(label) for label in found.target_names]
        return ArrayDataset(found.data, found.target, name=name, feature_names=names, classes=classes)

    return load


BUNDLED: dict[str, Callable[[], ArrayDataset]] = {
    "digits": _digits,
    "iris": _table("iris"),
    "wine": _table("wine"),
    "breast_cancer": _table("breast_cancer"),
    # Unscaled: scikit-learn's scaling uses the test samples too.
    "diabetes": _table("diabetes", classified=False, scaled=False),
}
