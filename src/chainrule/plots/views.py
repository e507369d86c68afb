"""What part of the plane axes show, with which scale and ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.plots.inputs import Interval
from chainrule.plots.labels import power_of_ten
from chainrule.plots.style import MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

# Beyond this ratio of its sides a region is not drawn with one scale.
WIDEST = 4


def through_origin(axes: Axes) -> None:
    """The coordinate axes, where the origin's row or column is in view."""
    axes.axhline(0, color=MUTED, linewidth=0.8, zorder=0.9)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0.9)


def square_view(axes: Axes, limit: float) -> None:
    """The same scale on both axes, from −limit to limit."""
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
    few_ticks(axes.xaxis, axes.yaxis)


def few_ticks(*sides: Axis) -> None:
    """About five round numbers along each axis."""
    from matplotlib.ticker import MaxNLocator

    for side in sides:
        side.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))


def plain_logarithms(side: Axis) -> None:
    """Powers of ten along a logarithmic axis, as letters: formulas are not read in tick labels."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    side.set_major_locator(LogLocator(numticks=7))
    side.set_minor_locator(NullLocator())
    side.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))


def map_size(x: Interval, y: Interval, side: float = 4.6) -> tuple[float, float]:
    """Width and height in inches that fit a region of the plane, whose longer side is given."""
    ratio = (y[1] - y[0]) / (x[1] - x[0])
    if not 1 / WIDEST <= ratio <= WIDEST:
        ratio = 0.75
    width = side / max(ratio, 1.0)
    return max(width, 2.6) + 0.7, width * ratio + 0.9


def equal_unless_thin(axes: Axes) -> None:
    """One scale for both axes, unless that would leave a thin strip."""
    ratio = np.ptp(axes.get_ylim()) / np.ptp(axes.get_xlim())
    axes.set_aspect("equal" if 1 / WIDEST <= ratio <= WIDEST else "auto")
