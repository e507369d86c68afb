"""Every figure can be drawn, in both languages, and refuses what it cannot draw."""

from __future__ import annotations

import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from chainrule import plots
from chainrule.errors import ConfigError, DataError, ShapeError

HOSTILE = "<script>alert(1)</script> & $\\frac{"

EVERY_PLOT = {
    "bars": lambda name: plots.bars([name, "b"], [1.0, -2.0], xlabel=name),
    "confusion_matrix": lambda name: plots.confusion_matrix([[3, 1], [0, 4]], [name, "b"]),
    "curves": lambda name: plots.curves(
        {name: [3.0, 2.0], "b": [1.0, np.nan]}, ylabel=name, title=name, mark=2
    ),
    "feature_maps": lambda name: plots.feature_maps(np.eye(4)[np.newaxis]),
    "filters": lambda name: plots.filters(np.ones((3, 1, 2, 2))),
    "gradient_norms": lambda name: plots.gradient_norms({name: [0.5, 0.1], "b": [1.0, 20.0]}),
    "image_grid": lambda name: plots.image_grid(np.zeros((2, 3, 4, 5)), [name, "b"]),
    "residuals": lambda name: plots.residuals([1.0, 2.0, 3.0], [1.5, 2.0, 2.0], name=name),
    "roc_curves": lambda name: plots.roc_curves([([0, 0, 1], [0, 1, 1])], [name], [1.0]),
}
every_plot = pytest.mark.parametrize("draw", EVERY_PLOT.values(), ids=EVERY_PLOT)


def test_every_plot_is_listed_here():
    assert set(plots.__all__) - {"save", "to_pixels", "to_png", "to_svg"} == set(EVERY_PLOT)


@every_plot
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["cat", "训练损失", HOSTILE])
def test_draws_without_a_warning_and_shows_something(draw, language, name, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", language)
    pixels = np.asarray(Image.open(io.BytesIO(plots.to_png(draw(name), dpi=50))).convert("L"))
    assert pixels.std() > 1


@every_plot
def test_svg_is_the_same_every_time(draw):
    assert plots.to_svg(draw("损失")) == plots.to_svg(draw("损失"))
    assert plots.to_svg(draw("损失"), page_id="a") == plots.to_svg(draw("损失"), page_id="a")


@every_plot
def test_hostile_names_stay_text(draw):
    for page_id in (None, "a"):
        assert "<script" not in plots.to_svg(draw(HOSTILE), page_id=page_id)


@every_plot
def test_leaves_the_settings_of_the_process_alone(draw):
    before = dict(mpl.rcParams)
    plots.to_png(draw("中文"), dpi=50)
    assert dict(mpl.rcParams) == before


def test_chinese_letters_have_shapes_of_their_own():
    """Characters without a glyph would all be drawn as the same box."""
    shapes = {character: glyph_of(character) for character in "训练验证損失"}
    assert len(set(shapes.values())) == len(shapes)


def glyph_of(character: str) -> bytes:
    figure = plots.curves({"a": [1.0]}, title=character)
    return np.asarray(Image.open(io.BytesIO(plots.to_png(figure))).convert("L")).tobytes()


def test_figure_saved_outside_the_style_shows_chinese_ticks():
    figure = plots.confusion_matrix([[1, 0], [0, 1]], ["猫", "狗"])
    figure.savefig(io.BytesIO(), format="png")  # a missing glyph is a warning, hence an error here


def test_standalone_svg_has_outlines_and_page_svg_has_text():
    figure = plots.bars(["猫"], [1.0])
    alone, in_page = plots.to_svg(figure), plots.to_svg(figure, page_id="a")
    assert "<text" not in alone
    assert "猫</text>" in in_page
    assert "var(--ink, #" in in_page
    assert "<style" not in in_page


def test_names_inside_two_figures_of_a_page_differ():
    figure = plots.curves({"a": [1.0, 2.0]})
    ids = [set(re.findall(r'\bid="([^"]*)"', plots.to_svg(figure, page_id=name))) for name in ("a", "b")]
    assert all(ids)
    assert ids[0].isdisjoint(ids[1])


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_saves_each_format(tmp_path, suffix):
    path = plots.save(plots.bars(["猫"], [1.0]), tmp_path / f"figure{suffix}")
    assert path.stat().st_size > 500


def test_pixels_of_each_layout():
    gray, colour = np.full((2, 4, 5), 0.5), np.zeros((2, 3, 4, 5))
    assert plots.to_pixels(gray).shape == (2, 4, 5, 1)
    assert plots.to_pixels(colour).shape == (2, 4, 5, 3)
    assert plots.to_pixels(np.zeros((2, 4, 5, 3), np.uint8)).shape == (2, 4, 5, 3)
    assert plots.to_pixels(gray).max() == 128


def test_many_layers_become_a_heat_map():
    norms = {f"layer {place}": [1.0, 0.5] for place in range(11)}
    figure = plots.gradient_norms(norms)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(norms)


def test_confusion_of_many_classes_has_no_numbers():
    figure = plots.confusion_matrix(np.eye(60, dtype=int))
    assert not figure.axes[0].texts
    assert len(figure.axes[0].get_yticklabels()) == 30


def test_logarithm_of_what_is_not_positive_is_not_asked_for():
    assert plots.curves({"a": [1.0, 0.0]}, log=True).axes[0].get_yscale() == "linear"
    assert plots.curves({"a": [1.0, 0.1]}, log=True).axes[0].get_yscale() == "log"


def test_corner_is_enlarged_only_where_a_curve_goes_through_it():
    good, poor = ([0, 0, 1], [0, 1, 1]), ([0, 1], [0, 1])
    assert len(plots.roc_curves([good, poor], ["a", "b"]).axes) == 2
    assert len(plots.roc_curves([poor], ["b"]).axes) == 1


def test_worst_curves_come_first():
    points = [([0, 1], [0, 1]), ([0, 0, 1], [0, 1, 1])]
    figure = plots.roc_curves(points, ["good", "chance"][::-1], [0.5, 1.0])
    assert [entry.get_text() for entry in figure.legends[0].texts] == ["chance  0.5000", "good  1.0000"]


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (lambda: plots.curves({}), DataError, "curves: there is nothing to draw"),
        (
            lambda: plots.curves({"a": [1], "b": [1, 2]}),
            ShapeError,
            "x (1,), a (1,), b (2,) differ in length",
        ),
        (lambda: plots.gradient_norms({}), DataError, "gradient_norms: there is nothing"),
        (lambda: plots.confusion_matrix(np.zeros((2, 3))), ShapeError, "got matrix (2, 3)"),
        (lambda: plots.confusion_matrix(np.eye(2), ["a"]), ShapeError, "matrix (2, 2), class_names (1,)"),
        (lambda: plots.roc_curves([], []), DataError, "roc_curves: there is nothing"),
        (lambda: plots.roc_curves([([0], [1])], []), ShapeError, "points (1,), names (0,)"),
        (lambda: plots.image_grid(np.zeros((0, 2, 2))), DataError, "image_grid: there is nothing"),
        (lambda: plots.image_grid(np.zeros((1, 2, 2)), []), ShapeError, "titles (0,)"),
        (lambda: plots.image_grid(np.zeros((1, 2, 5, 7))), ShapeError, "got images (1, 2, 5, 7)"),
        (lambda: plots.filters(np.zeros((3, 4))), ShapeError, "got weights (3, 4)"),
        (lambda: plots.feature_maps(np.zeros((1, 3, 4, 4))), ShapeError, "Take one example"),
        (lambda: plots.bars([], []), DataError, "bars: there is nothing"),
        (lambda: plots.bars(["a"], [1, 2]), ShapeError, "names (1,), values (2,)"),
        (lambda: plots.residuals([1.0], [1.0, 2.0]), ShapeError, "true (1,), predicted (2,)"),
        (lambda: plots.residuals([], []), DataError, "residuals: there is nothing"),
        (lambda: plots.save(plots.bars(["a"], [1]), "figure.gif"), ConfigError, "not '.gif'"),
    ],
)
def test_refuses_what_cannot_be_drawn(draw, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        draw()
