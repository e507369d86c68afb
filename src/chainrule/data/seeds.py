"""Random generators that are a pure function of a few integers."""

from __future__ import annotations

import numpy as np

from chainrule.data.checks import check_whole


def generator(seed: int, *stream: int) -> np.random.Generator:
    """NumPy's generator for a seed and a stream of it, for example an epoch.

    >>> generator(0, 3).permutation(4).tolist() == generator(0, 3).permutation(4).tolist()
    True
    """
    check_whole("seed", seed, 0)
    return np.random.default_rng(np.random.SeedSequence([int(seed), *stream]))
