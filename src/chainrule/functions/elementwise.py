"""Pointwise functions under NumPy's names, as composites of table rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.derivative import is_complex
from chainrule.core.interpreter import lift
from chainrule.dtypes import DType, float64, is_float, letter, real_type
from chainrule.errors import error
from chainrule.ops import pointwise, reduce
from chainrule.ops.pointwise import where

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


@composite(r"\min(\max(x, a), b)")
def clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Tensor:
    """Limit the elements to an interval; the derivative is 0 outside and 1 on its ends.

    Parameters
    ----------
    x : array_like
        Elements.
    a_min, a_max : array_like or None
        The bounds :math:`a` and :math:`b`, which broadcast; None for no bound. Where they cross,
        the upper one holds.
    min, max : array_like or None
        Other names of the bounds.

    Raises
    ------
    ConfigError
        A bound is given twice.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.clip([-1.0, 0.5, 3.0], 0.0, [2.0, 0.25, 2.0])
    tensor([0.  , 0.25, 2.  ])
    """
    x, low, high = lift(x), _bound("min", a_min, min), _bound("max", a_max, max)
    x = x if low is None else where(_passes(pointwise.less, x, low), low, x)
    return x if high is None else where(_passes(pointwise.greater, x, high), high, x)


def _bound(name: str, positional: Any, named: Any) -> Any:
    if positional is not None and named is not None:
        raise error("pointwise.clip_twice", name=name)
    return named if positional is None else positional


def _passes(beyond: Any, x: Tensor, bound: Any) -> Tensor:
    """Where an element lies beyond a bound; a bound that is NaN counts as passed, so that NaN results."""
    if isinstance(bound, int | float) and not math.isnan(bound):
        return beyond(x, bound)
    bound = lift(bound)
    return pointwise.logical_or(beyond(x, bound), pointwise.isnan(bound))


@composite(r"10^{-d} \operatorname{round}(10^{d} x)")
def round(x: Any, decimals: int = 0) -> Tensor:
    """Round to a number of decimals, to tens and hundreds if it is negative; halves go to the even neighbour.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.round([0.5, 1.5, 2.345], 2)
    tensor([0.5 , 1.5 , 2.34])
    """
    x = lift(x)
    if decimals == 0 or (decimals > 0 and letter(x.dtype) in "iu"):
        return pointwise.round_(x)
    if not is_float(x.dtype):
        return pointwise.cast(round(pointwise.cast(x, dtype=float64), decimals), dtype=x.dtype)
    scale = 10.0 ** abs(decimals)
    if decimals > 0:
        return pointwise.round_(x * scale) / scale
    return pointwise.round_(x / scale) * scale


@composite(r"\frac{π}{180} x")
def deg2rad(x: Any) -> Tensor:
    """Degrees as radians."""
    return pointwise.multiply(x, math.pi / 180)


@composite(r"\frac{180}{π} x")
def rad2deg(x: Any) -> Tensor:
    """Radians as degrees."""
    return pointwise.multiply(x, 180 / math.pi)


@composite(r"\frac{\sin π x}{π x}")
def sinc(x: Any) -> Tensor:
    """The normalised cardinal sine, 1 at 0; its derivatives of all orders are right at 0 too."""
    return pointwise.spherical_bessel(0, math.pi * lift(x))


@composite(r"\operatorname{I}_{0}(x)")
def i0(x: Any) -> Tensor:
    """The modified Bessel function of the first kind and order 0."""
    return pointwise.bessel_i(0, x)


@composite(r"\operatorname{ψ}(x) = \frac{\mathrm{d}}{\mathrm{d} x} \ln \operatorname{Γ}(x)")
def digamma(x: Any) -> Tensor:
    """The logarithmic derivative of the gamma function."""
    return pointwise.polygamma(0, x)


@composite(r"\lfloor x / y \rfloor, x \bmod y")
def divmod(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """The whole part of a quotient, and the remainder."""
    return pointwise.floor_divide(x, y), pointwise.remainder(x, y)


@composite(r"|a - b| \le α + r |b|")
def isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Where two tensors differ by no more than a tolerance: ``α`` is ``atol`` and ``r`` is ``rtol``.

    Equal infinities are close; NaN is close to NaN only if ``equal_nan``.
    """
    a, b = lift(a), lift(b)
    within = pointwise.absolute(a - b) <= atol + rtol * pointwise.absolute(b)
    found = pointwise.logical_or(a == b, pointwise.logical_and(within, pointwise.isfinite(b)))
    if not equal_nan:
        return found
    return pointwise.logical_or(found, pointwise.logical_and(pointwise.isnan(a), pointwise.isnan(b)))


@composite(r"\bigwedge |a - b| \le α + r |b|")
def allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Whether all elements of two tensors are close, as by `isclose`."""
    close = isclose(a, b, rtol, atol, equal_nan)
    return reduce.all_(close, axis=tuple(range(len(close.shape))), keepdims=False)


@composite(r"\begin{cases} x & |x| < \infty \\ \mathrm{number} & \text{otherwise} \end{cases}")
def nan_to_num(
    x: Any, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """Replace NaN by a number, and infinities by the largest and smallest finite ones or by numbers given.

    The result is always a new tensor; ``copy`` is there because NumPy has it.
    """
    x = lift(x)
    if is_complex(x):
        parts = (nan_to_num(part(x), copy, nan, posinf, neginf) for part in (pointwise.real, pointwise.imag))
        return pointwise.complex_(*parts)
    if not is_float(x.dtype):
        return pointwise.identity(x)
    top = _largest(x.dtype) if posinf is None else posinf
    bottom = -_largest(x.dtype) if neginf is None else neginf
    infinite = where(x > 0, lift(top, x.dtype), lift(bottom, x.dtype))
    return where(pointwise.isnan(x), nan, where(pointwise.isinf(x), infinite, x))


def _largest(dtype: DType) -> float:
    """The largest finite number of a type."""
    if dtype.kind != "V":
        return float(np.finfo(real_type(dtype)).max)
    import ml_dtypes

    return float(ml_dtypes.finfo(dtype).max)
