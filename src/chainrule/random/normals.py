"""Normally distributed numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.composite import composite
from chainrule.dtypes import DType, computed_in
from chainrule.errors import error
from chainrule.functions.elementwise import clip
from chainrule.functions.shaping import reshape, stack
from chainrule.ops import pointwise
from chainrule.ops.shapes import size
from chainrule.random.arguments import (
    POSITIVE,
    Shape,
    as_parameter,
    check_parameter,
    is_number,
    known,
    of_type,
    result_dtype,
    result_shape,
)
from chainrule.random.generator import Generator, draw_key
from chainrule.random.words import open_unit, unit
from chainrule.tensor import Tensor


@composite(r"\mathcal{N}(μ, σ^2)")
def normal(
    shape: Shape | None = None,
    mean: Any = 0.0,
    std: Any = 1.0,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Normally distributed numbers, two from two uniform ones (Box & Muller, 1958).

    .. math:: μ + σ \sqrt{-2 \ln u_1}\, \cos 2πu_2, \qquad μ + σ \sqrt{-2 \ln u_1}\, \sin 2πu_2

    Parameters
    ----------
    shape : int or sequence of int, optional
        Of the result; by default the common shape of the parameters.
    mean, std : float or Tensor
        :math:`μ` and :math:`σ`; the result is differentiable by them.
    dtype, key, generator
        As for `uniform`.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.normal(10_000, 3.0, 2.0, key=cr.random.key(0))
    >>> print(f"{float(x.mean()):.1f} {float(x.std()):.1f}")
    3.0 2.0
    """
    wanted = result_shape("normal", shape, mean=mean, std=std)
    kind = result_dtype("normal", dtype, mean, std)
    values = standard_normal(draw_key("normal", key, generator), wanted, kind)
    return located(values, mean, std)


@composite(r"μ + σ z, \quad z \sim \mathcal{N}(0, 1), \quad a \le μ + σ z \le b")
def truncated_normal(
    shape: Shape | None = None,
    low: Any = -2.0,
    high: Any = 2.0,
    mean: Any = 0.0,
    std: Any = 1.0,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Normally distributed numbers of an interval :math:`[a, b]` (not within so many standard deviations).

    .. math::
        μ + σ\, Φ^{-1}(Φ(α) + u\, (Φ(β) - Φ(α))), \qquad α = \tfrac{a - μ}{σ}, \quad β = \tfrac{b - μ}{σ}

    Intervals above the mean are mirrored to below it, where :math:`Φ` keeps its digits.

    Parameters
    ----------
    shape : int or sequence of int, optional
        Of the result; by default the common shape of the parameters.
    low, high : float or Tensor
        :math:`a` and :math:`b`.
    mean, std : float or Tensor
        Of the distribution before it is cut; the result is differentiable by all four.
    dtype, key, generator
        As for `uniform`.

    Raises
    ------
    ConfigError
        The interval holds (next to) nothing of the distribution.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.truncated_normal(1000, 3.0, 4.0, key=cr.random.key(0))
    >>> bool(((x >= 3) & (x <= 4)).all())
    True
    """
    given = {"low": low, "high": high, "mean": mean, "std": std}
    check_parameter("truncated_normal", "std", std, POSITIVE)
    wanted = result_shape("truncated_normal", shape, **given)
    kind = result_dtype("truncated_normal", dtype, *given.values())
    wide = computed_in(kind)
    a, b, center, spread = (as_parameter(x, wanted, wide) for x in given.values())
    ends = (a - center) / spread, (b - center) / spread
    _check_holds_some(ends, given)
    u = open_unit(draw_key("truncated_normal", key, generator), wanted, wide)
    return of_type(clip(center + spread * _between(*ends, u), a, b), kind)


def _between(low: Tensor, high: Tensor, u: Tensor) -> Tensor:
    """Standard normal numbers of an interval, by their quantiles."""
    mirrored = low + high > 0
    near, far = pointwise.where(mirrored, -high, low), pointwise.where(mirrored, -low, high)
    below = _share_below(near)
    z = pointwise.ndtri(below + u * (_share_below(far) - below))
    return pointwise.where(mirrored, -z, z)


def _share_below(z: Tensor) -> Tensor:
    return 0.5 * pointwise.erfc(-math.sqrt(0.5) * z)


def _check_holds_some(ends: tuple[Tensor, Tensor], given: dict[str, Any]) -> None:
    low, high = map(known, ends)
    if low is None or high is None:
        return
    nearest = _share_below(Tensor(np.where(low > 0, -low, high))).numpy()
    if not np.all((low < high) & (nearest > 0)):
        raise error("random.truncated", **given)


def standard_normal(key: Any, shape: tuple[int, ...], dtype: DType) -> Tensor:
    """Numbers of mean 0 and standard deviation 1."""
    pairs = -(-size(shape) // 2)
    u = unit(key, (2, pairs), computed_in(dtype))
    # 1 - u lies in (0, 1], where the logarithm is finite.
    radius = pointwise.sqrt(-2.0 * pointwise.log(1.0 - u[0]))
    angle = (2 * math.pi) * u[1]
    both = stack([radius * pointwise.cos(angle), radius * pointwise.sin(angle)], axis=1)
    return of_type(reshape(reshape(both, (2 * pairs,))[: size(shape)], shape), dtype)


def located(values: Tensor, location: Any, scale: Any) -> Tensor:
    """``location + scale · values``, in the type of the values."""
    scale, location = (x if is_number(x) else of_type(x, values.dtype) for x in (scale, location))
    return values * scale + location
