"""What is needed to repeat the run."""

from __future__ import annotations

from collections.abc import Mapping

from chainrule.errors import text
from chainrule.report.findings import Findings
from chainrule.report.markup import Markup, element

MOST_SKIPPED = 200


def facts(findings: Findings) -> Markup | None:
    """Data, options and versions, and which samples were left out."""
    groups = [_group(text(f"report.fact_{key}"), rows) for key, rows in findings.facts.items()]
    skipped = findings.skipped
    if skipped:
        lines = [element("li", line) for line in skipped[:MOST_SKIPPED]]
        summary = element("summary", text("report.skipped", count=len(skipped)))
        groups.append(element("details", summary, element("ul", lines), class_="more"))
    return element("div", groups, class_="facts") if groups else None


def _group(heading: str, rows: Mapping[str, str]) -> Markup:
    pairs = [[element("dt", name), element("dd", value)] for name, value in rows.items()]
    return element("div", element("h3", heading), element("dl", pairs))
