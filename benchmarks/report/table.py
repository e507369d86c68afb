"""Lines for a terminal, printed as works are done."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.limits import MachineLimits
from benchmarks.outcome import Entry, Outcome, Run
from benchmarks.report.numbers import between, duration, percent, size, times, verdict

COLUMNS = ("", "median", "quartiles", "beside ours", "of limit", "cold", "warm", "steps", "peak")
WIDTHS = (30, 9, 19, 11, 8, 8, 8, 8, 8)

MOST_BUSY = 0.1
BUSY = "other programs used {:.1f} processors when this began: figures are not to be trusted"


def head(run: Run) -> str:
    """The machine and its limits."""
    machine, limits = run.machine, run.limits
    lines = [
        f"{machine.processor}, {machine.processors} processors, {machine.memory / 1e9:.0f} GB, "
        f"{machine.system}",
        f"limits with {limits.threads} threads: {limits.all_threads / 1e9:.0f} GFLOP/s of float32 "
        f"({limits.one_core / 1e9:.0f} on one core), copying {limits.copying / 1e9:.0f} GB/s",
        *([BUSY.format(run.busy)] if run.busy > MOST_BUSY else []),
        *(f"left out: {name}: {reason}" for name, reason in run.missing.items()),
    ]
    return "\n".join(lines)


def lines(outcome: Outcome, limits: MachineLimits) -> Iterator[str]:
    """A work: a line for each contender, quickest first, and the ratio."""
    yield ""
    yield f"{outcome.name}: {outcome.title}"
    yield _aligned(COLUMNS)
    for entry in sorted(outcome.entries, key=by_time):
        yield _aligned(cells(outcome, entry, limits))
        if entry.failure:
            yield f"    failed: {entry.failure}"
        elif outcome.differs(entry):
            yield f"    not ranked: its results lie {entry.distance:.1e} from the others'"
    yield conclusion(outcome, limits)


def cells(outcome: Outcome, entry: Entry, limits: MachineLimits) -> tuple[str, ...]:
    """The columns of a contender."""
    ours, quartiles = outcome.ours.median, entry.quartiles
    is_ours = entry is outcome.ours
    beside = None if ours is None or entry.median is None or is_ours else entry.median / ours
    return (
        entry.title,
        duration(entry.median),
        " – ".join(map(duration, quartiles)) if quartiles else "–",
        times(beside) if not is_ours else "",
        percent(outcome.share(entry, limits)),
        duration(entry.cold),
        duration(entry.warm),
        size(own_memory(entry)),
        size(entry.peak),
    )


def share(outcome: Outcome, limits: MachineLimits) -> str:
    """Our part of the machine's limit, beside the goal for it if there is one."""
    found, goal = outcome.share(outcome.ours, limits), outcome.share_goal
    if found is None or goal is None:
        return percent(found)
    return f"{percent(found)}, goal {percent(goal)}: {'met' if found >= goal else 'not met'}"


def conclusion(outcome: Outcome, limits: MachineLimits) -> str:
    """The ratio and the part of the limit beside their goals."""
    goal = "" if outcome.goal is None else f", goal {outcome.goal:g}: {verdict(outcome)}"
    if outcome.share_goal is not None:
        goal += f"; of the limit {share(outcome, limits)}"
    if outcome.ratio is None or outcome.best_peer is None:
        return f"  no ratio{goal}"
    best = f"{outcome.best_peer.title} takes {times(outcome.ratio)} as long as ours"
    return f"  {best} (by round {between(outcome.ratios)}){goal}"


def tally(run: Run) -> str:
    """How many goals are met."""
    words = [verdict(outcome) for outcome in run.outcomes if outcome.goal is not None]
    counts = [f"{words.count(word)} {word}" for word in dict.fromkeys(sorted(words))]
    return f"goals: {', '.join(counts)}" if counts else "no goals"


def own_memory(entry: Entry) -> int | None:
    """Memory of steps without what was there once the framework was imported."""
    return None if entry.steps is None or entry.imported is None else entry.steps - entry.imported


def by_time(entry: Entry) -> float:
    """Quickest first; those without figures last."""
    return float("inf") if entry.median is None else entry.median


def _aligned(row: tuple[str, ...]) -> str:
    numbers = [cell.rjust(width) for cell, width in zip(row[1:], WIDTHS[1:], strict=True)]
    return "  ".join(["", row[0].ljust(WIDTHS[0]), *numbers])
