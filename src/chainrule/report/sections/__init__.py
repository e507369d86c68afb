"""The sections of the report, in their order. Each makes its HTML, or None where it does not apply."""

from __future__ import annotations

from collections.abc import Callable

from chainrule.report.findings import Findings
from chainrule.report.markup import Markup
from chainrule.report.sections import classification, facts, network, regression, training

Section = Callable[[Findings], Markup | None]

# ``report.section_KEY`` is the heading of a section, ``report.lead_KEY`` the sentence below it, if any.
SECTIONS: dict[str, Section] = {
    "learning": training.learning,
    "confusion": classification.confusion,
    "mistakes": classification.mistakes,
    "classes": classification.classes,
    "roc": classification.roc,
    "residuals": regression.residuals,
    "worst": regression.worst,
    "model": network.model,
    "inside": network.inside,
    "gradients": training.gradients,
    "formulas": network.formulas,
    "facts": facts.facts,
}
