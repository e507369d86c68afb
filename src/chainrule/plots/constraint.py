"""An extremum under constraints: level lines, constraint curves, and the gradients at the solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.calculus.lagrange.formulas import constraint_names, multiplier_names
from chainrule.errors import error, text
from chainrule.plots.evaluate import Function
from chainrule.plots.inputs import Interval, vector
from chainrule.plots.labels import legend_beside, name_tip, number, numbers
from chainrule.plots.landscape import Landscape, landscape, level_lines, map_axes
from chainrule.plots.marks import arrows, dots
from chainrule.plots.style import GREEN, INK, PURPLE, RED, YELLOW, new_figure, styled
from chainrule.plots.views import map_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

ARROW_LENGTH = 0.2
COLORS = (RED, PURPLE, GREEN, YELLOW)
# An inequality this close to 0 holds the solution.
ACTIVE = 1e-6


@dataclass(frozen=True)
class Constraint:
    """One constraint: its values, names, gradient at the solution, and multiplier."""

    land: Landscape
    name: str
    letter: str
    slope: NDArray[np.float64]
    active: bool
    multiplier: float = 0.0


@styled
def constraint(
    objective: Function,
    solution: Any,
    x: Interval,
    y: Interval,
    *,
    equality: Function | Sequence[Function] = (),
    inequality: Function | Sequence[Function] = (),
    multipliers: ArrayLike | None = None,
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw an extremum under constraints, where level line and constraint touch.

    .. math:: \nabla f(x^*) + \sum_i \lambda_i \nabla g_i(x^*) + \sum_j \mu_j \nabla h_j(x^*) = 0

    The arrows :math:`\nabla f` and :math:`\lambda \nabla g` at the solution have one scale, so that they are
    seen to cancel. Where all :math:`h_j \le 0` the plane is shaded. For a maximum the multipliers count
    negative, as in `chainrule.calculus.lagrange`.

    Parameters
    ----------
    objective : callable
        ``f(x, y)``, or ``f(v)`` with a vector ``v`` of two components.
    solution : array_like (2,), or result of `chainrule.calculus.lagrange`
        The point :math:`x^*`.
    x, y : (float, float)
        Ends of the axes.
    equality, inequality : callable or sequence of callables
        :math:`g_i` and :math:`h_j`, functions of the same form as the objective.
    multipliers : array_like, optional
        :math:`\lambda`, then :math:`\mu`; by default those of the solution, or else those that fit the
        gradients best.
    size : (float, float), optional
        Width and height in inches; fitting the region by default.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ShapeError
        If the solution is not a point of the plane, or there is not one multiplier per constraint.

    Examples
    --------
    >>> circle = lambda x, y: x * x + y * y - 2
    >>> figure = constraint(lambda x, y: x + y, [-1, -1], (-2, 2), (-2, 2), equality=circle)
    >>> [entry.get_text() for entry in figure.legends[0].get_texts()]
    ['f = −2', 'g = 0, λ = 0.5']
    """
    point = vector("constraint", "solution", getattr(solution, "x", solution))
    sign = -1.0 if getattr(solution, "maximize", False) else 1.0
    land = landscape("constraint", objective, x, y)
    value = float(land.field.value(point))
    slope = _slope(land, point)
    parts = _constraints(_parts(equality), _parts(inequality), point, x, y)
    parts = _weighted(parts, slope, solution, multipliers)
    figure, axes = new_figure(*(map_size(*land.ends) if size is None else size))
    _level_lines(axes[0, 0], land, value)
    _allowed(axes[0, 0], [part.land for part in parts if part.letter.startswith("μ")])
    for part, color in zip(parts, cycle(COLORS), strict=False):
        _curve(axes[0, 0], part, color)
    _gradients(axes[0, 0], point, slope, parts, sign)
    dots(axes[0, 0], point, INK, size=60, zorder=6)
    axes[0, 0].set_title(_title(solution, value, point))
    legend_beside(axes[0, 0], loc="outside lower center", ncols=3)
    return figure


def _parts(constraints: Function | Sequence[Function]) -> list[Function]:
    return [constraints] if callable(constraints) else list(constraints)


def _slope(land: Landscape, point: NDArray[np.float64]) -> NDArray[np.float64]:
    land.field.check_differentiable(point)
    return np.asarray(land.field.gradient(point))


def _constraints(
    equality: list[Function], inequality: list[Function], point: NDArray[np.float64], x: Interval, y: Interval
) -> list[Constraint]:
    if not equality and not inequality:
        raise error("plots.nothing", plot="constraint", what="constraint")
    sizes = len(equality), len(inequality)
    found = []
    for g, name, letter in zip(
        [*equality, *inequality], constraint_names(*sizes), multiplier_names(*sizes), strict=True
    ):
        land = landscape("constraint", g, x, y)
        near = abs(land.field.value(point)) <= ACTIVE * (1 + float(np.hypot(*point)))
        found.append(Constraint(land, name, letter, _slope(land, point), near or letter.startswith("λ")))
    return found


def _weighted(
    parts: list[Constraint], slope: NDArray[np.float64], solution: Any, multipliers: ArrayLike | None
) -> list[Constraint]:
    """The constraints with their multipliers: given, the solution's, or fitted to those that are active."""
    if multipliers is None and hasattr(solution, "equality_multipliers"):
        multipliers = np.concatenate([solution.equality_multipliers, solution.inequality_multipliers])
    if multipliers is None:
        columns = np.stack([part.slope if part.active else np.zeros(2) for part in parts], axis=1)
        multipliers = np.linalg.lstsq(columns, -slope, rcond=None)[0]
    weights = vector("constraint", "multipliers", np.atleast_1d(np.asarray(multipliers)), len(parts))
    # What is zero but for rounding is written as zero.
    weights = np.where(np.abs(weights) <= 1e-9 * np.abs(weights).max(), 0.0, weights)
    return [replace(part, multiplier=float(weight)) for part, weight in zip(parts, weights, strict=True)]


def _level_lines(axes: Axes, land: Landscape, value: float) -> None:
    level_lines(axes, land, land.levels, opacity=0.6)
    look = {"colors": INK, "linewidths": 2, "negative_linestyles": "solid"}
    axes.contour(land.x, land.y, land.z, levels=[value], **look)
    axes.plot([], [], color=INK, label=f"f = {number(value, 4)}")
    map_axes(axes, land)


def _allowed(axes: Axes, lands: Sequence[Landscape]) -> None:
    if lands:
        largest = np.max([land.z for land in lands], axis=0)
        axes.contourf(lands[0].x, lands[0].y, largest, levels=[-np.inf, 0.0], colors=[RED], alpha=0.16)
        axes.fill([], [], color=RED, alpha=0.16, linewidth=0, label=text("plots.allowed"))


def _curve(axes: Axes, part: Constraint, color: str) -> None:
    land = part.land
    axes.contour(land.x, land.y, land.z, levels=[0.0], colors=color, linewidths=2)
    label = f"{part.name} = 0, {part.letter} = {number(part.multiplier, 4)}"
    axes.plot([], [], color=color, label=label)


def _gradients(
    axes: Axes, point: NDArray[Any], slope: NDArray[Any], parts: Sequence[Constraint], sign: float
) -> None:
    """∇f and each λ∇g from the solution, by one scale: at an extremum they cancel."""
    pulls = [sign * part.multiplier * part.slope for part in parts]
    longest = max(float(np.hypot(*along)) for along in (slope, *pulls))
    if not longest:
        return
    minus = "-" if sign < 0 else ""
    names = [r"$\nabla f$", *(f"${minus}{_tex(part.letter)}\\,\\nabla {_tex(part.name)}$" for part in parts)]
    scale = ARROW_LENGTH * min(np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())) / longest
    for along, name, color in zip((slope, *pulls), names, (INK, *_cycled(len(parts))), strict=True):
        if np.hypot(*along) > 0.02 * longest:
            arrows(axes, point, scale * along, color)
            name_tip(axes, point + scale * along, along, name, color, formula=True)


def _cycled(count: int) -> list[str]:
    return [color for color, _ in zip(cycle(COLORS), range(count), strict=False)]


def _tex(name: str) -> str:
    """The name ``λ1`` as a formula, with an index."""
    letter = {"λ": r"\lambda", "μ": r"\mu"}.get(name[0], name[0])
    return f"{letter}_{{{name[1:]}}}" if name[1:] else letter


def _title(solution: Any, value: float, point: NDArray[np.float64]) -> str:
    found = text("plots.optimum", value=number(value, 4), place=f"({numbers(point)})")
    kind = getattr(solution, "kind", None)
    return found if kind is None else text("plots.of_kind", kind=text(f"plots.{kind}"), found=found)
