"""``chainrule explain --step``: how a run's training step is compiled, and where its time goes."""

from __future__ import annotations

from pathlib import Path

from chainrule.cli.output import say
from chainrule.cli.run_folder import RunFolder
from chainrule.cli.setup import Setup
from chainrule.cli.train import make_trainer
from chainrule.compiler.compiled import compile
from chainrule.errors import text
from chainrule.explain.stages import StagesExplanation, explain_stages
from chainrule.explain.stages.sources import all_nodes
from chainrule.tensor import Tensor
from chainrule.train import read_checkpoint


def explain_step(path: Path) -> None:
    """Print the kernels of the training step with their times, and write ``step.html``."""
    run = RunFolder(path)
    setup = Setup.from_json(run.settings, run.read_settings())
    found = step_explanation(run, setup)
    say(found.text())
    page = run.path / "step.html"
    found.save(page)
    say("", text("cli.wrote", path=page))


def step_explanation(run: RunFolder, setup: Setup) -> StagesExplanation:
    """The training step on the first batch of an epoch, with the network as in use."""
    parts = setup.load()
    trainer = make_trainer(run, setup, quiet=True)
    trainer.model.load_state_dict(read_checkpoint(run.best)["model"])
    trainer.active = list(trainer.callbacks)
    x, y = next(iter(setup.loader(parts.train)))
    found = explain_stages(compile(trainer.train_step), Tensor(x), Tensor(y))
    # The user wrote no program: the lines would be those of the trainer.
    for node in (*all_nodes(found.graph), *all_nodes(found.program.graph)):
        node.line = ""
    return found
