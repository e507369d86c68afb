"""Figures as SVG, PNG and files."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import error
from chainrule.plots.style import INK, MUTED, PAPER, RULE, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png", ".pdf")
VARIABLES = {INK: "--ink", MUTED: "--muted", RULE: "--rule", PAPER: "--paper"}

_BEFORE_SVG = re.compile(r"\A.*?(?=<svg )", re.DOTALL)
_METADATA = re.compile(r"\s*<(metadata|style)\b.*?</\1>", re.DOTALL)
_SIZE = re.compile(r' (?:width|height)="[\d.]+pt"')
_NAMED_GROUP = re.compile(r'<g id="[^"]*"')
_FONT = re.compile(r"font-family: [^;\"]*")


@styled
def to_svg(figure: Figure, *, page_id: str | None = None) -> str:
    """A figure as the text of an SVG.

    Parameters
    ----------
    figure : Figure
        As the functions of `chainrule.plots` return it.
    page_id : str, optional
        Make it part of an HTML page, in which no other figure has this name. It takes the page's
        width and font, and its ink and background are the CSS variables ``--ink``, ``--muted``,
        ``--rule`` and ``--paper``, so that it follows a light or dark page. Without it the SVG stands
        alone, and its letters are outlines, which look the same everywhere.

    Examples
    --------
    >>> from chainrule.plots import bars
    >>> to_svg(bars(["一", "二"], [1, 2]), page_id="counts")[:4]
    '<svg'
    """
    import matplotlib as mpl

    target = io.StringIO()
    settings = {"svg.fonttype": "path", "svg.hashsalt": "chainrule"}
    if page_id is not None:
        settings = {"svg.fonttype": "none", "svg.hashsalt": page_id}
    with mpl.rc_context(settings):
        figure.savefig(target, format="svg", metadata={"Date": None}, transparent=page_id is not None)
    return target.getvalue() if page_id is None else _for_page(target.getvalue())


def _for_page(svg: str) -> str:
    svg = _METADATA.sub("", _BEFORE_SVG.sub("", svg))
    svg = _NAMED_GROUP.sub("<g", _SIZE.sub("", svg, count=2))
    svg = _FONT.sub("font-family: var(--font, sans-serif)", svg)
    for color, variable in VARIABLES.items():
        svg = svg.replace(color, f"var({variable}, {color})")
    return svg.strip()


@styled
def to_png(figure: Figure, *, dpi: float = 144) -> bytes:
    """A figure as the bytes of a PNG, with so many pixels per inch.

    Examples
    --------
    >>> from chainrule.plots import bars
    >>> to_png(bars(["a"], [1]))[1:4]
    b'PNG'
    """
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=dpi)
    return target.getvalue()


@styled
def save(figure: Figure, path: str | Path, *, dpi: float = 144) -> Path:
    """Write a figure to a file: ``.svg``, ``.png`` or ``.pdf``.

    Raises
    ------
    ConfigError
        For any other ending.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise error("plots.format", allowed=", ".join(FORMATS), got=path.suffix)
    figure.savefig(path, dpi=dpi)
    return path
