"""Mixtures: a draw from one of several distributions, chosen at random."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from chainrule import dtypes
from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.functions import reductions
from chainrule.functions.shaping import broadcast_to, expand_dims, stack
from chainrule.ops import shapes
from chainrule.ops.pointwise import equal, exp, isfinite, log, logical_or, square, where
from chainrule.random.arguments import of_type
from chainrule.random.categories import categorical
from chainrule.random.keys import split
from chainrule.stats.distribution import Distribution, Shape
from chainrule.stats.sets import SIMPLEX, Set
from chainrule.tensor import Tensor


class Mixture(Distribution):
    r"""A mixture: :math:`p(x) = \sum_i w_i\, p_i(x)`.

    Parameters
    ----------
    weights : Tensor
        :math:`w_i` along the last axis, with sum 1.
    components : sequence of Distribution
        All with draws of one shape, discrete or all continuous.

    Examples
    --------
    >>> import chainrule as cr
    >>> two = cr.stats.Mixture([0.25, 0.75], [cr.stats.Normal(-2.0, 1.0), cr.stats.Normal(2.0, 0.5)])
    >>> print(f"{float(two.mean):.1f} {float(two.cdf(0.0)):.4f}")
    1.0 0.2443
    """

    parameters = {"weights": SIMPLEX}  # noqa: RUF012 (as of the base class)
    weights: Tensor

    def __init__(self, weights: Any, components: Sequence[Distribution]) -> None:
        self.components = tuple(components)
        self._check_components()
        super().__init__(weights=weights)
        if self.weights.shape[-1] != len(self.components):
            values: dict[str, Any] = {"weights": self.weights.shape[-1], "components": len(self.components)}
            raise error("stats.components", **values)
        batches = {f"component {i}": part.batch_shape for i, part in enumerate(self.components)}
        self.dtype = dtypes.promote([self.dtype, *(part.dtype for part in self.components)])
        self.batch_shape = shapes.broadcast_named(self.name, {"weights": self.batch_shape, **batches})
        self.event_shape = self.components[0].event_shape
        self.weights = of_type(self.weights, self.dtype)

    def _check_components(self) -> None:
        if not self.components:
            raise error("stats.no_components")
        for part in self.components:
            if not isinstance(part, Distribution):
                raise error("stats.no_distribution", function="Mixture", name="components", got=repr(part))
        kinds = {(part.event_shape, part.support.discrete) for part in self.components}
        if len(kinds) > 1:
            shown = [f"{part.name} {part.event_shape}" for part in self.components]
            raise error("stats.component_events", got=", ".join(shown))

    @property
    def support(self) -> Set:  # type: ignore[override]
        """All that a component can give."""
        return _union([part.support for part in self.components])

    def _inner_point(self) -> Tensor:
        return self.components[0]._inner_point()

    def _log_prob(self, x: Tensor) -> Tensor:
        logs = stack(self._of_each(lambda part: part.log_prob(x)), axis=-1)
        peak = reductions.max(logs, axis=-1, keepdims=True).detach()
        peak = where(isfinite(peak), peak, 0)
        total = reductions.sum(self.weights * exp(logs - peak), axis=-1)
        # A component far away may leave 0, whose logarithm has no finite derivative.
        possible = total > 0
        return where(possible, log(where(possible, total, 1)) + peak[..., 0], -math.inf)

    def _of_each(self, ask: Any) -> list[Tensor]:
        """One answer of each component, broadcast together."""
        found = [of_type(ask(part), self.dtype) for part in self.components]
        shape = shapes.broadcast_named(self.name, {f"component {i}": x.shape for i, x in enumerate(found)})
        return [broadcast_to(x, shape) for x in found]

    def _weighted(self, ask: Any) -> Tensor:
        """The weighted sum of the components' answers about numbers or vectors."""
        answers = stack(self._of_each(ask), axis=-1)
        weights = self.weights
        for _ in self.event_shape:
            weights = expand_dims(weights, -2)
        return reductions.sum(weights * answers, axis=-1)

    def _cdf(self, x: Tensor) -> Tensor:
        return reductions.sum(self.weights * stack(self._of_each(lambda part: part.cdf(x)), axis=-1), axis=-1)

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        front = shape[: len(shape) - len(self.event_shape)]
        chooser, *keys = split(key, len(self.components) + 1)
        chosen = self._for_parts(categorical(probs=self.weights, shape=front, key=chooser))
        draws = [
            broadcast_to(part._draw(_own_shape(part, front), own), shape)
            for part, own in zip(self.components, keys, strict=True)
        ]
        result = draws[0]
        for i, draw in enumerate(draws[1:], 1):
            result = where(equal(chosen, i), draw, result)
        return result

    @property
    def mean(self) -> Tensor:
        """The weighted mean of the components' means."""
        return self._weighted(lambda part: part.mean)

    @property
    def variance(self) -> Tensor:
        """The mean of the variances, and the variance of the means."""
        mean = self.mean
        return self._weighted(lambda part: part.variance + square(part.mean - mean))

    def __repr__(self) -> str:
        parts = ", ".join(map(repr, self.components))
        return f"Mixture({self.weights.tolist()}, [{parts}])"


def _own_shape(part: Distribution, front: Shape) -> Shape:
    return front + part.event_shape


def _union(sets: list[Set]) -> Set:
    """The values that lie in one of several sets."""
    first = sets[0]

    def contains(x: Any) -> Tensor:
        found = first.contains(x)
        for other in sets[1:]:
            found = logical_or(found, other.contains(x))
        return found

    def holds(value: Any) -> bool:
        return any(part.holds(value) for part in sets)

    name = " ∪ ".join(dict.fromkeys(part.allowed for part in sets))
    low = min(_numeric(part.low, -math.inf) for part in sets)
    high = max(_numeric(part.high, math.inf) for part in sets)
    return Set(name, holds, (), (), contains, first.event_ndim, first.discrete, low, high)


def _numeric(bound: Any, otherwise: float) -> float:
    """A bound that is a number; one that differs from distribution to distribution bounds nothing here."""
    return float(bound) if isinstance(bound, int | float) else otherwise
