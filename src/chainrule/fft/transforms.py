r"""The discrete Fourier transforms under NumPy's names.

.. math::
    X_k = \sum_{j=0}^{n-1} x_j\, e^{-2 \pi i\, j k / n}, \qquad
    x_j = \frac{1}{n} \sum_{k=0}^{n-1} X_k\, e^{2 \pi i\, j k / n}

All are composites of one row, differentiable to any order. ``float32`` and integers give ``complex64``,
``float64`` gives ``complex128``. Common parameters:

n, s
    Number of points along the axis or axes: the input is cut, or padded with zeros at its end.
axis, axes
    Where to transform; by default the last axis, the last two, or all of them (with ``s``: the last ones).
norm
    Which direction is divided by :math:`n`: ``"backward"`` the inverse, ``"forward"`` the forward one,
    ``"ortho"`` each by :math:`\sqrt{n}`, which makes them unitary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chainrule import dtypes
from chainrule.core.interpreter import Value, lift
from chainrule.errors import error
from chainrule.fft import messages  # noqa: F401  (registers the messages used here)
from chainrule.functions import shaping
from chainrule.ops import fft as rows
from chainrule.ops import move, pointwise, shapes
from chainrule.ops.shapes import as_integers, normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Axes = Sequence[int] | None
_SWAPPED = {"backward": "forward", "ortho": "ortho", "forward": "backward"}


def fft(x: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The transform along one axis.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.fft.fft(cr.tensor([1.0, 0.0, 0.0, 0.0]))
    tensor([1.+0.j, 1.+0.j, 1.+0.j, 1.+0.j], dtype=complex64)
    """
    return _complex("fft", x, _one(n), (axis,), norm, inverse=False)


def ifft(x: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `fft`."""
    return _complex("ifft", x, _one(n), (axis,), norm, inverse=True)


def fft2(x: Any, s: Axes = None, axes: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """The transform along two axes."""
    return _complex("fft2", x, s, axes, norm, inverse=False)


def ifft2(x: Any, s: Axes = None, axes: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of `fft2`."""
    return _complex("ifft2", x, s, axes, norm, inverse=True)


def fftn(x: Any, s: Axes = None, axes: Axes = None, norm: str | None = None) -> Tensor:
    """The transform along several axes."""
    return _complex("fftn", x, s, axes, norm, inverse=False)


def ifftn(x: Any, s: Axes = None, axes: Axes = None, norm: str | None = None) -> Tensor:
    """The inverse of `fftn`."""
    return _complex("ifftn", x, s, axes, norm, inverse=True)


def rfft(x: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The transform of real numbers: its ``n // 2 + 1`` first elements, of which the rest are conjugates.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.fft.rfft(cr.tensor([1.0, 2.0, 3.0])).shape
    (2,)
    """
    return _from_real("rfft", x, _one(n), (axis,), norm)


def rfft2(x: Any, s: Axes = None, axes: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """The transform of real numbers along two axes, the last one as by `rfft`."""
    return _from_real("rfft2", x, s, axes, norm)


def rfftn(x: Any, s: Axes = None, axes: Axes = None, norm: str | None = None) -> Tensor:
    """The transform of real numbers along several axes, the last one as by `rfft`."""
    return _from_real("rfftn", x, s, axes, norm)


def irfft(x: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `rfft`; for an odd number of points give ``n``, by default it is ``2 (m - 1)``.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.tensor([1.0, 2.0, 3.0])
    >>> cr.fft.irfft(cr.fft.rfft(x), n=3)
    tensor([1., 2., 3.])
    """
    return _to_real("irfft", x, _one(n), (axis,), norm)


def irfft2(x: Any, s: Axes = None, axes: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of `rfft2`."""
    return _to_real("irfft2", x, s, axes, norm)


def irfftn(x: Any, s: Axes = None, axes: Axes = None, norm: str | None = None) -> Tensor:
    """The inverse of `rfftn`."""
    return _to_real("irfftn", x, s, axes, norm)


def hfft(x: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The transform, real, of a signal whose second half is the conjugate of its first."""
    return _to_real("hfft", pointwise.conj(_as_complex(x)), _one(n), (axis,), _opposite("hfft", norm))


def ihfft(x: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `hfft`."""
    return pointwise.conj(_from_real("ihfft", x, _one(n), (axis,), _opposite("ihfft", norm)))


def _one(n: int | None) -> Axes:
    return None if n is None else (n,)


def _opposite(op: str, norm: str | None) -> str:
    return _SWAPPED[_checked_norm(op, norm)]


def _checked_norm(op: str, norm: str | None) -> str:
    name = "backward" if norm is None else norm
    if name not in _SWAPPED:
        raise error("fft.norm", op=op, got=repr(norm))
    return name


def _as_complex(x: Any) -> Value:
    x = lift(x)
    wanted = dtypes.complex_type(x.dtype)
    return x if x.dtype == wanted else pointwise.cast(x, dtype=wanted)


def _places(op: str, x: Value, s: Axes, axes: Axes) -> tuple[tuple[int, ...], dict[int, int]]:
    """The axes to transform, in the order given, and the number of points along each."""
    ndim = len(x.shape)
    counts = None if s is None else as_integers(op, tuple(s))
    if axes is None:
        axes = range(ndim) if counts is None else range(ndim - len(counts), ndim)
    along = [shapes.normalize_axis(op, a, ndim, x.shape) for a in axes]
    normalize_axes(op, tuple(along), x.shape)
    if not along or (counts is not None and len(counts) != len(along)):
        raise error("fft.lengths", op=op, s=s, axes=tuple(axes), shapes={"x": x.shape})
    return tuple(along), {} if counts is None else {
        a: n for a, n in zip(along, counts, strict=True) if n != -1
    }


def _check_points(op: str, points: dict[int, int], x: Value) -> None:
    for axis, n in points.items():
        if n < 1:
            raise error("fft.points", op=op, got=n, axis=axis, shapes={"x": x.shape})


def _fitted(x: Any, points: dict[int, int]) -> Any:
    """Cut, or padded with zeros at the end, to a number of points along each axis."""
    ndim = len(x.shape)
    stop = tuple(min(n, points.get(a, n)) for a, n in enumerate(x.shape))
    if stop != x.shape:
        x = move.slice_(x, start=(0,) * ndim, stop=stop, step=(1,) * ndim)
    high = tuple(points.get(a, n) - n for a, n in enumerate(x.shape))
    return move.pad(x, low=(0,) * ndim, high=high, interior=(0,) * ndim) if any(high) else x


def _normed(op: str, y: Any, axes: tuple[int, ...], norm: str | None, inverse: bool) -> Any:
    """The result of the row, which is not normalised, divided as the norm asks."""
    name = _checked_norm(op, norm)
    count = shapes.size(tuple(y.shape[a] for a in axes))
    if name == "ortho":
        return y / count**0.5
    return y / count if (name == "backward") == inverse else y


def _complex(op: str, x: Any, s: Axes, axes: Axes, norm: str | None, *, inverse: bool) -> Any:
    x = _as_complex(x)
    along, counts = _places(op, x, s, axes)
    points = {a: counts.get(a, x.shape[a]) for a in along}
    _check_points(op, points, x)
    y = rows.fft(_fitted(x, points), axes=tuple(sorted(along)), inverse=inverse)
    return _normed(op, y, along, norm, inverse)


def _from_real(op: str, x: Any, s: Axes, axes: Axes, norm: str | None) -> Any:
    """The transform of a real tensor; of its last axis the half that says all."""
    x = lift(x)
    if dtypes.letter(x.dtype) == "c":
        raise error("fft.real", op=op, dtype=x.dtype)
    along, _ = _places(op, x, s, axes)
    y = _complex(op, x, s, axes, norm, inverse=False)
    return shaping.narrow(y, along[-1], 0, y.shape[along[-1]] // 2 + 1)


def _to_real(op: str, x: Any, s: Axes, axes: Axes, norm: str | None) -> Any:
    r"""The real signal whose transform begins with ``x`` along the last of the axes.

    The elements that are left out are conjugates of those given, and so are their terms in the sum:
    :math:`x_j = \mathrm{Re} \sum_{k \le n/2} w_k X_k e^{2 \pi i j k / n} / n`, with weight 2 for every
    element that has such a partner.
    """
    x = _as_complex(x)
    along, counts = _places(op, x, s, axes)
    last = along[-1]
    points = {a: counts.get(a, x.shape[a]) for a in along}
    points[last] = counts.get(last, 2 * (x.shape[last] - 1))
    _check_points(op, points, x)
    n = points[last]
    given = _fitted(x, {**points, last: n // 2 + 1})
    weights = [1.0 if k == 0 or 2 * k == n else 2.0 for k in range(n // 2 + 1)]
    shape = [-1 if a == last else 1 for a in range(len(x.shape))]
    weighted = given * shaping.reshape(lift(weights, given.dtype), shape)
    y = rows.fft(_fitted(weighted, points), axes=tuple(sorted(along)), inverse=True)
    return pointwise.real(_normed(op, y, along, norm, inverse=True))
