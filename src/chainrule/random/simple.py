"""Distributions whose quantile is a formula: one uniform number makes one of theirs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from chainrule.core.composite import composite
from chainrule.dtypes import computed_in
from chainrule.ops import pointwise
from chainrule.random.arguments import POSITIVE, Shape, check_parameter, of_type, result_dtype, result_shape
from chainrule.random.generator import Generator, draw_key
from chainrule.random.normals import located
from chainrule.random.words import open_unit
from chainrule.tensor import Tensor


def _drawn(
    function: str,
    quantile: Callable[[Tensor], Tensor],
    shape: Shape | None,
    parameters: dict[str, Any],
    dtype: Any,
    key: Any,
    generator: Generator | None,
) -> Tensor:
    """A quantile function at uniform numbers, for the shape and type of the parameters."""
    for name, value in parameters.items():
        if name in ("scale", "rate"):
            check_parameter(function, name, value, POSITIVE)
    wanted = result_shape(function, shape, **parameters)
    kind = result_dtype(function, dtype, *parameters.values())
    u = open_unit(draw_key(function, key, generator), wanted, computed_in(kind))
    return of_type(quantile(u), kind)


@composite(r"\mathrm{Exp}(λ)")
def exponential(
    shape: Shape | None = None,
    rate: Any = 1.0,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Exponentially distributed numbers, :math:`-\ln(u) / λ`.

    Parameters
    ----------
    shape : int or sequence of int, optional
        Of the result; by default that of the rate.
    rate : float or Tensor
        :math:`λ > 0`, the inverse of the mean; the result is differentiable by it.
    dtype, key, generator
        As for `uniform`.

    Examples
    --------
    >>> import chainrule as cr
    >>> waits = cr.random.exponential(10_000, rate=4.0, key=cr.random.key(0))
    >>> print(f"{float(waits.mean()):.2f}")
    0.25
    """
    waits = _drawn("exponential", _waiting, shape, {"rate": rate}, dtype, key, generator)
    return waits / rate


def _waiting(u: Tensor) -> Tensor:
    return -pointwise.log(u)


@composite(r"\mathrm{Laplace}(μ, b)")
def laplace(
    shape: Shape | None = None,
    loc: Any = 0.0,
    scale: Any = 1.0,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Numbers with the density :math:`\frac{1}{2b} e^{-|x - μ| / b}`; parameters as for `cauchy`.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.laplace(10_000, scale=2.0, key=cr.random.key(0))
    >>> print(f"{float(abs(x).mean()):.1f}")
    2.0
    """
    given = {"loc": loc, "scale": scale}
    return located(_drawn("laplace", _two_sided, shape, given, dtype, key, generator), loc, scale)


def _two_sided(u: Tensor) -> Tensor:
    tail = pointwise.log(2 * pointwise.minimum(u, 1 - u))
    return pointwise.where(u < 0.5, tail, -tail)


@composite(r"\mathrm{Cauchy}(μ, γ)")
def cauchy(
    shape: Shape | None = None,
    loc: Any = 0.0,
    scale: Any = 1.0,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Numbers with Cauchy's density, which have no mean: :math:`μ + γ \tan(π(u - ½))`.

    Parameters
    ----------
    shape : int or sequence of int, optional
        Of the result; by default the common shape of the parameters.
    loc, scale : float or Tensor
        Median, and half of the distance between the quartiles; the result is differentiable by them.
    dtype, key, generator
        As for `uniform`.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.cauchy(10_000, key=cr.random.key(0))
    >>> print(f"{float((abs(x) < 1).astype(float).mean()):.1f}")
    0.5
    """
    given = {"loc": loc, "scale": scale}
    return located(_drawn("cauchy", _tangent, shape, given, dtype, key, generator), loc, scale)


def _tangent(u: Tensor) -> Tensor:
    return pointwise.tan(math.pi * (u - 0.5))


@composite(r"\mathrm{Gumbel}(μ, β)")
def gumbel(
    shape: Shape | None = None,
    loc: Any = 0.0,
    scale: Any = 1.0,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Numbers distributed as the maximum of many: :math:`μ - β \ln(-\ln u)`; parameters as for `cauchy`.

    The index of the largest of :math:`\ln p_i + g_i` is :math:`i` with probability :math:`p_i`, which
    `categorical` uses.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.gumbel(10_000, key=cr.random.key(0))
    >>> print(f"{float(x.mean()):.1f}")  # near Euler's constant, 0.577
    0.6
    """
    given = {"loc": loc, "scale": scale}
    return located(_drawn("gumbel", standard_gumbel, shape, given, dtype, key, generator), loc, scale)


def standard_gumbel(u: Tensor) -> Tensor:
    """Gumbel's quantile function."""
    return -pointwise.log(-pointwise.log(u))
