"""Evenly distributed numbers: floats of an interval, whole numbers of a range."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.composite import composite
from chainrule.dtypes import DType, uint64
from chainrule.errors import error
from chainrule.ops.pointwise import cast
from chainrule.random.arguments import Shape, is_number, of_type, result_dtype, result_shape
from chainrule.random.generator import Generator, draw_key
from chainrule.random.rejection import first_accepted
from chainrule.random.words import long_words, unit
from chainrule.tensor import Tensor


@composite(r"U[a, b)")
def uniform(
    shape: Shape | None = None,
    low: Any = 0.0,
    high: Any = 1.0,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    """Numbers spread evenly over ``[low, high)``, with as many random digits as the type holds.

    Parameters
    ----------
    shape : int or sequence of int, optional
        Of the result; by default the common shape of the bounds.
    low, high : float or Tensor
        Bounds; the result is differentiable by them. Rounding may give ``high`` itself.
    dtype : dtype, optional
        ``float32`` unless the bounds are tensors of another type.
    key : Tensor, optional
        The draw's key; without, the generator's next one.
    generator : Generator, optional
        By default the one that `chainrule.random.seed` sets.

    Raises
    ------
    ConfigError
        ``low`` is above ``high``.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.uniform((2, 3), -1, 1, key=cr.random.key(0))
    >>> x.shape, bool((abs(x) <= 1).all())
    ((2, 3), True)
    """
    if is_number(low) and is_number(high) and not low <= high:
        raise error("random.interval", low=low, high=high)
    wanted = result_shape("uniform", shape, low=low, high=high)
    kind = result_dtype("uniform", dtype, low, high)
    values = unit(draw_key("uniform", key, generator), wanted, kind)
    if is_number(low) and is_number(high):
        return values if (low, high) == (0.0, 1.0) else values * (high - low) + low
    low, high = of_type(low, kind), of_type(high, kind)
    return values * (high - low) + low


@composite(r"U\{a, \dots, b - 1\}")
def integers(
    low: int,
    high: int | None = None,
    shape: Shape = (),
    *,
    dtype: Any = np.int64,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Whole numbers from ``low`` up to, but without, ``high``, all equally likely.

    A word of 64 bits gives its remainder by :math:`n = high - low`. Words from the largest multiple of
    :math:`n` on would favour small remainders, and are drawn anew, until the probability that one is
    left is below :math:`2^{-64}`.

    Parameters
    ----------
    low, high : int
        Bounds; one alone is ``high``.
    shape : int or sequence of int
        Of the result.
    dtype : dtype
        An integer type that holds both bounds.

    Raises
    ------
    ConfigError
        The range is empty.
    DTypeError
        A bound is not an integer, or the type cannot hold it.

    Examples
    --------
    >>> import chainrule as cr
    >>> rolls = cr.random.integers(1, 7, 600, key=cr.random.key(0))
    >>> int(rolls.min()), int(rolls.max())
    (1, 6)
    """
    kind = dtypes.canonical(dtype)
    first, last = (0, low) if high is None else (low, high)
    first, last = _bound("low", first, kind), _bound("high", last, kind, 1)
    if first >= last:
        raise error("random.integers_empty", low=first, high=last)
    wanted = result_shape("integers", shape)
    words = _remainders(draw_key("integers", key, generator), wanted, last - first)
    return cast(words, dtype=kind) + first if first else cast(words, dtype=kind)


def _bound(name: str, value: Any, dtype: DType, excess: int = 0) -> int:
    limits = np.iinfo(dtype) if dtypes.letter(dtype) in "iu" and dtype.kind != "V" else None
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or limits is None or not limits.min <= number <= int(limits.max) + excess:
        raise error("random.integers_bounds", name=name, dtype=dtype, got=repr(value))
    return number


def _remainders(key: Any, shape: tuple[int, ...], count: int) -> Tensor:
    """Evenly distributed ``uint64`` below ``count``."""
    rest = 2**64 % count
    if rest == 0:
        words = long_words(key, shape)
        return words if count == 2**64 else words % count
    rounds = math.ceil(64 / (64 - math.log2(rest)))

    def propose(key: Any) -> tuple[Tensor, Tensor]:
        words = long_words(key, shape)
        return words % count, words < 2**64 - rest

    return first_accepted(propose, key, shape, uint64, rounds)
