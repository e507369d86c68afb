r"""The remainder of a Taylor polynomial, by Lagrange's form.

.. math:: f(x) - p(x) = \frac{1}{(n+1)!} \frac{d^{n+1}}{ds^{n+1}} f(ξ + s (x - x_0)) \Big|_{s=0}
    \qquad \text{for some } ξ \text{ between } x_0 \text{ and } x

Where ξ lies is not known, so the right side is sampled between :math:`x_0` and :math:`x`, more closely
where it is largest. That is an estimate of a bound, not a proof of one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.calculus.messages  # noqa: F401  (registers the messages used here)
from chainrule.autodiff import no_grad
from chainrule.calculus.derived import digits
from chainrule.calculus.fields import as_tensor
from chainrule.calculus.subject import Points, Subject
from chainrule.errors import text

_SAMPLES = 65
_REFINEMENTS = 3


@dataclass(frozen=True)
class Remainder:
    """How far a Taylor polynomial is from its function.

    Attributes
    ----------
    point : tuple
        Where.
    error : float
        The actual difference, :math:`|f(x) - p(x)|`.
    estimate : float
        Lagrange's bound of it, its maximum sampled between centre and point.
    order : int
        That of the polynomial.
    """

    point: tuple[Any, ...]
    error: float
    estimate: float
    order: int

    def __float__(self) -> float:
        return self.estimate

    def __str__(self) -> str:
        place = ", ".join(digits(x) for x in self.point)
        return text(
            "calculus.remainder", place=place, error=self.error, estimate=self.estimate, n=self.order + 1
        )

    def __repr__(self) -> str:
        return str(self)


def lagrange_estimate(subject: Subject, points: Points, target: np.ndarray, order: int) -> float:
    """The largest Lagrange remainder found between a centre and a target (n,)."""
    start = points.columns.numpy()[:, 0]
    step = target - start

    def sizes(part: np.ndarray) -> np.ndarray:
        columns = start[:, None] + step[:, None] * part
        return coefficient_sizes(subject, points, columns, step, order + 1)

    return largest(sizes, 0.0, 1.0)


def coefficient_sizes(
    subject: Subject, points: Points, columns: np.ndarray, direction: np.ndarray, order: int
) -> np.ndarray:
    """The sizes (m,) of one Taylor coefficient along a direction, about the columns (n, m)."""
    here = Points(points.form, as_tensor(columns), (columns.shape[1],))
    with no_grad():
        found = subject.coefficients(here, [(order,)], direction[None])[order,].numpy()
    return np.abs(found).reshape(-1, columns.shape[1]).max(axis=0)


def largest(sizes: Callable[[np.ndarray], np.ndarray], low: float, high: float) -> float:
    """The maximum of a function on an interval, sampled, and again around the largest sample."""
    found = 0.0
    for _ in range(_REFINEMENTS):
        places = np.linspace(low, high, _SAMPLES)
        values = sizes(places)
        if not np.isfinite(values).all():
            return math.inf
        best = int(values.argmax())
        found = max(found, float(values[best]))
        low, high = places[max(best - 1, 0)], places[min(best + 1, _SAMPLES - 1)]
    return found


def radius_of(coefficients: np.ndarray) -> float:
    r"""The radius of convergence that the coefficients of a power series suggest.

    The root test with its first correction: :math:`|a_k| \approx C\, k^{p}\, R^{-k}` (Darboux) is fitted
    to the later half of the coefficients that are not zero. Infinite if the
    estimate keeps growing from one half to the next, and NaN if there are too few coefficients.
    """
    (orders,) = np.nonzero(coefficients)
    orders = orders[orders > 0]
    if len(orders) < 8:
        return math.inf if len(orders) and len(coefficients) > 2 * orders[-1] + 8 else math.nan
    early, late = (_fitted_radius(orders[part], coefficients) for part in _halves(len(orders)))
    return math.inf if late > 1.25 * early else late


def _halves(count: int) -> tuple[slice, slice]:
    return slice(count // 4, count // 4 + count // 2), slice(count - count // 2, count)


def _fitted_radius(orders: np.ndarray, coefficients: np.ndarray) -> float:
    sizes = np.log(np.abs(coefficients[orders]))
    terms = np.stack([np.ones(len(orders)), np.log(orders), -orders.astype(float)], axis=1)
    return float(np.exp(np.linalg.lstsq(terms, sizes)[0][2]))
