"""Whether a deviation is small: what the predicates of matrices share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.functions import reductions
from chainrule.functions.shaping import broadcast_to
from chainrule.linalg.arguments import as_matrix, rounding
from chainrule.ops.pointwise import absolute

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

BOTH = (-2, -1)


def answer(a: Any, value: bool) -> Tensor:
    """The same answer for every matrix of a batch."""
    return broadcast_to(lift(np.array(value)), a.shape[:-2])


def tolerance(a: Any, tol: float | None) -> float:
    """What counts as no deviation."""
    return rounding(a) ** (2 / 3) if tol is None else float(tol)


def holds(
    op: str,
    a: Any,
    tol: float | None,
    deviation: Callable[[Any], Any],
    *,
    is_square: bool = True,
    beside: float | None = None,
) -> Tensor:
    """Whether a deviation is small beside the largest element, or beside a number."""
    a = as_matrix(op, a)
    if is_square and a.shape[-1] != a.shape[-2]:
        return answer(a, False)
    missed = deviation(a)
    if 0 in missed.shape[-2:]:
        return answer(a, True)
    size = reductions.max(absolute(a), BOTH, keepdims=True) if beside is None else beside
    return reductions.all(absolute(missed) <= tolerance(a, tol) * size, BOTH)
