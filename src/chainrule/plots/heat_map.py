"""A matrix as a picture, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import error
from chainrule.plots.inputs import numbers
from chainrule.plots.labels import number, room_for
from chainrule.plots.style import INK, PAPER, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from numpy.typing import ArrayLike, NDArray

MOST_NUMBERS = 16
MOST_NAMES = 40


@styled
def heat_map(
    matrix: ArrayLike,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    annotate: bool | None = None,
    digits: int = 2,
    label: str = "",
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
) -> Figure:
    """Draw a matrix as shades, with its numbers where they have room.

    Numbers of both signs are red above zero, blue below, and white at zero; numbers of one sign
    go from dark to light.

    Parameters
    ----------
    matrix : array_like (M, N)
        The numbers; NaN stays empty.
    rows, columns : sequence of str, optional
        Names; their numbers by default.
    annotate : bool, optional
        Write the numbers into the cells; by default if there are at most 16 rows and columns.
    digits : int
        How many significant digits.
    label : str
        What the numbers are, beside the scale.
    xlabel, ylabel, title : str
        Texts.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = heat_map([[1.0, 0.5], [0.5, 1.0]], rows=["a", "b"], columns=["a", "b"])
    >>> [cell.get_text() for cell in figure.axes[0].texts]
    ['1', '0.5', '0.5', '1']
    """
    cells = numbers("heat_map", "matrix", matrix, axes=2)
    for name, given, extent in (("rows", rows, cells.shape[0]), ("columns", columns, cells.shape[1])):
        if given is not None and len(given) != extent:
            shapes = {"matrix": cells.shape, name: (len(given),)}
            raise error("plots.lengths", plot="heat_map", what="name", shapes=shapes)
    written = max(cells.shape) <= MOST_NUMBERS if annotate is None else annotate
    beside = room_for(rows or ()), room_for(columns or ()) if _is_long(columns) else 0.0
    width, height = _size(cells, written)
    figure, axes = new_figure(width + beside[0], height + beside[1])
    picture = axes[0, 0].imshow(cells, **_scale(cells))
    if written:
        _write(axes[0, 0], picture, cells, digits)
    _names(axes[0, 0], rows, columns)
    axes[0, 0].set(xlabel=xlabel, ylabel=ylabel, title=title)
    bar = figure.colorbar(picture, ax=axes[0, 0], label=label, fraction=0.05, pad=0.02)
    bar.outline.set_visible(False)
    return figure


def _size(cells: NDArray[np.floating], written: bool) -> tuple[float, float]:
    height, width = cells.shape
    side = 0.55 if written else min(0.3, 5.0 / max(cells.shape))
    return max(2.8, 1.7 + side * width), max(1.8, 0.9 + side * height)


def _is_long(names: Sequence[str] | None) -> bool:
    return names is not None and max(map(len, names)) > 4


def _scale(cells: NDArray[np.floating]) -> dict[str, object]:
    low, high = float(np.nanmin(cells)), float(np.nanmax(cells))
    if low < 0 < high:
        limit = max(-low, high)
        return {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
    return {"cmap": "viridis", "vmin": low, "vmax": high if high > low else low + 1}


def _write(axes: Axes, picture: AxesImage, cells: NDArray[np.floating], digits: int) -> None:
    for (row, column), value in np.ndenumerate(cells):
        if not np.isnan(value):
            color = _readable_on(picture.to_rgba(value)[:3])
            axes.text(column, row, number(value, digits), ha="center", va="center", fontsize=8.5, color=color)


def _readable_on(rgb: tuple[float, ...]) -> str:
    """Dark letters on a light cell, light ones on a dark cell, by its luminance (Rec. 709)."""
    luminance = float(np.dot(rgb, (0.2126, 0.7152, 0.0722)))
    return INK if luminance > 0.5 else PAPER


def _names(axes: Axes, rows: Sequence[str] | None, columns: Sequence[str] | None) -> None:
    axes.grid(visible=False)
    for axis, names in ((axes.yaxis, rows), (axes.xaxis, columns)):
        if names is not None:
            step = -(-len(names) // MOST_NAMES)
            axis.set_ticks(range(0, len(names), step), labels=list(names)[::step])
    if _is_long(columns):
        axes.tick_params(axis="x", labelrotation=90)
