"""Taylor polynomials over their function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.calculus.taylor import taylor as taylor_polynomial
from chainrule.errors import error, text
from chainrule.plots.curve import Curve, frame, sample
from chainrule.plots.evaluate import Function
from chainrule.plots.inputs import Interval, bounds, count
from chainrule.plots.labels import formula_labels, legend_beside, number
from chainrule.plots.marks import dots
from chainrule.plots.style import INK, by_depth, new_figure, styled
from chainrule.plots.views import plain_logarithms

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

# Below this a difference is rounding, and its logarithm says nothing.
SMALLEST = 1e-16
MOST_ORDER = 100


@styled
def taylor(
    f: Function,
    x0: float,
    orders: Sequence[int],
    interval: Interval,
    *,
    remainder: bool = False,
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw a function and its Taylor polynomials of several orders.

    .. math:: T_n(x) = \sum_{k=0}^{n} \frac{f^{(k)}(x_0)}{k!}\,(x - x_0)^k

    Parameters
    ----------
    f : callable
        From a number to a number, made of chainrule's functions.
    x0 : float
        The place that the polynomials belong to.
    orders : sequence of int
        Their orders :math:`n`.
    interval : (float, float)
        Ends of the horizontal axis.
    remainder : bool
        Draw the error :math:`|f(x) - T_n(x)|` beneath, on a logarithmic axis.
    size : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    GradientError
        If ``f`` returns a plain number, or has no finite derivatives at ``x0``.

    Examples
    --------
    >>> import chainrule as cr
    >>> figure = taylor(cr.exp, 0.0, [1, 2], (-2, 2))
    >>> figure.axes[0].lines[2].get_ydata()[[0, -1]].tolist()
    [1.0, 5.0]
    """
    ends = bounds("taylor", interval)
    if not ends[0] <= x0 <= ends[1]:
        raise error("plots.outside", plot="taylor", name="x0", value=x0, lo=ends[0], hi=ends[1])
    wanted = _orders(orders)
    curve = sample("taylor", f, ends)
    coefficients = _coefficients(curve, x0, max(wanted))
    default = (7.2, 5.6 if remainder else 3.8)
    figure, axes = new_figure(*(default if size is None else size), rows=2 if remainder else 1, sharex=True)
    axes[0, 0].plot(curve.x, curve.y, color=INK, linewidth=2.6, label="$f(x)$", zorder=3)
    for n, color in zip(wanted, by_depth(len(wanted))[::-1], strict=True):
        values = np.polynomial.Polynomial(coefficients[: n + 1])(curve.x - x0)
        axes[0, 0].plot(curve.x, values, color=color, label=f"$T_{{{n}}}(x)$")
        if remainder:
            axes[1, 0].plot(curve.x, np.maximum(np.abs(curve.y - values), SMALLEST), color=color)
    dots(axes[0, 0], (x0, coefficients[0]), INK, size=44, zorder=5)
    frame(axes[0, 0], ends, [_with_room(curve)])
    axes[0, 0].set_title(text("plots.taylor", place=number(x0)))
    legend_beside(axes[0, 0], ["$f(x)$", *(f"$T_{{{n}}}(x)$" for n in wanted)])
    if remainder:
        _logarithmic(axes[1, 0], axes[0, 0])
    return figure


def _orders(orders: Any) -> list[int]:
    found = np.atleast_1d(np.asarray(orders))
    if not found.size:
        raise error("plots.nothing", plot="taylor", what="order")
    return sorted({count("taylor", "orders", n, least=0, most=MOST_ORDER) for n in found})


def _coefficients(curve: Curve, x0: float, order: int) -> NDArray[np.float64]:
    """The coefficients of the power series at a place."""
    curve.field.check_differentiable(np.array([x0]))
    found = taylor_polynomial(curve.field.f, x0, order).coefficients
    return np.array([found[k,] for k in range(order + 1)])


def _with_room(curve: Curve) -> Curve:
    """The polynomials leave the function: show a little more than its own values."""
    room = 0.2 * (curve.high - curve.low)
    return Curve(curve.field, curve.x, curve.y, curve.low - room, curve.high + room)


def _logarithmic(axes: Axes, above: Axes) -> None:
    axes.set_yscale("log")
    plain_logarithms(axes.yaxis)
    formula_labels(above, x="", y="$f(x)$")
    formula_labels(axes, y="$|f(x) - T_n(x)|$")
