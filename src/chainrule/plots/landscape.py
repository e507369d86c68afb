"""A function of two variables on a grid: its values, level lines, gradient arrows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.plots.evaluate import Field, Function
from chainrule.plots.inputs import Interval, bounds
from chainrule.plots.labels import formula_labels, number
from chainrule.plots.style import BLUE, INK, PAPER
from chainrule.plots.views import equal_unless_thin, few_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from numpy.typing import NDArray

GRID = 101
COARSE = 61
ARROWS = 15
LEVELS = 12


@dataclass(frozen=True)
class Landscape:
    """The values of a function of two variables on a grid."""

    field: Field
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]

    @property
    def ends(self) -> tuple[Interval, Interval]:
        """The ends of both axes."""
        return (float(self.x[0]), float(self.x[-1])), (float(self.y[0]), float(self.y[-1]))

    @property
    def levels(self) -> NDArray[np.float64]:
        """Round values for level lines; closer near the bottom where most values are low."""
        from matplotlib.ticker import MaxNLocator

        low, middle, high = np.nanquantile(self.z, (0.0, 0.5, 0.98))
        if not high > low:
            return np.array([low, low + 1.0])
        if middle - low > 0.3 * (high - low):
            return np.asarray(MaxNLocator(LEVELS, steps=[1, 2, 5, 10]).tick_values(low, high))
        rising = (high - low) * np.linspace(0, 1, LEVELS + 1)[1:] ** 2
        return np.unique([float(f"{low + step:.2g}") for step in rising])


def landscape(plot: str, f: Function, x: Interval, y: Interval) -> Landscape:
    """Ask a function of two variables, ``f(x, y)`` or ``f(v)``, at a grid of points."""
    ends = bounds(plot, x, "x"), bounds(plot, y, "y")
    field = Field(plot, f, 2)
    field.values(_grid(*ends, count=2)[1])
    # A function that takes one point at a time is asked at fewer.
    (across, upward), grid = _grid(*ends, count=COARSE if field.one_by_one else GRID)
    z = field.somewhere(grid).reshape(len(upward), len(across))
    return Landscape(field, across, upward, np.where(np.isfinite(z), z, np.nan))


def _grid(x: Interval, y: Interval, count: int) -> tuple[list[NDArray[Any]], NDArray[Any]]:
    sides = [np.linspace(*ends, count) for ends in (x, y)]
    return sides, np.stack([axis.ravel() for axis in np.meshgrid(*sides)])


def level_lines(axes: Axes, land: Landscape, levels: NDArray[np.floating], opacity: float = 1.0) -> None:
    """Level lines with some of their values, and shades between them."""
    axes.contourf(land.x, land.y, land.z, levels=levels, cmap=depth_shades(), extend="both", alpha=opacity)
    lines = axes.contour(
        land.x, land.y, land.z, levels=levels, colors=PAPER, linewidths=0.8, negative_linestyles="solid"
    )
    axes.clabel(lines, lines.levels[::2], fontsize=7.5, fmt=number, colors=INK)


def map_axes(axes: Axes, land: Landscape) -> None:
    """Axes of a plane region: one scale for both unless that would leave a thin strip."""
    axes.grid(visible=False)
    axes.set(xlim=land.ends[0], ylim=land.ends[1])
    equal_unless_thin(axes)
    few_ticks(axes.xaxis, axes.yaxis)
    formula_labels(axes)


def depth_shades() -> Colormap:
    """From the blue of deep values to a light cream."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("depth", [BLUE, "#8dbbd0", "#cfe5dc", "#fbf6dd"])


def gradient_arrows(axes: Axes, land: Landscape) -> None:
    """The direction downhill at a coarse grid of points; longer where it is steeper, by the root."""
    x, y = (np.linspace(side[0], side[-1], 2 * ARROWS + 1)[1::2] for side in (land.x, land.y))
    grid = np.stack([axis.ravel() for axis in np.meshgrid(x, y)])
    land.field.check_differentiable(grid[:, 0])
    down = -land.field.gradients(grid)
    steepness = np.hypot(*down)
    finite = np.isfinite(steepness) & (steepness > 0)
    grid, down, steepness = grid[:, finite], down[:, finite], steepness[finite]
    # Slopes differ by powers of ten: the root keeps the small ones in sight.
    length = np.sqrt(steepness / np.quantile(steepness, 0.9)).clip(max=1.3)
    spacing = min((side[-1] - side[0]) / ARROWS for side in (land.x, land.y))
    along = 0.8 * spacing * length * down / steepness
    exact = {"angles": "xy", "scale_units": "xy", "scale": 1}
    axes.quiver(*grid, *along, color=INK, alpha=0.55, width=0.0028, pivot="mid", headwidth=4.5, **exact)
