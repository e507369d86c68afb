"""Windows that slide along axes, as axes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.arrays import allocating
from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions.indexing import take
from chainrule.functions.shaping import moveaxis
from chainrule.ops.shapes import as_integers, normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def sliding_window_view(
    x: Any,
    window_shape: int | Sequence[int],
    axis: int | Sequence[int] | None = None,
    *,
    step: int | Sequence[int] = 1,
) -> Tensor:
    r"""All windows along some axes; their elements stand along new last axes.

    .. math:: y_{p, k} = x_{s p + k}, \qquad p = 0, …, \lfloor (n - K) / s \rfloor

    Parameters
    ----------
    x : Tensor
        Of any shape.
    window_shape : int or sequence of int
        Extent :math:`K` of the window along each of the axes.
    axis : int or sequence of int, optional
        Along which it slides; all axes in order if none is given.
    step : int or sequence of int
        Distance :math:`s` from one window to the next.

    Raises
    ------
    ShapeError
        A window longer than its axis, or not as many windows as axes.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.sliding_window_view(cr.tensor([1, 2, 3, 4, 5]), 3, step=2)
    tensor([[1, 2, 3],
           [3, 4, 5]])
    """
    x = lift(x)
    windows = as_integers("sliding_window_view", window_shape)
    axes = tuple(range(len(x.shape))) if axis is None else as_integers("sliding_window_view", axis)
    steps = as_integers("sliding_window_view", step)
    steps = steps * len(axes) if len(steps) == 1 else steps
    if not len(windows) == len(axes) == len(steps):
        values = {"windows": windows, "axes": axes, "steps": steps}
        raise error("structure.windows", **values, shapes={"x": x.shape})
    ndim = len(x.shape)
    for extent, along, by in zip(windows, axes, steps, strict=True):
        x = unfold(x, normalize_axis("sliding_window_view", along, ndim, x.shape), extent, by)
    return x


def unfold(x: Any, axis: int, size: int, step: int = 1) -> Tensor:
    """All windows of one extent along one axis, their elements along a new last axis (PyTorch's name).

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.unfold(cr.tensor([1, 2, 3, 4, 5]), 0, 2, 2)
    tensor([[1, 2],
           [3, 4]])
    """
    x = lift(x)
    axis = normalize_axis("unfold", axis, len(x.shape), x.shape)
    extent = x.shape[axis]
    if not 0 < size <= extent or step < 1:
        raise error("structure.window", size=size, step=step, axis=axis, extent=extent, shapes={"x": x.shape})
    starts = np.arange(0, extent - size + 1, step)
    with allocating("unfold", (len(starts), size), x.dtype):
        places = starts[:, None] + np.arange(size)
    return moveaxis(take(x, places, axis), axis + 1, -1)
