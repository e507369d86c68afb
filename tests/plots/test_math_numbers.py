"""Lines, points, bars, boxes and matrices show the numbers that they are given."""

from __future__ import annotations

import re

import numpy as np
import pytest

import chainrule as cr
from chainrule import plots
from chainrule.errors import ConfigError, DataError, DTypeError, ShapeError
from chainrule.plots.labels import number, power_of_ten


def labels(figure):
    return [entry.get_text() for entry in figure.legends[0].get_texts()]


@pytest.mark.parametrize(
    "values", [[1, 2, 4], np.array([1.0, 2, 4]), cr.tensor([1.0, 2.0, 4.0], requires_grad=True)]
)
def test_lines_take_lists_arrays_and_tensors(values):
    line = plots.lines(values, x=[0, 1, 3]).axes[0].lines[0]
    np.testing.assert_array_equal(line.get_xydata(), [[0, 1], [1, 2], [3, 4]])


def test_error_bars_reach_as_far_as_the_errors():
    figure = plots.lines({"a": [1.0, 2.0], "b": [0.0, 0.0]}, errors={"a": [0.5, 0.25]})
    bars = figure.axes[0].collections[0].get_segments()
    np.testing.assert_allclose(bars, [[[0, 0.5], [0, 1.5]], [[1, 1.75], [1, 2.25]]])
    assert labels(figure) == ["a", "b"]


def test_errors_of_many_points_are_a_band():
    figure = plots.lines(np.zeros(50), errors=np.ones(50))
    band = figure.axes[0].collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (-1, 1)


def test_logarithmic_axes_have_powers_of_ten_as_letters():
    figure = plots.lines([1e-6, 1.0, 1e6], yscale="log")
    plots.to_png(figure)
    shown = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert "10⁻⁶" in shown
    assert not any("$" in label for label in shown)


@pytest.mark.parametrize(
    ("value", "words"), [(1e-9, "10⁻⁹"), (100.0, "100"), (3e7, "3e+07"), (0.001, "0.001")]
)
def test_powers_of_ten(value, words):
    assert power_of_ten(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(123456.0, "123456"), (1234.5, "1234"), (-1.5, "−1.5"), (0.0, "0"), (-0.0, "0"), (1e-7, "1e−07")],
)
def test_numbers_have_a_true_minus_sign(value, words):
    assert number(value) == words


def test_points_of_a_class_share_a_colour():
    figure = plots.scatter([1, 2, 3], [4, 5, 6], classes=["b", "a", "b"])
    groups = {one.get_label(): one.get_offsets().tolist() for one in figure.axes[0].collections}
    assert groups == {"a": [[2, 5]], "b": [[1, 4], [3, 6]]}


def test_area_of_a_point_grows_with_its_number():
    figure = plots.scatter([1, 2, 3], [4, 5, 6], area=[0, 1, 2])
    sizes = figure.axes[0].collections[0].get_sizes()
    np.testing.assert_allclose(np.diff(sizes), sizes[1] - sizes[0])
    assert sizes[1] > sizes[0]


def test_colour_of_a_point_is_its_number():
    figure = plots.scatter([1, 2, 3], [4, 5, 6], color=[7, 8, 9], color_label="age")
    np.testing.assert_array_equal(figure.axes[0].collections[0].get_array(), [7, 8, 9])
    assert figure.axes[1].get_ylabel() == "age"


def test_more_classes_than_colours_are_grey():
    figure = plots.scatter(range(9), range(9), classes=range(9))
    assert len(labels(figure)) == 9


def test_heat_map_is_the_matrix():
    figure = plots.heat_map([[1.0, np.nan], [-2.0, 0.25]])
    picture = figure.axes[0].images[0]
    np.testing.assert_array_equal(picture.get_array().filled(np.nan), [[1, np.nan], [-2, 0.25]])
    assert picture.get_clim() == (-2, 2)
    assert [cell.get_text() for cell in figure.axes[0].texts] == ["1", "−2", "0.25"]


def test_numbers_stay_readable_on_every_shade():
    figure = plots.heat_map([[0.0, 1.0]])
    dark, light = (cell.get_color() for cell in figure.axes[0].texts)
    assert dark != light


def test_large_heat_map_has_no_numbers():
    assert not plots.heat_map(np.ones((17, 2))).axes[0].texts
    assert plots.heat_map(np.ones((17, 2)), annotate=True).axes[0].texts


def test_box_has_the_quartiles():
    figure = plots.box_plots({"a": [1, 2, 3, 4, 5, 30]})
    box = figure.axes[0].patches[0].get_path().vertices[:, 1]
    np.testing.assert_allclose([box.min(), box.max()], np.quantile([1, 2, 3, 4, 5, 30], [0.25, 0.75]))


def test_bars_of_groups_stand_side_by_side():
    figure = plots.grouped_bars(["x", "y"], {"a": [1, 2], "b": [3, -4]})
    bars = [(round(bar.get_x() + bar.get_width() / 2, 9), bar.get_height()) for bar in figure.axes[0].patches]
    assert bars == [(-0.2, 1), (0.8, 2), (0.2, 3), (1.2, -4)]


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (lambda: plots.lines({}), DataError, "lines: there is nothing to draw"),
        (lambda: plots.lines([np.nan]), DataError, "at least one finite number"),
        (lambda: plots.lines([1j]), DTypeError, "series is complex"),
        (lambda: plots.lines([1, 2], x=[1]), ShapeError, "x (1,), series (2,)"),
        (lambda: plots.lines({"a": [1]}, errors={"b": [1]}), ConfigError, "errors must be one of a, got 'b'"),
        (lambda: plots.lines([1], yscale="square"), ConfigError, "yscale must be one of linear, log"),
        (lambda: plots.scatter([], []), DataError, "scatter: there is nothing to draw"),
        (lambda: plots.scatter([1, 2], [1]), ShapeError, "x (2,), y (1,)"),
        (
            lambda: plots.scatter([1], [1], classes=[3], class_names=["a"]),
            DataError,
            "class_names (1,), got 3",
        ),
        (lambda: plots.scatter([1], [1], area=[-1]), DataError, "area must be positive, got -1"),
        (lambda: plots.heat_map([1, 2]), ShapeError, "got matrix (2,)"),
        (lambda: plots.heat_map([[1, 2]], rows=["a", "b"]), ShapeError, "matrix (1, 2), rows (2,)"),
        (lambda: plots.grouped_bars([], {"a": []}), DataError, "grouped_bars: there is nothing"),
        (lambda: plots.grouped_bars(["x"], {"a": [1, 2]}), ShapeError, "names (1,), a (2,)"),
    ],
)
def test_refuses_numbers_that_cannot_be_drawn(draw, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        draw()
