"""Convolution by way of the Fourier transform, for long signals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule import dtypes
from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.fft.transforms import fft, ifft, irfft, rfft
from chainrule.functions import shaping
from chainrule.ops.shapes import normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

_MODES = ("full", "same", "valid")


def convolve(x: Any, y: Any, mode: str = "full", axis: int = -1) -> Tensor:
    r"""The convolution along an axis, in time that grows as :math:`n \log n`.

    .. math:: z_k = \sum_j x_j\, y_{k - j} = \mathcal{F}^{-1}(\mathcal{F} x \cdot \mathcal{F} y)_k

    Parameters
    ----------
    x, y : Tensor
        Signals; their other axes are broadcast.
    mode : {"full", "same", "valid"}
        All :math:`n + m - 1` places, the middle ones as many as the longer signal has, or those where
        the shorter one lies wholly inside. (NumPy's names.)
    axis : int
        Along which.

    Examples
    --------
    >>> import chainrule as cr
    >>> z = cr.fft.convolve(cr.tensor([1.0, 2.0, 3.0]), cr.tensor([1.0, 1.0]))
    >>> [round(v, 4) for v in z.tolist()]
    [1.0, 3.0, 5.0, 3.0]
    """
    if mode not in _MODES:
        raise error("fft.convolve_mode", got=repr(mode))
    x, y = lift(x), lift(y)
    a, b = (shaping.moveaxis(v, normalize_axis("convolve", axis, len(v.shape), v.shape), -1) for v in (x, y))
    n, m = a.shape[-1], b.shape[-1]
    is_complex = "c" in (dtypes.letter(a.dtype), dtypes.letter(b.dtype))
    forward, backward = (fft, ifft) if is_complex else (rfft, irfft)
    count = n + m - 1
    full = backward(forward(a, count) * forward(b, count), count)
    longer, shorter = max(n, m), min(n, m)
    kept = {"full": count, "same": longer, "valid": longer - shorter + 1}[mode]
    start = (count - kept) // 2
    return shaping.moveaxis(shaping.narrow(full, len(full.shape) - 1, start, start + kept), -1, axis)
