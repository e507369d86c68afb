"""Functions of two variables: surface, level lines, gradient field, descent path, critical points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.evaluate import Function
from chainrule.plots.inputs import Interval, points
from chainrule.plots.labels import formula_labels, legend_beside
from chainrule.plots.landscape import (
    Landscape,
    depth_shades,
    gradient_arrows,
    landscape,
    level_lines,
    map_axes,
)
from chainrule.plots.marks import dots
from chainrule.plots.space import new_space, to_space
from chainrule.plots.style import GREEN, GREY, INK, PAPER, PURPLE, RED, YELLOW, new_figure, styled
from chainrule.plots.views import map_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

POLE = 3
PATHS = (RED, PURPLE, GREEN, INK, YELLOW, GREY)
# Marker and colour of each kind of critical point.
KINDS = {
    "minimum": ("v", GREEN),
    "maximum": ("^", RED),
    "saddle": ("X", PURPLE),
    "degenerate": ("s", YELLOW),
}


@styled
def contours(
    f: Function,
    x: Interval,
    y: Interval,
    *,
    gradient: bool = False,
    path: Any = None,
    critical: Any = None,
    levels: Sequence[float] | None = None,
    title: str = "",
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw the level lines of a function of two variables, deep values dark.

    Parameters
    ----------
    f : callable
        ``f(x, y)``, or ``f(v)`` with a vector ``v`` of two components.
    x, y : (float, float)
        Ends of the axes.
    gradient : bool
        Draw :math:`-\nabla f`, which points downhill; arrows show its direction.
    path : array_like (N, 2), or result of `chainrule.calculus.descent_path`, optional
        A path from its start, a dot, to its end, a star; several as a mapping by name.
    critical : result of `chainrule.calculus.critical_points`, or mapping of str to array_like, optional
        Points (N, 2) by kind: ``"minimum"``, ``"maximum"``, ``"saddle"``, ``"degenerate"``.
    levels : sequence of float, optional
        Values of the lines, rising.
    title : str
        Text above.
    size : (float, float), optional
        Width and height in inches; fitting the region by default.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = contours(lambda x, y: x * x + 2 * y * y, (-2, 2), (-1, 1), critical={"minimum": [[0, 0]]})
    >>> [entry.get_text() for entry in figure.legends[0].get_texts()]
    ['minimum']
    """
    land = landscape("contours", f, x, y)
    figure, axes = new_figure(*(map_size(*land.ends) if size is None else size))
    _contours(axes[0, 0], land, levels)
    _overlay(axes[0, 0], land, gradient, path, critical)
    axes[0, 0].set_title(title)
    return figure


@styled
def surface(
    f: Function,
    x: Interval,
    y: Interval,
    *,
    path: Any = None,
    title: str = "",
    size: tuple[float, float] = (5.2, 4.4),
) -> Figure:
    """Draw a function of two variables as a surface in space.

    Parameters
    ----------
    f : callable
        ``f(x, y)``, or ``f(v)`` with a vector ``v`` of two components.
    x, y : (float, float)
        Ends of the axes.
    path : array_like (N, 2), or result of `chainrule.calculus.descent_path`, optional
        A path to draw on it; several as a mapping by name.
    title : str
        Text above.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = surface(lambda x, y: x * x - y * y, (-1, 1), (-1, 1))
    >>> figure.axes[0].get_zlabel()
    '$f(x, y)$'
    """
    land = landscape("surface", f, x, y)
    figure, axes = new_space(*size)
    _surface(axes, land)
    _paths_in_space(axes, land, path)
    axes.set_title(title)
    return figure


@styled
def surface_and_contours(
    f: Function,
    x: Interval,
    y: Interval,
    *,
    gradient: bool = True,
    path: Any = None,
    critical: Any = None,
    title: str = "",
    size: tuple[float, float] = (10.2, 4.3),
) -> Figure:
    """Draw a function of two variables twice: as a surface, and by level lines with its gradient field.

    Parameters as for `contours`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> bowl = lambda v: v @ v
    >>> figure = surface_and_contours(bowl, (-1, 1), (-1, 1), path=[[1, 0.5], [0.4, 0.2], [0, 0]])
    >>> len(figure.axes)
    2
    """
    land = landscape("surface_and_contours", f, x, y)
    figure, axes = new_figure(*size, columns=2)
    figure.get_layout_engine().set(wspace=0.1)
    _contours(axes[0, 1], land, None)
    _overlay(axes[0, 1], land, gradient, path, critical)
    space = to_space(axes[0, 0])
    _surface(space, land, zoom=1.06)
    _paths_in_space(space, land, path)
    space.set_title(title)
    return figure


def paths_of(plot: str, path: Any) -> dict[str, NDArray[np.float64]]:
    """Points (N, 2) of one path or of several, by what they are called."""
    if isinstance(path, Mapping):
        return {name: _path_points(plot, one) for name, one in path.items()}
    found = _path_points(plot, path)
    return {text("plots.steps", n=len(found) - 1): found}


def _path_points(plot: str, path: Any) -> NDArray[np.float64]:
    return points(plot, "path", getattr(path, "points", getattr(path, "path", path)))


def critical_points(plot: str, critical: Any) -> dict[str, NDArray[np.float64]]:
    """Points by kind, in the order of `KINDS`."""
    if isinstance(critical, Mapping):
        given = {kind: points(plot, "critical", found) for kind, found in critical.items()}
    else:
        found = [(str(one.kind), np.asarray(one.point, np.float64)) for one in critical]
        given = {kind: np.stack([at for name, at in found if name == kind]) for kind, _ in found}
    unknown = [kind for kind in given if kind not in KINDS]
    if unknown:
        raise error("plots.choice", plot=plot, name="kind", allowed=", ".join(KINDS), got=unknown[0])
    return {kind: given[kind] for kind in KINDS if kind in given}


def _contours(axes: Axes, land: Landscape, levels: Sequence[float] | None) -> None:
    at = land.levels if levels is None else np.asarray(levels, np.float64)
    level_lines(axes, land, at)
    map_axes(axes, land)


def _overlay(axes: Axes, land: Landscape, gradient: bool, path: Any, critical: Any) -> None:
    plot = land.field.what
    if gradient:
        gradient_arrows(axes, land)
    named = {} if path is None else paths_of(plot, path)
    for color, (name, one) in zip(cycle(PATHS), named.items(), strict=False):
        _path(axes, one, name, color)
    for kind, found in ({} if critical is None else critical_points(plot, critical)).items():
        marker, color = KINDS[kind]
        dots(axes, found, color, size=70, marker=marker, label=text(f"plots.{kind}"), zorder=6)
    if axes.get_legend_handles_labels()[0]:
        legend_beside(axes, loc="outside lower center", ncols=4)


def _path(axes: Axes, path: NDArray[np.floating], name: str, color: str) -> None:
    size = 3.5 if len(path) <= 60 else 0
    axes.plot(*path.T, color=color, linewidth=1.6, marker="o", markersize=size, label=name, zorder=5)
    dots(axes, path[:1], PAPER, size=46, zorder=6)
    axes.scatter(*path[:1].T, s=22, color=color, zorder=7)
    axes.scatter(*path[-1:].T, s=130, marker="*", color=color, edgecolors=PAPER, linewidths=0.8, zorder=7)


def _surface(axes: Any, land: Landscape, zoom: float = 0.94) -> None:
    low, high = np.nanquantile(land.z, (0.02, 0.98))
    reach = POLE * max(high - low, 1e-300)
    # A pole would leave nothing of the rest to be seen.
    z = np.clip(land.z, low - reach, high + reach)
    look = {"linewidth": 0.2, "edgecolor": PAPER, "antialiased": True}
    grid = np.meshgrid(land.x, land.y)
    shown = axes.plot_surface(*grid, z, cmap=depth_shades(), rcount=45, ccount=45, **look)
    shown.set_clim(np.nanmin(z), np.nanmax(z))
    axes.set_box_aspect((1, 1, 0.75), zoom=zoom)
    formula_labels(axes, z="$f(x, y)$")


def _paths_in_space(axes: Any, land: Landscape, path: Any) -> None:
    """Paths on the surface, as far as they are above the region shown."""
    limits = axes.get_zlim()
    named = {} if path is None else paths_of(land.field.what, path)
    for color, one in zip(cycle(PATHS), named.values(), strict=False):
        (low_x, high_x), (low_y, high_y) = land.ends
        inside = (one[:, 0] >= low_x) & (one[:, 0] <= high_x) & (one[:, 1] >= low_y) & (one[:, 1] <= high_y)
        height = np.where(inside, land.field.values(one.T), np.nan)
        axes.computed_zorder = False
        axes.plot(*one.T, height, color=color, linewidth=2, zorder=10)
        axes.scatter(*one[-1], height[-1], color=color, s=60, marker="*", zorder=11)
    axes.set(xlim=land.ends[0], ylim=land.ends[1], zlim=limits)
