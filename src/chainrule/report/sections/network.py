"""The network itself: layers, filters and feature maps, formulas."""

from __future__ import annotations

import numpy as np

from chainrule import plots
from chainrule.errors import text
from chainrule.report.charts import picture, raster
from chainrule.report.findings import Findings, LayerRow
from chainrule.report.markup import Markup, element, number_cell, table
from chainrule.report.numbers import count, short_count


def model(findings: Findings) -> Markup | None:
    """The summary of the model."""
    if not findings.layers:
        return None
    parameters = max(row.parameters for row in findings.layers) or 1
    flops = max(row.flops for row in findings.layers) or 1
    rows = [_row(row, parameters, flops) for row in findings.layers]
    total = [
        number_cell(count(findings.parameters)),
        number_cell(short_count(sum(r.flops for r in findings.layers))),
    ]
    rows.append([element("td", text("report.total"), class_="average"), element("td"), element("td"), *total])
    head = [text(f"report.{key}") for key in ("layer", "kind", "output", "parameters")]
    return table([*head, "FLOPs"], rows, class_="layers")


def _row(row: LayerRow, parameters: int, flops: int) -> list[Markup]:
    return [
        element("td", element("code", row.path)),
        element("td", row.kind),
        element("td", row.shape, class_="num"),
        number_cell(count(row.parameters), row.parameters / parameters),
        number_cell(short_count(row.flops), row.flops / flops),
    ]


def inside(findings: Findings) -> Markup | None:
    """The first layer's filters, one picture, and what the layer makes of it."""
    look = findings.inside
    if look is None:
        return None
    example, layer = text("report.example"), text("report.filters", layer=look.layer)
    parts = [
        _named(example, picture(plots.to_pixels(look.example[np.newaxis])[0], example), "example"),
        _named(layer, raster(plots.filters(look.filters), layer)),
    ]
    if look.maps is not None:
        maps = text("report.maps", layer=look.layer)
        parts.append(_named(maps, raster(plots.feature_maps(look.maps), maps)))
    return element("div", parts, class_="inside")


def _named(name: str, content: Markup, kind: str | None = None) -> Markup:
    return element("figure", element("figcaption", name), content, class_=kind)


def formulas(findings: Findings) -> Markup | None:
    """Every step of the model with its formula, folded away."""
    if findings.formulas is None:
        return None
    return element(
        "details", element("summary", text("report.show_formulas")), findings.formulas, class_="more"
    )
