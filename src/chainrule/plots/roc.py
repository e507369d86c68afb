"""ROC curves, one class against the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.style import PALETTE, RULE, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

MOST_COLORS = 7
CORNER = 0.1


@styled
def roc_curves(
    points: Sequence[tuple[ArrayLike, ArrayLike]],
    names: Sequence[str],
    areas: Sequence[float] | None = None,
    *,
    size: tuple[float, float] = (8.2, 3.8),
) -> Figure:
    """Draw ROC curves; where some go through the upper left corner, that is enlarged beside them.

    Parameters
    ----------
    points : sequence of (array_like (T,), array_like (T,))
        False and true positive rates of each curve.
    names : sequence of str
        What each curve is called.
    areas : sequence of float, optional
        Areas under the curves. The smallest come first in the legend and have colours; beyond
        seven curves the others are grey.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = roc_curves([([0, 0, 1], [0, 1, 1])], ["cat"], [1.0])
    >>> figure.legends[0].texts[0].get_text()
    'cat  1.0000'
    """
    if not points:
        raise error("plots.nothing", plot="roc_curves", what="curve")
    if len(names) != len(points) or (areas is not None and len(areas) != len(points)):
        shapes = {"points": (len(points),), "names": (len(names),)}
        raise error("plots.lengths", plot="roc_curves", what="name", shapes=shapes)
    order = np.arange(len(points)) if areas is None else np.argsort(areas, kind="stable")
    zoomed = any(_in_corner(*curve) for curve in points)
    width, height = size
    figure, axes = new_figure(width if zoomed else 0.6 * width, height, columns=2 if zoomed else 1)
    for one in axes[0]:
        for rank, place in reversed(list(enumerate(order))):
            _curve(one, points[place], _label(names, areas, place), rank)
    _whole(axes[0, 0])
    if zoomed:
        _corner(axes[0, 1])
    handles, labels = axes[0, 0].get_legend_handles_labels()
    count = min(len(points), 2 * MOST_COLORS)
    figure.legend(handles[::-1][:count], labels[::-1][:count], loc="outside right upper", title="AUC")
    return figure


def _in_corner(fpr: ArrayLike, tpr: ArrayLike) -> bool:
    return bool(((np.asarray(fpr) < CORNER) & (np.asarray(tpr) > 1 - CORNER)).any())


def _label(names: Sequence[str], areas: Sequence[float] | None, place: int) -> str:
    return names[place] if areas is None else f"{names[place]}  {areas[place]:.4f}"


def _curve(axes: Axes, points: tuple[ArrayLike, ArrayLike], label: str, rank: int) -> None:
    many = rank >= MOST_COLORS
    color, width = (RULE, 1.2) if many else (PALETTE[rank], 1.8)
    axes.plot(*points, color=color, linewidth=width, label=label)


def _whole(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color=RULE, linewidth=1.2, linestyle=(0, (4, 4)), zorder=0)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    axes.set(xlabel=text("plots.false_positive_rate"), ylabel=text("plots.true_positive_rate"))


def _corner(axes: Axes) -> None:
    edge = CORNER * 0.02
    axes.set(xlim=(-edge, CORNER), ylim=(1 - CORNER, 1 + edge), aspect="equal")
    axes.set_xlabel(text("plots.corner"))
