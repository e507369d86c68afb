"""Functions of one number: their graphs, tangents and derivatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.dtypes import float64
from chainrule.errors import error, text
from chainrule.plots.curve import Curve, frame, sample
from chainrule.plots.evaluate import Function, derivative_of
from chainrule.plots.inputs import Interval, bounds, count
from chainrule.plots.labels import formula_labels, legend_beside, number
from chainrule.plots.marks import DOTTED, dots
from chainrule.plots.style import BLUE, MUTED, PALETTE, RED, by_depth, new_figure, styled
from chainrule.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_DERIVATIVES = 6


@styled
def functions(
    f: Function | Mapping[str, Function],
    interval: Interval,
    *,
    ylim: Interval | None = None,
    title: str = "",
    size: tuple[float, float] = (5.6, 3.6),
) -> Figure:
    """Draw the graphs of one or several functions.

    The line is broken at jumps and poles, and the view stays on the rest. Parts that are not
    defined are left out.

    Parameters
    ----------
    f : callable or mapping of str to callable
        From a number to a number; several by name. Called with all places at once if it allows that.
    interval : (float, float)
        Ends of the horizontal axis.
    ylim : (float, float), optional
        Ends of the vertical axis.
    title : str
        Text above.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConfigError
        If the interval is empty.
    ShapeError
        If a function does not return one number per place.
    DataError
        If a function is NaN everywhere.

    Examples
    --------
    >>> import chainrule as cr
    >>> figure = functions({"sin": cr.sin, "cos": cr.cos}, (-3, 3))
    >>> [line.get_label() for line in figure.axes[0].lines[:2]]
    ['sin', 'cos']
    """
    named = dict(f) if isinstance(f, Mapping) else {"": f}
    if not named:
        raise error("plots.nothing", plot="functions", what="function")
    ends = bounds("functions", interval)
    curves = [sample("functions", one, ends) for one in named.values()]
    figure, axes = new_figure(*size)
    for place, (name, curve) in enumerate(zip(named, curves, strict=True)):
        axes[0, 0].plot(curve.x, curve.y, color=PALETTE[place % len(PALETTE)], label=name)
    frame(axes[0, 0], ends, curves)
    axes[0, 0].set_title(title)
    if ylim is not None:
        axes[0, 0].set_ylim(bounds("functions", ylim, "ylim"))
    if any(named):
        legend_beside(axes[0, 0])
    return figure


@styled
def tangent(
    f: Function,
    at: float,
    interval: Interval,
    *,
    steps: Sequence[float] | None = None,
    slope: float | None = None,
    size: tuple[float, float] = (7.2, 3.8),
) -> Figure:
    r"""Draw a function with its tangent at a point, and the secants that come close to it.

    .. math:: f'(a) = \lim_{h \to 0} \frac{f(a + h) - f(a)}{h}

    Parameters
    ----------
    f : callable
        From a number to a number.
    at : float
        The place :math:`a` of the tangent.
    interval : (float, float)
        Ends of the horizontal axis.
    steps : sequence of float, optional
        The :math:`h` of the secants; two by default, none if empty.
    slope : float, optional
        :math:`f'(a)`, if ``f`` is not made of chainrule's functions.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    GradientError
        If no slope is given and ``f`` has none there, or returns a plain number.

    Examples
    --------
    >>> figure = tangent(lambda x: x * x, 1.0, (0, 3), steps=[1.0])
    >>> [entry.get_text() for entry in figure.legends[0].get_texts()]
    ['$f(x)$', 'tangent, slope 2', 'secant h = 1, slope 3']
    """
    ends = bounds("tangent", interval)
    if not ends[0] <= at <= ends[1]:
        raise error("plots.outside", plot="tangent", name="at", value=at, lo=ends[0], hi=ends[1])
    curve = sample("tangent", f, ends)
    reached = _secant_steps(at, ends) if steps is None else [float(h) for h in steps]
    figure, axes = new_figure(*size)
    axes[0, 0].plot(curve.x, curve.y, color=BLUE, label="$f(x)$")
    _tangent(axes[0, 0], curve, at, slope)
    steps_and_colors = zip(reached, by_depth(len(reached))[::-1], strict=True)
    far = [_secant(axes[0, 0], curve, at, h, color) for h, color in steps_and_colors]
    frame(axes[0, 0], ends, [curve], include=far)
    legend_beside(axes[0, 0], ["$f(x)$"])
    return figure


@styled
def derivatives(
    f: Function, interval: Interval, *, order: int = 1, size: tuple[float, float] | None = None
) -> Figure:
    r"""Draw a function above its derivatives, :math:`f', f'', \dots`, one under the other.

    Dotted lines join the places where the first derivative changes its sign with the minima
    and maxima above them.

    Parameters
    ----------
    f : callable
        From a number to a number, made of chainrule's functions.
    interval : (float, float)
        Ends of the horizontal axis.
    order : int
        How many derivatives, 1 to 6.
    size : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = derivatives(lambda x: x ** 3 - 3 * x, (-2.5, 2.5), order=2)
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['$f(x)$', "$f'(x)$", "$f''(x)$"]
    """
    order = count("derivatives", "order", order, most=MOST_DERIVATIVES)
    ends = bounds("derivatives", interval)
    curves = _with_derivatives(f, ends, order)
    width, height = (5.6, 1.2 + 1.5 * (order + 1)) if size is None else size
    figure, axes = new_figure(width, height, rows=order + 1, sharex=True)
    for place, (one, curve) in enumerate(zip(axes[:, 0], curves, strict=True)):
        one.plot(curve.x, curve.y, color=PALETTE[place % len(PALETTE)])
        frame(one, ends, [curve])
        formula_labels(one, "" if place < order else "$x$", _derivative_name(place))
    _join_turning_points(axes[:2, 0], curves)
    return figure


def _with_derivatives(f: Function, ends: Interval, order: int) -> list[Curve]:
    curves = [sample("derivatives", f, ends)]
    curves[0].field.check_differentiable(np.array([ends[0]]))
    for _ in range(order):
        curves.append(sample("derivatives", derivative_of(curves[-1].field), ends))
    return curves


def _derivative_name(order: int) -> str:
    mark = "'" * order if order <= 3 else f"^{{({order})}}"
    return f"$f{mark}(x)$"


def _join_turning_points(axes: Any, curves: Sequence[Curve]) -> None:
    above, below = curves[:2]
    signs = np.sign(below.y)
    turns = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    zeros = [*below.x[turns + 1], *below.x[(signs == 0) & (np.roll(signs, 1) * np.roll(signs, -1) < 0)]]
    for x in zeros:
        for one in axes:
            one.axvline(x, color=MUTED, linewidth=1, linestyle=DOTTED)
        dots(axes[0], (x, above.at(x)), RED)
        dots(axes[1], (x, 0.0), RED)


def _secant_steps(at: float, ends: Interval) -> list[float]:
    """Two steps towards the farther end."""
    room = max((ends[1] - at, at - ends[0]), key=abs)
    toward = 1 if ends[1] - at >= at - ends[0] else -1
    step = float(f"{0.7 * room:.1g}")
    return [toward * step, toward * step / 2]


def _secant(axes: Axes, curve: Curve, at: float, h: float, color: str) -> float:
    """Draw one secant; the value at its far end."""
    start, end = curve.at(at), curve.at(at + h)
    slope = (end - start) / h
    label = text("plots.secant", h=number(h), slope=number(slope))
    axes.axline((at, start), slope=slope, color=color, linewidth=1.4, label=label)
    dots(axes, (at + h, end), color)
    return end


def _tangent(axes: Axes, curve: Curve, at: float, slope: float | None) -> None:
    value = curve.at(at)
    if slope is None:
        curve.field.check_differentiable(np.array([at]))
        slope = float(derivative_of(curve.field)(Tensor([at], float64)).item())
        if np.isfinite(slope):
            curve.field.check_smooth(at)
    if not (np.isfinite(value) and np.isfinite(slope)):
        raise error("plots.no_tangent", plot="tangent", at=at, value=value, slope=slope)
    label = text("plots.tangent", slope=number(slope, 4))
    axes.axline((at, value), slope=slope, color=RED, label=label)
    dots(axes, (at, value), RED, size=44, zorder=5)
