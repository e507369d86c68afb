"""Random changes to training images that leave their class as it is.

An augmentation is a pure function of a batch and of uniform random numbers in [0, 1), a row
for each image. The `Loader` draws these rows from (seed, epoch, index), so a training run
can be repeated and resumed bit for bit, with any number of workers.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from chainrule.data.arrays import Array
from chainrule.data.checks import check_whole
from chainrule.errors import error

Mode = Literal["constant", "edge", "reflect"]
PAD_MODES: tuple[Mode, ...] = get_args(Mode)


class Augmentation(Protocol):
    """A random change of images.

    Attributes
    ----------
    draws : int
        Random numbers that each image needs.
    """

    draws: ClassVar[int]

    def __call__(self, x: Array, uniform: Array) -> Array:
        """Change images (N, C, H, W) by random numbers (N, draws) in [0, 1)."""


class RandomFlip:
    """Mirror images left to right (or top to bottom) with a probability.

    Parameters
    ----------
    probability : float
        Share of the images that are mirrored.
    vertical : bool
        Top to bottom instead of left to right.

    Examples
    --------
    >>> x = np.array([1.0, 2.0]).reshape(1, 1, 1, 2)
    >>> RandomFlip()(x, np.array([[0.1]])).ravel().tolist()
    [2.0, 1.0]
    """

    draws: ClassVar[int] = 1

    def __init__(self, probability: float = 0.5, *, vertical: bool = False) -> None:
        if not 0 <= probability <= 1:
            raise error("data.probability", got=probability)
        self.probability, self.axis = probability, 2 if vertical else 3

    def __call__(self, x: Array, uniform: Array) -> Array:
        """Mirror the images whose random number is below the probability."""
        chosen = uniform[:, 0, np.newaxis, np.newaxis, np.newaxis] < self.probability
        return np.where(chosen, np.flip(_images(x), self.axis), x)


class RandomCrop:
    """Add a border and cut out a window of the old size at random (He et al. 2016, section 4.2).

    Parameters
    ----------
    padding : int
        Width of the border in pixels, the farthest that an image can move.
    mode : str
        What the border is: ``constant`` (zeros), ``edge`` (the outermost pixels), or
        ``reflect`` (mirrored content).
    """

    draws: ClassVar[int] = 2

    def __init__(self, padding: int = 4, *, mode: Mode = "reflect") -> None:
        if mode not in PAD_MODES:
            raise error("data.choice", option="mode", got=mode, allowed=", ".join(PAD_MODES))
        check_whole("padding", padding, 0)
        self.padding, self.mode = padding, mode

    def __call__(self, x: Array, uniform: Array) -> Array:
        """Move each image by a whole number of pixels in both directions."""
        if self.mode == "reflect" and min(_images(x).shape[2:]) <= self.padding:
            raise error("data.reflect", padding=self.padding, shapes={"x": x.shape})
        return _windows(_images(x), self.padding, self.padding, self.mode, uniform)


class RandomShift:
    """Move images by up to a fraction of their height and width, filling with zeros.

    Parameters
    ----------
    fraction : float
        Farthest move as a share of the height (up, down) and the width (left, right).

    Examples
    --------
    >>> x = np.arange(1.0, 5.0).reshape(1, 1, 1, 4)
    >>> RandomShift(0.25)(x, np.array([[0.5, 0.0]])).ravel().tolist()
    [0.0, 1.0, 2.0, 3.0]
    """

    draws: ClassVar[int] = 2

    def __init__(self, fraction: float = 0.1) -> None:
        if not 0 <= fraction < 1:
            raise error("data.fraction", got=fraction)
        self.fraction = fraction

    def __call__(self, x: Array, uniform: Array) -> Array:
        """Move each image by a whole number of pixels in both directions."""
        height, width = _images(x).shape[2:]
        return _windows(x, int(self.fraction * height), int(self.fraction * width), "constant", uniform)


def _images(x: Array) -> Array:
    if x.ndim != 4:
        raise error("data.augment_axes", shapes={"x": x.shape})
    return x


def _windows(x: Array, up: int, left: int, mode: Mode, uniform: Array) -> Array:
    """Windows of the images' own size out of the padded images, at random places."""
    padded = np.pad(x, ((0, 0), (0, 0), (up, up), (left, left)), mode=mode)
    windows = sliding_window_view(padded, x.shape[2:], axis=(2, 3))
    top = (uniform[:, 0] * (2 * up + 1)).astype(np.int64)
    start = (uniform[:, 1] * (2 * left + 1)).astype(np.int64)
    return windows[np.arange(len(x)), :, top, start]
