"""``chainrule evaluate``: test a trained network again, or on other data."""

from __future__ import annotations

from pathlib import Path

from chainrule.cli.output import say, show_evaluation
from chainrule.cli.run_folder import RunFolder
from chainrule.cli.setup import Setup
from chainrule.cli.testing import evaluate, trained_model
from chainrule.data import Dataset, load_like
from chainrule.errors import error, text


def evaluate_run(path: Path, source: str | None, *, skip_bad: bool) -> None:
    """Print how good the network is, and write ``evaluation.json``."""
    run = RunFolder(path)
    setup = Setup.from_json(run.settings, run.read_settings())
    model = trained_model(run, setup)
    found = evaluate(model, setup, _part(setup, source, skip_bad=skip_bad))
    show_evaluation(found)
    values = {"source": setup.source if source is None else source, **found.as_dict()}
    say(text("cli.wrote", path=run.write("evaluation.json", values)))


def _part(setup: Setup, source: str | None, *, skip_bad: bool) -> Dataset:
    if source is None:
        part = setup.load().test
        assert part is not None
        return part
    part = load_like(source, setup.spec, skip_bad=skip_bad)
    if part.targets is None:
        raise error("cli.no_targets", source=source)
    return part
