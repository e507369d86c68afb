"""Graphs, tangents, areas and Taylor polynomials have the right numbers, around poles and jumps too."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import chainrule as cr
from chainrule import plots
from chainrule.calculus.taylor import taylor as series
from chainrule.errors import ConfigError, DataError, DTypeError, GradientError, ShapeError
from chainrule.plots.curve import sample


def gaps(curve):
    """Places where the line is broken."""
    return curve.x[np.isnan(curve.x)].size


def labels(figure):
    return [entry.get_text() for entry in figure.legends[0].get_texts()]


def test_line_of_a_function_is_the_function():
    figure = plots.functions({"sin": cr.sin, "square": lambda x: x * x}, (-2, 3))
    for line, expected in zip(figure.axes[0].lines, (np.sin, np.square), strict=False):
        np.testing.assert_allclose(line.get_ydata(), expected(line.get_xdata()), rtol=1e-12)
    assert figure.axes[0].get_xlim() == (-2, 3)


@pytest.mark.parametrize(
    ("f", "count"),
    [
        (cr.tan, 4),
        (lambda x: 1 / x, 1),
        (lambda x: 1 / (x * x * x), 1),
        (cr.floor, 10),
        (cr.sign, 1),
        (lambda x: 1 / (x * x), 0),
        (lambda x: cr.tanh(100 * x), 0),
        (lambda x: cr.exp(-100 * x * x), 0),
        (cr.exp, 0),
        (cr.abs, 0),
        (cr.sin, 0),
    ],
)
def test_lines_are_broken_where_a_function_jumps_and_nowhere_else(f, count):
    assert gaps(sample("functions", f, (-5.0, 5.01))) == count


@pytest.mark.parametrize(
    ("f", "interval"),
    [
        (cr.tan, (-5, 5)),
        (cr.tan, (-4.712, 4.712)),
        (lambda x: 1 / x, (-3, 3)),
        (lambda x: 1 / (x * x), (-3, 3)),
        (lambda x: 1 / cr.sqrt(x), (0, 3)),
    ],
)
def test_view_stays_on_the_rest_beside_a_pole(f, interval):
    curve = sample("functions", f, interval)
    assert np.nanmax(np.abs(curve.y)) > 5 * curve.high
    assert curve.high < 30


@pytest.mark.parametrize(
    ("f", "interval", "reached"),
    [
        (cr.exp, (-10, 10), (0, math.exp(10))),
        (lambda x: x**9, (-1, 1), (-1, 1)),
        (lambda x: cr.exp(-100 * x * x), (-5, 5), (0, 1)),
        (cr.log, (0, 3), (-5, math.log(3))),
    ],
)
def test_view_holds_all_of_a_bounded_function(f, interval, reached):
    curve = sample("functions", f, interval)
    assert curve.low < reached[0]
    assert curve.high > reached[1]


def test_constant_function_has_a_view():
    assert plots.functions(lambda x: 0 * x + 2.0, (0, 1)).axes[0].get_ylim() == (1.0, 3.0)


def test_function_of_single_numbers_is_asked_for_each():
    figure = plots.functions(lambda x: math.sin(x) if x > 0 else float(x), (-1, 2))
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_allclose(y, np.where(x > 0, np.sin(x), x))


def test_function_that_sums_is_not_taken_for_one_of_numbers():
    figure = plots.functions(lambda x: cr.sum(x * x), (0, 2))
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_allclose(y, x * x)


def test_tangent_and_secants_have_their_slopes():
    figure = plots.tangent(lambda x: x**3, 1.0, (0, 2), steps=[0.5, -0.5])
    slopes = [line.get_slope() for line in figure.axes[0].lines if hasattr(line, "get_slope")]
    found = [slope for slope in slopes if slope is not None]
    np.testing.assert_allclose(found, [3.0, (1.5**3 - 1) / 0.5, (1 - 0.5**3) / 0.5])
    assert labels(figure) == [
        "$f(x)$",
        "tangent, slope 3",
        "secant h = 0.5, slope 4.75",
        "secant h = −0.5, slope 1.75",
    ]


def test_default_secants_stay_inside():
    for at in (0.0, 1.0, 4.0):
        figure = plots.tangent(cr.sin, at, (0, 4))
        ends = [one.get_offsets()[0, 0] for one in figure.axes[0].collections]
        assert len(ends) == 3
        assert min(ends) >= 0
        assert max(ends) <= 4


def test_given_slope_needs_no_derivative():
    figure = plots.tangent(lambda x: math.exp(x), 0.0, (-1, 1), slope=1.0)
    assert labels(figure)[1] == "tangent, slope 1"


def test_derivatives_are_the_derivatives():
    figure = plots.derivatives(lambda x: x**3 - 3 * x, (-2, 2), order=3)
    for axes, expected in zip(
        figure.axes,
        (lambda x: x**3 - 3 * x, lambda x: 3 * x**2 - 3, lambda x: 6 * x, lambda x: 6 + 0 * x),
        strict=True,
    ):
        x, y = axes.lines[0].get_data()
        np.testing.assert_allclose(y, expected(x), atol=1e-10)


def test_turning_points_are_joined():
    figure = plots.derivatives(lambda x: x**3 - 3 * x, (-2.2, 2.3))
    marked = np.array([one.get_offsets()[0] for one in figure.axes[0].collections])
    np.testing.assert_allclose(marked, [[-1, 2], [1, -2]], atol=0.01)


@pytest.mark.parametrize("rule", ["left", "right", "middle", "trapezoid"])
def test_pieces_have_the_area_that_the_title_says(rule):
    figure = plots.area(lambda x: cr.exp(x), (0, 1), rule=rule, pieces=4)
    areas = [polygon_area(patch.get_xy()) for patch in figure.axes[0].patches]
    assert len(areas) == 4
    said = float(figure.axes[0].get_title(loc="left").split(": ")[1])
    np.testing.assert_allclose(sum(areas), said, rtol=1e-5)


def polygon_area(corners):
    x, y = corners[:-1].T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def test_shaded_area_is_the_integral():
    figure = plots.area(lambda x: cr.sin(x), (0, math.pi))
    above, below = (one.get_paths()[0].vertices for one in figure.axes[0].collections[:2])
    np.testing.assert_allclose(polygon_area(above), 2, rtol=1e-4)
    np.testing.assert_allclose(polygon_area(below), 0, atol=1e-12)
    assert figure.axes[0].get_title(loc="left") == "∫ f(x) dx = 2"


def test_area_below_the_axis_is_red_and_counts_negative():
    figure = plots.area(lambda x: x - 1, (0, 1), rule="middle", pieces=2)
    assert figure.axes[0].get_title(loc="left").splitlines() == [
        "∫ f(x) dx = −0.5",
        "midpoint sum, n = 2: −0.5",
    ]


def test_divergent_area_says_so():
    assert (
        plots.area(lambda x: 1 / (x * x), (-1, 1))
        .axes[0]
        .get_title(loc="left")
        .endswith("no finite value was found")
    )


def test_taylor_polynomials_of_the_exponential():
    figure = plots.taylor(cr.exp, 0.0, [4, 1], (-1, 2), remainder=True)
    lines = figure.axes[0].lines
    x = lines[0].get_xdata()
    np.testing.assert_allclose(lines[1].get_ydata(), 1 + x)
    np.testing.assert_allclose(lines[2].get_ydata(), 1 + x + x**2 / 2 + x**3 / 6 + x**4 / 24)
    np.testing.assert_allclose(
        figure.axes[1].lines[0].get_ydata(), np.maximum(np.abs(np.exp(x) - 1 - x), 1e-16), atol=1e-15
    )
    assert labels(figure) == ["$f(x)$", "$T_{1}(x)$", "$T_{4}(x)$"]


def test_taylor_away_from_zero():
    figure = plots.taylor(cr.log, 1.0, [3], (0.2, 2))
    x, y = figure.axes[0].lines[1].get_data()
    np.testing.assert_allclose(y, (x - 1) - (x - 1) ** 2 / 2 + (x - 1) ** 3 / 3, atol=1e-12)


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (lambda: plots.functions({}, (0, 1)), DataError, "functions: there is nothing to draw"),
        (lambda: plots.functions(3.0, (0, 1)), DTypeError, "functions"),
        (
            lambda: plots.functions(cr.sin, (1, 1)),
            ConfigError,
            "interval must be two finite numbers",
        ),
        (lambda: plots.functions(cr.sin, (0, np.inf)), ConfigError, "got (0, inf)"),
        (lambda: plots.functions(cr.sin, 3), ConfigError, "got 3"),
        (
            lambda: plots.functions(cr.sqrt, (-2, -1)),
            DataError,
            "infinite at every point between -2 and -1",
        ),
        (lambda: plots.functions(lambda x: cr.stack([x, x]), (0, 1)), ShapeError, "functions"),
        (lambda: plots.tangent(cr.sin, 5.0, (0, 1)), ConfigError, "at = 5 is outside the interval (0, 1)"),
        (
            lambda: plots.tangent(lambda x: math.sin(x), 0.5, (0, 1)),
            GradientError,
            "cr.sin instead of",
        ),
        (lambda: plots.tangent(cr.sqrt, 0.0, (0, 1)), GradientError, "there is no tangent there"),
        (lambda: plots.tangent(cr.abs, 0.0, (-1, 1)), GradientError, "has a corner or a jump at x = 0.0"),
        (
            lambda: plots.tangent(lambda x: x + float(np.sin(x.item())), 0.5, (0, 1)),
            GradientError,
            "into a plain number",
        ),
        (lambda: plots.derivatives(lambda x: math.sin(x), (0, 1)), GradientError, "derivative is lost"),
        (
            lambda: plots.derivatives(cr.sin, (0, 1), order=0),
            ConfigError,
            "order must be a whole number in 1 … 6, got 0",
        ),
        (
            lambda: plots.area(cr.sin, (0, 1), rule="best"),
            ConfigError,
            "one of left, right, middle,",
        ),
        (
            lambda: plots.area(cr.sin, (0, 1), rule="left", pieces=0),
            ConfigError,
            "pieces must be a whole number in 1 …, got 0",
        ),
        (lambda: plots.taylor(cr.sin, 2.0, [1], (0, 1)), ConfigError, "x0 = 2 is outside"),
        (lambda: plots.taylor(cr.sin, 0.5, [], (0, 1)), DataError, "taylor: there is nothing to draw"),
        (
            lambda: plots.taylor(cr.sin, 0.5, [-1], (0, 1)),
            ConfigError,
            "orders must be a whole number in 0 … 100, got -1",
        ),
    ],
)
def test_refuses_what_has_no_graph(draw, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        draw()


def test_a_mistake_in_the_function_is_shown_as_it_is():
    with pytest.raises(ZeroDivisionError):
        plots.functions(lambda x: 1 // 0, (0, 1))


def test_polynomials_of_calculus_are_functions_to_draw():
    polynomial = series(cr.sin, 0.0, 3)
    figure = plots.functions({"sin": cr.sin, "p": polynomial}, (-1, 1))
    x, y = figure.axes[0].lines[1].get_data()
    np.testing.assert_allclose(y, x - x**3 / 6, atol=1e-12)
