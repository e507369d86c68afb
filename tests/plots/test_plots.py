"""Every figure can be drawn, in both languages, and refuses what it cannot draw."""

from __future__ import annotations

import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image
from scipy.stats import binom, multivariate_normal, norm

import chainrule as cr
from chainrule import plots
from chainrule.errors import ConfigError, DataError, ShapeError

CRITICAL = {"minimum": [[-np.pi / 2, 0]], "maximum": [[np.pi / 2, 0]], "saddle": [[0, np.pi / 2]]}
HOSTILE = "训练 <script>alert(1)</script> & $\\frac{"

EVERY_PLOT = {
    "area": lambda name: plots.area(lambda x: x * x - 1, (0, 2), rule="left", pieces=3),
    "bars": lambda name: plots.bars([name, "b"], [1.0, -2.0], xlabel=name),
    "bayes": lambda name: plots.bayes([name, "b"], [0.1, 0.9], [0.6, 0.4], likelihood=[0.9, 0.1], title=name),
    "box_plots": lambda name: plots.box_plots({name: [1, 2, 3, 9], "b": [2, 2, 4]}, ylabel=name, title=name),
    "central_limit": lambda name: plots.central_limit({1: [0, 1, 1], 4: [0.25, 0.5, 0.75]}, 0.5, 0.5),
    "confusion_matrix": lambda name: plots.confusion_matrix([[3, 1], [0, 4]], [name, "b"]),
    "constraint": lambda name: plots.constraint(
        lambda x, y: x + y, [-1, -1], (-2, 2), (-2, 2), inequality=lambda x, y: x * x + y * y - 2
    ),
    "contours": lambda name: plots.contours(
        wave, (-3, 3), (-2, 2), gradient=True, path=[[0, 0], [-1, 0.5]], critical=CRITICAL, title=name
    ),
    "curves": lambda name: plots.curves(
        {name: [3.0, 2.0], "b": [1.0, np.nan]}, ylabel=name, title=name, mark=2
    ),
    "densities": lambda name: plots.densities({name: norm(0, 1), "b": norm(1, 2)}, cdf=True, title=name),
    "derivatives": lambda name: plots.derivatives(lambda x: x**3 - 3 * x, (-2, 2), order=2),
    "determinant": lambda name: plots.determinant([[1, 2], [2, 1]]),
    "feature_maps": lambda name: plots.feature_maps(np.eye(4)[np.newaxis]),
    "filters": lambda name: plots.filters(np.ones((3, 1, 2, 2))),
    "functions": lambda name: plots.functions({name: cr.sin, "b": cr.tan}, (-3, 3), title=name),
    "gradient_norms": lambda name: plots.gradient_norms({name: [0.5, 0.1], "b": [1.0, 20.0]}),
    "grouped_bars": lambda name: plots.grouped_bars([name, "b"], {name: [1, -2]}, ylabel=name, title=name),
    "heat_map": lambda name: plots.heat_map(
        [[1.0, -0.5]], rows=[name], columns=["a", name], label=name, xlabel=name, ylabel=name, title=name
    ),
    "histogram": lambda name: plots.histogram(
        {name: [1, 2, 2, 3], "b": [2, 3, 3]}, density=norm(2, 1), xlabel=name, title=name
    ),
    "image_grid": lambda name: plots.image_grid(np.zeros((2, 3, 4, 5)), [name, "b"]),
    "joint_density": lambda name: plots.joint_density(
        multivariate_normal([1, 2], [[2, 1], [1, 2]]), samples=[[0, 1], [2, 2], [1, 3]], title=name
    ),
    "law_of_large_numbers": lambda name: plots.law_of_large_numbers([[0, 1, 1, 0], [1, 1, 0, 0]], 0.5, 0.5),
    "linear_map": lambda name: plots.linear_map([[2, 1], [1, 2]]),
    "lines": lambda name: plots.lines(
        {name: [3.0, 2.0, np.nan], "b": [1, 2, 3]},
        errors={name: [0.1] * 3},
        xlabel=name,
        ylabel=name,
        title=name,
    ),
    "probabilities": lambda name: plots.probabilities({name: binom(4, 0.3), "b": binom(4, 0.6)}, title=name),
    "projection": lambda name: plots.projection([1, 3], [4, 1], names=(name, "b")),
    "residuals": lambda name: plots.residuals([1.0, 2.0, 3.0], [1.5, 2.0, 2.0], name=name),
    "roc_curves": lambda name: plots.roc_curves([([0, 0, 1], [0, 1, 1])], [name], [1.0]),
    "scatter": lambda name: plots.scatter(
        [1, 2, 3], [3, 1, 2], classes=[name, "b", "b"], xlabel=name, ylabel=name, title=name
    ),
    "surface": lambda name: plots.surface(wave, (-3, 3), (-2, 2), path=[[0, 0], [-1, 0.5]], title=name),
    "surface_and_contours": lambda name: plots.surface_and_contours(
        wave, (-3, 3), (-2, 2), path=[[0, 0], [-1, 0.5]], critical=CRITICAL, title=name
    ),
    "svd": lambda name: plots.svd([[1, 2], [2, 1]]),
    "tangent": lambda name: plots.tangent(lambda x: x * x, 1.0, (-1, 3)),
    "taylor": lambda name: plots.taylor(cr.sin, 0.5, [1, 3], (-3, 3), remainder=True),
    "vector_sum": lambda name: plots.vector_sum([3, 1], [1, 2], names=(name, "b")),
    "vectors": lambda name: plots.vectors([[3, 1, 1], [1, 2, 2]], [name, "b"], title=name),
}
every_plot = pytest.mark.parametrize("draw", EVERY_PLOT.values(), ids=EVERY_PLOT)


def test_every_plot_is_listed_here():
    assert set(plots.__all__) - {"save", "to_pixels", "to_png", "to_svg"} == set(EVERY_PLOT)


def wave(x, y):
    return cr.sin(x) * cr.cos(y)


def is_blank(figure) -> bool:
    pixels = np.asarray(Image.open(io.BytesIO(plots.to_png(figure, dpi=50))).convert("L"))
    return pixels.std() <= 1


@every_plot
def test_shows_something_without_a_warning_and_leaves_the_settings_of_the_process_alone(draw):
    before = dict(mpl.rcParams)
    assert not is_blank(draw("cat"))
    assert dict(mpl.rcParams) == before


@every_plot
def test_in_chinese_hostile_names_stay_text_and_an_svg_is_the_same_every_time(draw, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    figure = draw(HOSTILE)
    in_page = plots.to_svg(figure, page_id="a")
    assert in_page == plots.to_svg(draw(HOSTILE), page_id="a")
    assert "<script" not in in_page
    assert "<script" not in plots.to_svg(figure)
    assert not is_blank(figure)


def test_leaves_the_backend_of_the_process_alone(monkeypatch):
    monkeypatch.setitem(mpl.rcParams, "backend", "svg")
    plots.to_png(plots.bars(["a"], [1.0]), dpi=50)
    assert mpl.rcParams["backend"] == "svg"


def test_standalone_svg_is_the_same_every_time():
    assert plots.to_svg(plots.bars(["损失"], [1])) == plots.to_svg(plots.bars(["损失"], [1]))


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
