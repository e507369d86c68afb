"""Collecting what the report tells."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from chainrule.autodiff import no_grad
from chainrule.cli.environment import machine, versions
from chainrule.cli.explain import explanation
from chainrule.cli.setup import Setup
from chainrule.data import Dataset, Splits
from chainrule.explain.html import fragment
from chainrule.nn import Conv2d, Linear, Module
from chainrule.report import ClassEvaluation, Evaluation, Findings, Inside, LayerRow
from chainrule.report.markup import Markup
from chainrule.tensor import Tensor
from chainrule.train import History

Columns = dict[str, dict[str, list[float]]]


def find(
    setup: Setup,
    model: Module,
    parts: Splits,
    test: Evaluation,
    history: History,
    norms: list[dict[str, Any]],
    seconds: float,
) -> Findings:
    """Everything that the report tells of a finished training."""
    assert parts.test is not None
    worst = test.mistakes(1) if isinstance(test, ClassEvaluation) else []
    sample = worst[0].index if worst else 0
    return Findings(
        spec=setup.spec,
        model=setup.options.model.upper(),
        test=test,
        samples=parts.test,
        history=curves(history),
        best_epoch=best_epoch(history),
        gradient_norms=by_layer(norms),
        seconds=seconds,
        layers=layers(model, setup),
        inside=look_inside(model, setup, parts.test, sample),
        formulas=Markup(fragment(explanation(model, setup, parts.test, sample))),
        facts=facts(setup, parts),
        skipped=parts.skipped,
    )


def curves(history: History) -> Columns:
    """Columns of the history by metric, then by part of the data."""
    found: Columns = {}
    for name in history.columns:
        if name not in ("epoch", "lr"):
            metric, part = (name[4:], "validation") if name.startswith("val_") else (name, "train")
            found.setdefault(metric, {})[part] = [_number(value) for value in history[name]]
    return found


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def best_epoch(history: History) -> int | None:
    """The epoch with the smallest validation loss, or training loss where there is no validation."""
    column = "val_loss" if "val_loss" in history.columns else "loss"
    losses = np.array([_number(value) for value in history[column]]) if len(history) else np.array([])
    return int(history[int(np.nanargmin(losses))]["epoch"]) if np.isfinite(losses).any() else None


def by_layer(norms: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Rows of gradient norms as one list for each layer, in the order of the network."""
    names = dict.fromkeys(name for row in norms for name in row if name != "epoch")
    return {name: [_number(row.get(name)) for row in norms] for name in names}


def layers(model: Module, setup: Setup) -> list[LayerRow]:
    """The innermost layers of the network, for one example."""
    summary = model.summary((1, *setup.spec.shape))
    holders = {row.path.rpartition(".")[0] for row in summary.rows if row.path}
    return [
        LayerRow(
            row.path or row.kind,
            row.kind,
            ", ".join(str(shape[1:]) for shape in row.output_shapes[:1]),
            row.parameters,
            row.flops,
        )
        for row in summary.rows
        if row.path not in holders or row.parameters
    ]


def look_inside(model: Module, setup: Setup, part: Dataset, sample: int) -> Inside | None:
    """Filters of the first layer with weights, and its feature maps of one image."""
    first = next(((path, m) for path, m in model.named_modules() if isinstance(m, Conv2d | Linear)), None)
    if setup.spec.input_kind != "image" or first is None:
        return None
    path, layer = first
    weight, example = layer.weight.numpy(), part.inputs(np.array([sample]))
    if isinstance(layer, Conv2d):
        return Inside(path, weight, example[0], _result_of(layer, model, setup.preprocessing(example)))
    if weight.shape[1] != math.prod(setup.spec.shape):
        return None
    return Inside(path, weight.reshape(-1, *setup.spec.shape), example[0], None)


def _result_of(layer: Module, model: Module, x: np.ndarray) -> np.ndarray:
    """What a layer gives inside the model for the first of some inputs."""
    seen: list[np.ndarray] = []
    with layer.register_forward_hook(lambda _, __, result: seen.append(result.numpy()[0])), no_grad():
        model(Tensor(x))
    return seen[0]


def facts(setup: Setup, parts: Splits) -> dict[str, dict[str, str]]:
    """Data, options and versions as text."""
    counts = {
        name: str(len(part))
        for name, part in (("train", parts.train), ("validation", parts.validation), ("test", parts.test))
        if part is not None
    }
    chosen = {
        name: value for name, value in asdict(setup.options).items() if value is not None and name != "data"
    }
    options = {**chosen, **setup.options.data}
    data = {"name": setup.spec.name, "input": str(setup.spec.shape), **counts}
    return {
        "data": data,
        "options": {name: str(value) for name, value in options.items()},
        "environment": {**versions(), **machine()},
    }
