"""The confusion matrix as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.style import BLUE, RED, fading, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

MOST_NUMBERS = 25
MOST_NAMES = 50


@styled
def confusion_matrix(matrix: ArrayLike, class_names: Sequence[str] | None = None) -> Figure:
    """Draw a confusion matrix: what is right in blue along the diagonal, mistakes in red beside it.

    The shade of a cell is its share of its row, the number in it the count.

    Parameters
    ----------
    matrix : array_like (C, C)
        Counts, true classes in rows, predicted classes in columns.
    class_names : sequence of str, optional
        Names of the C classes; ``0``, ``1``, … by default.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ShapeError
        If the matrix is not square, or there is not one name per class.

    Examples
    --------
    >>> figure = confusion_matrix([[9, 1], [0, 10]], ["cat", "dog"])
    >>> [label.get_text() for label in figure.axes[0].texts]
    ['9', '1', '10']
    """
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise error("plots.square", shapes={"matrix": counts.shape})
    names = [str(label) for label in range(len(counts))] if class_names is None else list(class_names)
    if len(names) != len(counts):
        shapes = {"matrix": counts.shape, "class_names": (len(names),)}
        raise error("plots.lengths", plot="confusion_matrix", what="name", shapes=shapes)
    side = min(9.0, 2.4 + 0.36 * len(counts))
    figure, axes = new_figure(side, side)
    _cells(axes[0, 0], counts)
    _names(axes[0, 0], names)
    return figure


def row_shares(counts: NDArray[np.integer]) -> NDArray[np.floating]:
    """Each count divided by the sum of its row; 0 in an empty row."""
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _cells(axes: Axes, counts: NDArray[np.integer]) -> None:
    shares, diagonal = row_shares(counts), np.eye(len(counts), dtype=bool)
    axes.imshow(np.ma.masked_where(~diagonal, shares), cmap=fading(BLUE), vmin=0, vmax=1)
    # A mistake of a few percent is to be seen: the root lifts small shares.
    axes.imshow(np.ma.masked_where(diagonal, np.sqrt(shares)), cmap=fading(RED), vmin=0, vmax=1)
    if len(counts) > MOST_NUMBERS:
        return
    for row, column in zip(*np.nonzero(counts), strict=True):
        strong = row == column and shares[row, column] > 0.6
        color = {"color": "white"} if strong else {}
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=9, **color)


def _names(axes: Axes, names: list[str]) -> None:
    step = -(-len(names) // MOST_NAMES)
    places = range(0, len(names), step)
    shown = [names[place] for place in places]
    turned = 90 if max(map(len, shown)) > 3 else 0
    axes.set_xticks(places, labels=shown, rotation=turned)
    axes.set_yticks(places, labels=shown)
    axes.grid(visible=False)
    axes.spines[:].set_visible(True)
    axes.set(xlabel=text("plots.predicted"), ylabel=text("plots.true"))
