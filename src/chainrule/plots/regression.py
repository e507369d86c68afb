"""How far the predictions of a regression are from the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.style import BLUE, MUTED, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


@styled
def residuals(
    true: ArrayLike, predicted: ArrayLike, *, name: str = "", size: tuple[float, float] = (8.2, 3.4)
) -> Figure:
    r"""Draw predictions against the truth, and the distribution of what is between them.

    .. math:: r_i = \hat y_i - y_i

    Parameters
    ----------
    true, predicted : array_like (N,)
        One number for each sample.
    name : str
        What was predicted, with its unit.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = residuals([1.0, 2.0, 3.0], [1.1, 1.8, 3.2], name="price")
    >>> figure.axes[0].get_title(loc="left")
    'price'
    """
    y, y_hat = np.asarray(true, np.float64), np.asarray(predicted, np.float64)
    if y.ndim != 1 or y.shape != y_hat.shape:
        shapes = {"true": y.shape, "predicted": y_hat.shape}
        raise error("plots.lengths", plot="residuals", what="number", shapes=shapes)
    if not y.size:
        raise error("plots.nothing", plot="residuals", what="sample")
    figure, axes = new_figure(*size, columns=2)
    _scatter(axes[0, 0], y, y_hat)
    axes[0, 0].set_title(name)
    _distribution(axes[0, 1], y_hat - y)
    return figure


def _scatter(axes: Axes, y: NDArray[np.floating], y_hat: NDArray[np.floating]) -> None:
    axes.axline((float(y.mean()), float(y.mean())), slope=1, color=MUTED, linewidth=1, linestyle=(0, (4, 4)))
    opacity = float(np.clip(60 / len(y), 0.15, 0.8))
    axes.scatter(y, y_hat, s=18, color=BLUE, alpha=opacity, linewidths=0)
    axes.set(xlabel=text("plots.true"), ylabel=text("plots.predicted"))


def _distribution(axes: Axes, residual: NDArray[np.floating]) -> None:
    bins = min(40, max(5, round(2 * len(residual) ** 0.5)))
    axes.hist(residual, bins=bins, color=BLUE, alpha=0.85, rwidth=0.92)
    axes.axvline(0, color=MUTED, linewidth=1, linestyle=(0, (4, 4)))
    axes.grid(visible=False, axis="x")
    axes.set(xlabel=text("plots.residual"), ylabel=text("plots.samples"))
