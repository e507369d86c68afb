"""Arrows, parallelograms, projections and linear maps stand where the numbers say."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.quiver import Quiver

from chainrule import plots
from chainrule.errors import DataError, DTypeError, ShapeError
from chainrule.plots.linear_map import eigenvalue_text, real_eigenvectors, rotating_svd, turn_text


def arrows_of(axes):
    """Tail and components of every arrow, in the order of drawing."""
    found = [one for one in axes.collections if isinstance(one, Quiver)]
    return [
        (*map(float, tail), float(u), float(v))
        for one in found
        for tail, u, v in zip(one.XY, one.U, one.V, strict=True)
    ]


def texts_of(axes):
    return [one.get_text() for one in axes.texts]


def test_vectors_keep_their_tails_and_components():
    figure = plots.vectors([[3, 1], [-1, 2]], ["a", "b"], tails=[[0, 0], [3, 1]])
    assert arrows_of(figure.axes[0]) == [(0, 0, 3, 1), (3, 1, -1, 2)]
    assert texts_of(figure.axes[0]) == ["a", "b"]
    assert figure.axes[0].get_aspect() == 1.0


def test_every_vector_is_inside_the_view():
    axes = plots.vectors([[30, 1], [-20, 2]]).axes[0]
    (low_x, high_x), (low_y, high_y) = axes.get_xlim(), axes.get_ylim()
    assert low_x < -20
    assert high_x > 30
    assert low_y < 0
    assert high_y > 2


def test_vectors_of_space_have_one_scale():
    axes = plots.vectors([[3, 1, 1], [1, 2, 4]]).axes[0]
    spans = [np.ptp(limit) for limit in (axes.get_xlim(), axes.get_ylim(), axes.get_zlim())]
    np.testing.assert_allclose(spans, spans[0])
    assert axes.get_zlim()[0] == 0


def test_sum_is_the_diagonal():
    axes = plots.vector_sum([3, 1], [1, 2]).axes[0]
    assert arrows_of(axes)[-1] == (0, 0, 4, 3)
    sides = [path.vertices.tolist() for path in axes.collections[0].get_paths()]
    assert sides == [[[3, 1], [4, 3]], [[1, 2], [4, 3]]]


@pytest.mark.parametrize(
    ("a", "b"), [([1, 3], [4, 1]), ([-2, 1], [3, 0]), ([0, 2], [2, 0]), ([2, 1], [4, 2])]
)
def test_projection_leaves_a_right_angle(a, b):
    arrows = arrows_of(plots.projection(a, b).axes[0])
    onto, given, rest, foot = (np.array(arrow[2:]) for arrow in arrows)
    np.testing.assert_allclose(foot + rest, given)
    np.testing.assert_allclose(rest @ onto, 0, atol=1e-12)
    np.testing.assert_allclose(np.cross(np.append(foot, 0), np.append(onto, 0)), 0, atol=1e-12)


def test_linear_map_takes_the_basis_to_the_columns():
    before, after = plots.linear_map([[2, 1], [0, 3]], eigenvectors=False).axes
    assert arrows_of(before) == [(0, 0, 1, 0), (0, 0, 0, 1)]
    assert arrows_of(after) == [(0, 0, 2, 0), (0, 0, 1, 3)]
    assert before.get_xlim() == after.get_xlim() == before.get_ylim()


def test_linear_map_makes_an_ellipse_with_the_singular_values():
    A = np.array([[2.0, 1.0], [-1.0, 0.5]])
    _, after = plots.linear_map(A).axes
    radii = np.hypot(*next(line for line in after.lines if len(line.get_xdata()) > 100).get_data())
    np.testing.assert_allclose([radii.max(), radii.min()], np.linalg.svd(A)[1], rtol=1e-3)


def test_eigenvectors_are_drawn_where_the_map_takes_them():
    A = np.array([[2.0, 1.0], [1.0, 2.0]])
    before, after = plots.linear_map(A).axes
    kept = list(zip(arrows_of(before)[2:], arrows_of(after)[2:], strict=True))
    assert len(kept) == 2
    for start, end in kept:
        np.testing.assert_allclose(A @ start[2:], end[2:], atol=1e-12)
    assert [one for one in texts_of(after) if "λ" in one] == ["λ = 1", "λ = 3"]


@pytest.mark.parametrize(
    ("matrix", "words", "count"),
    [
        ([[0, -1], [1, 0]], "eigenvalues 0 ± 1i: complex, every direction is turned", 0),
        ([[1, 1], [0, 1]], "eigenvalue 1", 1),
        ([[2, 0], [0, 2]], "eigenvalue 2", 2),
        ([[1, 2], [0.5, 1]], "eigenvalues 0, 2", 2),
        ([[-1, 0], [0, 3]], "eigenvalues −1, 3", 2),
    ],
)
def test_eigenvalues_of_each_kind_of_matrix(matrix, words, count):
    A = np.array(matrix, np.float64)
    assert eigenvalue_text(A) == words
    assert len(real_eigenvectors(A)[0]) == count
    assert plots.linear_map(A).axes[1].get_title(loc="left").endswith(words)


@pytest.mark.parametrize(
    "matrix", [[[1, 0], [0, 1]], [[100, 30], [0, -50]], [[0, 0], [0, 0]], [[0.01, 0], [0, 3]]]
)
def test_grid_fills_the_view_before_the_map_with_few_lines(matrix):
    before = plots.linear_map(matrix).axes[0]
    vertical = [path.vertices[0, 0] for path in before.collections[0].get_paths()]
    assert max(vertical) >= before.get_xlim()[1]
    assert len(vertical) < 50


def test_a_shape_is_mapped_corner_by_corner():
    corners = np.array([[0, 0], [2, 0], [0, 1]])
    before, after = plots.linear_map([[0, 1], [1, 0]], shape=corners).axes
    np.testing.assert_array_equal(before.patches[0].get_xy()[:3], corners)
    np.testing.assert_array_equal(after.patches[0].get_xy()[:3], corners[:, ::-1])


@pytest.mark.parametrize(
    ("matrix", "title", "words"),
    [
        ([[2, 1], [0.5, 1.5]], "det A = 2.5", "area 2.5"),
        ([[1, 2], [2, 1]], "det A = −3", "area 3, turned over"),
        ([[1, 2], [2, 4]], "det A = 0", "flat: area 0"),
        ([[0, 0], [0, 0]], "det A = 0", "flat: area 0"),
    ],
)
def test_determinant_is_the_area_of_the_parallelogram(matrix, title, words):
    axes = plots.determinant(matrix).axes[0]
    x, y = axes.patches[1].get_xy()[:4].T
    shoelace = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    np.testing.assert_allclose(shoelace, abs(np.linalg.det(matrix)), atol=1e-12)
    assert (axes.get_title(loc="left"), texts_of(axes)[0]) == (title, words)


MATRICES = [[[2, 1], [-0.5, 1.5]], [[1, 2], [2, 1]], [[0, -2], [1, 0]], [[-1, 0], [0, -1]], [[1, 2], [2, 4]]]


@pytest.mark.parametrize("matrix", MATRICES)
def test_svd_first_rotates_and_multiplies_to_the_matrix(matrix):
    U, sigma, Vt = rotating_svd(np.array(matrix, np.float64))
    np.testing.assert_allclose(U @ np.diag(sigma) @ Vt, matrix, atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(Vt), 1)


@pytest.mark.parametrize("matrix", MATRICES)
def test_svd_panels_end_at_the_matrix(matrix):
    panels = plots.svd(matrix).axes
    start, end = (np.array([arrow[2:] for arrow in arrows_of(panels[place])]) for place in (0, 3))
    np.testing.assert_allclose(start @ np.array(matrix).T, end, atol=1e-12)
    turned = np.array([arrow[2:] for arrow in arrows_of(panels[1])])
    np.testing.assert_allclose(turned, np.eye(2), atol=1e-12)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[0, -1], [1, 0]], "Q: rotate by 90°"),
        ([[1, 0], [0, -1]], "Q: reflect in the line at 0°"),
        ([[0, 1], [1, 0]], "Q: reflect in the line at 45°"),
    ],
)
def test_orthogonal_matrices_in_words(matrix, words):
    assert turn_text("Q", np.array(matrix, np.float64)) == words


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (
            lambda: plots.vectors([1, 2]),
            ShapeError,
            "arrows must have 2 axis or axes, got arrows (2,)",
        ),
        (lambda: plots.vectors(np.ones((2, 4))), ShapeError, "points (N, 2), got arrows (2, 4)"),
        (lambda: plots.vectors(np.zeros((0, 2))), DataError, "vectors: there is nothing to draw"),
        (lambda: plots.vectors([[1, 2]], ["a", "b"]), ShapeError, "names (2,)"),
        (lambda: plots.vectors([[1, 2]], tails=[[0, 0], [1, 1]]), ShapeError, "tails (2, 2)"),
        (lambda: plots.vector_sum([1, 2, 3], [1, 2]), ShapeError, "a must be 2 finite numbers, got a (3,)"),
        (lambda: plots.vector_sum([1, np.nan], [1, 2]), ShapeError, "a must be 2 finite numbers"),
        (lambda: plots.projection([1, 2], [0, 0]), DataError, "onto is the zero vector"),
        (lambda: plots.linear_map(np.eye(3)), ShapeError, "(2, 2) of finite numbers, got matrix (3, 3)"),
        (lambda: plots.svd([[1, np.inf], [0, 1]]), ShapeError, "svd: a linear map of the plane"),
        (lambda: plots.determinant([[1j, 0], [0, 1]]), DTypeError, "matrix is complex"),
        (lambda: plots.linear_map(np.eye(2), shape=[[1, 2, 3]]), ShapeError, "shape (1, 3)"),
    ],
)
def test_refuses_what_is_not_a_vector_or_map_of_the_plane(draw, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        draw()
