"""Vectors of the plane and of space as arrows; their sum and their projection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error
from chainrule.plots.inputs import numbers, points, vector
from chainrule.plots.labels import formula_labels, name_tip, note, number
from chainrule.plots.marks import DASHED, arrows, right_angle, segments
from chainrule.plots.space import equal_box, new_space
from chainrule.plots.style import BLUE, INK, MUTED, PALETTE, PURPLE, RED, new_figure, styled
from chainrule.plots.views import through_origin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


@styled
def vectors(
    arrows: ArrayLike,
    names: Sequence[str] | None = None,
    *,
    tails: ArrayLike | None = None,
    title: str = "",
) -> Figure:
    """Draw vectors as arrows, with the same scale on all axes.

    Parameters
    ----------
    arrows : array_like (N, 2) or (N, 3)
        One vector per row.
    names : sequence of str, optional
        One for each, at its tip.
    tails : array_like (N, 2) or (N, 3), optional
        Where each begins; the origin by default.
    title : str
        Text above.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ShapeError
        If the vectors have neither two nor three components, or names or tails don't fit them.

    Examples
    --------
    >>> figure = vectors([[3, 1], [1, 2]], ["a", "b"])
    >>> [label.get_text() for label in figure.axes[0].texts]
    ['a', 'b']
    """
    given = numbers("vectors", "arrows", arrows, axes=2)
    dimension = 3 if given.shape[1] == 3 else 2
    given = points("vectors", "arrows", given, dimension)
    starts = np.zeros_like(given) if tails is None else points("vectors", "tails", tails, dimension)
    if starts.shape != given.shape or (names is not None and len(names) != len(given)):
        shapes = {"arrows": given.shape, "tails": starts.shape}
        shapes |= {} if names is None else {"names": (len(names),)}
        raise error("plots.lengths", plot="vectors", what="name and tail", shapes=shapes)
    labels = [""] * len(given) if names is None else list(names)
    return (_in_space if dimension == 3 else _in_plane)(starts, given, labels, title)


@styled
def vector_sum(a: ArrayLike, b: ArrayLike, *, names: tuple[str, str] = ("a", "b")) -> Figure:
    """Draw the sum of two vectors as the diagonal of their parallelogram.

    Parameters
    ----------
    a, b : array_like (2,)
        The vectors.
    names : (str, str)
        What they are called.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = vector_sum([3, 1], [1, 2])
    >>> figure.axes[0].collections[-1].U.tolist(), figure.axes[0].texts[-1].get_text()
    ([4.0], 'a + b')
    """
    one, other = vector("vector_sum", "a", a), vector("vector_sum", "b", b)
    total = one + other
    axes, figure = _plane([np.zeros(2), one, other, total])
    sides = [np.stack([one, total]), np.stack([other, total])]
    segments(axes, sides, MUTED, linestyles=[DASHED], linewidths=1.2)
    for end, name, color in ((one, names[0], BLUE), (other, names[1], RED)):
        _named_arrow(axes, np.zeros(2), end, name, color)
    _named_arrow(axes, np.zeros(2), total, f"{names[0]} + {names[1]}", PURPLE)
    return figure


@styled
def projection(a: ArrayLike, onto: ArrayLike, *, names: tuple[str, str] = ("a", "b")) -> Figure:
    r"""Draw the orthogonal projection of a vector onto the line of another.

    .. math:: p = \frac{a \cdot b}{b \cdot b}\, b, \qquad (a - p) \perp b

    Parameters
    ----------
    a, onto : array_like (2,)
        The vector, and the one whose line it is projected on.
    names : (str, str)
        What they are called.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    DataError
        If the second vector is zero.

    Examples
    --------
    >>> figure = projection([1, 3], onto=[4, 0])
    >>> figure.axes[0].get_title(loc="left")
    'p = 0.25 b'
    """
    one, line = vector("projection", "a", a), vector("projection", "onto", onto)
    if not line.any():
        raise error("plots.zero_vector", plot="projection", name="onto")
    factor = float(one @ line / (line @ line))
    foot = factor * line
    axes, figure = _plane([np.zeros(2), one, line, foot])
    axes.axline((0, 0), tuple(line), color=MUTED, linewidth=0.8, linestyle=DASHED)
    _named_arrow(axes, np.zeros(2), line, names[1], RED)
    _named_arrow(axes, np.zeros(2), one, names[0], BLUE)
    _named_arrow(axes, foot, one - foot, "", MUTED)
    _foot(axes, one, foot, line, names[0])
    axes.set_title(f"p = {number(factor, 4)} {names[1]}")
    return figure


def _foot(axes: Axes, a: NDArray[Any], foot: NDArray[Any], line: NDArray[Any], name: str) -> None:
    """The projection itself, and the right angle that the rest of the vector makes with it."""
    arrows(axes, np.zeros(2), foot, PURPLE, width=0.014)
    rest = a - foot
    away = -rest / max(float(np.hypot(*rest)), 1e-12)
    note(axes, foot / 2, "p", color=PURPLE, fontsize=11, xytext=tuple(14 * away))
    size = 0.04 * (axes.get_xlim()[1] - axes.get_xlim()[0])
    if np.hypot(*rest) > size:
        note(axes, foot + rest / 2, f"{name} − p", color=MUTED, xytext=tuple(24 * line / np.hypot(*line)))
        back = -foot if foot.any() else -line
        right_angle(axes, foot, back, rest, size)


def _named_arrow(axes: Axes, tail: NDArray[Any], along: NDArray[Any], name: str, color: str) -> None:
    arrows(axes, tail, along, color)
    if name:
        name_tip(axes, tail + along, along, name, color)


def _plane(reached: Sequence[NDArray[np.floating]]) -> tuple[Axes, Figure]:
    """Axes of equal scale that hold all points reached, and room for the names at tips."""
    ends = np.array(reached)
    low, high = ends.min(axis=0), ends.max(axis=0)
    room = 0.14 * max(float((high - low).max()), 1e-3)
    low, high = low - room, high + room
    width, height = high - low
    scale = 4.6 / max(width, height)
    figure, axes = new_figure(max(2.4, width * scale) + 0.6, max(1.8, height * scale) + 0.7)
    axes[0, 0].set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    through_origin(axes[0, 0])
    formula_labels(axes[0, 0])
    return axes[0, 0], figure


def _in_plane(tails: NDArray[Any], given: NDArray[Any], names: Sequence[str], title: str) -> Figure:
    axes, figure = _plane([np.zeros(2), *tails, *(tails + given)])
    for place, (tail, along) in enumerate(zip(tails, given, strict=True)):
        _named_arrow(axes, tail, along, names[place], PALETTE[place % len(PALETTE)])
    axes.set_title(title)
    return figure


def _in_space(tails: NDArray[Any], given: NDArray[Any], names: Sequence[str], title: str) -> Figure:
    figure, axes = new_space(5.0, 4.6)
    ends = tails + given
    floor = min(0.0, float(np.vstack([tails, ends])[:, 2].min()))
    for place, (tail, along, end) in enumerate(zip(tails, given, ends, strict=True)):
        color = PALETTE[place % len(PALETTE)]
        axes.quiver(*tail, *along, color=color, arrow_length_ratio=0.12, linewidth=2)
        axes.text(*(end + 0.06 * along), names[place], color=color, fontsize=11, ha="center")
        # Where above the floor a tip is cannot be seen without its shadow.
        axes.plot(*np.array([end, [end[0], end[1], floor]]).T, color=MUTED, linewidth=0.8, linestyle=DASHED)
    axes.scatter(0, 0, 0, color=INK, s=12)
    equal_box(axes, np.vstack([np.zeros(3), tails, ends]))
    axes.set_title(title)
    return figure
