"""Grids of pictures: samples, filters, feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import error
from chainrule.plots.style import new_figure, styled, without_frame

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

CHANNELS = (1, 3, 4)
MOST_FILTERS = 64


@styled
def image_grid(
    images: ArrayLike, titles: Sequence[str] | None = None, *, columns: int = 8, side: float = 1.1
) -> Figure:
    """Draw pictures in rows, each under its title.

    Parameters
    ----------
    images : array_like (N, H, W), (N, C, H, W) or (N, H, W, C)
        Numbers from 0 to 1, or 8-bit integers; gray, colour, or colour with opacity.
    titles : sequence of str, optional
        One for each.
    columns : int
        Pictures per row.
    side : float
        Width of a picture in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = image_grid(np.zeros((3, 1, 8, 8)), ["4 → 9", "1 → 7", "3 → 8"])
    >>> [axes.get_title() for axes in figure.axes]
    ['4 → 9', '1 → 7', '3 → 8']
    """
    pixels = to_pixels(images, "image_grid")
    if not len(pixels):
        raise error("plots.nothing", plot="image_grid", what="image")
    if titles is not None and len(titles) != len(pixels):
        shapes = {"images": pixels.shape, "titles": (len(titles),)}
        raise error("plots.lengths", plot="image_grid", what="title", shapes=shapes)
    figure, places = _grid(len(pixels), columns, side, 0.0 if titles is None else 0.3)
    for number, axes in enumerate(places):
        picture = pixels[number]
        axes.imshow(picture[..., 0] if picture.shape[-1] == 1 else picture, cmap="gray", vmin=0, vmax=255)
        if titles is not None:
            axes.set_title(titles[number], loc="center", fontsize=9, pad=4)
    return figure


@styled
def filters(weights: ArrayLike, *, columns: int = 8, side: float = 0.9) -> Figure:
    """Draw the filters of a convolution, one picture per output channel.

    Filters with three input channels are shown as colours. All others are the mean over their input
    channels, zero in white, positive in red, negative in blue, with one scale for all.

    Parameters
    ----------
    weights : array_like (out, in, height, width)
        The first 64 are drawn.
    columns : int
        Pictures per row.
    side : float
        Width of a picture in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> len(filters(np.zeros((16, 1, 3, 3))).axes)
    16
    """
    array = np.asarray(weights, np.float64)
    if array.ndim != 4 or not array.size:
        raise error("plots.filters", shapes={"weights": array.shape})
    array = array[:MOST_FILTERS]
    figure, places = _grid(len(array), columns, side, 0.0)
    if array.shape[1] == 3:
        for axes, picture in zip(places, np.moveaxis(unit_scaled(array), 1, -1), strict=True):
            axes.imshow(picture)
        return figure
    flat = array.mean(axis=1)
    limit = max(float(np.abs(flat).max()), 1e-12)
    for axes, picture in zip(places, flat, strict=True):
        axes.imshow(picture, cmap="RdBu_r", vmin=-limit, vmax=limit)
    return figure


@styled
def feature_maps(maps: ArrayLike, *, columns: int = 8, side: float = 0.9) -> Figure:
    """Draw what a layer made of one example, one picture per channel, with one scale for all.

    Parameters
    ----------
    maps : array_like (channels, height, width)
        The first 64 are drawn.
    columns : int
        Pictures per row.
    side : float
        Width of a picture in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> len(feature_maps(np.zeros((6, 8, 8))).axes)
    6
    """
    array = np.asarray(maps, np.float64)
    if array.ndim != 3 or not array.size:
        raise error("plots.feature_maps", shapes={"maps": array.shape})
    array = array[:MOST_FILTERS]
    figure, places = _grid(len(array), columns, side, 0.0)
    for axes, picture in zip(places, array, strict=True):
        axes.imshow(picture, cmap="viridis", vmin=array.min(), vmax=max(array.max(), array.min() + 1e-12))
    return figure


def to_pixels(images: ArrayLike, plot: str = "to_pixels") -> NDArray[np.uint8]:
    """Pictures as 8-bit integers (N, H, W, C) with C = 1, 3 or 4.

    Floating-point numbers are cut off below 0 and above 1.

    >>> to_pixels([[[0.0, 0.5, 2.0]]])[..., 0].tolist()
    [[[0, 128, 255]]]
    """
    array = np.asarray(images)
    if array.ndim == 3:
        array = array[..., np.newaxis]
    elif array.ndim == 4 and array.shape[1] in CHANNELS and array.shape[-1] not in CHANNELS[1:]:
        array = np.moveaxis(array, 1, -1)
    if array.ndim != 4 or array.shape[-1] not in CHANNELS:
        raise error("plots.images", plot=plot, shapes={"images": np.shape(images)})
    if array.dtype == np.uint8:
        return array
    return np.round(np.clip(array.astype(np.float64), 0, 1) * 255).astype(np.uint8)


def unit_scaled(array: NDArray[np.floating]) -> NDArray[np.floating]:
    """The numbers brought to 0 … 1, zero to the middle."""
    limit = max(float(np.abs(array).max()), 1e-12)
    return array / (2 * limit) + 0.5


def _grid(count: int, columns: int, side: float, head: float) -> tuple[Figure, list[Axes]]:
    columns = min(columns, count)
    rows = -(-count // columns)
    figure, axes = new_figure(columns * side, rows * (side + head), rows, columns)
    figure.get_layout_engine().set(w_pad=0.05, h_pad=0.05)
    for unused in axes.flat[count:]:
        unused.remove()
    for one in axes.flat:
        without_frame(one)
    return figure, list(axes.flat[:count])
