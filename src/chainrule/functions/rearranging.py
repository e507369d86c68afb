"""Elements in another order, or several times: flip, roll, rotate, tile, repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions.indexing import take
from chainrule.functions.shaping import (
    broadcast_to,
    concatenate,
    expand_dims,
    narrow,
    ravel,
    reshape,
    swapaxes,
)
from chainrule.ops import move
from chainrule.ops.shapes import as_integers, as_shape, normalize_axes, normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def flip(x: Any, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """Reverse the order along axes; along all of them if none is given."""
    x = lift(x)
    return move.flip(x, axis=normalize_axes("flip", axis, x.shape))


def flipud(x: Any) -> Tensor:
    """Reverse the order along the first axis."""
    return flip(x, 0)


def fliplr(x: Any) -> Tensor:
    """Reverse the order along the second axis."""
    return flip(x, 1)


def rot90(x: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Tensor:
    """Turn by ``k`` right angles in the plane of two axes, from the first towards the second.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.rot90(cr.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
           [1, 3]])
    """
    x = lift(x)
    if len(axes) != 2:
        raise error("structure.two_axes", op="rot90", axes=tuple(axes), shapes={"x": x.shape})
    normalize_axes("rot90", tuple(axes), x.shape)
    first, second = axes
    turns = k % 4
    if turns == 0:
        return x
    if turns == 2:
        return flip(x, (first, second))
    if turns == 1:
        return swapaxes(flip(x, second), first, second)
    return flip(swapaxes(x, first, second), second)


def roll(x: Any, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Tensor:
    """Move elements along axes; those that leave at the end come in at the start.

    Parameters
    ----------
    x : Tensor
        Of any shape.
    shift : int or sequence of int
        By how many places, for each axis.
    axis : int or sequence of int, optional
        Along which; the flattened tensor if none is given, which then gets its shape back.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.roll(cr.tensor([1, 2, 3, 4]), 1)
    tensor([4, 1, 2, 3])
    """
    x = lift(x)
    if axis is None:
        return reshape(roll(ravel(x), sum(as_integers("roll", shift)), 0), x.shape)
    shifts, axes = as_integers("roll", shift), as_integers("roll", axis)
    if len(shifts) != len(axes) and 1 not in (len(shifts), len(axes)):
        raise error("structure.roll", shift=shifts, axis=axes)
    for by, along in np.broadcast(shifts, axes):
        x = _rolled(x, int(by), normalize_axis("roll", along, len(x.shape), x.shape))
    return x


def _rolled(x: Any, shift: int, axis: int) -> Tensor:
    extent = x.shape[axis]
    cut = -shift % extent if extent else 0
    return concatenate([narrow(x, axis, cut, extent), narrow(x, axis, 0, cut)], axis) if cut else x


def tile(x: Any, reps: int | Sequence[int]) -> Tensor:
    """Put copies of a tensor side by side, ``reps`` times along each of the last axes.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.tile(cr.tensor([1, 2]), (2, 2))
    tensor([[1, 2, 1, 2],
           [1, 2, 1, 2]])
    """
    x, times = lift(x), as_shape("tile", reps)
    ndim = max(len(x.shape), len(times))
    extents = (1,) * (ndim - len(x.shape)) + x.shape
    times = (1,) * (ndim - len(times)) + times
    stretched = tuple(n for pair in zip(times, extents, strict=True) for n in pair)
    placed = reshape(x, tuple(n for extent in extents for n in (1, extent)))
    merged = tuple(t * n for t, n in zip(times, extents, strict=True))
    return reshape(broadcast_to(placed, stretched), merged)


def repeat(x: Any, repeats: Any, axis: int | None = None) -> Tensor:
    """Repeat each element along an axis (of the flattened tensor if none is given).

    Parameters
    ----------
    x : Tensor
        Of any shape.
    repeats : int or sequence of int
        How often: one number, or one for each element of the axis.
    axis : int, optional
        Along which.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.repeat(cr.tensor([1, 2, 3]), [2, 0, 1])
    tensor([1, 1, 3])
    """
    x = ravel(x) if axis is None else lift(x)
    axis = normalize_axis("repeat", 0 if axis is None else axis, len(x.shape), x.shape)
    counts, extent = np.asarray(repeats, None if np.size(repeats) else np.int64), x.shape[axis]
    fits = counts.ndim == 0 or counts.shape in ((1,), (extent,))
    if not fits or counts.dtype.kind not in "iu" or (counts < 0).any():
        raise error("structure.repeat", repeats=repeats, extent=extent, axis=axis, shapes={"x": x.shape})
    if counts.size == 1:
        return _equally_often(x, int(counts.item()), axis)
    return take(x, np.repeat(np.arange(extent), counts), axis)


def _equally_often(x: Any, count: int, axis: int) -> Tensor:
    """Each element ``count`` times: a new axis, stretched and merged."""
    before, extent, after = x.shape[:axis], x.shape[axis], x.shape[axis + 1 :]
    stretched = broadcast_to(expand_dims(x, axis + 1), (*before, extent, count, *after))
    return reshape(stretched, (*before, extent * count, *after))
