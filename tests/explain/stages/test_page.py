"""The page of a compiled step."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.explain.stages import pictures
from chainrule.explain.stages.drawing import round_steps

VOID = {"meta"}


class Checker(HTMLParser):
    """Notes elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.opened.pop() == tag


@pytest.fixture(scope="module")
def found():
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
    optimizer = optim.SGD(model.parameters(), lr=0.1)

    @cr.compile
    def step(x, y):
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(5, 6)).astype("f4"), rng.integers(0, 3, 5)
    return cr.explain(step, cr.tensor(x), cr.tensor(y))


def test_page_is_well_formed_and_whole(found):
    page = found.to_html()
    checker = Checker()
    checker.feed(page)
    assert checker.opened == []
    assert "<script" not in page
    assert not re.search(r"(src|href)=|url\(|@import", page)


def test_page_has_each_kernel_with_its_code(found):
    page = found.to_html()
    assert page.count('<details class="kernel">') == len(found.kernels)
    assert page.count("define void @kernel_") == len({k.call.function for k in found.kernels})
    assert "loss = nn.cross_entropy(model(x), y)" in page


def shapes(svg: str, tag: str) -> list[dict[str, str]]:
    """Attributes of all shapes of a kind."""
    return [element.attrib for element in ET.fromstring(svg).iter(tag)]


def test_bars_are_in_order_and_fill_the_width(found):
    bars = shapes(pictures.timeline(found), "rect")
    places = [(float(bar["x"]), float(bar["width"])) for bar in bars]
    assert len(bars) == sum(bool(kernel.seconds) for kernel in found.kernels)
    for (x, width), (following, _) in itertools.pairwise(places):
        assert x + width == pytest.approx(following, abs=0.02)
    assert places[-1][0] + places[-1][1] == pytest.approx(1000, abs=0.1)


def test_buffers_do_not_overlap(found):
    drawn = [
        tuple(float(r[key]) for key in ("x", "y", "width", "height"))
        for r in shapes(pictures.arena(found), "rect")
    ]
    assert len(drawn) == len(found.program.arena.lives)
    for i, (x, y, w, h) in enumerate(drawn):
        for x2, y2, w2, h2 in drawn[:i]:
            apart = x + w <= x2 + 0.02 or x2 + w2 <= x + 0.02 or y + h <= y2 + 0.02 or y2 + h2 <= y + 0.02
            assert apart


def test_dots_of_the_roofline_are_those_of_kernels_that_compute():
    found = cr.explain(cr.compile(lambda x: cr.exp(x @ x)), cr.ones((256, 256)))
    dots = shapes(pictures.roofline(found), "circle")
    assert len(dots) == sum(k.flops > 0 and found.share_of_roofline(k) is not None for k in found.kernels)
    assert dots


def test_page_is_written(found, tmp_path):
    found.save(tmp_path / "step.html")
    assert (tmp_path / "step.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "<h2>step</h2>" in found._repr_html_()


def test_page_in_chinese(found, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    page = found.to_html()
    assert '<html lang="zh">' in page
    assert "屋顶线" in page


@pytest.mark.parametrize(
    ("largest", "steps"),
    [(374.0, [0, 100, 200, 300]), (0.7, [0, 0.2, 0.4, 0.6]), (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1])],
)
def test_round_steps(largest, steps):
    assert round_steps(largest) == pytest.approx(steps)
