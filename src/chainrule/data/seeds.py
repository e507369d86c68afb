"""Random generators that are a pure function of a few integers."""

from __future__ import annotations

import numpy as np

from chainrule.errors import error


def generator(seed: int, *stream: int) -> np.random.Generator:
    """NumPy's generator for a seed and a stream of it, for example an epoch.

    >>> generator(0, 3).permutation(4).tolist() == generator(0, 3).permutation(4).tolist()
    True
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise error("data.seed", got=seed)
    return np.random.default_rng(np.random.SeedSequence([int(seed), *stream]))
