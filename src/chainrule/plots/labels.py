"""Texts in figures: numbers, formulas, notes, legends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.plots.style import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.text import Text
    from numpy.typing import ArrayLike

# Below this a whole number is written out.
SHORT = 1e6
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 3) -> str:
    """A number to so many significant digits, more before the point, with a true minus sign.

    >>> number(-0.5), number(2.0), number(-5000.4), number(1234567.0)
    ('−0.5', '2', '−5000', '1.23e+06')
    """
    if 10**digits <= abs(value) < SHORT:
        digits = len(str(int(abs(value))))
    return f"{value:.{digits}g}".replace("-", "−") if value else "0"


def numbers(values: Iterable[float], digits: int = 3) -> str:
    """Several of them, between commas."""
    return ", ".join(number(value, digits) for value in values)


def power_of_ten(value: float) -> str:
    """A power of ten, as a number while that is short.

    >>> power_of_ten(0.01), power_of_ten(1e-12), power_of_ten(20000.0)
    ('0.01', '10⁻¹²', '20000')
    """
    exponent = float(np.log10(value)) if value > 0 else 0.5
    if abs(exponent) <= 3 or exponent != round(exponent):
        return number(value, 6)
    return "10" + str(round(exponent)).translate(SUPERSCRIPTS)


def room_for(names: Iterable[str]) -> float:
    """The inches that the longest name takes; Chinese characters are twice as wide.

    >>> round(room_for(["cat", "猫猫"]), 3)
    0.3
    """
    widths = [sum(2 if ord(letter) > 0x2E80 else 1 for letter in name) for name in names]
    return 0.075 * max(widths, default=0)


def formulas(*texts: Text) -> None:
    """Read the dollar signs of these texts as formulas; in all others they are letters."""
    for one in texts:
        one.set_parse_math(True)


def formula_labels(axes: Axes, x: str = "$x$", y: str = "$y$", z: str = "") -> None:
    """Name the axes by formulas."""
    axes.set(xlabel=x, ylabel=y)
    formulas(axes.xaxis.label, axes.yaxis.label)
    if z:
        axes.set_zlabel(z)
        formulas(axes.zaxis.label)


def legend_beside(axes: Axes, known: Iterable[str] = (), **options: Any) -> Legend:
    """A legend outside the axes, where it covers nothing; entries among ``known`` are formulas."""
    entries = axes.get_legend_handles_labels()
    made: Legend = axes.figure.legend(*entries, **{"loc": "outside right upper", **options})
    names = set(known)
    formulas(*(entry for entry in made.get_texts() if entry.get_text() in names))
    return made


def note(axes: Axes, at: ArrayLike, words: str, *, formula: bool = False, **options: Any) -> Text:
    """A text at a place, which stays readable on top of lines."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=3, foreground=PAPER)]
    look = {"color": INK, "ha": "center", "va": "center", "fontsize": 10, "path_effects": halo}
    place = {"textcoords": "offset points", "xytext": (0, 0)}
    made: Text = axes.annotate(words, tuple(np.asarray(at)), **{**look, **place, **options})
    made.set_parse_math(formula)
    return made


def name_tip(
    axes: Axes, tip: ArrayLike, direction: ArrayLike, words: str, color: str, *, formula: bool = False
) -> Text:
    """A vector's name, a little beyond its tip."""
    along = np.asarray(direction, np.float64)
    unit = along / max(float(np.hypot(*along)), 1e-12)
    offset = tuple(11 * unit)
    return note(axes, tip, words, formula=formula, color=color, fontsize=11, xytext=offset)
