r"""The spectrum as it changes in time: Fourier transforms of overlapping frames, and the way back.

.. math:: X_{k, t} = \sum_{j=0}^{n-1} w_j\, x_{t h + j}\, e^{-2 \pi i\, j k / n}

Names, defaults and conventions are those of PyTorch's ``stft`` and ``istft``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import Symbol, Value, lift
from chainrule.errors import error
from chainrule.fft.transforms import fft, ifft, irfft, rfft
from chainrule.functions import shaping
from chainrule.functions.padding import PLACED, pad
from chainrule.ops.index import gather, scatter_add
from chainrule.ops.pointwise import real
from chainrule.ops.shapes import as_integers

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

_SMALLEST_OVERLAP = 1e-11
_PAD_MODES = ("constant", *PLACED)


@dataclass(frozen=True)
class _Frames:
    """How a signal is cut: frames of ``n`` samples, one every ``hop``, each times ``window``."""

    n: int
    hop: int
    window: Any

    def places(self, count: int) -> np.ndarray:
        """Which sample stands where in each of ``count`` frames."""
        return np.arange(count)[:, None] * self.hop + np.arange(self.n)

    def span(self, count: int) -> int:
        """How many samples ``count`` frames cover."""
        return self.n + self.hop * (count - 1)


def stft(
    x: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
) -> Tensor:
    r"""The short-time Fourier transform.

    Parameters
    ----------
    x : Tensor
        Signals along the last axis; at most one axis before it.
    n_fft : int
        Samples in a frame.
    hop_length : int, optional
        Samples from one frame to the next; by default ``n_fft // 4``.
    win_length : int, optional
        Samples that the window covers, in the middle of the frame; by default all.
    window : Tensor, optional
        ``win_length`` factors, for example ``cr.fft.hann(win_length)``; by default ones.
    center : bool
        Pad the signal so that frame :math:`t` has its middle at sample :math:`t h`.
    pad_mode : str
        How, as in `chainrule.pad`.
    normalized : bool
        Divide by :math:`\sqrt{n}`.
    onesided : bool, optional
        Only the ``n_fft // 2 + 1`` first frequencies; by default for real signals.

    Returns
    -------
    Tensor
        Complex, of shape (…, frequencies, frames).

    Raises
    ------
    ShapeError
        The signal is shorter than a frame, or the window has another length than ``win_length``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.fft.stft(cr.ones(32), n_fft=8, window=cr.fft.hann(8)).shape
    (5, 17)
    """
    x = lift(x)
    x = x if dtypes.is_float(x.dtype) else x.astype(np.float32)
    frames = _frames("stft", n_fft, hop_length, win_length, window, x)
    if center:
        x = _centered(x, frames.n // 2, pad_mode)
    if x.shape[-1] < frames.n:
        raise error("fft.frames", op="stft", got=x.shape[-1], expected=frames.n, shapes={"x": x.shape})
    count = (x.shape[-1] - frames.n) // frames.hop + 1
    cut = gather(shaping.moveaxis(x, -1, 0), frames.places(count), axes=(0,))
    cut = shaping.moveaxis(cut, (0, 1), (-2, -1)) * frames.window
    is_real = dtypes.letter(cut.dtype) != "c"
    half = is_real if onesided is None else onesided
    norm = "ortho" if normalized else "backward"
    spectra = rfft(cut, norm=norm) if half else fft(cut, norm=norm)
    return shaping.swapaxes(spectra, -2, -1)


def istft(
    x: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    r"""The signal of which `stft` gave a spectrum; of any other, the nearest in the least-squares sense.

    .. math:: x_i = \frac{\sum_t w_{i - t h}\, y_{i - t h, t}}{\sum_t w_{i - t h}^2}

    (D. Griffin and J. Lim, "Signal estimation from modified short-time Fourier transform", 1984.)

    Parameters
    ----------
    x : Tensor
        Complex, of shape (…, frequencies, frames).
    length : int, optional
        Samples of the result; by default as many as the frames tell.
    return_complex : bool
        Whether the signal is complex; then all frequencies are needed.
    n_fft, hop_length, win_length, window, center, normalized, onesided
        As they were given to `stft`.

    Raises
    ------
    ConfigError
        Some sample is covered by no window, so that it cannot be found.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.sin(cr.arange(32.0))
    >>> spectrum = cr.fft.stft(x, n_fft=8, window=cr.fft.hann(8))
    >>> y = cr.fft.istft(spectrum, n_fft=8, window=cr.fft.hann(8))
    >>> float(cr.abs(y - x).max()) < 1e-6
    True
    """
    x = lift(x)
    frames = _frames("istft", n_fft, hop_length, win_length, window, x)
    half = (x.shape[-2] != frames.n if onesided is None else onesided) and not return_complex
    _check_bins(x, frames.n, half)
    norm = "ortho" if normalized else "backward"
    spectra = shaping.swapaxes(x, -2, -1)
    pieces = irfft(spectra, frames.n, norm=norm) if half else ifft(spectra, norm=norm)
    pieces = pieces if half or return_complex else real(pieces)
    count = x.shape[-1]
    signal = _overlapped(pieces * frames.window, frames)
    weight = _overlapped(shaping.broadcast_to(frames.window * frames.window, (count, frames.n)), frames)
    start = frames.n // 2 if center else 0
    end = frames.span(count) - start if length is None else start + as_integers("istft", length)[0]
    inside = min(end, frames.span(count))
    weight = shaping.narrow(weight, 0, start, inside)
    _check_overlap(weight)
    found = shaping.narrow(signal, len(signal.shape) - 1, start, inside) / weight
    return pad(found, [(0, 0)] * (len(found.shape) - 1) + [(0, end - inside)]) if end > inside else found


def _frames(op: str, n_fft: int, hop: int | None, win_length: int | None, window: Any, x: Value) -> _Frames:
    n = _whole(op, "n_fft", n_fft, None)
    covered = n if win_length is None else _whole(op, "win_length", win_length, n)
    step = max(n // 4, 1) if hop is None else _whole(op, "hop_length", hop, None)
    if window is None:
        window = np.ones(covered, dtypes.real_type(x.dtype))
    window = lift(window)
    if window.shape != (covered,):
        raise error("fft.window", op=op, expected=covered, got=window.shape)
    left = (n - covered) // 2
    return _Frames(n, step, pad(window, [(left, n - covered - left)]))


def _whole(op: str, name: str, given: Any, high: int | None) -> int:
    (value,) = as_integers(op, given)
    if value < 1 or (high is not None and value > high):
        raise error("fft.frame", op=op, name=name, got=value, high="∞" if high is None else high)
    return value


def _centered(x: Any, width: int, mode: str) -> Any:
    if mode not in _PAD_MODES:
        raise error("fft.pad_mode", got=repr(mode), allowed=", ".join(map(repr, _PAD_MODES)))
    return pad(x, [(0, 0)] * (len(x.shape) - 1) + [(width, width)], mode=mode)


def _check_bins(x: Value, n: int, half: bool) -> None:
    expected = n // 2 + 1 if half else n
    if len(x.shape) < 2 or x.shape[-2] != expected:
        got = x.shape[-2] if len(x.shape) > 1 else None
        values = {"n_fft": n, "onesided": half, "expected": expected, "got": got}
        raise error("fft.bins", **values, shapes={"x": x.shape})


def _overlapped(pieces: Any, frames: _Frames) -> Any:
    """Frames, of shape (…, frames, n), added up where they overlap."""
    count = pieces.shape[-2]
    first = shaping.moveaxis(pieces, (-2, -1), (0, 1))
    shape = (frames.span(count), *first.shape[2:])
    return shaping.moveaxis(scatter_add(first, frames.places(count), axes=(0,), shape=shape), 0, -1)


def _check_overlap(weight: Value) -> None:
    if isinstance(weight.data, Symbol) or not weight.shape[0]:
        return
    place = int(np.argmin(weight.data))
    if weight.data[place] <= _SMALLEST_OVERLAP:
        raise error("fft.overlap", least=f"{weight.data[place]:.3g}", place=place)
