"""Frequencies of the elements of a transform, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import lift, wrap
from chainrule.dtypes import DTypeLike
from chainrule.errors import error
from chainrule.fft import messages  # noqa: F401  (registers the messages used here)
from chainrule.functions.rearranging import roll
from chainrule.interop import check_device
from chainrule.ops.shapes import as_integers, normalize_axes

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Axes = int | Sequence[int] | None


def fftfreq(n: int, d: float = 1.0, *, dtype: DTypeLike = np.float32, device: str | None = None) -> Tensor:
    r"""Frequencies of the elements of `fft`, in cycles per unit of the sample spacing ``d``.

    .. math:: 0, 1, \dots, \lceil n/2 \rceil - 1, -\lfloor n/2 \rfloor, \dots, -1 \quad \text{over}\; n d

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.fft.fftfreq(4, d=0.5)
    tensor([ 0. ,  0.5, -1. , -0.5])
    """
    return _frequencies("fftfreq", np.fft.fftfreq, n, d, dtype, device)


def rfftfreq(n: int, d: float = 1.0, *, dtype: DTypeLike = np.float32, device: str | None = None) -> Tensor:
    r"""Frequencies of the elements of `rfft`: :math:`0, 1, \dots, \lfloor n/2 \rfloor` over :math:`n d`."""
    return _frequencies("rfftfreq", np.fft.rfftfreq, n, d, dtype, device)


def _frequencies(op: str, numpy: Any, n: int, d: float, dtype: DTypeLike, device: str | None) -> Tensor:
    check_device(device)
    (count,) = as_integers(op, n)
    if count < 1:
        raise error("fft.points", op=op, got=count, axis=0, shapes={"n": count})
    return wrap(numpy(count, d).astype(dtypes.canonical(dtype)))


def fftshift(x: Any, axes: Axes = None) -> Tensor:
    """Move frequency 0 to the middle of the axes (all by default).

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.fft.fftshift(cr.fft.fftfreq(4))
    tensor([-0.5 , -0.25,  0.  ,  0.25])
    """
    x = lift(x)
    along = _along("fftshift", axes, x.shape)
    return roll(x, tuple(x.shape[a] // 2 for a in along), along)


def ifftshift(x: Any, axes: Axes = None) -> Tensor:
    """The inverse of `fftshift`; for an odd number of elements they differ."""
    x = lift(x)
    along = _along("ifftshift", axes, x.shape)
    return roll(x, tuple(-(x.shape[a] // 2) for a in along), along)


def _along(op: str, axes: Axes, shape: tuple[int, ...]) -> tuple[int, ...]:
    return normalize_axes(op, None if axes is None else as_integers(op, axes), shape)
