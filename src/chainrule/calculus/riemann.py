"""Sums that approximate an integral: rectangles, trapezoids, parabolas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.calculus.messages_integrals  # noqa: F401  (registers the messages used here)
from chainrule.calculus.fields import Array, Function, ScalarField, as_tensor, form_of
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import check_choice, check_count
from chainrule.errors import error, text
from chainrule.functions import reductions
from chainrule.tensor import Tensor

Weights = tuple[Array, Array]


def left(n: int) -> Weights:
    """Height at the left end of each strip."""
    return np.arange(n) / n, np.full(n, 1 / n)


def right(n: int) -> Weights:
    """Height at the right end of each strip."""
    return np.arange(1, n + 1) / n, np.full(n, 1 / n)


def middle(n: int) -> Weights:
    """Height in the middle of each strip; the error falls with 1/n²."""
    return (np.arange(n) + 0.5) / n, np.full(n, 1 / n)


def trapezoids(n: int) -> Weights:
    """A straight line over each strip; the error falls with 1/n²."""
    ends = np.full(n + 1, 1 / n)
    ends[[0, -1]] /= 2
    return np.arange(n + 1) / n, ends


def parabolas(n: int) -> Weights:
    """A parabola over each pair of strips; the error falls with 1/n⁴."""
    if n % 2:
        raise error("integral.simpson", n=n)
    weights = np.full(n + 1, 2 / (3 * n))
    weights[1::2] *= 2
    weights[[0, -1]] /= 2
    return np.arange(n + 1) / n, weights


# Nodes and weights on [0, 1], by the number of strips.
RULES: dict[str, Callable[[int], Weights]] = {
    "left": left,
    "right": right,
    "middle": middle,
    "trapezoid": trapezoids,
    "simpson": parabolas,
}


@dataclass(frozen=True, repr=False)
class RiemannSum(Printed):
    """A sum of heights times widths.

    Attributes
    ----------
    value : Tensor
        The sum, shape (), ``float64``; differentiable by the limits and by what ``f`` captured.
    nodes, heights, weights : ndarray (k,)
        Where ``f`` was evaluated, its values there, and what they were multiplied by.
    rule : str
        The rule.
    """

    value: Tensor
    nodes: Array
    heights: Array
    weights: Array
    rule: str

    def __float__(self) -> float:
        return float(self.value.item())

    def __str__(self) -> str:
        rule = text(f"integral.rule_{self.rule}")
        return text("integral.sum", rule=rule, count=len(self.nodes), value=f"{float(self):.12g}")


def riemann_sum(f: Function, a: Any, b: Any, n: int = 100, *, rule: str = "middle") -> RiemannSum:
    r"""An integral as a sum over ``n`` strips of equal width.

    .. math:: \int_a^b f(x)\,dx \approx \sum_i w_i\, f(x_i)

    Parameters
    ----------
    f : callable
        A function of one number.
    a, b : number or tensor ()
        The limits.
    n : int
        Number of strips; even for ``"simpson"``.
    rule : {"left", "right", "middle", "trapezoid", "simpson"}
        How high a strip is taken to be.

    Returns
    -------
    RiemannSum

    Raises
    ------
    ConfigError
        The limits are not finite, ``n`` or the rule does not exist.

    Examples
    --------
    >>> [round(float(riemann_sum(lambda x: x**2, 0, 1, 4, rule=rule)), 5) for rule in RULES]
    [0.21875, 0.46875, 0.32812, 0.34375, 0.33333]
    """
    check_count(n, "riemann_sum", "n")
    check_choice(rule, RULES, "riemann_sum", "rule")
    low, high = as_tensor(a), as_tensor(b)
    if not all(x.size == 1 and math.isfinite(x.item()) for x in (low, high)):
        raise error("integral.sum_limits", low=a, high=b)
    places, shares = RULES[rule](n)
    nodes, weights = low + (high - low) * places, (high - low) * shares
    heights = ScalarField(f, form_of(f, 1, "riemann_sum"), "riemann_sum").many(nodes.reshape(1, -1))
    value = reductions.sum(heights * weights)
    return RiemannSum(value, _plain(nodes), _plain(heights), _plain(weights), rule)


def _plain(x: Tensor) -> Array:
    return np.array(x.numpy())


def trapezoid(f: Function, a: Any, b: Any, n: int = 100) -> RiemannSum:
    r"""The trapezoidal rule, :math:`h \left(\frac{f_0}{2} + f_1 + … + f_{n-1} + \frac{f_n}{2}\right)`.

    Parameters and errors as for `riemann_sum`.

    Examples
    --------
    >>> float(trapezoid(lambda x: 2 * x, 0, 3, n=1))
    9.0
    """
    return riemann_sum(f, a, b, n, rule="trapezoid")


def simpson(f: Function, a: Any, b: Any, n: int = 100) -> RiemannSum:
    r"""Simpson's rule, :math:`\frac{h}{3} (f_0 + 4 f_1 + 2 f_2 + … + 4 f_{n-1} + f_n)`; exact for cubics.

    Parameters and errors as for `riemann_sum`.

    Examples
    --------
    >>> float(simpson(lambda x: x**3, 0, 2, n=2))
    4.0
    """
    return riemann_sum(f, a, b, n, rule="simpson")
