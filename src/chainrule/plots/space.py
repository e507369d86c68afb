"""Axes in three dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.plots.fonts import families
from chainrule.plots.labels import formula_labels
from chainrule.plots.style import RULE, new_figure
from chainrule.plots.views import few_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

VIEW = {"elev": 28, "azim": -58}


def new_space(width: float, height: float) -> tuple[Figure, Any]:
    """A figure of a size in inches with one pair of three-dimensional axes."""
    figure, axes = new_figure(width, height)
    return figure, to_space(axes[0, 0])


def to_space(axes: Any) -> Any:
    """Put three-dimensional axes in the place of plane ones."""
    figure, place = axes.figure, axes.get_subplotspec()
    axes.remove()
    space = figure.add_subplot(place, projection="3d")
    space.view_init(**VIEW)
    space.tick_params(labelfontfamily=list(families()), labelsize=8, pad=0)
    for axis in (space.xaxis, space.yaxis, space.zaxis):
        axis.pane.set(facecolor="none", edgecolor=RULE)
    few_ticks(space.xaxis, space.yaxis, space.zaxis)
    formula_labels(space, z="$z$")
    return space


def equal_box(axes: Any, reached: NDArray[np.floating]) -> None:
    """The same scale on all three axes, around all points reached (N, 3), the lowest on the floor."""
    low, high = reached.min(axis=0), reached.max(axis=0)
    half = 0.55 * max(float((high - low).max()), 1e-3)
    x, y, _ = (low + high) / 2
    axes.set(xlim=(x - half, x + half), ylim=(y - half, y + half), zlim=(low[2], low[2] + 2 * half))
    axes.set_box_aspect((1, 1, 1))
