"""Image files that are decoded when they are first used, and kept while they fit."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from chainrule.data.arrays import Array, as_batch
from chainrule.data.checks import check_lengths, check_not_empty
from chainrule.data.dataset import Dataset, Rows
from chainrule.data.image import decode
from chainrule.data.limits import MAX_CACHE
from chainrule.data.spec import InputSpec
from chainrule.errors import DataError


class ImageFiles(Dataset):
    """Images in files, of one common size.

    Parameters
    ----------
    paths : sequence of Path
        One file for each sample.
    targets : array of int
        Their labels.
    spec : InputSpec
        With the common shape (C, H, W), the ``fit`` and the class names.
    max_cache : int
        Most bytes of decoded pixels that are kept. A larger data set is decoded anew every time.
    """

    def __init__(
        self, paths: Sequence[Path], targets: Array, spec: InputSpec, *, max_cache: int = MAX_CACHE
    ) -> None:
        check_not_empty(len(paths), spec.name)
        check_lengths(np.empty(len(paths)), targets)
        self.paths, self.targets, self.spec = list(paths), targets, spec
        shape = (len(paths), *spec.shape)
        self.keeps = math.prod(shape) <= max_cache
        self._pixels = np.empty(shape if self.keeps else (0, *spec.shape), np.uint8)
        self._ready = np.zeros(len(paths), bool)

    def __len__(self) -> int:
        return len(self.paths)

    def inputs(self, rows: Rows) -> Array:
        """Images as float32 (N, C, H, W) with values in [0, 1]."""
        indices = np.arange(len(self))[rows]
        if not self.keeps:
            return as_batch(np.stack([self._decode(i) for i in indices]), "image")
        for i in indices[~self._ready[indices]]:
            self._keep(i)
        return as_batch(self._pixels[indices], "image")

    def problems(self) -> dict[int, DataError]:
        """Decode every file once, in several threads; the errors of the damaged ones by index."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            tried = list(pool.map(self._problem, range(len(self))))
        return {index: problem for index, problem in enumerate(tried) if problem is not None}

    def _problem(self, index: int) -> DataError | None:
        try:
            self._keep(index) if self.keeps else self._decode(index)
        except DataError as problem:
            return problem
        return None

    def _keep(self, index: int) -> None:
        self._pixels[index] = self._decode(index)
        self._ready[index] = True

    def _decode(self, index: int) -> Array:
        channels, *size = self.spec.shape
        return decode(self.paths[index], (size[0], size[1]), channels, self.spec.fit or "crop")
