"""A run as one HTML page that needs nothing else."""

from __future__ import annotations

from importlib.resources import files

from benchmarks.limits import MachineLimits
from benchmarks.outcome import Outcome, Run
from benchmarks.report import growth, plots
from benchmarks.report.numbers import between, times, verdict
from benchmarks.report.table import COLUMNS, by_time, cells, head, share
from chainrule.report.charts import chart
from chainrule.report.markup import Markup, element, number_cell, table

TITLE = "Chainrule beside other frameworks"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
GOALS = ("work", "best peer", "ratio", "by round", "goal", "", "of limit")


def page(run: Run) -> str:
    """All works, the goals first."""
    families = dict.fromkeys(outcome.family for outcome in run.outcomes)
    sections = [_family(family, run) for family in families]
    opening = [element("h1", TITLE), *_machine(run)]
    body = element("body", element("main", opening, _goals(run), sections))
    return f"<!doctype html>\n{element('html', _head(), body, lang='en')}\n"


def _head() -> Markup:
    style = files("chainrule.report") / "assets" / "report.css"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", TITLE),
        element("style", Markup(style.read_text(encoding="utf-8"))),
    )


def _machine(run: Run) -> list[Markup]:
    return [element("p", line, class_="note") for line in [f"Measured {run.date}", *head(run).splitlines()]]


def _goals(run: Run) -> list[Markup]:
    """For each family a figure and a table of ratios."""
    with_goals = [outcome for outcome in run.outcomes if outcome.goal is not None]
    families = dict.fromkeys(outcome.family for outcome in with_goals)
    of_family = {name: [o for o in with_goals if o.family == name] for name in families}
    return [_goals_of(name, outcomes, run.limits) for name, outcomes in of_family.items()]


def _goals_of(family: str, outcomes: list[Outcome], limits: MachineLimits) -> Markup:
    rows = [
        [
            outcome.title,
            "–" if outcome.best_peer is None else outcome.best_peer.title,
            number_cell(times(outcome.ratio)),
            number_cell(between(outcome.ratios)),
            number_cell(f"{outcome.goal:g}"),
            verdict(outcome),
            number_cell(share(outcome, limits)),
        ]
        for outcome in outcomes
    ]
    label = f"{family}: time of the best peer divided by ours, with the goals"
    figure = chart(plots.goals(outcomes), f"goals-{family}", label)
    return element("section", element("h2", f"Goals of {family}"), figure, table(GOALS, rows))


def _family(family: str, run: Run) -> Markup:
    outcomes = [outcome for outcome in run.outcomes if outcome.family == family]
    is_curve = any(outcome.point is not None for outcome in outcomes)
    found = _curves(outcomes) if is_curve else [_work(outcome, run) for outcome in outcomes]
    return element("section", element("h2", family.capitalize()), found)


def _curves(outcomes: list[Outcome]) -> list[Markup]:
    """A figure for each thing that grows."""
    figures = [
        chart(growth.curves(outcomes, axis), f"growth-{axis}".replace(" ", "-"), f"Growth with {axis}")
        for axis in growth.axes_of(outcomes)
    ]
    return [*figures, *(note for outcome in outcomes for note in _notes(outcome))]


def _work(outcome: Outcome, run: Run) -> Markup:
    """A work's figure and table."""
    found = [element("h3", outcome.title, id=outcome.name)]
    if any(entry.median is not None for entry in outcome.entries):
        found.append(chart(plots.medians(outcome), outcome.name, f"Times of {outcome.title}"))
    rows = []
    for entry in sorted(outcome.entries, key=by_time):
        first, *others = cells(outcome, entry, run.limits)
        rows.append([first, *map(number_cell, others)])
    return element("div", found, table(COLUMNS, rows), _notes(outcome), style="margin-top:2.6rem")


def _notes(outcome: Outcome) -> list[Markup]:
    """Who has no figures, and who is not ranked."""
    notes = []
    for entry in outcome.entries:
        who = f"{outcome.title}: {entry.title}"
        if entry.failure:
            notes.append(f"{who} failed: {entry.failure}")
        elif outcome.differs(entry):
            notes.append(f"{who} is not ranked: its results lie {entry.distance:.1e} from the others'")
    return [element("p", note, class_="note") for note in notes]
