"""Cutting a data set at random, with the same share of every class in each part."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from chainrule.data.arrays import Array
from chainrule.data.seeds import generator
from chainrule.errors import error

STREAM = 2


def split_rows(labels: Array, fractions: Sequence[float], seed: int) -> list[Array]:
    """Indices of each part in rising order.

    Parameters
    ----------
    labels : array of int
        Class of every sample; zeros where classes do not matter.
    fractions : sequence of float
        Shares of the parts, adding up to 1.
    seed : int
        Equal seeds give equal parts.
    """
    _check_fractions(fractions)
    random = generator(seed, 0, STREAM)
    classes, sizes = np.unique(labels, return_counts=True)
    parts: list[list[Array]] = [[] for _ in fractions]
    for label, counts in zip(classes, _shares(sizes, fractions), strict=True):
        members = random.permutation(np.flatnonzero(labels == label))
        for part, piece in zip(parts, np.split(members, np.cumsum(counts)[:-1]), strict=True):
            part.append(piece)
    return [_joined(part, len(labels), fractions) for part in parts]


def _shares(sizes: Array, fractions: Sequence[float]) -> Array:
    """Samples per (class, part): rounded down, what is left going where most is missing so far.

    The first part (training) gets one of every class, however rare.
    """
    share = np.asarray(fractions, np.float64)
    counts = np.floor(np.outer(sizes, share)).astype(np.int64)
    missing = np.zeros(len(share))
    for size, row in zip(sizes, counts, strict=True):
        missing += size * share - row
        for _ in range(size - row.sum()):
            part = 0 if row[0] == 0 else int(missing.argmax())
            row[part] += 1
            missing[part] -= 1
    return counts


def _check_fractions(fractions: Sequence[float]) -> None:
    if not all(0 < fraction <= 1 for fraction in fractions) or not math.isclose(sum(fractions), 1):
        raise error("data.fractions", got=", ".join(f"{fraction:g}" for fraction in fractions))


def _joined(pieces: list[Array], count: int, fractions: Sequence[float]) -> Array:
    rows = np.sort(np.concatenate(pieces))
    if not rows.size:
        raise error("data.empty_part", count=count, fractions=" / ".join(f"{f:g}" for f in fractions))
    return rows
