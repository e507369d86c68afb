"""Figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.outcome import Entry, Outcome
from benchmarks.report.numbers import duration, times
from chainrule.plots.style import BLUE, GREEN, GREY, INK, RED, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.8
BAR = 0.3


@styled
def goals(outcomes: list[Outcome]) -> Figure:
    """A bar per work: the best peer's time divided by ours, and a mark at the goal."""
    figure, axes = new_figure(WIDTH, 1.0 + BAR * len(outcomes))
    it, places = axes[0, 0], range(len(outcomes))
    ratios = [outcome.ratio if outcome.ratio is not None else 0.0 for outcome in outcomes]
    colors = [{True: GREEN, False: RED, None: GREY}[outcome.is_met] for outcome in outcomes]
    it.barh(places, ratios, color=colors, height=0.62)
    for place, outcome in enumerate(outcomes):
        if outcome.goal is not None:
            it.plot([outcome.goal] * 2, [place - 0.42, place + 0.42], color=INK, linewidth=2)
        _labelled(it, times(outcome.ratio), ratios[place], place)
    it.axvline(1, color=GREY, linewidth=1)
    it.set_yticks(places, [outcome.name for outcome in outcomes])
    it.invert_yaxis()
    it.grid(axis="y", visible=False)
    it.set_xlim(0, 1.15 * max([1.0, *ratios, *(o.goal for o in outcomes if o.goal is not None)]))
    it.set_xlabel("time of the best peer ÷ ours; a mark at the goal")
    return figure


@styled
def medians(outcome: Outcome) -> Figure:
    """A bar per contender, with a line from the first quartile to the third."""
    entries = [entry for entry in outcome.entries if entry.median is not None]
    entries.sort(key=_median)
    figure, axes = new_figure(WIDTH, 0.8 + BAR * len(entries))
    it, places = axes[0, 0], range(len(entries))
    colors = [_color(outcome, entry) for entry in entries]
    it.barh(places, [_median(entry) * 1e3 for entry in entries], color=colors, height=0.62)
    ends = [_median(entry) for entry in entries]
    for place, entry in enumerate(entries):
        if entry.quartiles is not None:
            it.plot([seconds * 1e3 for seconds in entry.quartiles], [place] * 2, color=INK, linewidth=1.2)
            ends[place] = max(ends[place], entry.quartiles[1])
        _labelled(it, duration(entry.median), ends[place] * 1e3, place)
    it.set_yticks(places, [entry.title for entry in entries])
    it.invert_yaxis()
    it.grid(axis="y", visible=False)
    it.set_xlim(0, 1.18e3 * max(ends))
    it.set_xlabel("milliseconds")
    return figure


def _labelled(axes: Axes, text: str, end: float, place: int) -> None:
    """Text beside the end of a bar."""
    axes.annotate(text, (end, place), (5, 0), textcoords="offset points", va="center")


def _color(outcome: Outcome, entry: Entry) -> str:
    if entry.is_ours:
        return BLUE
    return RED if entry is outcome.best_peer else GREY


def _median(entry: Entry) -> float:
    assert entry.median is not None
    return entry.median
