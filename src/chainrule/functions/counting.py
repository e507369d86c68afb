"""Counting: how often numbers occur, and how many elements fall into bins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.core.arrays import allocating
from chainrule.core.interpreter import Symbol, lift
from chainrule.dtypes import is_float
from chainrule.errors import error
from chainrule.functions import reductions, shaping
from chainrule.functions.indexing import integers
from chainrule.functions.searching import known_elements, searchsorted
from chainrule.ops import pointwise
from chainrule.ops.index import scatter_add
from chainrule.ops.shapes import as_shape

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def bincount(x: Any, weights: Any = None, minlength: int = 0, *, length: int | None = None) -> Tensor:
    r"""How often each number 0, 1, 2, … occurs; with weights, their sum.

    .. math:: y_k = \sum_{i : x_i = k} w_i

    Parameters
    ----------
    x : Tensor
        Integers of 0 or greater, along one axis.
    weights : Tensor, optional
        One for each element; the result is differentiable in them.
    minlength : int
        Least number of elements of the result, which is otherwise one more than the largest number.
    length : int, optional
        Exactly so many elements: then the call can be recorded, and a larger number is an error.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.bincount(cr.tensor([1, 0, 1, 3]))
    tensor([1, 2, 0, 1])
    """
    x = integers("bincount", x)
    w = lift(np.ones((), np.int64) if weights is None else weights)
    if len(x.shape) != 1 or (weights is not None and w.shape != x.shape):
        raise error("index.bincount_axes", shapes={"x": x.shape, "weights": w.shape})
    if not isinstance(x.data, Symbol) and x.data.size and x.data.min() < 0:
        raise error("index.negative", value=x.data.min())
    if length is None:
        elements = known_elements("bincount", x, "bincount(x, length=…)")
        largest = int(elements.max()) if elements.size else -1
        length = max(largest + 1, *as_shape("bincount", minlength))
    shape = as_shape("bincount", length)
    return scatter_add(shaping.broadcast_to(w, x.shape), x, axes=(0,), shape=shape)


class Histogram(NamedTuple):
    """Counts of bins, and their edges, one more."""

    counts: Tensor
    edges: Tensor


def histogram(
    x: Any,
    bins: Any = 10,
    range: tuple[float, float] | None = None,
    density: bool = False,
    weights: Any = None,
) -> Histogram:
    r"""How many elements fall into each bin: :math:`e_k \le x < e_{k+1}`, in the last one :math:`x \le e_n`.

    Parameters
    ----------
    x : Tensor
        Numbers; those outside, and NaN, are not counted.
    bins : int or Tensor
        How many bins of equal width, or the edges in rising order.
    range : (float, float), optional
        First and last edge; by default the smallest and the largest element.
    density : bool
        Give the density, whose integral is 1, instead of counts.
    weights : Tensor, optional
        Of the shape of ``x``: what each element counts. The result is differentiable in them.

    Returns
    -------
    Histogram
        ``counts`` (``int64``, or the type of the weights) and ``edges``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.histogram(cr.tensor([0.0, 1.0, 1.5, 2.0]), bins=2).counts
    tensor([1, 3])
    """
    x = shaping.ravel(lift(x))
    edges = histogram_bin_edges(x, bins, range)
    count = edges.shape[0] - 1
    inside = pointwise.logical_and(x >= edges[0], x <= edges[-1])
    w = lift(np.ones((), np.int64)) if weights is None else shaping.ravel(lift(weights))
    place = pointwise.minimum(searchsorted(edges, x, side="right") - 1, count - 1)
    counted = pointwise.where(inside, shaping.broadcast_to(w, x.shape), 0)
    counts = scatter_add(counted, pointwise.where(inside, place, 0), axes=(0,), shape=(count,))
    if density:
        counts = counts / (edges[1:] - edges[:-1]) / reductions.sum(counts)
    return Histogram(counts, edges)


def histogram_bin_edges(x: Any, bins: Any = 10, range: tuple[float, float] | None = None) -> Tensor:
    """The edges of the bins that `histogram` uses."""
    x = lift(x)
    x = x if is_float(x.dtype) else pointwise.cast(x, dtype=np.float32)
    if np.ndim(bins) > 0:
        return _checked_edges(lift(bins))
    (count,) = as_shape("histogram", bins)
    if count < 1:
        raise error("index.bin_count", got=count)
    low, high = _limits(x, range)
    wide = pointwise.where(low == high, 0.5, 0.0)
    low, high = low - wide, high + wide
    with allocating("histogram", (count + 1,), x.dtype):
        number = np.arange(count + 1)
    inner = low + lift(number, x.dtype) * ((high - low) / count)
    return pointwise.where(number == count, high, inner)


def _checked_edges(edges: Any) -> Any:
    is_known = not isinstance(edges.data, Symbol)
    if len(edges.shape) != 1 or edges.shape[0] < 2 or (is_known and (edges.data[1:] < edges.data[:-1]).any()):
        raise error("index.bin_count", got=edges.shape)
    return edges


def _limits(x: Any, range: tuple[float, float] | None) -> tuple[Any, Any]:
    """First and last edge as tensors of the type of ``x``."""
    if range is not None:
        low, high = range
        if not (math.isfinite(low) and math.isfinite(high) and low <= high):
            raise error("index.bin_range", got=range)
        return lift(low, x.dtype), lift(high, x.dtype)
    if not x.spec.size:
        return lift(0, x.dtype), lift(1, x.dtype)
    return reductions.min(x), reductions.max(x)
