r"""Adaptive Gauss–Kronrod quadrature on boxes of any dimension.

Each panel is a box. A product of Kronrod rules of 15 nodes gives its integral; with the Gauss rule of
7 of them in place of one factor, the difference tells the error along that axis. Panels with too
much error are halved along their worst axis, all at once.

Sources: Shampine, Vectorized adaptive quadrature in MATLAB, J. Comput. Appl. Math. 211, 2008;
nodes and weights: Piessens et al., QUADPACK, 1983.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np

from chainrule.calculus.fields import Array

_HALF_NODES = (
    *(0.991455371120812639206854697526329, 0.949107912342758524526189684047851),
    *(0.864864423359769072789712788640926, 0.741531185599394439863864773280788),
    *(0.586087235467691130294144691693013, 0.405845151377397166906606412076961),
    0.207784955007898467600689403773245,
)
_HALF_KRONROD = (
    *(0.022935322010529224963732008058970, 0.063092092629978553290700663189204),
    *(0.104790010322250183839876322541518, 0.140653259715525918745189590510238),
    *(0.169004726639267902826583426598550, 0.190350578064785409913256402421014),
    0.204432940075298892414161999234649,
)
_HALF_GAUSS = (
    *(0.0, 0.129484966168869693270611432679082, 0.0, 0.279705391489276667901467771423780),
    *(0.0, 0.381830050505118944950369775488975, 0.0),
)
NODES = np.array([*(-t for t in _HALF_NODES), 0.0, *_HALF_NODES[::-1]])
KRONROD = np.array([*_HALF_KRONROD, 0.209482141084727828012999174891714, *_HALF_KRONROD[::-1]])
GAUSS = np.array([*_HALF_GAUSS, 0.417959183673469387755102040816327, *_HALF_GAUSS[::-1]])

EPSILON = float(np.finfo(np.float64).eps)
_ROUNDING = 50 * EPSILON
_SMALLEST = 1e-100

Integrand = Callable[[Array], Array]


class Rule:
    """The product rule of some dimension on [-1, 1]ᵈ: ``nodes`` (d, 15ᵈ), ``weights`` (15ᵈ,)."""

    def __init__(self, dimension: int) -> None:
        self.nodes = np.array(np.meshgrid(*[NODES] * dimension, indexing="ij")).reshape(dimension, -1)
        self.weights = _product([KRONROD] * dimension)
        coarse = [[GAUSS if i == axis else KRONROD for i in range(dimension)] for axis in range(dimension)]
        # Applied to values, they give the difference of the two rules along each axis.
        self.differences = np.array([self.weights - _product(rules) for rules in coarse])


def _product(rules: list[Array]) -> Array:
    return np.asarray(reduce(np.multiply.outer, rules)).ravel()


@lru_cache
def rule_of(dimension: int) -> Rule:
    """The product rule of a dimension."""
    return Rule(dimension)


@dataclass(frozen=True)
class Panels:
    """Boxes with ``centers`` and half widths ``halves``, both (d, p)."""

    centers: Array
    halves: Array

    def nodes(self, rule: Rule) -> Array:
        """All nodes of all panels, (d, p · 15ᵈ)."""
        inside = self.centers[:, :, None] + self.halves[:, :, None] * rule.nodes[:, None, :]
        return inside.reshape(len(self.centers), -1)

    def weights(self, rule: Rule) -> Array:
        """The weight of each node, (p · 15ᵈ,)."""
        return np.outer(self.halves.prod(axis=0), rule.weights).ravel()

    def only(self, chosen: np.ndarray) -> Panels:
        """Some of the panels."""
        return Panels(self.centers[:, chosen], self.halves[:, chosen])

    def halved(self, axes: np.ndarray) -> Panels:
        """Each panel cut in two across its own axis."""
        halves = self.halves.copy()
        across = (axes, np.arange(len(axes)))
        halves[across] /= 2
        shift = np.zeros_like(halves)
        shift[across] = halves[across]
        both = [self.centers - shift, self.centers + shift]
        return Panels(np.concatenate(both, axis=1), np.concatenate([halves, halves], axis=1))


def joined(a: Panels, b: Panels) -> Panels:
    """All panels of both."""
    return Panels(np.concatenate([a.centers, b.centers], 1), np.concatenate([a.halves, b.halves], 1))


def grid(edges: Sequence[Array]) -> Panels:
    """The cube [0, 1]ᵈ cut along each axis at the edges, which begin with 0 and end with 1."""
    centers, halves = (
        np.array(np.meshgrid(*along)).reshape(len(edges), -1)
        for along in ([(e[1:] + e[:-1]) / 2 for e in edges], [np.diff(e) / 2 for e in edges])
    )
    return Panels(centers, halves)


@dataclass(frozen=True)
class Estimates:
    """What the rules say about each panel: integral, error, integral of the absolute value, worst axis."""

    values: Array
    errors: Array
    magnitudes: Array
    axes: np.ndarray

    @classmethod
    def of(cls, f: Integrand, panels: Panels, rule: Rule) -> Estimates:
        r"""Evaluate a function on panels.

        QUADPACK's estimate, :math:`S \min(1, (200 |K - G| / S)^{3/2})` with :math:`S = \int |f - \bar f|`,
        trusts the rules less where they differ much, as they do at kinks.
        """
        volumes = panels.halves.prod(axis=0)
        y = f(panels.nodes(rule)).reshape(len(volumes), -1)
        with np.errstate(all="ignore"):  # Values that are not finite are found by the caller.
            mean = y @ rule.weights / rule.weights.sum()
            spread = abs(y - mean[:, None]) @ rule.weights
            differences = abs(y @ rule.differences.T)
            relative = 200 * differences.sum(axis=1) / np.where(spread == 0, 1, spread)
            errors = volumes * spread * np.fmin(1, relative**1.5)
            magnitudes = volumes * (abs(y) @ rule.weights)
            return cls(volumes * (y @ rule.weights), errors, magnitudes, np.argmax(differences, axis=1))

    def only(self, chosen: np.ndarray) -> Estimates:
        """Those of some of the panels."""
        return Estimates(*(part[chosen] for part in self._parts()))

    def joined(self, other: Estimates) -> Estimates:
        """Those of these panels and others."""
        return Estimates(*(np.concatenate(pair) for pair in zip(self._parts(), other._parts(), strict=True)))

    def _parts(self) -> tuple[np.ndarray, ...]:
        return self.values, self.errors, self.magnitudes, self.axes


@dataclass(frozen=True)
class Partition:
    """The panels on which an integral was computed.

    ``reason`` is "" if the error is within the tolerance; otherwise ``"not_finite"``, ``"singular"``
    (a panel cannot be halved any more) or ``"budget"`` (the evaluations are used up). ``worst`` is the
    centre (d,) of the panel with the largest error.
    """

    panels: Panels
    error: float
    reason: str
    worst: Array


def adapt(f: Integrand, edges: Sequence[Array], atol: float, rtol: float, budget: int) -> Partition:
    """Halve panels of the cube [0, 1]ᵈ until the error of the integral is within the tolerance."""
    rule, panels = rule_of(len(edges)), grid(edges)
    found, used = Estimates.of(f, panels, rule), panels.centers.shape[1]
    while True:
        magnitude = found.magnitudes.sum()
        if not np.isfinite(magnitude):
            place = panels.centers[:, np.argmin(np.isfinite(found.magnitudes))]
            return Partition(panels, np.inf, "not_finite", place)
        tolerance = max(atol, rtol * abs(found.values.sum()), _ROUNDING * magnitude)
        error = float(max(found.errors.sum(), EPSILON * magnitude))
        worst = panels.centers[:, np.argmax(found.errors)]
        chosen = _worst(found.errors, tolerance, panels.halves.prod(axis=0))
        reason = _reason(panels.only(chosen), used * rule.weights.size > budget)
        if error <= tolerance or reason:
            return Partition(panels, error, "" if error <= tolerance else reason, worst)
        halved = panels.only(chosen).halved(found.axes[chosen])
        panels = joined(panels.only(~chosen), halved)
        found = found.only(~chosen).joined(Estimates.of(f, halved, rule))
        used += halved.centers.shape[1]


def _worst(errors: Array, tolerance: float, volumes: Array) -> np.ndarray:
    """The panels with more than their share of the error, but for those that hardly matter yet."""
    over = errors > tolerance * volumes / volumes.sum()
    return over & (errors >= 0.01 * errors.max(where=over, initial=0.0))


def _reason(panels: Panels, spent: bool) -> str:
    """Why the panels cannot be improved, or ""."""
    if (panels.halves < np.maximum(_SMALLEST, 64 * EPSILON * panels.centers)).any():
        return "singular"
    return "budget" if spent else ""
