"""Discrete Fourier transforms, the spectrum in time, and what goes with them, under NumPy's names.

>>> import chainrule as cr
>>> signal = cr.cos(2 * 3.141592653589793 * cr.arange(8.0) / 4)
>>> spectrum = cr.abs(cr.fft.rfft(signal))
>>> int(cr.argmax(spectrum)), [round(f, 3) for f in cr.fft.rfftfreq(8).tolist()]
(2, [0.0, 0.125, 0.25, 0.375, 0.5])
"""

from chainrule.fft.convolution import convolve
from chainrule.fft.helpers import fftfreq, fftshift, ifftshift, rfftfreq
from chainrule.fft.short_time import istft, stft
from chainrule.fft.transforms import (
    fft,
    fft2,
    fftn,
    hfft,
    ifft,
    ifft2,
    ifftn,
    ihfft,
    irfft,
    irfft2,
    irfftn,
    rfft,
    rfft2,
    rfftn,
)
from chainrule.fft.windows import blackman, hamming, hann

__all__ = [
    "blackman",
    "convolve",
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hamming",
    "hann",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "istft",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
    "stft",
]
