"""The report as one HTML file."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import chainrule.report.messages  # noqa: F401  (registers the texts used here)
from chainrule.errors import language, messages, text
from chainrule.files.atomic import write_atomically
from chainrule.report.findings import Findings
from chainrule.report.fonts import font_face
from chainrule.report.markup import Markup, element
from chainrule.report.sections import SECTIONS
from chainrule.report.sections.headline import headline

# The page may use what is inside it, and nothing else.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:"
)


def write_report(path: str | Path, findings: Findings) -> Path:
    """Write a report to a file; a file of that name is replaced only once the new one is complete."""
    write_atomically(path, report_html(findings).encode())
    return Path(path)


def report_html(findings: Findings) -> str:
    """The whole page: text, style, script, pictures and font in one."""
    made = {key: section(findings) for key, section in SECTIONS.items()}
    sections = [_section(key, body) for key, body in made.items() if body is not None]
    contents = [_link(key) for key, body in made.items() if body is not None]
    body = element(
        "body",
        element("button", "◐", id="theme", title=text("report.theme"), aria_label=text("report.theme")),
        element("nav", contents, aria_label=text("report.contents")),
        element("main", headline(findings), sections, _footer()),
        element("script", _asset("report.js")),
    )
    return f"<!doctype html>\n{element('html', _head(findings, body), body, lang=_html_language())}\n"


def _head(findings: Findings, body: Markup) -> Markup:
    title = text("report.title", model=findings.model, data=findings.spec.name)
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", _asset("report.css"), font_face(title + body)),
    )


def _section(key: str, body: Markup) -> Markup:
    lead = f"report.lead_{key}"
    sentence = element("p", text(lead), class_="lead") if lead in messages() else None
    return element("section", element("h2", text(f"report.section_{key}")), sentence, body, id=key)


def _link(key: str) -> Markup:
    return element("a", text(f"report.section_{key}"), href=f"#{key}")


def _footer() -> Markup:
    return element("footer", text("report.footer", version=version("chainrule")))


def _asset(name: str) -> Markup:
    return Markup((files("chainrule.report") / "assets" / name).read_text(encoding="utf-8"))


def _html_language() -> str:
    return "zh-CN" if language() == "zh" else "en"
