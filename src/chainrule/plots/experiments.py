"""The two great theorems of probability, seen: the law of large numbers and the central limit theorem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.inputs import numbers
from chainrule.plots.labels import legend_beside, number
from chainrule.plots.style import BLUE, MUTED, PAPER, RED, YELLOW, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

MOST_PLACES = 2000
REACH = 4.0


@styled
def law_of_large_numbers(
    draws: ArrayLike,
    mean: float,
    deviation: float,
    *,
    size: tuple[float, float] = (6.8, 3.8),
) -> Figure:
    r"""Draw how the means of the first n draws come close to the mean of the distribution.

    .. math:: \bar X_n = \frac{1}{n} \sum_{i=1}^{n} X_i \to \mu, \qquad
        \operatorname{std} \bar X_n = \frac{\sigma}{\sqrt n}

    Parameters
    ----------
    draws : array_like (N,) or (runs, N)
        Independent draws; each row is one run.
    mean, deviation : float
        :math:`\mu` and :math:`\sigma` of the distribution; about 95 % of the runs are inside the band
        :math:`\mu \pm 2 \sigma / \sqrt n` at each :math:`n`.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = law_of_large_numbers([[0.0, 1.0, 1.0, 0.0]], mean=0.5, deviation=0.5)
    >>> figure.axes[0].lines[0].get_ydata().round(2).tolist()
    [0.0, 0.5, 0.67, 0.5]
    """
    runs = np.atleast_2d(np.asarray(draws, np.float64))
    runs = numbers("law_of_large_numbers", "draws", runs, axes=2)
    _check_deviation("law_of_large_numbers", deviation)
    n = np.arange(1, runs.shape[1] + 1)
    kept = np.unique(np.geomspace(1, len(n), min(MOST_PLACES, len(n))).round().astype(int)) - 1
    means = (np.cumsum(runs, axis=1) / n)[:, kept]
    figure, axes = new_figure(*size)
    ax = axes[0, 0]
    for row in means:
        ax.plot(n[kept], row, color=BLUE, linewidth=1, alpha=float(np.clip(6 / len(runs), 0.15, 0.9)))
    half = 2 * deviation / np.sqrt(n[kept])
    band = {"color": YELLOW, "alpha": 0.3, "zorder": 0}
    ax.fill_between(n[kept], mean - half, mean + half, label="μ ± 2σ/√n", **band)
    ax.axhline(mean, color=RED, linewidth=1.6, label=text("plots.expected", mean=number(mean, 4)))
    ax.set(xscale="log", xlim=(1, max(len(n), 2)), ylim=_around(mean, means, half))
    ax.set(xlabel=text("plots.draws"), ylabel=text("plots.running_mean"))
    _plain_counts(ax)
    legend_beside(ax)
    return figure


@styled
def central_limit(
    means: Mapping[int, ArrayLike],
    mean: float,
    deviation: float,
    *,
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw how means of n draws become normal as n grows, whatever the distribution of one draw.

    .. math:: Z_n = \frac{\bar X_n - \mu}{\sigma / \sqrt n} \to \mathcal N(0, 1)

    Parameters
    ----------
    means : mapping of int to array_like (N,)
        Many means of ``n`` draws each, by ``n``.
    mean, deviation : float
        :math:`\mu` and :math:`\sigma` of the distribution of one draw.
    size : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = central_limit({1: [0.0, 1.0], 4: [0.25, 0.5, 0.75]}, mean=0.5, deviation=0.5)
    >>> [axes.get_title(loc="left") for axes in figure.axes]
    ['n = 1', 'n = 4']
    """
    if not means:
        raise error("plots.nothing", plot="central_limit", what="sample")
    _check_deviation("central_limit", deviation)
    given = {n: numbers("central_limit", f"n = {n}", values) for n, values in means.items()}
    wide = (0.9 + 2.5 * len(given), 3.2)
    figure, axes = new_figure(*(wide if size is None else size), columns=len(given), sharex=True, sharey=True)
    x = np.linspace(-REACH, REACH, 201)
    normal = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    for one, (n, values) in zip(axes[0], given.items(), strict=True):
        z = (values - mean) / (deviation / np.sqrt(n))
        look: dict[str, Any] = {"color": BLUE, "alpha": 0.75, "edgecolor": PAPER, "linewidth": 0.4}
        one.hist(z, bins=_standard_edges(z), density=True, **look)
        one.plot(x, normal, color=RED, label=text("plots.standard_normal"))
        one.set(xlim=(-REACH, REACH), title=f"n = {n}")
        one.grid(visible=False, axis="x")
    axes[0, 0].set_ylabel(text("plots.density"))
    figure.supxlabel(text("plots.standardised"), fontsize=9.5, color=MUTED)
    legend_beside(axes[0, 0], loc="outside lower right")
    return figure


def _check_deviation(plot: str, deviation: float) -> None:
    if not deviation > 0:
        raise error("plots.positive", plot=plot, name="deviation", got=deviation)


def _around(mean: float, means: NDArray[Any], half: NDArray[Any]) -> tuple[float, float]:
    """The first few means may be anywhere: show what most of them, and most of the band, need."""
    reach = max(float(half[min(2, len(half) - 1)]), float(np.quantile(np.abs(means - mean), 0.98)))
    return mean - 1.1 * reach, mean + 1.1 * reach


def _plain_counts(axes: Any) -> None:
    """1, 10, 100 … as numbers."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _standard_edges(z: NDArray[Any]) -> NDArray[Any]:
    """Bins of standardised means; one for each value of a sum that has few."""
    values = np.unique(z.round(9))
    if len(values) <= 40:
        gap = float(np.diff(values).min()) if len(values) > 1 else 1.0
        return np.arange(values[0] - gap / 2, values[-1] + gap, gap)
    return np.linspace(min(-REACH, float(z.min())), max(REACH, float(z.max())), 41)
