"""Small pieces of SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

WIDTH = 1000.0


def picture(height: float, parts: Iterable[str], label: str) -> str:
    """A drawing as wide as the page."""
    box = f"0 0 {WIDTH:g} {height:g}"
    return f'<svg viewBox="{box}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>\n'


def rectangle(place: tuple[float, float, float, float], kind: str, about: str) -> str:
    """A rectangle (x, y, width, height) in the colour of a kind, with words under the pointer."""
    x, y, width, height = place
    corners = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
    return f'<rect class="{kind}" {corners}><title>{escape(about)}</title></rect>'


def dot(x: float, y: float, radius: float, kind: str, about: str) -> str:
    """A dot with words under the pointer."""
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"'
    return f'<circle class="{kind}" {place}><title>{escape(about)}</title></circle>'


def words(x: float, y: float, shown: str, anchor: str = "middle", kind: str = "") -> str:
    """Words beginning, ending or centred at a point."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(shown)}</text>'


def line(start: tuple[float, float], end: tuple[float, float], kind: str = "grid") -> str:
    """A straight line."""
    (x1, y1), (x2, y2) = start, end
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def path(points: Iterable[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def round_steps(largest: float, count: int = 6) -> list[float]:
    """About so many round numbers from 0 to the largest.

    >>> round_steps(374.0)
    [0.0, 100.0, 200.0, 300.0]
    """
    least = largest / count
    power = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    return [i * step for i in range(int(largest / step * (1 + 1e-9)) + 1)]
