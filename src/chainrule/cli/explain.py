"""``chainrule explain``: a trained network as formulas, and one example's way through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.autodiff.modes import no_grad
from chainrule.cli.output import say
from chainrule.cli.run_folder import RunFolder
from chainrule.cli.setup import Setup
from chainrule.cli.testing import output_names, trained_model
from chainrule.data import Dataset
from chainrule.errors import error, text
from chainrule.explain import Explanation
from chainrule.explain import explain as explain_function
from chainrule.files.atomic import write_atomically
from chainrule.nn import Module
from chainrule.report.numbers import decimal
from chainrule.tensor import Tensor
from chainrule.train.parts import as_loss

# Blocks deeper than this are one line each in the terminal; the page has everything.
DEPTH = 1
# How many samples the hardest one is looked for in.
SEARCHED = 200


def explain_run(path: Path, sample: int | None) -> None:
    """Print how the network comes to its answer for one sample, and write ``explain.html``."""
    run = RunFolder(path)
    setup = Setup.from_json(run.settings, run.read_settings())
    model = trained_model(run, setup)
    test = setup.load().test
    assert test is not None
    if sample is None:
        sample = hardest(model, setup, test)
    if not 0 <= sample < len(test):
        raise error("cli.sample_range", last=len(test) - 1, got=sample)
    found = explanation(model, setup, test, sample)
    say(_heading(model, setup, test, sample), "", found.text(depth=DEPTH))
    page = run.path / "explain.html"
    write_atomically(page, found.to_html().encode())
    say("", text("cli.wrote", path=page))


def hardest(model: Module, setup: Setup, part: Dataset) -> int:
    """The sample with the largest loss among the first: where the network is sure, there is little to see."""
    criterion = as_loss(setup.loss)
    with no_grad():
        return int(np.argmax([criterion(model(x), y).item() for x, y in _first(setup, part)]))


def _first(setup: Setup, part: Dataset) -> Iterator[tuple[Tensor, Tensor]]:
    return (_example(setup, part, i) for i in range(min(SEARCHED, len(part))))


def explanation(model: Module, setup: Setup, part: Dataset, sample: int) -> Explanation:
    """The forward and backward pass of the loss of one sample, with the network as in use."""
    x, y = _example(setup, part, sample)
    criterion = as_loss(setup.loss)

    def loss(x: Any) -> Any:
        return criterion(model(x), y)

    found = explain_function(loss, x)
    # The user wrote no program: the line would be the one that starts the command.
    for step in found.steps:
        step.line = ""
    return found


def _example(setup: Setup, part: Dataset, sample: int) -> tuple[Tensor, Tensor]:
    x, y = setup.for_training(part)[np.array([sample])]
    return Tensor(setup.preprocessing(x), name="x"), Tensor(y, name="y")


def _heading(model: Module, setup: Setup, part: Dataset, sample: int) -> str:
    x, _ = _example(setup, part, sample)
    scores, target = model(x).numpy()[0], part[sample][1]
    if setup.scale is None:
        classes = setup.spec.classes or ()
        true, predicted = classes[int(target)], classes[int(scores.argmax())]
    else:
        values = (np.atleast_1d(target), setup.scale.back(scores))
        names = output_names(setup)
        true, predicted = (_named(names, row) for row in values)
    return text("cli.example", index=sample, true=true, predicted=predicted)


def _named(names: tuple[str, ...], values: np.ndarray) -> str:
    return ", ".join(f"{name} {decimal(float(value))}" for name, value in zip(names, values, strict=True))
