"""Sets of values: what a parameter may be, and what a draw can be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.stats.messages  # noqa: F401  (registers the messages of this part)
from chainrule.core.constraint import Constraint
from chainrule.core.interpreter import EAGER, lift, using_layers
from chainrule.functions import reductions
from chainrule.functions.diagonals import diagonal, triu
from chainrule.functions.shaping import swapaxes
from chainrule.ops.pointwise import absolute, equal, floor, logical_and
from chainrule.tensor import Tensor

_SUM_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Set(Constraint):
    """A set of numbers, vectors or matrices.

    Parameters
    ----------
    contains : callable
        Which elements of a tensor lie in it, as a bool tensor without the event's axes.
    event_ndim : int
        0 for numbers, 1 for vectors, 2 for matrices.
    discrete : bool
        Whether it holds isolated points.
    low, high : float or Tensor
        Bounds of a set of numbers.
    """

    contains: Callable[[Any], Tensor]
    event_ndim: int = 0
    discrete: bool = False
    low: Any = -math.inf
    high: Any = math.inf

    def __repr__(self) -> str:
        return f"Set({self.allowed})"


def _set(
    allowed: str, contains: Callable[[Any], Tensor], good: tuple[Any, ...], bad: tuple[Any, ...], **more: Any
) -> Set:
    def holds(value: Any) -> bool:
        # What is known is looked at even while a function is recorded or differentiated.
        with using_layers([EAGER]):
            x = lift(value).detach()
            return bool(np.isfinite(x.numpy()).all() and contains(x).numpy().all())

    return Set(allowed, holds, good, bad, contains, **more)


def interval(
    low: Any, high: Any, *, open_low: bool = False, open_high: bool = False, whole: bool = False
) -> Set:
    """The numbers (or whole numbers) between two bounds, which may be tensors."""

    def contains(x: Any) -> Tensor:
        above = x > low if open_low else x >= low
        below = x < high if open_high else x <= high
        inside = logical_and(above, below)
        return logical_and(inside, equal(x, floor(x))) if whole else inside

    good, bad = _examples(low, high, open_low, open_high, whole)
    name = _whole_name(low, high) if whole else _name(low, high, open_low, open_high)
    return _set(name, contains, good, bad, low=low, high=high, discrete=whole)


def _name(low: Any, high: Any, open_low: bool, open_high: bool) -> str:
    left = "(" if open_low or _shown(low) == "-∞" else "["
    right = ")" if open_high or _shown(high) == "∞" else "]"
    return f"{left}{_shown(low)}, {_shown(high)}{right}"


def _whole_name(low: Any, high: Any) -> str:
    last = "" if _shown(high) == "∞" else f", {_shown(high)}"
    return f"{{{_shown(low)}, …{last}}}"


def _shown(bound: Any) -> str:
    """A bound that is a number; a tensor's bounds may differ from distribution to distribution."""
    return f"{bound:g}".replace("inf", "∞") if isinstance(bound, int | float) else "…"


def _examples(
    low: Any, high: Any, open_low: bool, open_high: bool, whole: bool
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Values at the boundary on either side, of bounds that are numbers."""
    good: list[float] = []
    bad = [math.nan, math.inf]
    for bound, is_open, outwards in ((low, open_low, -1), (high, open_high, 1)):
        if isinstance(bound, int | float) and math.isfinite(bound):
            (bad if is_open else good).append(float(bound))
            bad.append(float(bound) + outwards)
            good.append(float(bound) - outwards * (1 if whole else 1e-3))
    return tuple(good), (*bad, 0.5) if whole else tuple(bad)


def _on_simplex(x: Any) -> Tensor:
    total = reductions.sum(x, axis=-1)
    return logical_and(reductions.all(x >= 0, axis=-1), absolute(total - 1) <= _SUM_TOLERANCE)


def _is_triangle(x: Any) -> Tensor:
    above = reductions.all(equal(triu(x, 1), 0), axis=(-2, -1))
    return logical_and(above, reductions.all(diagonal(x, axis1=-2, axis2=-1) > 0, axis=-1))


def _is_positive_definite(x: Any) -> Tensor:
    from chainrule.ops.linalg.eigen import eigvalsh

    scale = reductions.max(absolute(x), axis=(-2, -1))
    gap = reductions.max(absolute(x - swapaxes(x, -1, -2)), axis=(-2, -1))
    symmetric = gap <= 1e-5 * scale
    return logical_and(symmetric, reductions.all(eigvalsh((x + swapaxes(x, -1, -2)) / 2) > 0, axis=-1))


REAL = _set("(-∞, ∞)", lambda x: equal(x, x), (-1.5, 0.0, 2.0), (math.inf, math.nan))
POSITIVE = interval(0, math.inf, open_low=True, open_high=True)
NON_NEGATIVE = interval(0, math.inf)
UNIT = interval(0, 1)
WHOLE = interval(0, math.inf, whole=True)
BINARY = interval(0, 1, whole=True)
SIMPLEX = _set(
    "{x : xᵢ ≥ 0, ∑ xᵢ = 1}",
    _on_simplex,
    ((0.5, 0.5), (0.0, 1.0), (0.2, 0.3, 0.5)),
    ((0.5, 0.6), (-0.1, 1.1), (math.nan, 1.0)),
    event_ndim=1,
)
VECTORS = _set(
    "ℝⁿ",
    lambda x: reductions.all(equal(x, x), axis=-1),
    ((0.0, -1.5),),
    ((0.0, math.inf), (math.nan, 1.0)),
    event_ndim=1,
)
POSITIVE_VECTORS = _set(
    "(0, ∞)ⁿ",
    lambda x: reductions.all(x > 0, axis=-1),
    ((0.5, 2.0),),
    ((0.0, 1.0), (-1.0, 1.0), (math.nan, 1.0)),
    event_ndim=1,
)
TRIANGLES = _set(
    "{L : Lᵢᵢ > 0, Lᵢⱼ = 0 (i < j)}",
    _is_triangle,
    (((1.0, 0.0), (2.0, 0.5)),),
    (((1.0, 0.5), (0.0, 1.0)), ((1.0, 0.0), (0.0, -1.0)), ((math.nan, 0.0), (0.0, 1.0))),
    event_ndim=2,
)
POSITIVE_DEFINITE = _set(
    "{A : A = Aᵀ, xᵀAx > 0}",
    _is_positive_definite,
    (((2.0, 0.5), (0.5, 1.0)),),
    (((1.0, 2.0), (2.0, 1.0)), ((1.0, 0.5), (0.0, 1.0)), ((math.nan, 0.0), (0.0, 1.0))),
    event_ndim=2,
)


def counts_of(total: Any) -> Set:
    """Vectors of whole numbers with a given sum."""

    def contains(x: Any) -> Tensor:
        whole = reductions.all(logical_and(x >= 0, equal(x, floor(x))), axis=-1)
        return logical_and(whole, equal(reductions.sum(x, axis=-1), total))

    return _set("{x : xᵢ ∈ {0, 1, 2, …}, ∑ xᵢ = n}", contains, (), (), event_ndim=1, discrete=True)
