"""Lines over epochs: loss, accuracy, gradient norms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.style import MUTED, PALETTE, by_depth, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

MOST_LINES = 10


@styled
def curves(
    series: Mapping[str, ArrayLike],
    *,
    x: ArrayLike | None = None,
    xlabel: str | None = None,
    ylabel: str = "",
    title: str = "",
    log: bool = False,
    mark: float | None = None,
    size: tuple[float, float] = (5.6, 3.2),
) -> Figure:
    """Draw lines over epochs.

    Parameters
    ----------
    series : mapping of str to array_like (N,)
        One line each, by its name; NaN leaves a gap.
    x : array_like (N,), optional
        Places along the horizontal axis; 1, 2, … by default.
    xlabel, ylabel, title : str
        Texts; the horizontal axis counts epochs by default.
    log : bool
        Logarithmic vertical axis, where all values are positive.
    mark : float, optional
        A place on the horizontal axis to mark, such as the best epoch.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = curves({"train": [2.3, 0.9, 0.4], "validation": [1.9, 1.0, 0.7]}, ylabel="loss")
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['train', 'validation']
    """
    lines = _lines("curves", series)
    places = _places("curves", lines, x)
    figure, axes = new_figure(*size)
    for place, (name, values) in enumerate(lines.items()):
        _line(axes[0, 0], places, values, name, PALETTE[place % len(PALETTE)])
    _finish(axes[0, 0], lines, log, title)
    axes[0, 0].set(xlabel=text("plots.epoch") if xlabel is None else xlabel, ylabel=ylabel)
    if mark is not None:
        axes[0, 0].axvline(mark, color=MUTED, linewidth=1, linestyle=(0, (2, 3)), zorder=1)
    return figure


@styled
def gradient_norms(norms: Mapping[str, ArrayLike], *, size: tuple[float, float] = (7.2, 3.4)) -> Figure:
    r"""Draw the norm of every layer's gradient over epochs, on a logarithmic axis.

    .. math:: \|g_l\|_2 = \sqrt{\textstyle\sum_i g_{l,i}^2}

    Lines that fall towards the first layers show a vanishing gradient, lines that rise an exploding one.
    More than ten layers are drawn as a heat map.

    Parameters
    ----------
    norms : mapping of str to array_like (epochs,)
        By layer, in order from the input to the output.
    size : (float, float)
        Width and height in inches.

    Examples
    --------
    >>> figure = gradient_norms({"conv1": [0.9, 0.4], "fc": [1.2, 0.6]})
    >>> figure.axes[0].get_yscale()
    'log'
    """
    lines = _lines("gradient_norms", norms)
    places = _places("gradient_norms", lines, None)
    if len(lines) > MOST_LINES:
        return _heat_map(lines, places, size[0])
    figure, axes = new_figure(*size)
    for (name, values), color in zip(lines.items(), by_depth(len(lines)), strict=True):
        _line(axes[0, 0], places, values, name, color)
    _finish(axes[0, 0], {}, True, "")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center")
    axes[0, 0].set(xlabel=text("plots.epoch"), ylabel=text("plots.gradient_norm"))
    return figure


def _lines(plot: str, series: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    lines = {name: np.asarray(values, np.float64) for name, values in series.items()}
    if not lines or not any(line.size for line in lines.values()):
        raise error("plots.nothing", plot=plot, what="series")
    return lines


def _places(plot: str, lines: Mapping[str, np.ndarray], x: ArrayLike | None) -> np.ndarray:
    lengths = {name: line.shape for name, line in lines.items()}
    first = next(iter(lines.values()))
    places = np.arange(1, len(first) + 1) if x is None else np.asarray(x)
    if any(line.shape != places.shape for line in lines.values()):
        raise error("plots.lengths", plot=plot, what="x", shapes={"x": places.shape, **lengths})
    return places


def _line(axes: Axes, x: np.ndarray, y: np.ndarray, name: str, color: str) -> None:
    # A few points are easier to see with markers; a single one is nothing without.
    marker = "o" if len(x) <= 12 else ""
    axes.plot(x, y, label=name, color=color, marker=marker, markersize=4)


def _finish(axes: Axes, lines: Mapping[str, np.ndarray], log: bool, title: str) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=False, axis="x")
    positive = all(np.nanmin(line, initial=np.inf) > 0 for line in lines.values())
    if log and positive:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set_title(title)
    if len(lines) > 1:
        axes.legend(loc="best")


def _heat_map(lines: Mapping[str, np.ndarray], places: np.ndarray, width: float) -> Figure:
    figure, axes = new_figure(width, 1.2 + 0.2 * len(lines))
    values = np.log10(np.maximum(np.stack(list(lines.values())), 1e-12))
    edges = (places[0] - 0.5, places[-1] + 0.5, len(lines) - 0.5, -0.5)
    picture = axes[0, 0].imshow(values, aspect="auto", cmap="viridis", extent=edges)
    axes[0, 0].set_yticks(range(len(lines)), labels=list(lines))
    axes[0, 0].grid(visible=False)
    axes[0, 0].set_xlabel(text("plots.epoch"))
    bar = figure.colorbar(picture, ax=axes[0, 0], label=f"log₁₀ {text('plots.gradient_norm')}")
    bar.outline.set_visible(False)
    return figure
