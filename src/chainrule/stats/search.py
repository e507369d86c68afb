"""Quantiles of counts, found by halving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.random.arguments import known
from chainrule.tensor import Tensor

if TYPE_CHECKING:
    from chainrule.stats.distribution import Distribution


def known_or_refused(x: Any) -> np.ndarray:
    """A tensor's elements; while recording they are not known, which is an error."""
    values = known(x)
    if values is None:
        raise error("graph.value", spec=lift(x).spec)
    return values


def smallest_reaching(d: Distribution, q: Any) -> Tensor:
    """The smallest whole number at which a distribution function is at least ``q``."""
    wanted = known_or_refused(q) + np.zeros(d.batch_shape)
    ends = known_or_refused(d.support.high) + np.zeros(wanted.shape)
    low, high = np.full(wanted.shape, -1.0), np.minimum(1.0, ends)
    while (short := (_reached(d, high) < wanted) & (high < ends)).any():
        high = np.where(short, np.minimum(2 * high, ends), high)
    while ((high - low) > 1).any():
        middle = np.floor((low + high) / 2)
        enough = _reached(d, middle) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return Tensor(np.where(wanted == 1, ends, high).astype(d.dtype))


def _reached(d: Distribution, values: np.ndarray) -> np.ndarray:
    return np.asarray(d.cdf(values.astype(d.dtype)))
