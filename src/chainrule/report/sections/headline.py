"""The top of the page: one sentence and a few numbers."""

from __future__ import annotations

from chainrule.errors import text
from chainrule.report.evaluation import ClassEvaluation, ValueEvaluation
from chainrule.report.findings import Findings
from chainrule.report.markup import Markup, element
from chainrule.report.numbers import count, decimal, duration, percent
from chainrule.report.sections.classification import guessing_loss


def headline(findings: Findings) -> Markup:
    """Title, the result in one sentence, and tiles of numbers."""
    title = text("report.title", model=findings.model, data=findings.spec.name)
    tiles = [_tile(*tile) for tile in [*_results(findings), *_cost(findings)]]
    return element(
        "header",
        element("p", text("report.overline"), class_="overline"),
        element("h1", title),
        element("p", _sentence(findings), class_="sentence"),
        element("dl", tiles, class_="tiles"),
    )


def _sentence(findings: Findings) -> str:
    test = findings.test
    if isinstance(test, ClassEvaluation):
        right = round(test.accuracy * test.count)
        key = "headline_classes" if findings.spec.input_kind == "image" else "headline_classes_other"
        return text(f"report.{key}", count=count(test.count), right=count(right))
    assert isinstance(test, ValueEvaluation)
    return text("report.headline_values", count=count(test.count), error=decimal(test.scores["mae"], 3))


def _results(findings: Findings) -> list[tuple[str, str, str]]:
    test = findings.test
    if isinstance(test, ClassEvaluation):
        wrong = int((test.predicted != test.targets).sum())
        note = text("report.wrong", wrong=count(wrong), count=count(test.count))
        guess = text("report.random_loss", value=guessing_loss(test))
        return [
            (text("report.accuracy"), percent(test.accuracy), note),
            (text("report.loss"), decimal(test.loss, 3), guess),
        ]
    assert isinstance(test, ValueEvaluation)
    return [
        (text("report.mae"), decimal(test.scores["mae"], 3), ""),
        ("R²", decimal(test.scores["r2"], 3), text("report.r2_note")),
        (text("report.rmse"), decimal(test.scores["rmse"], 3), ""),
    ]


def _cost(findings: Findings) -> list[tuple[str, str, str]]:
    layers = sum(row.parameters > 0 for row in findings.layers)
    return [
        (text("report.time"), duration(findings.seconds), text("report.epochs", count=findings.epochs)),
        (text("report.parameters"), count(findings.parameters), text("report.layers", count=layers)),
    ]


def _tile(name: str, value: str, note: str) -> Markup:
    return element("div", element("dt", name), element("dd", value), element("dd", note, class_="quiet"))
