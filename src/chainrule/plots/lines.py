"""Lines through points, with error bars or bands where there are errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error
from chainrule.plots.inputs import numbers
from chainrule.plots.labels import legend_beside
from chainrule.plots.style import PALETTE, new_figure, styled
from chainrule.plots.views import plain_logarithms

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

SCALES = ("linear", "log")
MOST_BARS = 40


@styled
def lines(
    series: ArrayLike | Mapping[str, ArrayLike],
    *,
    x: ArrayLike | None = None,
    errors: ArrayLike | Mapping[str, ArrayLike] | None = None,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    xscale: str = "linear",
    yscale: str = "linear",
    size: tuple[float, float] = (5.6, 3.4),
) -> Figure:
    """Draw numbers against places as lines; see `curves` for what is measured over epochs.

    Parameters
    ----------
    series : array_like (N,) or mapping of str to array_like (N,)
        One line, or several by name; NaN leaves a gap.
    x : array_like (N,), optional
        Places along the horizontal axis; 0, 1, … by default.
    errors : as ``series``, optional
        Half-lengths of error bars, by the same names; of more than 40 points they become a band.
    xlabel, ylabel, title : str
        Texts.
    xscale, yscale : {"linear", "log"}
        Scales of the axes.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = lines({"measured": [1.0, 2.1, 2.9]}, errors={"measured": [0.1, 0.2, 0.1]})
    >>> figure.axes[0].lines[0].get_ydata().tolist()
    [1.0, 2.1, 2.9]
    """
    named = {name: numbers("lines", name or "series", values) for name, values in _named(series).items()}
    if not named:
        raise error("plots.nothing", plot="lines", what="line")
    bars = {name: numbers("lines", "errors", values) for name, values in _named(errors).items()}
    first = next(iter(named.values()))
    places = np.arange(len(first)) if x is None else numbers("lines", "x", x)
    _check_lengths(places, named, bars)
    for name, scale in (("xscale", xscale), ("yscale", yscale)):
        if scale not in SCALES:
            raise error("plots.choice", plot="lines", name=name, allowed=", ".join(SCALES), got=scale)
    figure, axes = new_figure(*size)
    for number, (name, values) in enumerate(named.items()):
        _line(axes[0, 0], places, values, bars.get(name), name, PALETTE[number % len(PALETTE)])
    axes[0, 0].set(xlabel=xlabel, ylabel=ylabel, title=title, xscale=xscale, yscale=yscale)
    for side, scale in ((axes[0, 0].xaxis, xscale), (axes[0, 0].yaxis, yscale)):
        if scale == "log":
            plain_logarithms(side)
    if any(named):
        legend_beside(axes[0, 0])
    return figure


def _named(series: Any) -> dict[str, Any]:
    if series is None:
        return {}
    return dict(series) if isinstance(series, Mapping) else {"": series}


def _check_lengths(x: NDArray[Any], named: dict[str, NDArray[Any]], bars: dict[str, NDArray[Any]]) -> None:
    stray = [name for name in bars if name not in named]
    if stray:
        raise error("plots.choice", plot="lines", name="errors", allowed=", ".join(named), got=stray[0])
    shapes = {name or "series": values.shape for name, values in named.items()}
    shapes |= {f"errors {name}".strip(): values.shape for name, values in bars.items()}
    if any(shape != x.shape for shape in shapes.values()):
        raise error("plots.lengths", plot="lines", what="x", shapes={"x": x.shape, **shapes})


def _line(
    axes: Axes, x: NDArray[Any], y: NDArray[Any], bars: NDArray[Any] | None, name: str, color: str
) -> None:
    marker = "o" if len(x) <= 12 else ""
    axes.plot(x, y, color=color, marker=marker, markersize=4, label=name)
    if bars is None:
        return
    if len(x) <= MOST_BARS:
        axes.errorbar(x, y, yerr=bars, fmt="none", ecolor=color, capsize=3, elinewidth=1.2)
    else:
        axes.fill_between(x, y - bars, y + bars, color=color, alpha=0.18, linewidth=0)
