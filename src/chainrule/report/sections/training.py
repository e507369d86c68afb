"""How the training went: curves and gradients over epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from chainrule import plots
from chainrule.errors import messages, text
from chainrule.report.charts import chart, hover_data
from chainrule.report.findings import Findings
from chainrule.report.markup import Markup, element


def learning(findings: Findings) -> Markup | None:
    """A chart for each metric, with a line for each part of the data."""
    if not findings.history:
        return None
    charts = [_chart(metric, parts, findings.best_epoch) for metric, parts in findings.history.items()]
    best = findings.best_epoch
    note = None if best is None else element("p", text("report.best_epoch", epoch=best), class_="note")
    return Markup(element("div", charts, class_="pair") + (note or ""))


def _chart(metric: str, parts: Mapping[str, Sequence[float]], best: int | None) -> Markup:
    series = {text(f"report.part_{part}"): values for part, values in parts.items()}
    figure = plots.curves(series, mark=best, log=metric == "loss", size=(5.4, 3.1))
    # The places of the axes are known once it is drawn.
    plots.to_svg(figure)
    hover = hover_data(figure, series, text("report.epoch"))
    drawn = chart(figure, f"curves-{metric}", metric, hover)
    return element("figure", element("figcaption", metric_name(metric)), drawn)


def metric_name(metric: str) -> str:
    """What a metric of the history is called in the page's language."""
    key = f"report.metric_{metric}"
    return text(key) if key in messages() else metric


def gradients(findings: Findings) -> Markup | None:
    """The norm of every layer's gradient."""
    norms = {name: values for name, values in findings.gradient_norms.items() if np.isfinite(values).any()}
    if not norms:
        return None
    return chart(plots.gradient_norms(norms, size=(9.0, 3.6)), "gradients", text("report.section_gradients"))
