"""Figures as parts of the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chainrule import plots
from chainrule.report.markup import Markup, data_uri, element

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REM_PER_INCH = 7.2
# Wider figures, in inches, scroll on a narrow screen.
WIDE = 7.0


def chart(figure: Figure, page_id: str, label: str, hover: str | None = None) -> Markup:
    """A figure as vector graphics that follow the page's colours and font.

    Parameters
    ----------
    figure : Figure
        From `chainrule.plots`.
    page_id : str
        A name that no other chart of the page has.
    label : str
        What it shows, for those who cannot see it.
    hover : str, optional
        What `hover_data` gave, to show numbers under the pointer.
    """
    svg = Markup(plots.to_svg(figure, page_id=page_id))
    # Letters are of one size in narrow and wide figures.
    inches = figure.get_figwidth()
    kind = "chart wide" if inches > WIDE else "chart"
    width = f"max-width:{inches * REM_PER_INCH:.1f}rem"
    return element("div", svg, class_=kind, role="img", aria_label=label, style=width, data_hover=hover)


def hover_data(figure: Figure, series: Mapping[str, Sequence[float]], unit: str) -> str:
    """Where the lines of a drawn figure are, and their values, as JSON for the page's script."""
    axes = figure.axes[0]
    box = axes.get_position()
    lines = {name: [_rounded(value) for value in values] for name, values in series.items()}
    found: dict[str, Any] = {
        "box": [box.x0, 1 - box.y1, box.x1, 1 - box.y0],
        "limits": list(axes.get_xlim()),
        "colors": {line.get_label(): line.get_color() for line in axes.lines if line.get_label() in lines},
        "series": lines,
        "unit": unit,
    }
    return json.dumps(found, ensure_ascii=False, allow_nan=False)


def _rounded(value: float) -> float | None:
    return float(f"{value:.5g}") if abs(value) < float("inf") else None


def picture(pixels: Any, label: str) -> Markup:
    """One image (H, W, C) of 8-bit pixels, with hard edges where it is small."""
    import io

    from PIL import Image

    target = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(target, "PNG")
    small = "pixelated" if max(pixels.shape[:2]) < 64 else None
    return element("img", src=data_uri(target.getvalue(), "image/png"), alt=label, class_=small)


def raster(figure: Figure, label: str) -> Markup:
    """A figure made of pictures, as a PNG with a clear background."""
    figure.patch.set_alpha(0)
    return element("img", src=data_uri(plots.to_png(figure), "image/png"), alt=label, class_="raster")
