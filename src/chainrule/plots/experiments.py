"""The two great theorems of probability, seen: the law of large numbers and the central limit theorem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.inputs import numbers
from chainrule.plots.labels import legend_beside, number
from chainrule.plots.style import BLUE, MUTED, PAPER, RED, YELLOW, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

    from chainrule.stats import CentralLimit, LawOfLargeNumbers

MOST_PLACES = 2000
REACH = 4.0


@styled
def law_of_large_numbers(
    draws: ArrayLike | LawOfLargeNumbers,
    mean: float | None = None,
    deviation: float | None = None,
    *,
    size: tuple[float, float] = (6.8, 3.8),
) -> Figure:
    r"""Draw how the means of the first n draws come close to the mean of the distribution.

    .. math:: \bar X_n = \frac{1}{n} \sum_{i=1}^{n} X_i \to \mu, \qquad
        \operatorname{std} \bar X_n = \frac{\sigma}{\sqrt n}

    Parameters
    ----------
    draws : array_like (N,) or (runs, N), or LawOfLargeNumbers
        Independent draws; each row is one run. Or the result of `chainrule.stats.law_of_large_numbers`.
    mean, deviation : float
        :math:`\mu` and :math:`\sigma` of the distribution; about 95 % of the runs are inside the band
        :math:`\mu \pm 2 \sigma / \sqrt n` at each :math:`n`. An experiment brings its own.
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
    means, mean, half = _running(draws, mean, deviation)
    n = np.arange(1, means.shape[1] + 1)
    kept = np.unique(np.geomspace(1, len(n), min(MOST_PLACES, len(n))).round().astype(int)) - 1
    figure, axes = new_figure(*size)
    ax = axes[0, 0]
    for row in means[:, kept]:
        ax.plot(n[kept], row, color=BLUE, linewidth=1, alpha=float(np.clip(6 / len(means), 0.15, 0.9)))
    ax.set(xscale="log", xlim=(1, max(len(n), 2)))
    ax.set(xlabel=text("plots.draws"), ylabel=text("plots.running_mean"))
    _plain_counts(ax)
    if np.isfinite(mean):
        _expected(ax, n[kept], mean, half[kept])
        ax.set_ylim(_around(mean, means[:, kept], half[kept]))
    return figure


def _running(
    draws: Any, mean: float | None, deviation: float | None
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """Running means (runs, N), the mean they go to, and half the width of the band around it (N,)."""
    if hasattr(draws, "running_means"):
        return draws.running_means, float(draws.mean), draws.band
    runs = np.atleast_2d(np.asarray(draws, np.float64))
    runs = numbers("law_of_large_numbers", "draws", runs, axes=2)
    mean, deviation = _moments("law_of_large_numbers", mean, deviation)
    n = np.arange(1, runs.shape[1] + 1)
    return np.cumsum(runs, axis=1) / n, mean, 2 * deviation / np.sqrt(n)


def _expected(axes: Axes, n: NDArray[Any], mean: float, half: NDArray[Any]) -> None:
    """The mean, and the band around it if it has a width."""
    if np.isfinite(half).all():
        band = {"color": YELLOW, "alpha": 0.3, "zorder": 0}
        axes.fill_between(n, mean - half, mean + half, label="μ ± 2σ/√n", **band)
    axes.axhline(mean, color=RED, linewidth=1.6, label=text("plots.expected", mean=number(mean, 4)))
    legend_beside(axes)


@styled
def central_limit(
    means: Mapping[int, ArrayLike] | CentralLimit | Sequence[CentralLimit],
    mean: float | None = None,
    deviation: float | None = None,
    *,
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw how means of n draws become normal as n grows, whatever the distribution of one draw.

    .. math:: Z_n = \frac{\bar X_n - \mu}{\sigma / \sqrt n} \to \mathcal N(0, 1)

    Parameters
    ----------
    means : mapping of int to array_like (N,), or CentralLimit, or sequence of them
        Many means of ``n`` draws each, by ``n``. Or results of `chainrule.stats.central_limit`.
    mean, deviation : float
        :math:`\mu` and :math:`\sigma` of the distribution of one draw. An experiment brings its own.
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
    given = _standardised(means, mean, deviation)
    wide = (max(0.9 + 2.5 * len(given), 6.8), 3.2)
    figure, axes = new_figure(*(wide if size is None else size), columns=len(given), sharex=True, sharey=True)
    x = np.linspace(-REACH, REACH, 201)
    normal = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    for one, (n, z) in zip(axes[0], given, strict=True):
        look: dict[str, Any] = {"color": BLUE, "alpha": 0.75, "edgecolor": PAPER, "linewidth": 0.4}
        one.hist(z, bins=_standard_edges(z), density=True, **look)
        one.plot(x, normal, color=RED, label=text("plots.standard_normal"))
        one.set(xlim=(-REACH, REACH), title=f"n = {n}")
        one.grid(visible=False, axis="x")
    axes[0, 0].set_ylabel(text("plots.density"))
    figure.supxlabel(text("plots.standardised"), fontsize=9.5, color=MUTED)
    legend_beside(axes[0, 0], loc="outside lower right")
    return figure


def _standardised(
    means: Any, mean: float | None, deviation: float | None
) -> list[tuple[int, NDArray[np.float64]]]:
    """The numbers of draws, and the standardised means of each."""
    experiments = [means] if hasattr(means, "sums") else means
    if not experiments:
        raise error("plots.nothing", plot="central_limit", what="sample")
    if not isinstance(experiments, Mapping):
        return [(found.n, found.sums) for found in experiments]
    mean, deviation = _moments("central_limit", mean, deviation)
    given = {n: numbers("central_limit", f"n = {n}", values) for n, values in means.items()}
    return [(n, (values - mean) / (deviation / np.sqrt(n))) for n, values in given.items()]


def _moments(plot: str, mean: float | None, deviation: float | None) -> tuple[float, float]:
    if mean is None or deviation is None:
        raise error("plots.no_moments", plot=plot)
    if not deviation > 0:
        raise error("plots.positive", plot=plot, name="deviation", got=deviation)
    return float(mean), float(deviation)


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
