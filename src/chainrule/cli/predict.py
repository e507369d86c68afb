"""``chainrule predict``: what a trained network makes of files."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.cli.output import say, show_table
from chainrule.cli.run_folder import RunFolder
from chainrule.cli.setup import Setup
from chainrule.cli.testing import output_names, predictor, trained_model
from chainrule.data import read_inputs
from chainrule.errors import text
from chainrule.functions.activations import softmax
from chainrule.report.numbers import percent
from chainrule.tensor import Tensor

Row = dict[str, Any]


def predict_files(path: Path, files: Sequence[str], *, as_json: bool, top: int, skip_bad: bool) -> None:
    """Print class and probability, or numbers, of every input in some files."""
    run = RunFolder(path)
    setup = Setup.from_json(run.settings, run.read_settings())
    model = trained_model(run, setup)
    inputs = read_inputs(files, setup.spec, skip_bad=skip_bad)
    raw = predictor(model, setup, len(inputs.x)).predict(setup.preprocessing(inputs.x))
    rows = _classes(raw, inputs.names, setup) if setup.scale is None else _values(raw, inputs.names, setup)
    if as_json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        sys.stdout.write("\n")
        return
    if inputs.skipped:
        say(text("cli.skipped", count=len(inputs.skipped), first=inputs.skipped[0]))
    _show(rows, top)


def _classes(raw: np.ndarray, names: Sequence[str], setup: Setup) -> list[Row]:
    classes = setup.spec.classes or ()
    probabilities = softmax(Tensor(raw, "float64")).numpy()
    return [_class_row(name, row, classes) for name, row in zip(names, probabilities, strict=True)]


def _class_row(name: str, probabilities: np.ndarray, classes: Sequence[str]) -> Row:
    order = np.argsort(-probabilities, kind="stable")
    ranked = {classes[label]: float(probabilities[label]) for label in order}
    first = classes[order[0]]
    return {"input": name, "class": first, "probability": ranked[first], "probabilities": ranked}


def _values(raw: np.ndarray, names: Sequence[str], setup: Setup) -> list[Row]:
    assert setup.scale is not None
    outputs = output_names(setup)
    values = setup.scale.back(raw)
    return [
        {"input": name, "values": dict(zip(outputs, map(float, row), strict=True))}
        for name, row in zip(names, values, strict=True)
    ]


def _show(rows: list[Row], top: int) -> None:
    if "values" in rows[0]:
        head = [text("cli.input"), *rows[0]["values"]]
        shown = [[row["input"], *(f"{value:.6g}" for value in row["values"].values())] for row in rows]
        show_table(head, shown, numbers=len(head) - 1)
        return
    lines = [
        (row["input"] if place == 0 else "", name, percent(probability))
        for row in rows
        for place, (name, probability) in enumerate(list(row["probabilities"].items())[:top])
    ]
    show_table([text(f"cli.{key}") for key in ("input", "class", "probability")], lines, numbers=1)
