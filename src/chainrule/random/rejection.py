"""Drawing again until accepted, as a program of fixed length that can be recorded.

A `while` over elements has no fixed length. Here candidates are drawn a fixed number of times, each
element keeping its first accepted one; the last candidate stands where none was. The number of
times is such that this is less likely than one step of the uniform numbers that all is made of,
so that no test of those numbers could tell. Where elements are known, the loop ends as soon as all
are accepted, which changes nothing of the result.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol
from chainrule.creation import zeros
from chainrule.dtypes import DType
from chainrule.ops.pointwise import logical_or, where
from chainrule.random.arguments import DIGITS
from chainrule.random.keys import fold_in
from chainrule.tensor import Tensor

Propose = Callable[[Any], tuple[Tensor, Tensor]]


def rounds_for(refused: float, dtype: DType) -> int:
    """How often to draw: until all are refused less often than one step of a unit interval's numbers.

    >>> from chainrule.dtypes import float32, float64
    >>> rounds_for(0.05, float32), rounds_for(0.05, float64)
    (6, 13)
    """
    return math.ceil(DIGITS[dtype.name] * math.log(2) / -math.log(refused))


def first_accepted(
    propose: Propose,
    key: Any,
    shape: tuple[int, ...],
    dtype: DType,
    rounds: int,
    start: tuple[Tensor, Tensor] | None = None,
) -> Tensor:
    """The first accepted candidate of each element.

    Parameters
    ----------
    propose : callable
        ``key -> (candidates, accepted)``.
    start : (values, done), optional
        Elements that are settled beforehand.
    """
    nothing = zeros(shape, dtype), zeros(shape, bool)
    values, done = nothing if start is None else start
    for i in range(rounds):
        if known_to_be_all(done):
            break
        candidates, accepted = propose(fold_in(key, i))
        values, done = where(done, values, candidates), logical_or(done, accepted)
    return values


def known_to_be_all(condition: Tensor) -> bool:
    """Whether a condition is known to hold everywhere; while recording, nothing is known."""
    return not isinstance(condition.data, Symbol) and bool(np.all(condition.data))
