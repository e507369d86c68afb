"""How numbers are distributed: histograms and box plots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.density import Distribution, density_of
from chainrule.plots.inputs import count, numbers
from chainrule.plots.labels import legend_beside, room_for
from chainrule.plots.style import BLUE, INK, PALETTE, PAPER, RED, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

MOST_BINS = 60


@styled
def histogram(
    samples: ArrayLike | Mapping[str, ArrayLike],
    *,
    bins: int | ArrayLike | None = None,
    density: Distribution | None = None,
    xlabel: str = "",
    title: str = "",
    size: tuple[float, float] = (5.6, 3.4),
) -> Figure:
    """Draw histograms of samples, and the density that they should follow.

    Parameters
    ----------
    samples : array_like (N,) or mapping of str to array_like (N,)
        One sample, or several by name, drawn over each other.
    bins : int or array_like, optional
        Number of bins, or their edges; after the rule of Freedman and Diaconis by default.
    density : callable or distribution, optional
        A density to draw over the histogram, whose area then is 1: a function, or an object with ``log_prob``
        or ``pdf``.
    xlabel, title : str
        Texts.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = histogram([1, 1, 2, 4], bins=3)
    >>> [int(bar.get_height()) for bar in figure.axes[0].patches]
    [2, 1, 1]
    """
    named = samples if isinstance(samples, Mapping) else {"": samples}
    given = {name: _finite(numbers("histogram", name or "samples", values)) for name, values in named.items()}
    if not given:
        raise error("plots.nothing", plot="histogram", what="sample")
    edges = _edges(np.concatenate(list(given.values())), bins)
    figure, axes = new_figure(*size)
    alone = len(given) == 1 and density is None
    look: dict[str, Any] = {"alpha": 0.85 if alone else 0.5, "edgecolor": PAPER, "linewidth": 0.6}
    for place, (name, values) in enumerate(given.items()):
        color = PALETTE[place % len(PALETTE)]
        axes[0, 0].hist(values, bins=edges, density=density is not None, color=color, label=name, **look)
    if density is not None:
        _over(axes[0, 0], density, edges)
    axes[0, 0].grid(visible=False, axis="x")
    axes[0, 0].set(xlabel=xlabel, title=title)
    axes[0, 0].set_ylabel(text("plots.count_of" if density is None else "plots.density"))
    if any(named) or density is not None:
        legend_beside(axes[0, 0])
    return figure


@styled
def box_plots(
    samples: Mapping[str, ArrayLike],
    *,
    ylabel: str = "",
    title: str = "",
    size: tuple[float, float] | None = None,
) -> Figure:
    """Draw the median, the quartiles, and what lies beyond, of several samples.

    The box reaches from the first to the third quartile, the whiskers to the last sample within
    1.5 times its length (Tukey, Exploratory Data Analysis, 1977); all beyond are drawn singly.

    Parameters
    ----------
    samples : mapping of str to array_like (N,)
        By name, from left to right.
    ylabel, title : str
        Texts.
    size : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = box_plots({"a": [1, 2, 3, 4, 5], "b": [2, 2, 2, 9]})
    >>> [label.get_text() for label in figure.axes[0].get_xticklabels()]
    ['a', 'b']
    """
    if not samples:
        raise error("plots.nothing", plot="box_plots", what="sample")
    given = [_finite(numbers("box_plots", name, values)) for name, values in samples.items()]
    wide = (1.6 + max(0.75, 0.2 + room_for(samples)) * len(given), 3.6)
    figure, axes = new_figure(*(wide if size is None else size))
    drawn = axes[0, 0].boxplot(given, widths=0.5, patch_artist=True, tick_labels=list(samples))
    for box in drawn["boxes"]:
        box.set(facecolor=BLUE, alpha=0.3, edgecolor=BLUE)
    for line in (*drawn["whiskers"], *drawn["caps"]):
        line.set(color=BLUE, linewidth=1.2)
    for line in drawn["medians"]:
        line.set(color=INK, linewidth=2)
    for dot in drawn["fliers"]:
        dot.set(marker="o", markersize=3.5, markerfacecolor=RED, markeredgecolor="none")
    axes[0, 0].grid(visible=False, axis="x")
    axes[0, 0].set(ylabel=ylabel, title=title)
    return figure


def _finite(values: NDArray[np.floating]) -> NDArray[np.floating]:
    return values[np.isfinite(values)]


def _edges(values: NDArray[np.floating], bins: int | ArrayLike | None) -> NDArray[np.floating]:
    if bins is None:
        edges = np.histogram_bin_edges(values, "fd")
        return edges if len(edges) <= MOST_BINS + 1 else np.histogram_bin_edges(values, MOST_BINS)
    if np.ndim(bins) == 0:
        bins = count("histogram", "bins", bins)
    return np.histogram_bin_edges(values, bins)


def _over(axes: Axes, density: Distribution, edges: NDArray[np.floating]) -> None:
    x = np.linspace(edges[0], edges[-1], 401)
    label = text("plots.density")
    axes.plot(x, density_of("histogram", density, x), color=RED, label=label)
