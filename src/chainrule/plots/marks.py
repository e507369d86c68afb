"""Points, vectors and lines of figures of mathematics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.plots.style import MUTED, PAPER, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection
    from matplotlib.quiver import Quiver
    from numpy.typing import ArrayLike, NDArray

    Point = NDArray[np.floating]

DASHED, DOTTED = (0, (5, 4)), (0, (1, 2.5))


def arrows(axes: Axes, tails: ArrayLike, vectors: ArrayLike, color: Any, width: float = 0.008) -> Quiver:
    """Vectors in the units of the axes, from their tails."""
    x, y = np.atleast_2d(np.asarray(tails, np.float64)).T
    u, v = np.atleast_2d(np.asarray(vectors, np.float64)).T
    head = {"headwidth": 4, "headlength": 4.6, "headaxislength": 4.1}
    exact = {"angles": "xy", "scale_units": "xy", "scale": 1}
    return axes.quiver(x, y, u, v, color=color, width=width, zorder=3, **exact, **head)


def right_angle(axes: Axes, corner: Point, one: Point, other: Point, size: float) -> None:
    """The mark of a right angle between two directions."""
    a, b = (size * side / np.hypot(*side) for side in (one, other))
    axes.plot(*np.stack([corner + a, corner + a + b, corner + b]).T, color=MUTED, linewidth=1)


def segments(axes: Axes, paths: Sequence[Point], color: str = RULE, **options: Any) -> LineCollection:
    """Many lines (N, 2) of one look."""
    from matplotlib.collections import LineCollection

    lines = LineCollection(paths, colors=color, **{"linewidths": 0.8, **options})
    axes.add_collection(lines, autolim=False)
    return lines


def dots(axes: Axes, points: ArrayLike, color: str, size: float = 32, **options: Any) -> None:
    """Points with a light rim."""
    x, y = np.atleast_2d(np.asarray(points, np.float64)).T
    axes.scatter(x, y, s=size, color=color, edgecolors=PAPER, linewidths=1, **{"zorder": 4, **options})
