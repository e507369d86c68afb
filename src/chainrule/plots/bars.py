"""Bars: one number for each of several names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import error
from chainrule.plots.style import BLUE, INK, RED, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike


@styled
def bars(
    names: Sequence[str],
    values: ArrayLike,
    *,
    xlabel: str = "",
    title: str = "",
    number: str = "{:.3g}",
    width: float = 5.6,
) -> Figure:
    """Draw horizontal bars with their numbers, negative ones in another colour.

    Parameters
    ----------
    names : sequence of str
        From top to bottom.
    values : array_like (N,)
        Their lengths.
    xlabel, title : str
        Texts.
    number : str
        Format of the number at the end of each bar.
    width : float
        Width in inches; the height follows from the number of bars.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = bars(["cat", "dog"], [0.25, 0.75])
    >>> [label.get_text() for label in figure.axes[0].texts]
    ['0.25', '0.75']
    """
    lengths = np.asarray(values, np.float64)
    if not len(names):
        raise error("plots.nothing", plot="bars", what="bar")
    if lengths.shape != (len(names),):
        shapes = {"names": (len(names),), "values": lengths.shape}
        raise error("plots.lengths", plot="bars", what="value", shapes=shapes)
    figure, axes = new_figure(width, 0.9 + 0.27 * len(names))
    drawn = axes[0, 0].barh(range(len(names)), lengths, color=np.where(lengths < 0, RED, BLUE), height=0.7)
    shown = [number.format(value) for value in lengths]
    axes[0, 0].bar_label(drawn, labels=shown, padding=4, fontsize=9, color=INK)
    axes[0, 0].set_yticks(range(len(names)), labels=list(names))
    axes[0, 0].invert_yaxis()
    axes[0, 0].margins(x=0.15)
    axes[0, 0].grid(visible=False, axis="y")
    axes[0, 0].set(xlabel=xlabel, title=title)
    return figure
