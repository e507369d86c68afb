"""Definite integrals of one and several variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

import chainrule.calculus.messages_integrals  # noqa: F401  (registers the messages used here)
from chainrule.autodiff import no_grad
from chainrule.calculus.fields import Array, Function, ScalarField, as_tensor, form_of, shown
from chainrule.calculus.printed import Printed
from chainrule.calculus.quadrature import Partition, adapt, rule_of
from chainrule.calculus.regions import check_count, check_positive
from chainrule.calculus.substitution import Region
from chainrule.errors import error, text
from chainrule.functions import reductions
from chainrule.tensor import Tensor

MOST_VARIABLES = 5


@dataclass(frozen=True, repr=False)
class Integral(Printed):
    """A computed integral.

    Attributes
    ----------
    value : Tensor
        The number, shape (), ``float64``; differentiable by the limits and by what ``f`` captured.
    error : float
        Estimate of its error.
    evaluations : int
        How often ``f`` was evaluated.
    converged : bool
        Whether the error is within the tolerance.
    reason : str
        Why it is not; otherwise empty.
    """

    value: Tensor
    error: float
    evaluations: int
    converged: bool
    reason: str = ""

    def __float__(self) -> float:
        return float(self.value.item())

    def __str__(self) -> str:
        shown = {"value": f"{float(self):.12g}", "error": f"{self.error:.1e}", "count": self.evaluations}
        done = text("integral.result", **shown)
        return done if self.converged else f"{done}\n{self.reason}"


def integrate(
    f: Function,
    *limits: Any,
    points: float | Sequence[float] = (),
    atol: float = 1e-12,
    rtol: float = 1e-9,
    budget: int = 1_000_000,
    strict: bool = True,
) -> Integral:
    r"""A definite integral, by adaptive Gauss–Kronrod quadrature.

    .. math:: \int_a^b f(x)\,dx \qquad \int_a^b \int_{c(x)}^{d(x)} f(x, y)\,dy\,dx

    The value is a tensor: its derivatives by the limits and by parameters that ``f`` captured are those of
    the quadrature formula, whose panels are kept fixed (Leibniz's rule).

    Parameters
    ----------
    f : callable
        A function of one number, of as many numbers as there are pairs of limits, or of one vector.
    *limits
        ``a, b`` for one variable. For several, a pair ``(low, high)`` each, the outermost first; a limit
        may be a function of all variables before it. Limits of one pair may be infinite or reversed.
    points : float or sequence of float
        Places between ``a`` and ``b`` where ``f`` has a jump, a kink or a pole (one variable).
    atol, rtol : float
        The error may be as large as the greater of ``atol`` and ``rtol · |value|``.
    budget : int
        How often ``f`` may be evaluated, about.
    strict : bool
        Raise if the tolerance is not reached; otherwise the result tells it.

    Returns
    -------
    Integral

    Raises
    ------
    ConvergenceError
        The tolerance was not reached: the integral diverges, or ``f`` is too rough.
    ShapeError, ConfigError
        Limits or function do not fit.

    Notes
    -----
    Nothing that lies between the nodes can be seen. A peak much narrower than a hundredth of the interval, or
    in an infinite one of its distance from 0 (from the limit), needs its place named in ``points``.

    Examples
    --------
    >>> import chainrule as cr
    >>> print(f"{float(integrate(lambda x: x**2, 0, 3)):.10f}")
    9.0000000000
    >>> area = integrate(lambda x: cr.exp(-x * x), -float("inf"), float("inf"))
    >>> print(f"{float(area) ** 2:.10f}")
    3.1415926536
    >>> triangle = integrate(lambda x, y: x * y, (0, 1), (0, lambda x: x))
    >>> print(f"{float(triangle):.10f}")
    0.1250000000
    """
    check_positive(rtol, "integrate", "rtol")
    check_count(budget, "integrate", "budget", 1)
    part = partial(_integral, f, atol=float(atol), rtol=float(rtol), budget=budget)
    pairs = _pairs(limits)
    if np.size(points):
        ends = _ends(pairs, np.ravel(points).tolist())
        pieces = [part([pair]) for pair in pairwise(ends)]
    else:
        pieces = [part(pairs)]
    whole = _sum(pieces)
    if strict and not whole.converged:
        raise error("integral.strict", reason=whole.reason, value=float(whole), residual=whole.error)
    return whole


def _pairs(limits: Sequence[Any]) -> list[Any]:
    """The limits as pairs: two numbers are one pair."""
    if not limits:
        raise error("integral.no_limits")
    if len(limits) == 1 and isinstance(limits[0], list | tuple) and _are_pairs(limits[0]):
        limits = limits[0]
    numbers = [not isinstance(limit, list | tuple) for limit in limits]
    if all(numbers) and len(limits) == 2:
        return [tuple(limits)]
    if any(numbers):
        raise error("integral.limits", got=", ".join(map(repr, limits)))
    if len(limits) > MOST_VARIABLES:
        raise error("integral.too_many", count=len(limits), most=MOST_VARIABLES)
    return list(limits)


def _are_pairs(limits: Sequence[Any]) -> bool:
    return bool(limits) and all(isinstance(pair, list | tuple) for pair in limits)


def _ends(pairs: list[Any], points: Sequence[float]) -> list[Any]:
    """The ends of the pieces between break points."""
    if len(pairs) != 1:
        raise error("integral.points_many")
    low, high = pairs[0]
    first, last = float(as_tensor(low).item()), float(as_tensor(high).item())
    inner = sorted(map(float, points), reverse=first > last)
    if not all(min(first, last) < p < max(first, last) for p in inner):
        raise error("integral.points", points=shown(inner), low=first, high=last)
    return [low, *inner, high]


def _integral(f: Function, pairs: list[Any], *, atol: float, rtol: float, budget: int) -> Integral:
    region = Region(pairs, "integrate")
    field = ScalarField(f, form_of(f, len(pairs), "integrate"), "integrate")

    def integrand(u: Any) -> Tensor:
        x, factor = region.at(as_tensor(u))
        return field.many(x) * factor

    def plain(u: Array) -> Array:
        with no_grad():
            return np.asarray(integrand(u).numpy())

    edges = [axis.edges(len(pairs)) for axis in region.axes]
    found = adapt(plain, edges, atol, rtol, budget)
    rule = rule_of(len(pairs))
    value = reductions.sum(integrand(found.panels.nodes(rule)) * found.panels.weights(rule))
    reason = "" if not found.reason else _reason(found, region, field)
    return Integral(value, found.error, field.evaluations, not found.reason, reason)


def _reason(found: Partition, region: Region, field: ScalarField) -> str:
    with no_grad():
        point = region.at(as_tensor(found.worst[:, None]))[0].numpy()[:, 0]
    place = [axis.nearby(x) for axis, x in zip(region.axes, point, strict=True)]
    undefined = found.reason == "not_finite" and np.isnan(field.value(point))
    kind = "far" if np.isinf(place).any() else "undefined" if undefined else found.reason
    return text(f"integral.{kind}", place=shown(place))


def _sum(pieces: list[Integral]) -> Integral:
    first, *rest = pieces
    value = first.value
    for piece in rest:
        value = value + piece.value
    return Integral(
        value,
        sum(p.error for p in pieces),
        sum(p.evaluations for p in pieces),
        all(p.converged for p in pieces),
        "; ".join(dict.fromkeys(p.reason for p in pieces if p.reason)),
    )
