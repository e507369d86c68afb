"""The area under a curve, and the sums that come close to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.calculus.integrals import integrate
from chainrule.calculus.riemann import riemann_sum
from chainrule.errors import error, text
from chainrule.plots.curve import Curve, frame, sample
from chainrule.plots.evaluate import Function
from chainrule.plots.inputs import Interval, bounds, count
from chainrule.plots.labels import number
from chainrule.plots.marks import dots, segments
from chainrule.plots.style import BLUE, INK, RED, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

# At which shares of a piece's width its height is taken; a straight line joins the two.
RULES = {"left": (0.0, 0.0), "right": (1.0, 1.0), "middle": (0.5, 0.5), "trapezoid": (0.0, 1.0)}
BESIDE = 0.12


@styled
def area(
    f: Function,
    interval: Interval,
    *,
    rule: str | None = None,
    pieces: int = 8,
    size: tuple[float, float] = (5.6, 3.6),
) -> Figure:
    r"""Draw the area between a function and the axis, positive in blue, negative in red, with its value.

    .. math:: \int_a^b f(x)\,dx \approx \sum_{i=1}^{n} \frac{b - a}{n}\, f(x_i)

    Parameters
    ----------
    f : callable
        From a number to a number.
    interval : (float, float)
        Ends :math:`a, b` of the integral.
    rule : {"left", "right", "middle", "trapezoid"}, optional
        Draw the rectangles or trapezoids of this sum, and its value, too.
    pieces : int
        Their number :math:`n`.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = area(lambda x: x * x, (0, 3), rule="middle", pieces=3)
    >>> print(figure.axes[0].get_title(loc="left"))
    ∫ f(x) dx = 9
    midpoint sum, n = 3: 8.75
    """
    if rule is not None and rule not in RULES:
        raise error("plots.choice", plot="area", name="rule", allowed=", ".join(RULES), got=rule)
    number_of_pieces = count("area", "pieces", pieces)
    ends = bounds("area", interval)
    curve = sample("area", f, ends)
    figure, axes = new_figure(*size)
    title = _value_text(f, ends)
    if rule is None:
        _shade(axes[0, 0], curve.x, curve.y, 0.28)
    else:
        _pieces(axes[0, 0], curve, ends, RULES[rule], number_of_pieces)
        total = float(riemann_sum(f, *ends, number_of_pieces, rule=rule))
        title += "\n" + text(f"plots.{rule}", n=number_of_pieces, value=number(total, 6))
    _line(axes[0, 0], f, curve, ends)
    axes[0, 0].set_title(title)
    return figure


def _line(axes: Axes, f: Function, curve: Curve, ends: Interval) -> None:
    """The function, a little beyond the ends too, where it is defined there."""
    room = BESIDE * (ends[1] - ends[0])
    wider = (ends[0] - room, ends[1] + room)
    beyond = sample("area", f, wider)
    axes.plot(beyond.x, beyond.y, color=INK, linewidth=1.8)
    frame(axes, wider, [curve], include=[0.0])
    edges = [np.array([[x, 0.0], [x, curve.at(x)]]) for x in ends if np.isfinite(curve.at(x))]
    segments(axes, edges, INK, linewidths=1.2)


def _shade(axes: Axes, x: NDArray[np.floating], y: NDArray[np.floating], opacity: float) -> None:
    for color, part in ((BLUE, np.maximum(y, 0)), (RED, np.minimum(y, 0))):
        axes.fill_between(x, part, color=color, alpha=opacity, linewidth=0)


def _pieces(axes: Axes, curve: Curve, ends: Interval, shares: tuple[float, float], pieces: int) -> None:
    """The rectangles or trapezoids of a sum."""
    edges = np.linspace(*ends, pieces + 1)
    width = (ends[1] - ends[0]) / pieces
    first, last = (curve.field.values((edges[:-1] + share * width)[np.newaxis]) for share in shares)
    for left, heights in zip(edges[:-1], np.stack([first, last], axis=1), strict=True):
        corners = np.array([[left, 0], [left, heights[0]], [left + width, heights[1]], [left + width, 0]])
        color = RED if heights.sum() < 0 else BLUE
        axes.fill(*corners.T, facecolor=color, alpha=0.28, linewidth=0)
        axes.plot(*corners.T, color=color, linewidth=1)
    if shares[0] == shares[1]:
        places = edges[:-1] + shares[0] * width
        dots(axes, np.stack([places, first], axis=1), BLUE, size=18)


def _value_text(f: Function, ends: Interval) -> str:
    """The integral in words; with its error where that is not small, and as divergent where it is."""
    found = integrate(f, *ends, strict=False)
    if found.converged:
        return f"∫ f(x) dx = {number(float(found), 6)}"
    if np.isfinite(found.error) and found.error < 0.1 * abs(float(found)):
        return f"∫ f(x) dx = {number(float(found), 4)} ± {number(found.error, 1)}"
    return text("plots.no_integral")
