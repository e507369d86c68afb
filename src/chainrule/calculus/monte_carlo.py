"""Integrals by random points, with error bars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.calculus.messages_integrals  # noqa: F401  (registers the messages used here)
from chainrule import random
from chainrule.autodiff import no_grad
from chainrule.calculus.fields import Function, ScalarField, form_of, shown
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import Box, as_box, check_count
from chainrule.core.interpreter import lift
from chainrule.errors import error, text
from chainrule.functions import reductions
from chainrule.ops import pointwise
from chainrule.tensor import Tensor


@dataclass(frozen=True, repr=False)
class MonteCarlo(Printed):
    r"""An integral estimated from random points.

    Attributes
    ----------
    value : Tensor
        The estimate, shape (), ``float64``; differentiable by what ``f`` captured.
    error : float
        Its standard error, :math:`V s / \sqrt{n}`.
    n : int
        Number of points.
    """

    value: Tensor
    error: float
    n: int

    def __float__(self) -> float:
        return float(self.value.item())

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The interval that holds the integral with probability ``level``, for large ``n``.

        Examples
        --------
        >>> import chainrule as cr
        >>> low, high = MonteCarlo(cr.tensor(1.0), error=0.1, n=100).interval(0.95)
        >>> print(f"{low:.3f} {high:.3f}")
        0.804 1.196
        """
        from statistics import NormalDist

        if not 0 < level < 1:
            raise error("integral.level", got=level)
        reach = NormalDist().inv_cdf((1 + level) / 2) * self.error
        return float(self) - reach, float(self) + reach

    def __str__(self) -> str:
        return text("integral.monte_carlo", value=f"{float(self):.6g}", error=f"{self.error:.2g}", n=self.n)


def monte_carlo(
    f: Function,
    region: Any,
    n: int = 100_000,
    *,
    inside: Function | None = None,
    generator: random.Generator | None = None,
) -> MonteCarlo:
    r"""An integral over a box, or a part of it, from ``n`` random points.

    .. math:: \int_B f \approx \frac{V}{n} \sum_{i=1}^n f(x_i), \qquad
              \sigma \approx \frac{V}{\sqrt{n}}\, s(f(x_1), …, f(x_n))

    The error falls with :math:`1/\sqrt{n}`, whatever the number of variables.

    Parameters
    ----------
    f : callable
        A function of one number, of as many numbers as there are pairs, or of one vector.
    region : pair, or sequence of pairs
        ``(low, high)`` for each variable.
    n : int
        Number of points, at least 2.
    inside : callable, optional
        Of the same arguments: whether a point of the box belongs to the region.
    generator : chainrule.random.Generator, optional
        Where the points come from; the default stream otherwise.

    Returns
    -------
    MonteCarlo

    Raises
    ------
    ConfigError
        The region is reversed or infinite.
    NonFiniteError
        ``f`` is not finite at a point.

    Examples
    --------
    >>> import chainrule as cr
    >>> generator = cr.random.Generator(0)
    >>> disc = lambda x, y: x * x + y * y < 1
    >>> area = monte_carlo(lambda x, y: 1.0, [(-1, 1), (-1, 1)], 10_000, inside=disc, generator=generator)
    >>> abs(float(area) - 3.14159) < 4 * area.error < 0.1
    True
    """
    box = as_box(region, "monte_carlo")
    check_count(n, "monte_carlo", "n", 2)
    field = ScalarField(f, form_of(f, box.count, "monte_carlo"), "monte_carlo")
    points = box.random_points(n, generator)
    heights = field.many(points)
    if inside is not None:
        belongs = _belongs(inside, box, points)
        if not belongs.any():
            raise error("integral.nothing_inside", n=n)
        heights = pointwise.where(lift(belongs), heights, 0.0)
    plain = heights.numpy()
    if not np.isfinite(plain).all():
        place = points[:, np.argmin(np.isfinite(plain))]
        raise error("integral.sample", place=shown(place))
    spread = float(plain.std(ddof=1))
    return MonteCarlo(box.volume * reductions.mean(heights), box.volume * spread / math.sqrt(n), n)


def _belongs(inside: Function, box: Box, points: np.ndarray) -> np.ndarray:
    """Which columns of ``points`` (n, m) the region holds."""
    with no_grad():
        field = ScalarField(inside, form_of(inside, box.count, "monte_carlo"), "monte_carlo")
        return field.values(points) != 0
