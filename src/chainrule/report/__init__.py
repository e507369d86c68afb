"""The report of a run: one HTML file that needs no network."""

from chainrule.report import messages as messages
from chainrule.report.evaluation import ClassEvaluation, Evaluation, Mistake, ValueEvaluation
from chainrule.report.findings import Findings, Inside, LayerRow
from chainrule.report.page import report_html, write_report
from chainrule.report.sections import SECTIONS

__all__ = [
    "SECTIONS",
    "ClassEvaluation",
    "Evaluation",
    "Findings",
    "Inside",
    "LayerRow",
    "Mistake",
    "ValueEvaluation",
    "report_html",
    "write_report",
]
