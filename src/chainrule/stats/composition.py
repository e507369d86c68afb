"""Bijectors made of others, and those from all real numbers onto a set."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.ops import pointwise
from chainrule.stats.bijector import Bijector
from chainrule.stats.bijectors import Affine, Exp, Sigmoid
from chainrule.stats.sets import (
    NON_NEGATIVE,
    POSITIVE,
    POSITIVE_DEFINITE,
    POSITIVE_VECTORS,
    REAL,
    SIMPLEX,
    TRIANGLES,
    UNIT,
    VECTORS,
    Set,
    interval,
)
from chainrule.stats.vector_bijectors import Covariance, Softmax, Triangle
from chainrule.tensor import Tensor


class Inverse(Bijector):
    """A bijector the other way round.

    Examples
    --------
    >>> import chainrule as cr
    >>> logit = cr.stats.Inverse(cr.stats.Sigmoid())
    >>> print(f"{float(logit(0.75)):.4f}")
    1.0986
    """

    formula = r"f^{-1}(x)"

    def __init__(self, bijector: Bijector) -> None:
        self.bijector = checked("Inverse", bijector)

    @property
    def domain(self) -> Set:  # type: ignore[override]
        """What the bijector gives."""
        return self.bijector.codomain

    @property
    def codomain(self) -> Set:  # type: ignore[override]
        """What the bijector is applied to."""
        return self.bijector.domain

    @property
    def increasing(self) -> Any:
        """As of the bijector itself."""
        return self.bijector.increasing

    def forward(self, x: Any) -> Tensor:
        """The bijector's inverse."""
        return self.bijector.inverse(x)

    def inverse(self, y: Any) -> Tensor:
        """The bijector itself."""
        return self.bijector.forward(y)

    def log_det(self, x: Any) -> Tensor:
        """The bijector's, with the opposite sign."""
        return -self.bijector.log_det(self.bijector.inverse(x))


class Compose(Bijector):
    """Several bijectors, one after the other: the first in the list is applied first.

    Examples
    --------
    >>> import chainrule as cr
    >>> f = cr.stats.Compose([cr.stats.Sigmoid(), cr.stats.Affine(10.0, 20.0)])
    >>> float(f(0.0))
    20.0
    """

    formula = r"f_n(\dots f_1(x))"

    def __init__(self, bijectors: Sequence[Bijector]) -> None:
        self.bijectors = tuple(checked("Compose", part) for part in bijectors)
        if not self.bijectors:
            self.bijectors = (Affine(),)

    @property
    def domain(self) -> Set:  # type: ignore[override]
        """That of the first."""
        return self.bijectors[0].domain

    @property
    def codomain(self) -> Set:  # type: ignore[override]
        """The image of the domain, where it is an interval; else that of the last."""
        return _image(self.bijectors)

    @property
    def increasing(self) -> Any:
        """Whether an even number of them decrease."""
        found: Any = True
        for part in self.bijectors:
            found = pointwise.equal(found, part.increasing)
        return found

    def forward(self, x: Any) -> Tensor:
        """From the first to the last."""
        for part in self.bijectors:
            x = part.forward(x)
        return lift(x)

    def inverse(self, y: Any) -> Tensor:
        """From the last to the first."""
        for part in reversed(self.bijectors):
            y = part.inverse(y)
        return lift(y)

    def log_det(self, x: Any) -> Tensor:
        """The sum over all, each at what those before it give."""
        total: Any = 0
        for part in self.bijectors:
            total = total + part.log_det(x)
            x = part.forward(x)
        return lift(total)


def _image(parts: Sequence[Bijector]) -> Set:
    """What a chain gives: each part's image of the interval that those before it give."""
    found = parts[0].codomain
    for part in parts[1:]:
        found = image(part, found)
    return found


def image(bijector: Bijector, of: Set) -> Set:
    """The image of a set: of numbers it is the interval between the images of the ends."""
    if of.event_ndim or bijector.domain.event_ndim:
        return bijector.codomain
    ends = [_limit(bijector, end) for end in (of.low, of.high)]
    # A limit at infinity is not reached: e^x is never 0.
    is_open = any(isinstance(end, float | int) and math.isinf(end) for end in (of.low, of.high))
    low, high = pointwise.minimum(*ends), pointwise.maximum(*ends)
    return interval(low, high, open_low=is_open, open_high=is_open)


def _limit(bijector: Bijector, end: Any) -> Tensor:
    """A bijector's limit at the end of an interval, which may be infinite."""
    inside = pointwise.maximum(lift(end), bijector.domain.low)
    return bijector.forward(pointwise.minimum(inside, bijector.domain.high))


def checked(function: str, bijector: Any) -> Bijector:
    """A bijector, or the error of what is none; a list of them is composed."""
    if isinstance(bijector, list | tuple):
        return Compose(bijector)
    if not isinstance(bijector, Bijector):
        raise error("stats.bijector", function=function, got=repr(bijector))
    return bijector


# From all real numbers (or vectors) onto the sets that parameters lie in.
_ONTO: dict[str, Bijector] = {
    REAL.allowed: Affine(),
    VECTORS.allowed: Affine(),
    POSITIVE.allowed: Exp(),
    NON_NEGATIVE.allowed: Exp(),
    POSITIVE_VECTORS.allowed: Exp(),
    UNIT.allowed: Sigmoid(),
    SIMPLEX.allowed: Softmax(),
    TRIANGLES.allowed: Triangle(),
    POSITIVE_DEFINITE.allowed: Covariance(),
}


def onto(values: Set) -> Bijector | None:
    """The bijector from unconstrained numbers onto a set; None where there is none (whole numbers)."""
    found = _ONTO.get(values.allowed)
    if found is None and not values.discrete and not values.event_ndim:
        return Compose([Sigmoid(), Affine(values.low, values.high - values.low)])
    return found
