"""A matrix as a map of the plane: grid, unit circle and square before and after; determinant; SVD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import text
from chainrule.plots.inputs import plane_matrix, points
from chainrule.plots.labels import name_tip, note, number, numbers
from chainrule.plots.marks import DASHED, arrows, segments
from chainrule.plots.style import BLUE, CYAN, GREEN, MUTED, PURPLE, RED, YELLOW, new_figure, styled
from chainrule.plots.views import square_view, through_origin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

    Matrix = NDArray[np.float64]

SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 181)), np.sin(np.linspace(0, 2 * np.pi, 181))], axis=1)
MOST_GRID_LINES = 24


@styled
def linear_map(matrix: ArrayLike, *, shape: ArrayLike | None = None, eigenvectors: bool = True) -> Figure:
    r"""Draw the plane before and after a linear map :math:`x \mapsto Ax`.

    Both panels have one scale. They show the grid, the unit circle (which becomes an ellipse), the basis
    vectors (which become the columns of :math:`A`), a shape, and the directions that the map keeps:
    :math:`Av = \lambda v`. Complex eigenvalues, which no direction of the plane belongs to, are told in
    the title.

    Parameters
    ----------
    matrix : array_like (2, 2)
        :math:`A`.
    shape : array_like (N, 2), optional
        Corners of a polygon; the unit square by default, whose area becomes :math:`|\det A|`.
    eigenvectors : bool
        Whether to draw them.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ShapeError
        If the matrix is not 2 × 2 and finite.

    Examples
    --------
    >>> figure = linear_map([[2, 1], [1, 2]])
    >>> print(figure.axes[1].get_title(loc="left"))
    after: det A = 3
    eigenvalues 1, 3
    """
    A = plane_matrix("linear_map", matrix)
    corners = SQUARE if shape is None else points("linear_map", "shape", shape)
    limit = _limit(corners, corners @ A.T, CIRCLE @ A.T)
    figure, axes = new_figure(8.4, 4.5, columns=2)
    for one, through in ((axes[0, 0], np.eye(2)), (axes[0, 1], A)):
        square_view(one, limit)
        _plane(one, through, corners, limit)
        _basis(one, through, ("e₁", "e₂") if one is axes[0, 0] else ("Ae₁", "Ae₂"))
    axes[0, 0].set_title(text("plots.before"))
    values, directions = real_eigenvectors(A)
    if eigenvectors:
        _kept_directions(axes[0], values, directions, limit)
    words = f"{text('plots.after')}: det A = {number(_determinant(A))}"
    axes[0, 1].set_title(f"{words}\n{eigenvalue_text(A)}" if eigenvectors else words)
    return figure


@styled
def determinant(matrix: ArrayLike) -> Figure:
    r"""Draw the determinant as the area of the parallelogram that a matrix makes of the unit square.

    .. math:: \det A = \pm\,\text{area of } \{A x : x \in [0, 1]^2\}

    The sign is negative where the map turns the plane over.

    Parameters
    ----------
    matrix : array_like (2, 2)
        Its columns are the sides.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = determinant([[2, 1], [1, 2]])
    >>> figure.axes[0].get_title(loc="left"), figure.axes[0].texts[0].get_text()
    ('det A = 3', 'area 3')
    """
    A = plane_matrix("determinant", matrix)
    value = _determinant(A)
    corners = SQUARE @ A.T
    figure, axes = new_figure(4.6, 4.7)
    ax = axes[0, 0]
    _view_around(ax, np.vstack([SQUARE, corners]))
    through_origin(ax)
    ax.fill(*SQUARE.T, facecolor="none", edgecolor=MUTED, linestyle=DASHED, linewidth=1)
    ax.fill(*corners.T, color=RED if value < 0 else BLUE, alpha=0.18, linewidth=0)
    key = "plots.flat" if _is_flat(A) else "plots.area_turned" if value < 0 else "plots.area_is"
    note(ax, corners.mean(axis=0), text(key, value=number(abs(value), 4)))
    _basis(ax, A, ("a₁", "a₂"))
    ax.set_title(f"det A = {number(value, 4)}")
    return figure


@styled
def svd(matrix: ArrayLike) -> Figure:
    r"""Draw the singular value decomposition: every linear map rotates, stretches, and rotates.

    .. math:: A = U \Sigma V^{T}, \qquad A v_i = \sigma_i u_i

    Four panels: the unit circle with :math:`v_1, v_2`; after :math:`V^{T}`, which turns these into the axes;
    after :math:`\Sigma`, which stretches along the axes; after :math:`U`. Where :math:`\det A < 0`,
    the last step is a reflection.

    Parameters
    ----------
    matrix : array_like (2, 2)
        :math:`A`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = svd([[0, -2], [1, 0]])
    >>> [axes.get_title(loc="left") for axes in figure.axes][2]
    'Σ: stretch by 2, 1'
    """
    A = plane_matrix("svd", matrix)
    U, sigma, Vt = rotating_svd(A)
    stages = [np.eye(2), Vt, np.diag(sigma) @ Vt, U @ np.diag(sigma) @ Vt]
    figure, axes = new_figure(8.0, 8.2, 2, 2)
    limit = 1.1 * _limit(CIRCLE * sigma[0], CIRCLE)
    names = (("v₁", "v₂"), ("", ""), ("σ₁", "σ₂"), ("σ₁u₁", "σ₂u₂"))
    stretches = numbers(sigma)
    titles = [
        text("plots.unit_circle"),
        turn_text("Vᵀ", Vt),
        text("plots.stretch", what="Σ", values=stretches),
        turn_text("U", U),
    ]
    for one, stage, name, title in zip(axes.flat, stages, names, titles, strict=True):
        square_view(one, limit)
        _plane(one, stage, None, limit)
        _basis(one, stage @ Vt.T, name, (GREEN, PURPLE))
        one.set_title(title)
    return figure


def real_eigenvectors(A: Matrix) -> tuple[NDArray[Any], Matrix]:
    """Real eigenvalues, and unit eigenvectors as rows; a direction that occurs twice is given once."""
    values, columns = np.linalg.eig(A)
    values = _without_rounding(values, A)
    if np.iscomplexobj(values):
        return np.empty(0), np.empty((0, 2))
    rows = columns.T
    # A shear has a double eigenvalue with a single direction.
    if abs(rows[0, 0] * rows[1, 1] - rows[0, 1] * rows[1, 0]) < 1e-7:
        values, rows = values[:1], rows[:1]
    order = np.argsort(values, kind="stable")
    return values[order], rows[order]


def eigenvalue_text(A: Matrix) -> str:
    """The eigenvalues in words, complex ones with what they mean."""
    values = np.sort_complex(_without_rounding(np.linalg.eigvals(A).astype(complex), A))
    if values.imag.any():
        return text("plots.turns", values=f"{number(values[0].real)} ± {number(abs(values[0].imag))}i")
    one, other = map(number, values.real)
    if one == other:
        return text("plots.eigenvalue", values=one)
    return text("plots.eigenvalues", values=f"{one}, {other}")


def rotating_svd(A: Matrix) -> tuple[Matrix, NDArray[Any], Matrix]:
    """The SVD with signs such that the first factor to act, Vᵀ, is a rotation."""
    U, sigma, Vt = np.linalg.svd(A)
    if np.linalg.det(Vt) < 0:
        Vt[1], U[:, 1] = -Vt[1], -U[:, 1]
    # Both signs turned leave the product, and can save half a turn.
    if Vt[0, 0] < 0:
        Vt, U = -Vt, -U
    return U, sigma, Vt


def turn_text(what: str, Q: Matrix) -> str:
    """An orthogonal matrix in words: a rotation by an angle, or a reflection in a line."""
    angle = float(np.degrees(np.arctan2(Q[1, 0], Q[0, 0])))
    if np.linalg.det(Q) < 0:
        return text("plots.reflect", what=what, angle=_degrees(angle / 2))
    return text("plots.rotate", what=what, angle=_degrees(angle))


def _degrees(angle: float) -> str:
    return number(angle if abs(angle) >= 0.05 else 0.0)


def _without_rounding(values: NDArray[Any], A: Matrix) -> NDArray[Any]:
    """Eigenvalues that are zero but for rounding, as zero."""
    return np.where(np.abs(values) < 1e-13 * np.linalg.norm(A), 0.0, values)


def _determinant(A: Matrix) -> float:
    return 0.0 if _is_flat(A) else float(np.linalg.det(A))


def _is_flat(A: Matrix) -> bool:
    largest, smallest = np.linalg.svd(A, compute_uv=False)
    return bool(smallest <= 1e-12 * largest)


def _limit(*shapes: Matrix) -> float:
    reach = max(float(np.abs(shape).max()) for shape in shapes)
    return max(1.5, 1.2 * reach)


def _view_around(axes: Axes, reached: Matrix) -> None:
    low, high = reached.min(axis=0), reached.max(axis=0)
    half = 0.6 * float((high - low).max())
    middle = (low + high) / 2
    x, y = ((float(m - half), float(m + half)) for m in middle)
    axes.set(xlim=x, ylim=y, aspect="equal")


def _plane(axes: Axes, A: Matrix, corners: Matrix | None, limit: float) -> None:
    """Grid, circle and shape as a map leaves them."""
    axes.grid(visible=False)
    through_origin(axes)
    places = _grid_places(A, limit)
    reach = places[-1]
    for color, flip in ((CYAN, 1), (YELLOW, -1)):
        lines = [np.array([[t, -reach], [t, reach]])[:, ::flip] @ A.T for t in places]
        segments(axes, lines, color, alpha=0.6)
    axes.plot(*(CIRCLE @ A.T).T, color=MUTED, linewidth=1.5)
    if corners is not None:
        axes.fill(*(corners @ A.T).T, color=BLUE, alpha=0.2, linewidth=0)


def _grid_places(A: Matrix, limit: float) -> Matrix:
    """Where grid lines are: at whole numbers, or at tens in a wide view; enough to fill it."""
    step = 10.0 ** max(0, round(np.log10(limit / 5)))
    smallest = float(np.linalg.svd(A, compute_uv=False)[-1])
    wanted = 1.5 * limit / (step * max(smallest, 1e-9))
    count = int(np.ceil(min(wanted, MOST_GRID_LINES)))
    return step * np.arange(-count, count + 1)


def _basis(axes: Axes, A: Matrix, names: tuple[str, str], colors: tuple[str, str] = (BLUE, RED)) -> None:
    arrows(axes, np.zeros((2, 2)), A.T, list(colors))
    for column, name, color in zip(A.T, names, colors, strict=True):
        if name:
            name_tip(axes, column, column, name, color)


def _kept_directions(axes: Any, values: NDArray[Any], directions: Matrix, limit: float) -> None:
    for value, direction in zip(values, directions, strict=True):
        for one, factor in ((axes[0], 1.0), (axes[1], value)):
            one.axline((0, 0), tuple(direction), color=GREEN, linewidth=1, linestyle=DASHED)
            arrows(one, np.zeros(2), factor * direction, GREEN)
        place = _far_along(direction, limit)
        note(axes[1], place, f"λ = {number(value)}", color=GREEN)


def _far_along(direction: NDArray[Any], limit: float) -> NDArray[Any]:
    """A place on a line near the edge of the view, below the origin where arrows are few."""
    down = -direction if direction[1] > 0 or (direction[1] == 0 and direction[0] > 0) else direction
    return 0.8 * limit * down / np.abs(down).max()
