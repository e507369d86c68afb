"""Probabilities of single values: of discrete distributions, and of hypotheses before and after data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.dtypes import float64
from chainrule.errors import error, text
from chainrule.plots.density import TAIL, Distribution, logarithm_of, no_density, quantile_of
from chainrule.plots.inputs import numbers
from chainrule.plots.labels import formula_labels, legend_beside, number, room_for
from chainrule.plots.style import BLUE, GREY, INK, PALETTE, RED, new_figure, styled
from chainrule.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

    from chainrule.stats import BayesTable

BESIDE = 0.7


@styled
def probabilities(
    distributions: Distribution | Mapping[str, Distribution],
    values: ArrayLike | None = None,
    *,
    title: str = "",
    size: tuple[float, float] = (5.8, 3.4),
) -> Figure:
    r"""Draw the probability of each value of discrete distributions as a stem, :math:`P(X = k)`.

    Parameters
    ----------
    distributions : distribution, callable, or mapping of str to them
        One, or several by name: functions from values to probabilities, or objects with ``log_prob`` or
        ``pmf``.
    values : array_like (N,), optional
        The values :math:`k`; by default all between the 0.001 and the 0.999 quantile.
    title : str
        Text above.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from scipy.stats import binom
    >>> figure = probabilities({"fair": binom(3, 0.5)}, values=[0, 1, 2, 3])
    >>> figure.axes[0].lines[0].get_ydata().round(3).tolist()
    [0.125, 0.375, 0.375, 0.125]
    """
    named = dict(distributions) if isinstance(distributions, Mapping) else {"": distributions}
    if not named:
        raise error("plots.nothing", plot="probabilities", what="distribution")
    places = _values(named) if values is None else numbers("probabilities", "values", values)
    figure, axes = new_figure(*size)
    shifts = BESIDE * (np.arange(len(named)) - (len(named) - 1) / 2) / max(len(named), 2)
    for count, (name, one) in enumerate(named.items()):
        color = PALETTE[count % len(PALETTE)]
        _stems(axes[0, 0], places + shifts[count] * _spacing(places), _mass(one, places), color, name)
    axes[0, 0].grid(visible=False, axis="x")
    formula_labels(axes[0, 0], x="$k$", y="")
    axes[0, 0].set(ylabel=text("plots.probability"), title=title)
    axes[0, 0].set_ylim(bottom=0)
    if len(places) <= 16:
        axes[0, 0].set_xticks(places)
    if any(named):
        legend_beside(axes[0, 0])
    return figure


@styled
def grouped_bars(
    names: Sequence[str],
    series: Mapping[str, ArrayLike],
    *,
    ylabel: str = "",
    title: str = "",
    digits: int = 3,
    size: tuple[float, float] | None = None,
) -> Figure:
    """Draw several numbers for each of several names, side by side.

    Parameters
    ----------
    names : sequence of str
        The groups, from left to right.
    series : mapping of str to array_like (N,)
        One number for each group, by what they are.
    ylabel, title : str
        Texts.
    digits : int
        Significant digits of the numbers above the bars.
    size : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = grouped_bars(["2023", "2024"], {"cats": [3, 4], "dogs": [2, 5]})
    >>> [label.get_text() for label in figure.axes[0].texts]
    ['3', '4', '2', '5']
    """
    return _grouped("grouped_bars", names, series, ylabel, title, digits, size, PALETTE)


@styled
def bayes(
    hypotheses: Sequence[str] | BayesTable,
    prior: ArrayLike | None = None,
    posterior: ArrayLike | None = None,
    *,
    likelihood: ArrayLike | None = None,
    title: str = "",
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw what data does to the probabilities of hypotheses.

    .. math:: P(h \mid d) = \frac{P(d \mid h)\,P(h)}{\sum_{h'} P(d \mid h')\,P(h')}

    Parameters
    ----------
    hypotheses : sequence of str, or BayesTable
        Their names; or the result of `chainrule.stats.bayes`, which holds all the rest.
    prior, posterior : array_like (N,)
        Their probabilities before and after.
    likelihood : array_like (N,), optional
        The probability of the data under each.
    title : str
        Text above.
    size : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = bayes(["ill", "well"], [0.01, 0.99], [0.16, 0.84], likelihood=[0.95, 0.05])
    >>> [entry.get_text() for entry in figure.legends[0].get_texts()]
    ['prior', 'likelihood', 'posterior']
    """
    names, *columns = _columns(hypotheses, prior, posterior, likelihood)
    prior, posterior, likelihood = columns
    series = {text("plots.prior"): prior}
    series |= {} if likelihood is None else {text("plots.likelihood"): likelihood}
    series[text("plots.posterior")] = posterior
    colors = (GREY, BLUE) if likelihood is None else (GREY, RED, BLUE)
    return _grouped("bayes", names, series, text("plots.probability"), title, 3, size, colors)


def _columns(hypotheses: Any, prior: Any, posterior: Any, likelihood: Any) -> tuple[Any, Any, Any, Any]:
    """Names, prior, posterior and likelihood, from a table or as they were given."""
    if hasattr(hypotheses, "evidence"):
        names, table = list(hypotheses.prior), hypotheses
        prior, posterior, likelihood = (
            [column[h] for h in names] for column in (table.prior, table.posterior, table.likelihood)
        )
        return [str(h) for h in names], prior, posterior, likelihood
    if prior is None or posterior is None:
        raise error("plots.no_posterior")
    return hypotheses, prior, posterior, likelihood


def _grouped(
    plot: str,
    names: Sequence[str],
    series: Mapping[str, ArrayLike],
    ylabel: str,
    title: str,
    digits: int,
    size: tuple[float, float] | None,
    colors: Sequence[str],
) -> Figure:
    if not len(names) or not series:
        raise error("plots.nothing", plot=plot, what="bar")
    given = {name: numbers(plot, name, values) for name, values in series.items()}
    shapes = {name: values.shape for name, values in given.items()}
    if any(shape != (len(names),) for shape in shapes.values()):
        raise error("plots.lengths", plot=plot, what="number", shapes={"names": (len(names),), **shapes})
    group = max(0.5 * max(len(given), 2), 0.2 + room_for(names))
    wide = (1.6 + room_for(given) + group * len(names), 3.4)
    figure, axes = new_figure(*(wide if size is None else size))
    width = 0.8 / len(given)
    for place, (name, values) in enumerate(given.items()):
        at = np.arange(len(names)) + width * (place - (len(given) - 1) / 2)
        drawn = axes[0, 0].bar(at, values, 0.92 * width, color=colors[place % len(colors)], label=name)
        labels = [number(value, digits) for value in values]
        axes[0, 0].bar_label(drawn, labels=labels, padding=2, fontsize=8, color=INK)
    axes[0, 0].set_xticks(range(len(names)), labels=list(names))
    axes[0, 0].grid(visible=False, axis="x")
    axes[0, 0].margins(y=0.12)
    axes[0, 0].set(ylabel=ylabel, title=title)
    legend_beside(axes[0, 0])
    return figure


def _mass(distribution: Distribution, values: NDArray[np.floating]) -> NDArray[np.floating]:
    if hasattr(distribution, "log_prob"):
        return np.exp(logarithm_of("probabilities", distribution, values))
    function = getattr(distribution, "pmf", distribution)
    if not callable(function):
        raise no_density("probabilities", distribution, "log_prob / pmf")
    given = values if function is not distribution else Tensor(values, float64)
    return numbers("probabilities", "probabilities", np.asarray(function(given)))


def _values(named: Mapping[str, Distribution]) -> NDArray[np.floating]:
    ends = []
    for one in named.values():
        low, high = (quantile_of(one, share) for share in (TAIL, 1 - TAIL))
        if low is None or high is None:
            raise error("plots.no_interval", plot="probabilities", kind=type(one).__name__)
        ends.append((low, high))
    return np.arange(min(low for low, _ in ends), max(high for _, high in ends) + 1)


def _spacing(values: NDArray[np.floating]) -> float:
    return float(np.diff(np.sort(values)).min()) if len(values) > 1 else 1.0


def _stems(axes: Axes, x: NDArray[Any], heights: NDArray[Any], color: str, name: str) -> None:
    axes.vlines(x, 0, heights, color=color, linewidth=2)
    axes.plot(x, heights, "o", color=color, markersize=5, label=name)
