"""How good a classifier is: confusions, classes, ROC curves, mistakes."""

from __future__ import annotations

import numpy as np

from chainrule import plots
from chainrule.errors import text
from chainrule.metrics import ClassRow
from chainrule.report.charts import chart, picture
from chainrule.report.evaluation import ClassEvaluation, Mistake
from chainrule.report.findings import Findings
from chainrule.report.markup import Markup, element, number_cell, table
from chainrule.report.numbers import count, decimal, percent

MOST_CELLS = 30
MOST_PAIRS = 8
MOST_MISTAKES = 24


def confusion(findings: Findings) -> Markup | None:
    """The confusion matrix, and the pairs that are confused most often."""
    test = findings.test
    if not isinstance(test, ClassEvaluation):
        return None
    if len(test.classes) > MOST_CELLS:
        label = text("report.section_confusion")
        drawn = chart(plots.confusion_matrix(test.matrix, test.classes), "confusion", label)
    else:
        drawn = _matrix(test)
    return element("div", drawn, _pairs(test), class_="wide-narrow")


def _matrix(test: ClassEvaluation) -> Markup:
    above = element("th", f"{text('report.predicted')} →", colspan=len(test.classes))
    names = [element("th", name, scope="col", title=name) for name in test.classes]
    head = [
        element("tr", element("th"), above),
        element("tr", element("th", f"{text('report.true')} ↓"), names),
    ]
    rows = element("tbody", [_matrix_row(test, place) for place in range(len(test.classes))])
    style = f"--classes:{len(test.classes)}"
    return element(
        "div",
        element("table", element("thead", head), rows, class_="confusion", style=style),
        class_="scroll",
    )


def _matrix_row(test: ClassEvaluation, row: int) -> Markup:
    head = element("th", test.classes[row], scope="row", title=test.classes[row])
    return element("tr", head, [_matrix_cell(test, row, column) for column in range(len(test.classes))])


def _matrix_cell(test: ClassEvaluation, row: int, column: int) -> Markup:
    number, total = int(test.matrix[row, column]), int(test.matrix[row].sum())
    share = number / total if total else 0.0
    names = {"true": test.classes[row], "predicted": test.classes[column]}
    title = text("report.cell", **names, count=number, total=total, share=percent(share))
    # The root lifts small shares: a mistake of a few percent is to be seen.
    shade = share if row == column else share**0.5
    kind = "right" if row == column else "wrong"
    strong = " strong" if row == column and share > 0.6 else ""
    shown = number if number else ""
    return element("td", shown, title=title, class_=kind + strong, style=f"--share:{shade:.3f}")


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"


def _pairs(test: ClassEvaluation) -> Markup:
    heading = element("h3", text("report.most_confused"))
    pairs = test.confusions(MOST_PAIRS)
    if not pairs:
        return element("div", heading, element("p", text("report.nothing_confused")))
    items = [
        element(
            "li",
            element("span", element("b", true), " → ", element("b", predicted, class_="bad")),
            element("span", text("report.of", count=number, total=total), class_="quiet"),
        )
        for true, predicted, number, total in pairs
    ]
    return element("div", heading, element("ol", items, class_="pairs"))


def classes(findings: Findings) -> Markup | None:
    """Precision, recall, F1 and AUC of every class."""
    test = findings.test
    if not isinstance(test, ClassEvaluation):
        return None
    head = [text("report.class"), text("report.precision"), text("report.recall"), "F1", "AUC"]
    rows = [_class_row(row, area) for row, area in zip(test.report.classes, test.auc, strict=True)]
    for average in ("macro", "weighted"):
        row = getattr(test.report, average)
        name = element("td", text(f"report.{average}"), class_="average")
        rows.append([name, *_class_row(row, float("nan"))[1:]])
    return table([*head, text("report.support")], rows, class_="classes sortable")


def _class_row(row: ClassRow, area: float) -> list[Markup]:
    scores = [number_cell(f"{score:.3f}", score) for score in (row.precision, row.recall, row.f1)]
    auc = number_cell("" if np.isnan(area) else f"{area:.4f}")
    return [element("td", row.name), *scores, auc, number_cell(count(row.support))]


def roc(findings: Findings) -> Markup | None:
    """ROC curves of every class against the rest."""
    test = findings.test
    if not isinstance(test, ClassEvaluation):
        return None
    known = [place for place, area in enumerate(test.auc) if not np.isnan(area)]
    if not known:
        return None
    points = [(test.roc[place].fpr, test.roc[place].tpr) for place in known]
    names = [_short(test.classes[place]) for place in known]
    figure = plots.roc_curves(points, names, [test.auc[place] for place in known])
    return chart(figure, "roc", text("report.section_roc"))


def mistakes(findings: Findings) -> Markup | None:
    """The samples that were wrong with the greatest certainty."""
    test = findings.test
    if not isinstance(test, ClassEvaluation):
        return None
    found = test.mistakes(MOST_MISTAKES)
    if not found:
        return element("p", text("report.no_mistakes"))
    if findings.spec.input_kind != "image":
        return _mistakes_table(found)
    rows = np.array([mistake.index for mistake in found])
    pixels = plots.to_pixels(findings.samples.inputs(rows))
    cards = [_card(mistake, pixels[place]) for place, mistake in enumerate(found)]
    return element("div", cards, class_="cards")


def _card(mistake: Mistake, pixels: np.ndarray) -> Markup:
    label = f"{text('report.true')} {mistake.true}, {text('report.predicted')} {mistake.predicted}"
    says = [
        _says("bad", text("report.predicted"), mistake.predicted, mistake.probability),
        _says("good", text("report.true"), mistake.true, mistake.probability_of_true),
    ]
    return element("figure", picture(pixels, label), element("figcaption", says), title=f"#{mistake.index}")


def _says(kind: str, label: str, name: str, probability: float) -> Markup:
    shown = [element("span", label, class_="quiet"), element("b", name), element("i", percent(probability))]
    return element("div", shown, class_=f"says {kind}", style=f"--share:{probability:.3f}")


def _mistakes_table(found: list[Mistake]) -> Markup:
    head = [text(f"report.{key}") for key in ("sample", "true", "predicted", "certainty")]
    rows = [
        [
            number_cell(f"#{mistake.index}"),
            mistake.true,
            mistake.predicted,
            number_cell(percent(mistake.probability), mistake.probability),
        ]
        for mistake in found
    ]
    return table(head, rows)


def guessing_loss(test: ClassEvaluation) -> str:
    r"""The loss of giving every class the same probability, :math:`\ln C`."""
    return decimal(float(np.log(len(test.classes))), 3)
