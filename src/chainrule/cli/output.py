"""What the command prints."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chainrule.errors import text
from chainrule.report import ClassEvaluation, Evaluation, ValueEvaluation
from chainrule.report.numbers import decimal, percent

if TYPE_CHECKING:
    from rich.console import Console


def count(number: int) -> str:
    """A whole number with commas, which every terminal can show."""
    return f"{number:,}"


def console() -> Console:
    """Standard output, which may have been redirected since the last call."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, soft_wrap=True)


def say(*lines: str) -> None:
    """Print lines as they are."""
    for line in lines:
        console().print(line, markup=False)


def show_error(message: str) -> None:
    """Print an error to where errors go."""
    from rich.console import Console

    errors = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    errors.print(f"{text('cli.error')}: ", end="", style="bold red", markup=False)
    errors.print(message, markup=False)


def show_table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> None:
    """Print a table, whose last so many columns are numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(head):
        table.add_column(Text(name), justify="right" if place >= len(head) - numbers else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    # A table is as wide as what it holds, also where the output is a file.
    width = console().measure(table).maximum
    console().print(table, width=max(width, 20), no_wrap=True)


def show_evaluation(found: Evaluation) -> None:
    """Print scores of every class, or errors of a regression."""
    if isinstance(found, ClassEvaluation):
        report = found.report
        head = [text(f"cli.{key}") for key in ("class", "precision", "recall")]
        averages = [(text(f"cli.{key}"), getattr(report, key)) for key in ("macro", "weighted")]
        named = [*((row.name, row) for row in report.classes), *averages]
        rows = [
            (name, *(f"{value:.3f}" for value in (r.precision, r.recall, r.f1)), count(r.support))
            for name, r in named
        ]
        show_table([*head, "F1", text("cli.support")], rows, numbers=4)
    say(summary(found))


def summary(found: Evaluation) -> str:
    """The result in one line."""
    if isinstance(found, ClassEvaluation):
        right = int((found.predicted == found.targets).sum())
        return text(
            "cli.done_classes",
            accuracy=percent(found.accuracy, 2),
            right=count(right),
            count=count(found.count),
            loss=decimal(found.loss),
        )
    assert isinstance(found, ValueEvaluation)
    scores = {name: decimal(value) for name, value in found.scores.items()}
    return text("cli.done_values", mae=scores["mae"], r2=scores["r2"], count=count(found.count))
