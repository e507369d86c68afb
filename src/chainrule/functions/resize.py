r"""Resizing: a tensor read at other places of its space axes, between its elements.

An axis of extent :math:`n` becomes :math:`m`; place :math:`p` of the result reads at
:math:`s_p`, which depends on how the two grids lie on each other. Axes are resized one after another, each by
a few weighted elements:

.. math:: y_p = \sum_{k} h(|s_p - k|) \, x_k
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.arrays import allocating
from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions.indexing import take
from chainrule.functions.reductions import as_float
from chainrule.ops import messages_structure  # noqa: F401  (registers the messages used here)
from chainrule.ops.shapes import as_integers, normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

# Of the cubic kernel of Keys (1981); PyTorch and ONNX take this value.
_SLOPE = -0.75


def _hat(distance: np.ndarray) -> np.ndarray:
    return np.maximum(1 - distance, 0)


def _keys(distance: np.ndarray) -> np.ndarray:
    """The cubic convolution kernel (Keys, 1981, equation 4)."""
    d, a = distance, _SLOPE
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0))


# By mode: the kernel and the places that it reaches, counted from the one before.
KERNELS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], tuple[int, ...]]] = {
    "linear": (_hat, (0, 1)),
    "cubic": (_keys, (-1, 0, 1, 2)),
}
MODES = ("nearest", *KERNELS)
COORDINATES: dict[str, Callable[[np.ndarray, int, float], np.ndarray]] = {
    "half_pixel": lambda p, n, ratio: (p + 0.5) * ratio - 0.5,
    "align_corners": lambda p, n, ratio: p * ((n - 1) / max(len(p) - 1, 1)),
    "asymmetric": lambda p, n, ratio: p * ratio,
}


@composite(r"\sum_{k} h(|s_p - k|) x_k")
def resize(
    x: Any,
    size: int | Sequence[int] | None = None,
    *,
    scale: float | Sequence[float] | None = None,
    mode: str = "nearest",
    coordinates: str = "half_pixel",
    axes: Sequence[int] | None = None,
) -> Tensor:
    r"""Change the extents of the space axes by reading between elements.

    Parameters
    ----------
    x : Tensor
        (N, C, \*space), or any shape if ``axes`` are named.
    size : int or sequence of int, optional
        New extent of each of the axes; either this or ``scale``.
    scale : number or sequence of numbers, optional
        Factor of each of the axes; extents are rounded down.
    mode : str
        ``"nearest"``: the nearest element; ``"linear"``: between the two around; ``"cubic"``: the cubic
        kernel over four. Beyond the ends the last element counts.
    coordinates : str
        How the grids lie on each other: ``"half_pixel"`` (ends of the axes agree),
        :math:`s_p = (p + 1/2) n / m - 1/2`; ``"align_corners"`` (first and last elements agree),
        :math:`s_p = p (n - 1) / (m - 1)`; ``"asymmetric"``, :math:`s_p = p n / m`, where the nearest
        element is the one before.
    axes : sequence of int, optional
        Which axes; all but the first two by default.

    Raises
    ------
    ShapeError
        Not as many extents as axes, or an axis without elements.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.tensor([[[0.0, 1.0, 2.0]]])
    >>> cr.resize(x, 6, mode="linear")
    tensor([[[0.  , 0.25, 0.75, 1.25, 1.75, 2.  ]]])
    >>> cr.resize(x, scale=2)
    tensor([[[0., 0., 1., 1., 2., 2.]]])
    """
    x = lift(x) if mode == "nearest" else as_float(x)
    for name, got, allowed in (("mode", mode, MODES), ("coordinates", coordinates, tuple(COORDINATES))):
        if got not in allowed:
            choices = ", ".join(map(repr, allowed))
            raise error("structure.choice", op="resize", name=name, got=repr(got), allowed=choices)
    space = tuple(range(2, len(x.shape))) if axes is None else normalize_axes("resize", tuple(axes), x.shape)
    for axis, (extent, ratio) in zip(space, _extents(x.shape, space, size, scale), strict=True):
        with allocating("resize", (*x.shape[:axis], extent, *x.shape[axis + 1 :]), x.dtype):
            source = COORDINATES[coordinates](np.arange(extent), x.shape[axis], ratio)
        if mode == "nearest":
            places = np.floor(source if coordinates == "asymmetric" else source + 0.5)
            x = _taken(x, places, axis)
        else:
            x = _blended(x, source, axis, mode)
    return x


def _extents(shape: tuple[int, ...], axes: tuple[int, ...], size: Any, scale: Any) -> list[tuple[int, float]]:
    """For each axis its new extent, and how far apart its places are in the old one."""
    if (size is None) == (scale is None):
        raise error("structure.resize_twice", size=size, scale=scale)
    given = np.atleast_1d(np.asarray(as_integers("resize", size) if scale is None else scale, np.float64))
    old = [shape[axis] for axis in axes]
    if given.shape not in ((1,), (len(axes),)) or not (given > 0).all() or 0 in old:
        what = size if scale is None else scale
        raise error("structure.resize", got=what, axes=axes, shapes={"x": shape})
    several = np.broadcast_to(given, (len(axes),))
    if scale is None:
        return [(int(m), n / m) for m, n in zip(several, old, strict=True)]
    return [(int(n * factor), 1 / factor) for factor, n in zip(several, old, strict=True)]


def _taken(x: Any, places: np.ndarray, axis: int) -> Tensor:
    return take(x, np.clip(places, 0, x.shape[axis] - 1).astype(np.int64), axis)


def _blended(x: Any, source: np.ndarray, axis: int, mode: str) -> Tensor:
    kernel, reach = KERNELS[mode]
    before = np.floor(source)
    along = tuple(-1 if a == axis else 1 for a in range(len(x.shape)))
    terms = [
        _taken(x, before + k, axis) * kernel(abs(source - before - k)).astype(x.dtype).reshape(along)
        for k in reach
    ]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total
