"""Points by class, by a number as colour, and by size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error
from chainrule.plots.inputs import numbers
from chainrule.plots.labels import legend_beside
from chainrule.plots.style import BLUE, GREY, PALETTE, PAPER, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

# Areas of the smallest and largest point, in square points.
SIZES = (12.0, 160.0)


@styled
def scatter(
    x: ArrayLike,
    y: ArrayLike,
    *,
    classes: ArrayLike | None = None,
    class_names: Sequence[str] | None = None,
    color: ArrayLike | None = None,
    color_label: str = "",
    area: ArrayLike | None = None,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    equal: bool = False,
    size: tuple[float, float] = (5.6, 4.0),
) -> Figure:
    """Draw points.

    Parameters
    ----------
    x, y : array_like (N,)
        Where they are.
    classes : array_like (N,), optional
        The class of each, an integer or a name, shown by colour.
    class_names : sequence of str, optional
        Names of the classes 0, 1, …
    color : array_like (N,), optional
        A number for each, shown by shade, instead of ``classes``.
    color_label : str
        What that number is.
    area : array_like (N,), optional
        A number for each that is not negative, shown by the area of the point.
    xlabel, ylabel, title : str
        Texts.
    equal : bool
        The same scale on both axes.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = scatter([1, 2, 3], [2, 1, 2], classes=[0, 1, 1], class_names=["cat", "dog"])
    >>> [entry.get_text() for entry in figure.legends[0].get_texts()]
    ['cat', 'dog']
    """
    across, upward = numbers("scatter", "x", x), numbers("scatter", "y", y)
    labels = None if classes is None else np.asarray(classes)
    shades = None if color is None else numbers("scatter", "color", color)
    areas = np.full(len(across), 24.0) if area is None else _areas(numbers("scatter", "area", area))
    _check_lengths({"x": across, "y": upward, "classes": labels, "color": shades, "area": areas})
    figure, axes = new_figure(*size)
    look = {"edgecolors": PAPER, "linewidths": 0.5, "alpha": float(np.clip(300 / len(across), 0.35, 0.9))}
    if labels is not None:
        _by_class(axes[0, 0], across, upward, areas, labels, class_names, look)
    elif shades is not None:
        shown = axes[0, 0].scatter(across, upward, s=areas, c=shades, cmap="viridis", **look)
        figure.colorbar(shown, ax=axes[0, 0], label=color_label).outline.set_visible(False)
    else:
        axes[0, 0].scatter(across, upward, s=areas, color=BLUE, **look)
    axes[0, 0].set(xlabel=xlabel, ylabel=ylabel, title=title)
    if equal:
        axes[0, 0].set_aspect("equal", adjustable="datalim")
    return figure


def _areas(values: NDArray[np.floating]) -> NDArray[np.floating]:
    if (values < 0).any():
        raise error("plots.positive", plot="scatter", name="area", got=float(values.min()))
    largest = max(float(values.max()), 1e-300)
    return SIZES[0] + (SIZES[1] - SIZES[0]) * values / largest


def _check_lengths(arrays: dict[str, NDArray[Any] | None]) -> None:
    shapes = {name: array.shape for name, array in arrays.items() if array is not None}
    if any(shape != shapes["x"] for shape in shapes.values()):
        raise error("plots.lengths", plot="scatter", what="number", shapes=shapes)


def _by_class(
    axes: Axes,
    x: NDArray[Any],
    y: NDArray[Any],
    areas: NDArray[Any],
    labels: NDArray[Any],
    names: Sequence[str] | None,
    look: dict[str, Any],
) -> None:
    kinds = np.unique(labels)
    if names is not None and (labels.dtype.kind not in "iub" or kinds.min() < 0 or kinds.max() >= len(names)):
        shapes = {"class_names": (len(names),)}
        raise error("plots.classes", plot="scatter", shapes=shapes, got=", ".join(map(str, kinds[:8])))
    for place, kind in enumerate(kinds):
        chosen = labels == kind
        color = PALETTE[place] if place < len(PALETTE) else GREY
        name = str(kind) if names is None else names[int(kind)]
        axes.scatter(x[chosen], y[chosen], s=areas[chosen], color=color, label=name, **look)
    legend_beside(axes)
