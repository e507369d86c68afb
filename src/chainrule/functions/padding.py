"""Padding: elements added around a tensor, by NumPy's modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions.indexing import take
from chainrule.functions.shaping import broadcast_to, concatenate
from chainrule.ops import move
from chainrule.ops.pointwise import where

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Pairs = list[tuple[int, int]]

# By mode: NumPy's name of it. What stands outside is found inside, so that an index says it all.
PLACED: dict[str, Any] = {
    "edge": "edge",
    "replicate": "edge",
    "reflect": "reflect",
    "symmetric": "symmetric",
    "wrap": "wrap",
    "circular": "wrap",
}


def pad(
    x: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0, value: float | None = None
) -> Tensor:
    """Add elements around a tensor.

    Parameters
    ----------
    x : Tensor
        Of any shape.
    pad_width : int, pair, sequence of pairs, or dict
        How many before and after: one number, one pair (before, after), a pair for each axis, or a dict of
        such by axis.
    mode : str
        ``"constant"``; ``"edge"`` (``"replicate"``): the last element again; ``"reflect"``: mirrored at the
        last element; ``"symmetric"``: mirrored behind it; ``"wrap"`` (``"circular"``): from the other end.
    constant_values : number, pair, or sequence of pairs
        For ``"constant"``, in the same forms as ``pad_width``.
    value : number, optional
        One constant value for all sides: another name of ``constant_values``.

    Raises
    ------
    ShapeError
        The widths do not fit the axes, or there is nothing to repeat.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.pad(cr.tensor([1.0, 2.0, 3.0]), (2, 1), mode="reflect")
    tensor([3., 2., 1., 2., 3., 2.])
    >>> cr.pad(cr.tensor([1.0, 2.0, 3.0]), 1, constant_values=9.0)
    tensor([9., 1., 2., 3., 9.])
    """
    x = lift(x)
    pairs = _pairs(pad_width, len(x.shape))
    if mode == "constant":
        return _pad_constant(x, pairs, constant_values if value is None else value)
    if mode not in PLACED:
        allowed = ", ".join(map(repr, ("constant", *PLACED)))
        raise error("structure.choice", op="pad", name="mode", got=repr(mode), allowed=allowed)
    for axis, pair in enumerate(pairs):
        if pair != (0, 0):
            x = take(x, _places(x.shape, axis, pair, mode), axis)
    return x


def _pairs(widths: Any, ndim: int) -> Pairs:
    """A pair (before, after) for each axis."""
    if isinstance(widths, dict):
        by_axis = {axis % max(ndim, 1): pair for axis, pair in widths.items()}
        widths = [np.broadcast_to(by_axis.get(axis, 0), 2) for axis in range(ndim)] or 0
    try:
        found = np.broadcast_to(np.asarray(widths), (ndim, 2))
    except ValueError as problem:
        raise error("ops.pad", widths=repr(widths), ndim=ndim) from problem
    if found.size and (found.dtype.kind not in "iu" or found.min() < 0):
        raise error("ops.pad", widths=repr(widths), ndim=ndim)
    return [(int(before), int(after)) for before, after in found]


def _places(shape: tuple[int, ...], axis: int, pair: tuple[int, int], mode: str) -> np.ndarray:
    """For each place of the padded axis, the index of the element that stands there."""
    if shape[axis] == 0:
        raise error("structure.pad_empty", axis=axis, mode=mode, shapes={"x": shape})
    return np.asarray(np.pad(np.arange(shape[axis]), pair, mode=PLACED[mode]))


def _pad_constant(x: Any, pairs: Pairs, values: Any) -> Tensor:
    if np.ndim(values) == 0:
        return _pad_all_sides(x, pairs, values)
    try:
        by_side = np.broadcast_to(np.asarray(values), (len(pairs), 2))
    except ValueError as problem:
        raise error("structure.pad_values", values=repr(values), ndim=len(pairs)) from problem
    for axis, (pair, of_axis) in enumerate(zip(pairs, by_side, strict=True)):
        sides = [_side(x, axis, width, side) for width, side in zip(pair, of_axis, strict=True)]
        x = concatenate([sides[0], x, sides[1]], axis)
    return x


def _pad_all_sides(x: Any, pairs: Pairs, value: Any) -> Tensor:
    low, high = tuple(before for before, _ in pairs), tuple(after for _, after in pairs)
    geometry = {"low": low, "high": high, "interior": (0,) * len(pairs)}
    padded = move.pad(x, **geometry)
    if isinstance(value, int | float | complex) and value == 0:
        return padded
    inside = move.pad(broadcast_to(True, x.shape), **geometry)
    return where(inside, padded, lift(np.asarray(value), x.dtype))


def _side(x: Any, axis: int, width: int, value: Any) -> Tensor:
    shape = tuple(width if a == axis else n for a, n in enumerate(x.shape))
    return broadcast_to(lift(np.asarray(value), x.dtype), shape)
