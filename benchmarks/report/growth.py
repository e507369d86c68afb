"""Curves: time and memory of a step, and time to the first one, against what grows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.outcome import Entry, Outcome
from chainrule.plots.style import BLUE, PALETTE, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEASURES: dict[str, Callable[[Entry], float | None]] = {
    "seconds of a step": lambda entry: entry.median,
    "seconds to the first step, cold": lambda entry: entry.cold,
    "megabytes at most": lambda entry: None if entry.peak is None else entry.peak / 1e6,
}

Points = list[tuple[int, float]]


def axes_of(outcomes: list[Outcome]) -> list[str]:
    """What grows in some of these works."""
    return list(dict.fromkeys(outcome.point[0] for outcome in outcomes if outcome.point is not None))


def points(outcomes: list[Outcome], axis: str, measure: str) -> dict[str, Points]:
    """Sizes and values by contender."""
    found: dict[str, Points] = {}
    for outcome in outcomes:
        if outcome.point is None or outcome.point[0] != axis:
            continue
        for entry in outcome.entries:
            value = MEASURES[measure](entry)
            if value is not None:
                found.setdefault(entry.title, []).append((outcome.point[1], value))
    return {title: sorted(line) for title, line in found.items()}


def exponent(line: Points) -> float | None:
    """The power of the size that the last two values grow with: 1 is linear.

    >>> exponent([(10, 1.0), (100, 5.0), (1000, 50.0)])
    1.0
    """
    if len(line) < 2:
        return None
    (size, value), (larger, grown) = line[-2:]
    return math.log(grown / value) / math.log(larger / size)


@styled
def curves(outcomes: list[Outcome], axis: str) -> Figure:
    """A panel for each measure, both axes logarithmic."""
    figure, axes = new_figure(9.6, 2.9, 1, len(MEASURES))
    for panel, measure in zip(axes[0], MEASURES, strict=True):
        _panel(panel, points(outcomes, axis, measure))
        panel.set_title(measure, fontsize=9.5)
        panel.set_xlabel(axis)
    axes[0, 0].legend(fontsize=8.5)
    return figure


def _panel(panel: Axes, lines: dict[str, Points]) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    colors = iter(color for color in PALETTE if color != BLUE)
    for title, line in lines.items():
        color = BLUE if title == "Chainrule" else next(colors)
        panel.plot(*zip(*line, strict=True), color=color, marker="o", markersize=4, label=title)
    panel.set_xscale("log")
    panel.set_yscale("log")
    sizes = sorted({size for line in lines.values() for size, _ in line})
    panel.set_xticks(sizes, [str(size) for size in sizes])
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_minor_locator(NullLocator())
