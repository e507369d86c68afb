"""A function of one number over an interval, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.plots import discontinuities
from chainrule.plots.evaluate import Field, Function
from chainrule.plots.inputs import Interval, bounds
from chainrule.plots.labels import formula_labels
from chainrule.plots.views import through_origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

PLACES = 801


@dataclass(frozen=True)
class Curve:
    """Points of a graph, with gaps where it jumps, and the values worth showing."""

    field: Field
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    low: float
    high: float

    def at(self, x: float) -> float:
        """The function's value at one place."""
        return float(self.field.values(np.array([[x]]))[0])


def sample(plot: str, f: Function, interval: Interval) -> Curve:
    """Follow a function over an interval, around its jumps and poles.

    >>> curve = sample("functions", lambda x: 1 / x, (-1.0, 1.0))
    >>> bool(np.isnan(curve.y).any()), curve.high < 20
    (True, True)
    """
    x = np.linspace(*bounds(plot, interval), PLACES)
    field = Field(plot, f, 1)
    y = field.somewhere(x[np.newaxis])
    y = np.where(np.isfinite(y), y, np.nan)

    def values(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return field.values(places[np.newaxis])

    low, high = discontinuities.view(y, discontinuities.is_unbounded(values, x, y))
    return Curve(field, *discontinuities.broken(x, y, discontinuities.jumps(values, x, y)), low, high)


def frame(axes: Axes, interval: Interval, curves: Iterable[Curve], include: Iterable[float] = ()) -> None:
    """Show an interval and all the values worth showing."""
    shown = list(curves)
    low = min([*(one.low for one in shown), *include])
    high = max([*(one.high for one in shown), *include])
    axes.set(xlim=interval, ylim=(low, high))
    through_origin(axes)
    formula_labels(axes, y="$f(x)$")
