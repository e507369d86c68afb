"""The look of all figures: one palette that colour-blind readers can tell apart, few lines, much room.

The palette is "bright" of Tol, Colour Schemes, technical note SRON/EPS/TN/09-002, 2021.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from chainrule.plots.fonts import families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

Function = TypeVar("Function", bound=Callable[..., Any])

BLUE, RED, GREEN, YELLOW, CYAN, PURPLE, GREY = PALETTE = (
    "#4477aa",
    "#ee6677",
    "#228833",
    "#ccbb44",
    "#66ccee",
    "#aa3377",
    "#999999",
)
INK, MUTED, RULE, PAPER = "#1c2733", "#67727e", "#dde2e7", "#fefefe"

SETTINGS: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": RULE,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 1.0,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.titlesize": 11,
    "axes.titleweight": "normal",
    "axes.labelsize": 9.5,
    "axes.unicode_minus": True,
    "figure.facecolor": PAPER,
    "font.size": 9.5,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "image.interpolation": "nearest",
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "savefig.facecolor": "auto",
    "text.color": INK,
    # A class may be called "$5".
    "text.parse_math": False,
    "xtick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.color": RULE,
    "ytick.labelcolor": MUTED,
}


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings for a while; those of the process are left as they were."""
    import matplotlib as mpl
    from cycler import cycler

    own = {"font.family": list(families()), "axes.prop_cycle": cycler(color=PALETTE)}
    # rc_context does not bring the backend back.
    defaults = {name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"}
    with mpl.rc_context({**defaults, **SETTINGS, **own}):
        yield


def styled(function: Function) -> Function:
    """Run a plotting function under `style`."""

    @functools.wraps(function)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with style():
            return function(*args, **kwargs)

    return cast("Function", inside)


def new_figure(
    width: float, height: float, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """A figure of a size in inches, with an array (rows, columns) of axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **options)
    for one in axes.flat:
        # Labels of ticks are made when the figure is drawn, perhaps outside `style`.
        one.tick_params(labelfontfamily=list(families()), length=0, labelsize=9)
    return figure, axes


def without_frame(axes: Axes) -> None:
    """For pictures: no ticks, grid or border."""
    axes.set_axis_off()
    axes.grid(visible=False)


def fading(color: str) -> Colormap:
    """A colour map from transparent to a colour, which fits a light and a dark page."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    return LinearSegmentedColormap.from_list(color, [(*to_rgb(color), 0.0), (*to_rgb(color), 1.0)])


def by_depth(count: int) -> list[str]:
    """Colours for an ordered row of things, such as layers from the first to the last."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return [to_hex(colormaps["viridis"](place)) for place in np.linspace(0.25, 0.85, count)]
