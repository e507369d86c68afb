"""Blocks of documents that are filled from a run: what stands around them is written by hand.

A block begins with ``<!-- bench: NAME -->`` and ends with ``<!-- bench end -->``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.outcome import Entry, Outcome, Run
from benchmarks.process import ROOT
from benchmarks.report import growth
from benchmarks.report.numbers import between, duration, size, times, verdict
from benchmarks.report.table import head, own_memory, share
from chainrule import plots

DOCUMENTS = ("docs/performance.md", "README.md", "README.zh.md")
MODELS = ("training", "inference")
NETWORKS = (*MODELS, "wall")
# Seconds to the first step from a warm cache, and how many times as long PyTorch's compiler is to take.
WARM_GOAL, TIMES_QUICKER = 0.3, 10.0
BLOCK = re.compile(r"(<!-- bench: ([\w-]+) -->\n).*?(<!-- bench end -->)", re.DOTALL)


def machine(run: Run) -> str:
    """The machine, its limits, and versions."""
    versions = {e.title.split()[0]: e.version for o in run.outcomes for e in o.entries if e.version}
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    facts = [f"Measured {run.date}", *head(run).splitlines(), named]
    return "\n".join(f"- {fact}" for fact in facts if fact)


def goals(run: Run) -> str:
    """Ratios beside the goals."""
    titles = ("work", "ours", "best peer", "takes", "ratio", "by round", "goal", "", "of limit")
    with_goals = [outcome for outcome in run.outcomes if outcome.goal is not None]
    tables = []
    for family in dict.fromkeys(outcome.family for outcome in with_goals):
        rows = (_goal(outcome, run) for outcome in with_goals if outcome.family == family)
        tables.append(f"### {family.capitalize()}\n\n{_table(titles, rows)}")
    return "\n\n".join(tables)


def _goal(outcome: Outcome, run: Run) -> list[str]:
    best = outcome.best_peer
    return [
        outcome.title,
        duration(outcome.ours.median),
        "–" if best is None else best.title,
        "–" if best is None else duration(best.median),
        times(outcome.ratio),
        between(outcome.ratios),
        "–" if outcome.goal is None else f"{outcome.goal:g}",
        f"**{verdict(outcome)}**" if outcome.is_met is False else verdict(outcome),
        share(outcome, run.limits),
    ]


def contenders(run: Run) -> str:
    """The median of everyone, family by family."""
    families = dict.fromkeys(outcome.family for outcome in run.outcomes if outcome.point is None)
    return "\n\n".join(_family([o for o in run.outcomes if o.family == family]) for family in families)


def _family(outcomes: list[Outcome]) -> str:
    titles = list(dict.fromkeys(entry.title for outcome in outcomes for entry in outcome.entries))
    rows = [[o.title, *(_medians(o).get(title, "") for title in titles)] for o in outcomes]
    return _table(["work", *titles], rows)


def _medians(outcome: Outcome) -> dict[str, str]:
    shown = {entry.title: duration(entry.median) for entry in outcome.entries}
    ranked = {entry.title for entry in outcome.entries if outcome.is_ranked(entry)}
    return {title: text if title in ranked else f"({text})" for title, text in shown.items()}


def compiling(run: Run) -> str:
    """Seconds to the first step, ours and of PyTorch's compiler."""
    rows = []
    for outcome in _single(run):
        compiled = [e.cold for e in outcome.entries if e.title.startswith("PyTorch compiled")]
        theirs = min((seconds for seconds in compiled if seconds is not None), default=None)
        cold, goal, warm = outcome.ours.cold, outcome.cold_goal, outcome.ours.warm
        ratio = None if theirs is None or cold is None else theirs / cold
        cells = (duration(cold), duration(goal), _met(cold, goal), duration(warm), _met(warm, WARM_GOAL))
        rows.append([outcome.title, *cells, duration(theirs), times(ratio), _met(TIMES_QUICKER, ratio)])
    goals = ("cold", "goal", "", "warm", f"within {duration(WARM_GOAL)}")
    return _table(("work", *goals, "PyTorch compiled", "ratio", f"at least {TIMES_QUICKER:g}"), rows)


def _met(value: float | None, most: float | None) -> str:
    """Whether a value is at most another, in words."""
    if value is None or most is None:
        return ""
    return "met" if value <= most else "**not met**"


def memory(run: Run) -> str:
    """Peaks of ours and of PyTorch's least form: of steps beyond what importing took, and of the process."""
    rows = []
    for outcome in _single(run):
        peers = [entry for entry in outcome.entries if entry.title.startswith("PyTorch")]
        cells: list[str] = []
        for measure in (own_memory, _peak):
            ours = measure(outcome.ours)
            theirs = min((peak for entry in peers if (peak := measure(entry)) is not None), default=None)
            cells += [size(ours), size(theirs), _met(ours, theirs)]
        rows.append([outcome.title, *cells])
    return _table(("work", "steps", "PyTorch's", "", "process", "PyTorch's", ""), rows)


def _peak(entry: Entry) -> int | None:
    return entry.peak


def summary(run: Run) -> str:
    """Ours, the best peer and the ratio of whole networks: for README."""
    rows = [
        [
            o.title,
            duration(o.ours.median),
            f"{duration(o.best_peer.median)} ({o.best_peer.title})",
            times(o.ratio),
        ]
        for o in run.outcomes
        if o.family in NETWORKS and o.best_peer is not None
    ]
    return _table(("work", "Chainrule", "best of the others", "ratio"), rows)


def growing(run: Run) -> str:
    """Figures, and the power that ours grow with between the two largest sizes."""
    axes = growth.axes_of(run.outcomes)
    rows = [[axis, *(_power(run, axis, measure) for measure in growth.MEASURES)] for axis in axes]
    pictures = [f"![growth with {axis}](images/{picture_name(axis)})" for axis in axes]
    return "\n\n".join([_table(["", *growth.MEASURES], rows), *pictures])


def _power(run: Run, axis: str, measure: str) -> str:
    found = growth.exponent(growth.points(run.outcomes, axis, measure).get("Chainrule", []))
    return "–" if found is None else f"n^{found:.2f}"


def picture_name(axis: str) -> str:
    """The file of a figure in ``docs/images``."""
    return f"growth-{axis}.svg".lower().replace(" ", "-")


def _single(run: Run) -> list[Outcome]:
    """Works whose compile time and memory are of interest."""
    return [outcome for outcome in run.outcomes if outcome.family in MODELS]


BLOCKS: dict[str, Callable[[Run], str]] = {
    "machine": machine,
    "goals": goals,
    "contenders": contenders,
    "compiling": compiling,
    "memory": memory,
    "growth": growing,
    "summary": summary,
}


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def filled(text: str, run: Run) -> str:
    """A document with its blocks made anew."""
    return BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]](run)}\n{found[3]}", text)


def write_documents(run: Run) -> None:
    """Fill the blocks of all documents that have some, and draw the figures that they show."""
    for axis in growth.axes_of(run.outcomes):
        picture = plots.to_svg(growth.curves(run.outcomes, axis))
        (ROOT / "docs" / "images" / picture_name(axis)).write_text(picture, encoding="utf-8")
    for name in DOCUMENTS:
        path: Path = ROOT / name
        if path.exists():
            path.write_text(filled(path.read_text(encoding="utf-8"), run), encoding="utf-8")
