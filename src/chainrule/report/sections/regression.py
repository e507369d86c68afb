"""How good predicted numbers are."""

from __future__ import annotations

from chainrule import plots
from chainrule.errors import text
from chainrule.report.charts import chart
from chainrule.report.evaluation import ValueEvaluation
from chainrule.report.findings import Findings
from chainrule.report.markup import Markup, number_cell, render, table
from chainrule.report.numbers import decimal

MOST_OUTPUTS = 6
MOST_SAMPLES = 12


def residuals(findings: Findings) -> Markup | None:
    """Predictions against the truth, for each output."""
    test = findings.test
    if not isinstance(test, ValueEvaluation):
        return None
    return render(
        [
            chart(
                plots.residuals(test.targets[:, place], test.predictions[:, place], name=name),
                f"residuals-{place}",
                name,
            )
            for place, name in enumerate(test.names[:MOST_OUTPUTS])
        ]
    )


def worst(findings: Findings) -> Markup | None:
    """The samples whose predictions are farthest off."""
    test = findings.test
    if not isinstance(test, ValueEvaluation):
        return None
    head = [text(f"report.{key}") for key in ("sample", "true", "predicted", "error")]
    return table(head, [_row(test, int(index)) for index in test.worst(MOST_SAMPLES)])


def _row(test: ValueEvaluation, index: int) -> list[Markup]:
    true, predicted = test.targets[index], test.predictions[index]
    columns = [
        ", ".join(decimal(float(value)) for value in row) for row in (true, predicted, predicted - true)
    ]
    return [number_cell(cell) for cell in (f"#{index}", *columns)]
