"""Surfaces, level lines, gradients, paths and constraints stand where the numbers say."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.quiver import Quiver

import chainrule as cr
from chainrule import plots
from chainrule.calculus.critical import critical_points
from chainrule.calculus.descent import descent_path
from chainrule.calculus.lagrange import lagrange
from chainrule.calculus.roots import newton
from chainrule.errors import ConfigError, DataError, GradientError, ShapeError
from chainrule.plots.landscape import landscape

BOWL = ((-2, 2), (-1, 1))


def bowl(x, y):
    return x * x + 2 * y * y


def quivers(axes):
    return [one for one in axes.collections if isinstance(one, Quiver)]


def legend(figure):
    return [entry.get_text() for entry in figure.legends[0].get_texts()]


@pytest.mark.parametrize(
    "f",
    [
        bowl,
        lambda v: v[0] * v[0] + 2 * v[1] * v[1],
        lambda v: v @ (cr.tensor([1.0, 2.0]) * v),
        lambda v: cr.sum(cr.tensor([1.0, 2.0]) * v * v),
        lambda v: float(v[0]) ** 2 + 2 * float(v[1]) ** 2,
        lambda *xy: xy[0] ** 2 + 2 * xy[1] ** 2,
    ],
    ids=["f(x, y)", "columns", "product", "sum", "numbers", "starred"],
)
def test_every_form_of_a_function_of_two_variables_gives_the_same_landscape(f):
    land = landscape("contours", f, *BOWL)
    x, y = np.meshgrid(land.x, land.y)
    np.testing.assert_allclose(land.z, x * x + 2 * y * y, atol=1e-12)


def test_softmax_of_a_vector_is_not_taken_over_the_points():
    land = landscape("contours", lambda v: cr.softmax(v)[0], (-1, 1), (-1, 1))
    x, y = np.meshgrid(land.x, land.y)
    np.testing.assert_allclose(land.z, 1 / (1 + np.exp(y - x)))


@pytest.mark.parametrize("f", [bowl, lambda v: v @ (cr.tensor([1.0, 2.0]) * v)])
def test_arrows_point_downhill(f):
    (arrows,) = quivers(plots.contours(f, *BOWL, gradient=True).axes[0])
    down = -np.stack([2 * arrows.X, 4 * arrows.Y])
    along = np.stack([arrows.U, arrows.V])
    cosines = (down * along).sum(axis=0) / (np.hypot(*down) * np.hypot(*along))
    np.testing.assert_allclose(cosines, 1)


def test_level_lines_have_their_values():
    figure = plots.contours(bowl, *BOWL, levels=[0.5, 1.0])
    lines = figure.axes[0].collections[1]
    for value, path in zip([0.5, 1.0], lines.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(*path.vertices.T), value, atol=2e-3)


def test_surface_has_the_heights_of_the_function():
    figure = plots.surface(lambda x, y: x - 2 * y, (0, 1), (0, 1))
    assert figure.axes[0].get_zlim()[0] < -1.9
    assert figure.axes[0].get_zlim()[1] > 0.9


def test_surface_of_a_pole_leaves_the_rest_to_be_seen():
    figure = plots.surface(lambda x, y: 1 / (x * x + y * y), (-2, 2), (-2, 2))
    assert figure.axes[0].get_zlim()[1] < 100


def test_path_and_critical_points_as_calculus_gives_them():
    path = descent_path(bowl, [1.8, 0.9], rate=0.1, steps=12)
    found = critical_points(bowl, [BOWL[0], BOWL[1]])
    figure = plots.surface_and_contours(bowl, *BOWL, path=path, critical=found)
    plane = next(axes for axes in figure.axes if axes.name != "3d")
    np.testing.assert_array_equal(plane.lines[0].get_xydata(), path.points)
    assert legend(figure) == [f"descent, {len(path) - 1} steps", "minimum"]
    space = next(axes for axes in figure.axes if axes.name == "3d")
    np.testing.assert_allclose(space.lines[0].get_data_3d()[2], path.values)


def test_several_paths_have_their_names():
    paths = {"slow": [[1, 1], [0.5, 0.5]], "fast": [[1, 1], [0, 0]]}
    figure = plots.contours(bowl, *BOWL, path=paths)
    assert legend(figure) == ["slow", "fast"]


def test_a_path_that_leaves_does_not_move_the_view():
    figure = plots.surface_and_contours(bowl, *BOWL, path=[[1, 1], [900, 900]])
    plane = next(axes for axes in figure.axes if axes.name != "3d")
    space = next(axes for axes in figure.axes if axes.name == "3d")
    assert (plane.get_xlim(), plane.get_ylim()) == BOWL
    assert (space.get_xlim(), space.get_ylim()) == BOWL
    assert space.get_zlim()[1] < 10


def test_critical_points_come_in_one_order_of_kinds():
    given = {"saddle": [[0, 0]], "minimum": [[1, 0], [-1, 0]]}
    assert legend(plots.contours(bowl, *BOWL, critical=given)) == ["minimum", "saddle"]


def test_descent_by_newtons_method_for_roots_can_be_drawn():
    root = newton(lambda v: cr.stack([v[0] - 1, v[1]]), [0.0, 0.5])
    figure = plots.contours(bowl, *BOWL, path=root)
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_xydata(), root.path)


def circle(x, y):
    return x * x + y * y - 2


def arrow_sum(figure):
    return sum(np.array([arrow.U[0], arrow.V[0]]) for arrow in quivers(figure.axes[0]))


def test_gradients_cancel_at_the_solution():
    figure = plots.constraint(lambda x, y: x + y, [-1, -1], (-2, 2), (-2, 2), equality=circle)
    assert legend(figure) == ["f = −2", "g = 0, λ = 0.5"]
    assert len(quivers(figure.axes[0])) == 2
    np.testing.assert_allclose(arrow_sum(figure), 0, atol=1e-12)


def test_gradients_do_not_cancel_elsewhere():
    figure = plots.constraint(lambda x, y: x + y, [0, -(2**0.5)], (-2, 2), (-2, 2), equality=circle)
    assert np.hypot(*arrow_sum(figure)) > 0.1


@pytest.mark.parametrize("maximize", [False, True])
def test_solution_of_lagrange_is_drawn_as_it_is(maximize):
    def objective(x, y):
        return x + 2 * y

    found = lagrange(objective, equality=circle, x0=[1.0, 0.5], maximize=maximize)
    figure = plots.constraint(objective, found, (-2, 2), (-2, 2), equality=circle)
    np.testing.assert_allclose(arrow_sum(figure), 0, atol=1e-7)
    assert figure.axes[0].get_title(loc="left").startswith("maximum" if maximize else "minimum")
    assert legend(figure)[1] == f"g = 0, λ = {found.equality_multipliers[0]:.4g}"


def test_inequalities_shade_what_is_allowed_and_pull_only_where_active():
    walls = [lambda x, y: x + 2 * y - 4, lambda x, y: 3 * x + y - 6, lambda x, y: -x]
    found = lagrange(lambda x, y: -x - y, inequality=walls, x0=[0.5, 0.5])
    figure = plots.constraint(lambda x, y: -x - y, found, (-0.5, 3), (-0.5, 3), inequality=walls)
    assert legend(figure) == [
        "f = −2.8",
        "allowed region",
        "h1 = 0, μ1 = 0.4",
        "h2 = 0, μ2 = 0.2",
        "h3 = 0, μ3 = 0",
    ]
    assert len(quivers(figure.axes[0])) == 3
    np.testing.assert_allclose(arrow_sum(figure), 0, atol=1e-7)


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (lambda: plots.contours(bowl, (1, 0), (0, 1)), ConfigError, "x must be two finite numbers"),
        (lambda: plots.contours(bowl, (0, 1), (0, 0)), ConfigError, "y must be two finite numbers"),
        (lambda: plots.surface(lambda x, y: cr.log(x), (-2, -1), (0, 1)), DataError, "every point"),
        (lambda: plots.surface(lambda v: v, (0, 1), (0, 1)), ShapeError, "surface"),
        (lambda: plots.surface(lambda x, y, z: x, (0, 1), (0, 1)), ShapeError, "surface"),
        (
            lambda: plots.contours(lambda x, y: float(x), *BOWL, gradient=True),
            GradientError,
            "contours: the function returns a plain number",
        ),
        (lambda: plots.contours(bowl, *BOWL, path=[1, 2]), ShapeError, "path must be points (N, 2)"),
        (lambda: plots.contours(bowl, *BOWL, critical={"hill": [[0, 0]]}), ConfigError, "'hill'"),
        (lambda: plots.constraint(bowl, [0, 0], *BOWL), DataError, "at least one constraint"),
        (
            lambda: plots.constraint(bowl, [0, 0, 0], *BOWL, equality=circle),
            ShapeError,
            "solution must be 2 finite numbers, got solution (3,)",
        ),
        (
            lambda: plots.constraint(bowl, [0, 0], *BOWL, equality=circle, multipliers=[1, 2]),
            ShapeError,
            "multipliers must be 1 finite numbers",
        ),
    ],
)
def test_refuses_what_has_no_landscape(draw, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        draw()
