"""The report is one safe, complete page for every kind of task, in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from chainrule.data import ArrayDataset
from chainrule.report import (
    SECTIONS,
    ClassEvaluation,
    Findings,
    Inside,
    LayerRow,
    ValueEvaluation,
    report_html,
    write_report,
)
from chainrule.report.markup import Markup, element, render, table

HOSTILE = "</style><script>alert('1')</script>"
ONLY_CLASSES = {"confusion", "mistakes", "classes", "roc"}
ONLY_VALUES = {"residuals", "worst"}
EPOCHS = 3


class Page(HTMLParser):
    """The elements of a page, checked to be well nested."""

    VOID = frozenset({"br", "col", "img", "input", "link", "meta", "wbr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]

    @property
    def sections(self) -> list[str | None]:
        return [attributes["id"] for attributes in self.all("section")]


def evaluation(classes: tuple[str, ...] = ("cat", "dog", "鸟")) -> ClassEvaluation:
    targets = np.arange(12) % len(classes)
    probabilities = np.full((12, len(classes)), 0.1)
    probabilities[np.arange(12), targets] = 0.8
    probabilities[5] = np.roll(probabilities[5], 1)
    return ClassEvaluation(targets, probabilities / probabilities.sum(axis=1, keepdims=True), classes, 0.4)


def findings(classes: tuple[str, ...] = ("cat", "dog", "鸟")) -> Findings:
    test = evaluation(classes)
    samples = ArrayDataset(
        np.full((12, 1, 4, 4), 0.5, np.float32), test.targets, name="pets", classes=classes
    )
    return Findings(
        spec=samples.spec,
        model="CNN",
        test=test,
        samples=samples,
        history={"loss": {"train": [2.0, 1.0, 0.5], "validation": [2.1, 1.2, 1.3]}},
        best_epoch=2,
        gradient_norms={"conv1": [1.0, 0.5, 0.2], "fc": [2.0, 1.0, 0.5]},
        seconds=12.0,
        layers=[LayerRow("conv1", "Conv2d", "(2, 4, 4)", 20, 288), LayerRow("fc", "Linear", "(3,)", 99, 192)],
        inside=Inside("conv1", np.ones((2, 1, 3, 3)), np.zeros((1, 4, 4)), np.ones((2, 4, 4))),
        formulas=Markup("<p>y = W x + b</p>"),
        facts={"options": {"lr": "0.001"}},
        skipped=["broken.png: not an image"],
    )


def of_values() -> Findings:
    rows = np.linspace(0, 1, 8)[:, np.newaxis]
    samples = ArrayDataset(rows, rows, name="houses", task="regression")
    test = ValueEvaluation(rows, rows + 0.1, ("price",), 0.01)
    return replace(findings(), spec=samples.spec, samples=samples, test=test, inside=None)


@pytest.fixture(params=["en", "zh"])
def language(request, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", request.param)
    return request.param


def test_classification_has_every_section_that_is_not_for_numbers(language):
    page = Page(report_html(findings()))
    assert page.sections == [key for key in SECTIONS if key not in ONLY_VALUES]
    assert page.open == []


def test_regression_has_residuals_instead_of_classes(language):
    page = Page(report_html(of_values()))
    assert page.sections == [key for key in SECTIONS if key not in ONLY_CLASSES | {"inside"}]


def test_speaks_one_language(language):
    page = Page(report_html(findings(("cat", "dog", "bird"))))
    headings = " ".join(page.texts["h2"])
    assert bool(re.search("[一-鿿]", headings)) == (language == "zh")
    assert bool(re.search("[a-z]{4}", headings)) == (language == "en")
    assert page.all("html")[0]["lang"] == {"en": "en", "zh": "zh-CN"}[language]


def test_asks_nothing_of_the_network():
    html = report_html(findings())
    page = Page(html)
    sources = [
        value for tag, attributes in page.tags for key, value in attributes.items() if key in ("src", "href")
    ]
    assert sources
    assert all(source.startswith(("data:", "#")) for source in sources)
    namespaces = {'"http://www.w3.org/2000/svg"', '"http://www.w3.org/1999/xlink"'}
    assert set(re.findall(r'"https?://[^"]*"', html)) <= namespaces
    assert all(target.startswith(("data:", "#")) for target in re.findall(r"url\(\"?([^)]*)\)", html))
    assert "default-src 'none'" in [meta.get("content", "") or "" for meta in page.all("meta")][1]


def test_hostile_names_stay_text():
    dangerous = replace(
        findings((HOSTILE, "b", '" onmouseover="alert(1)')),
        model=HOSTILE,
        facts={"options": {HOSTILE: HOSTILE}},
        skipped=[HOSTILE],
        gradient_norms={HOSTILE: [1.0]},
        history={HOSTILE: {"train": [1.0, 2.0]}},
    )
    html = report_html(dangerous)
    page = Page(html)
    assert len(page.all("script")) == 1
    assert len(page.all("style")) == 1
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "<script>alert" not in html


def test_identifiers_are_unique():
    page = Page(report_html(findings()))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_shows_the_headline_numbers():
    texts = Page(report_html(findings())).texts
    assert "91.7 %" in texts["dd"]
    assert "1 of 12 wrong" in texts["dd"]
    assert "119" in texts["dd"]


def test_confusion_cells_carry_their_counts():
    cells = Page(report_html(findings())).all("td")
    titles = [cell["title"] for cell in cells if cell.get("title")]
    assert len(titles) == 9
    assert "true 鸟, predicted cat: 1 of 4 (25.0 %)" in titles


def test_pictures_of_mistakes_are_inside_the_page():
    pictures = Page(report_html(findings())).all("img")
    mistakes = [picture for picture in pictures if picture["alt"] == "true 鸟, predicted cat"]
    assert len(mistakes) == 1
    assert mistakes[0]["src"].startswith("data:image/png;base64,")


def test_numbers_under_the_pointer_are_those_of_the_curves():
    charts = [div for div in Page(report_html(findings())).all("div") if div.get("data-hover")]
    data = json.loads(charts[0]["data-hover"])
    assert data["series"] == {"training": [2.0, 1.0, 0.5], "validation": [2.1, 1.2, 1.3]}
    assert set(data["colors"]) == set(data["series"])
    left, top, right, bottom = data["box"]
    assert 0 < left < right <= 1
    assert 0 <= top < bottom < 1


def test_infinite_losses_are_gaps():
    html = report_html(replace(findings(), history={"loss": {"train": [1.0, float("nan"), float("inf")]}}))
    hover = next(div["data-hover"] for div in Page(html).all("div") if div.get("data-hover"))
    assert json.loads(hover)["series"] == {"training": [1.0, None, None]}


def test_chinese_font_is_embedded_only_where_it_is_needed(monkeypatch):
    english = findings(("cat", "dog", "bird"))
    assert "@font-face" not in report_html(english)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert "@font-face" in report_html(english)


def test_embedded_font_has_every_letter(monkeypatch):
    from base64 import b64decode
    from io import BytesIO

    from fontTools.ttLib import TTFont

    from chainrule.plots.fonts import needs_chinese

    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    html = report_html(findings())
    source = re.search(r"src:url\(data:font/woff;base64,([^)]*)\)", html).group(1)
    with TTFont(BytesIO(b64decode(source))) as font:
        known = font.getBestCmap()
    used = {letter for letter in html if needs_chinese([letter])}
    assert used
    assert used <= {chr(code) for code in known}


def test_many_classes_still_make_a_page():
    names = tuple(f"class {label}" for label in range(40))
    targets = np.arange(40)
    test = ClassEvaluation(targets, np.eye(40), names, 0.0)
    samples = ArrayDataset(np.zeros((40, 1, 4, 4), np.float32), targets, classes=names)
    page = Page(report_html(replace(findings(), spec=samples.spec, samples=samples, test=test)))
    assert "There are none in the test part." in page.texts["p"]


def test_perfect_and_one_sided_tests_make_a_page():
    """No mistakes, and classes without any sample: ratios without a denominator."""
    test = ClassEvaluation(np.zeros(4, int), np.eye(2)[np.zeros(4, int)], ("a", "b"), 0.0)
    page = Page(report_html(replace(findings(), test=test)))
    assert "roc" not in page.sections
    assert "100 %" in page.texts["dd"]


def test_writes_whole_or_not_at_all(tmp_path):
    path = tmp_path / "report.html"
    write_report(path, findings())
    before = path.read_bytes()
    broken = replace(findings(), samples=None)
    with pytest.raises(AttributeError):
        write_report(path, broken)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_markup_escapes_what_is_not_markup():
    assert render(["<", element("b", '"&"', title='"')]) == '&lt;<b title="&quot;">&quot;&amp;&quot;</b>'
    assert "<td>&lt;i&gt;</td>" in table(["a"], [["<i>"]])
