"""Reductions that leave NaN out, under NumPy's names: NaN stands for a missing element."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import Symbol, lift
from chainrule.dtypes import DTypeLike, computed_in, letter, real_type
from chainrule.errors import error
from chainrule.functions import cumulative, reductions
from chainrule.functions.quantiles import quantile_of
from chainrule.functions.reductions import Axis, as_float, as_type
from chainrule.ops.pointwise import isnan, logical_not, sqrt, where
from chainrule.ops.shapes import normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def _replaced(x: Any, value: float) -> Tensor:
    """A number in place of each NaN; types without NaN as they are."""
    x = lift(x)
    return where(isnan(x), lift(value, x.dtype), x) if letter(x.dtype) in "fc" else x


def _present(x: Any, axes: tuple[int, ...], keepdims: bool, dtype: Any) -> Tensor:
    """How many elements are not NaN."""
    return reductions.sum(logical_not(isnan(x)), axes, dtype=dtype, keepdims=keepdims)


def nansum(x: Any, axis: Axis = None, *, dtype: DTypeLike | None = None, keepdims: bool = False) -> Tensor:
    """Sum over axes, NaN counted as 0."""
    return reductions.sum(_replaced(x, 0), axis, dtype=dtype, keepdims=keepdims)


def nanprod(x: Any, axis: Axis = None, *, dtype: DTypeLike | None = None, keepdims: bool = False) -> Tensor:
    """Product over axes, NaN counted as 1."""
    return reductions.prod(_replaced(x, 1), axis, dtype=dtype, keepdims=keepdims)


def nancumsum(x: Any, axis: int | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    """Running sum, NaN counted as 0."""
    return cumulative.cumsum(_replaced(x, 0), axis, dtype=dtype)


def nancumprod(x: Any, axis: int | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    """Running product, NaN counted as 1."""
    return cumulative.cumprod(_replaced(x, 1), axis, dtype=dtype)


def nanmean(x: Any, axis: Axis = None, *, dtype: DTypeLike | None = None, keepdims: bool = False) -> Tensor:
    """Mean over axes of the elements that are not NaN; NaN where there are none.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.nanmean(cr.tensor([1.0, float("nan"), 3.0]))
    tensor(2.)
    """
    x = as_float(x, dtype)
    axes = normalize_axes("nanmean", axis, x.shape)
    reductions.element_count("nanmean", x, axes)
    wide = as_type(x, computed_in(x.dtype))
    total = nansum(wide, axes, keepdims=keepdims)
    return as_type(total / _present(x, axes, keepdims, real_type(wide.dtype)), x.dtype)


def nanvar(
    x: Any,
    axis: Axis = None,
    *,
    dtype: DTypeLike | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Tensor:
    """Variance over axes of the elements that are not NaN; NaN where no more than ``ddof`` are left."""
    x = as_float(x, dtype)
    axes = normalize_axes("nanvar", axis, x.shape)
    taken_off = reductions.degrees_of_freedom(ddof, correction)
    wide = as_type(x, computed_in(x.dtype))
    # NaN is taken out before the square, whose derivative would spread it.
    deviation = where(isnan(x), 0, wide - nanmean(wide, axes, keepdims=True))
    squares = reductions.squared_magnitude(deviation)
    divisor = _present(x, axes, keepdims, squares.dtype) - taken_off
    result = reductions.sum(squares, axes, keepdims=keepdims) / where(divisor > 0, divisor, math.nan)
    return as_type(result, real_type(x.dtype))


def nanstd(
    x: Any,
    axis: Axis = None,
    *,
    dtype: DTypeLike | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Tensor:
    """Standard deviation over axes of the elements that are not NaN."""
    return sqrt(nanvar(x, axis, dtype=dtype, ddof=ddof, keepdims=keepdims, correction=correction))


def nanmax(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Largest element over axes that is not NaN; NaN where there is none."""
    return _extreme(reductions.max, x, axis, keepdims, -math.inf)


def nanmin(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Smallest element over axes that is not NaN; NaN where there is none."""
    return _extreme(reductions.min, x, axis, keepdims, math.inf)


def _extreme(fold: Callable[..., Tensor], x: Any, axis: Axis, keepdims: bool, last: float) -> Tensor:
    x = lift(x)
    if letter(x.dtype) not in "fc":
        return fold(x, axis, keepdims=keepdims)
    missing = reductions.all(isnan(x), axis, keepdims=keepdims)
    return where(missing, math.nan, fold(_replaced(x, last), axis, keepdims=keepdims))


def nanargmax(x: Any, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
    """Index of the first largest element that is not NaN.

    Raises
    ------
    OutOfRangeError
        There is none. While a function is recorded values are not known, and the index is then 0.
    """
    return _index_of_extreme("nanargmax", reductions.argmax, x, axis, keepdims, -math.inf)


def nanargmin(x: Any, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
    """Index of the first smallest element that is not NaN; errors as of `nanargmax`."""
    return _index_of_extreme("nanargmin", reductions.argmin, x, axis, keepdims, math.inf)


def _index_of_extreme(
    op: str, fold: Callable[..., Tensor], x: Any, axis: int | None, keepdims: bool, last: float
) -> Tensor:
    x = lift(x)
    if letter(x.dtype) == "f":
        missing = reductions.all(isnan(x), axis)
        if not isinstance(missing.data, Symbol) and missing.data.any():
            raise error("structure.all_nan", op=op, shapes={"x": x.shape})
        x = _replaced(x, last)
    return fold(x, axis, keepdims=keepdims)


def nanmedian(x: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Median over axes of the elements that are not NaN; NaN where there is none."""
    return quantile_of("nanmedian", x, 0.5, axis, "linear", keepdims, ignore_nan=True)


def nanquantile(
    x: Any, q: Any, axis: Axis = None, *, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Quantiles over axes of the elements that are not NaN; arguments as for `quantile`."""
    return quantile_of("nanquantile", x, q, axis, method, keepdims, ignore_nan=True)


def nanpercentile(
    x: Any, q: Any, axis: Axis = None, *, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """As `nanquantile`, with shares from 0 to 100."""
    return quantile_of("nanpercentile", x, q, axis, method, keepdims, whole=100, ignore_nan=True)
