r"""Windows that fade a frame in and out: sums of cosines.

.. math:: w_j = a_0 - a_1 \cos \frac{2 \pi j}{m} + a_2 \cos \frac{4 \pi j}{m}

with :math:`m = n` for a periodic window, which suits spectra, and :math:`m = n - 1` for a symmetric one.
Source: F. J. Harris, "On the use of windows for harmonic analysis", Proc. IEEE 66 (1978).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule import dtypes
from chainrule.core.arrays import allocating
from chainrule.core.interpreter import wrap
from chainrule.dtypes import DTypeLike
from chainrule.ops.shapes import as_shape

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def hann(n: int, periodic: bool = True, dtype: DTypeLike = np.float32) -> Tensor:
    """The Hann window, :math:`a = (0.5, 0.5)`: 0 at its ends.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.fft.hann(4)
    tensor([0. , 0.5, 1. , 0.5])
    """
    return _cosines("hann", n, periodic, dtype, 0.5, 0.5)


def hamming(n: int, periodic: bool = True, dtype: DTypeLike = np.float32) -> Tensor:
    """The Hamming window, :math:`a = (0.54, 0.46)`: 0.08 at its ends, with a low first side lobe."""
    return _cosines("hamming", n, periodic, dtype, 0.54, 0.46)


def blackman(n: int, periodic: bool = True, dtype: DTypeLike = np.float32) -> Tensor:
    """The Blackman window, :math:`a = (0.42, 0.5, 0.08)`: low side lobes for a broader peak."""
    return _cosines("blackman", n, periodic, dtype, 0.42, 0.5, 0.08)


def _cosines(name: str, n: int, periodic: bool, dtype: DTypeLike, *a: float) -> Tensor:
    (count,) = as_shape(name, n)
    with allocating(name, (count,), dtypes.canonical(dtype)):
        turn = 2 * np.pi * np.arange(count) / max(count if periodic else count - 1, 1)
    if count == 1:
        return wrap(np.ones(1, dtypes.canonical(dtype)))
    values = sum((-1) ** k * factor * np.cos(k * turn) for k, factor in enumerate(a))
    return wrap(np.asarray(values).astype(dtypes.canonical(dtype)))
