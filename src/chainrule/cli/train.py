"""``chainrule train``: from raw data to a trained, tested network and its report."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chainrule.cli.callbacks import SaveOnInterrupt, Stopwatch
from chainrule.cli.environment import versions
from chainrule.cli.findings import best_epoch, find
from chainrule.cli.options import Given, Options, check
from chainrule.cli.output import console, count, say, summary
from chainrule.cli.run_folder import RunFolder, new_run
from chainrule.cli.setup import Setup, new_setup, settled
from chainrule.cli.testing import evaluate, trained_model
from chainrule.data import Splits
from chainrule.errors import error, text
from chainrule.nn import Module
from chainrule.optim import Optimizer, get
from chainrule.report import Evaluation, write_report
from chainrule.report.numbers import duration
from chainrule.train import (
    Checkpoint,
    CSVLog,
    EarlyStopping,
    GradientNorms,
    LRSchedule,
    ProgressBar,
    Trainer,
)

# In longer epochs the state is saved in between, too.
STEPS_BETWEEN_SAVES = 200


def train(source: str, given: Given, out: Path | None, *, resume: bool, overwrite: bool, quiet: bool) -> None:
    """Begin a run, or go on with one."""
    if resume:
        run, setup, parts = _resumed(source, given, out)
    else:
        setup, parts = new_setup(source, given)
        run = new_run(out, f"{parts.spec.name}-{setup.options.model}", overwrite=overwrite)
        setup.model()  # refuses a network that does not fit before anything is written
        run.write("run.json", setup.to_json())
    trainer = make_trainer(run, setup, quiet=quiet)
    loader = setup.loader(parts.train)
    if not quiet:
        _announce(setup, parts, trainer.model, len(loader))
    try:
        trainer.fit(
            loader,
            _validation(setup, parts),
            epochs=setup.options.epochs,
            checkpoint=Checkpoint(run.checkpoints, every_steps=STEPS_BETWEEN_SAVES),
            resume="auto" if resume else False,
        )
    except KeyboardInterrupt:
        say("", f"{text('cli.stopped', epoch=trainer.epoch + 1)}:", f"  {_command(setup, run)}")
        raise
    finish(run, setup, parts, trainer)


def _resumed(source: str, given: Given, out: Path | None) -> tuple[RunFolder, Setup, Splits]:
    if out is None:
        raise error("cli.resume_out")
    run = RunFolder(out)
    setup = Setup.from_json(run.settings, run.read_settings())
    if settled(source) != setup.source:
        raise error("cli.resume_source", path=out, saved=setup.source, got=source)
    check(given)
    setup.options.refuse_changes(given)
    return run, setup, setup.load()


def _validation(setup: Setup, parts: Splits) -> Any:
    return None if parts.validation is None else setup.batches(setup.for_training(parts.validation))


def make_trainer(run: RunFolder, setup: Setup, *, quiet: bool) -> Trainer:
    """The trainer of a run, with all that it does beside training."""
    o, model = setup.options, setup.model()
    callbacks = [GradientNorms(), Stopwatch(), CSVLog(run.history), SaveOnInterrupt(run.last)]
    if o.patience is not None:
        callbacks.append(EarlyStopping(patience=o.patience, restore_best=False))
    if o.schedule == "one_cycle":
        callbacks.append(LRSchedule("one_cycle", max_lr=o.lr, cycle_momentum=False))
    elif o.schedule == "cosine":
        callbacks.append(LRSchedule("cosine"))
    if not quiet:
        callbacks.append(ProgressBar(console()))
    optimizer = make_optimizer(model, o)
    return Trainer(
        model, setup.loss, optimizer, [setup.metric], callbacks, compile=o.compile, verbose=not quiet
    )


def make_optimizer(model: Module, o: Options) -> Optimizer:
    """The optimizer of the options."""
    extra = {} if o.weight_decay is None else {"weight_decay": o.weight_decay}
    return get(o.optimizer, model.parameters(), lr=o.lr, **extra)


def _announce(setup: Setup, parts: Splits, model: Module, steps: int) -> None:
    o, spec = setup.options, setup.spec
    sizes = {"train": parts.train, "validation": parts.validation, "test": parts.test}
    counts = {name: count(0 if part is None else len(part)) for name, part in sizes.items()}
    line = text(
        "cli.data", name=spec.name, what=text(f"cli.kind_{spec.input_kind}"), shape=spec.shape, **counts
    )
    say(line if spec.classes is None else f"{line}, {text('cli.classes', count=len(spec.classes))}")
    if parts.skipped:
        say(text("cli.skipped", count=len(parts.skipped), first=parts.skipped[0]))
    chosen = {"model": o.model, "optimizer": o.optimizer, "lr": o.lr, "schedule": o.schedule}
    parameters = count(sum(p.size for p in model.parameters()))
    size = {"epochs": o.epochs, "steps": steps, "batch": o.batch}
    say(text("cli.plan", parameters=parameters, **chosen, **size))


def finish(run: RunFolder, setup: Setup, parts: Splits, trainer: Trainer) -> None:
    """Test the best parameters, and write results and report."""
    assert parts.test is not None
    model = trained_model(run, setup)
    test = evaluate(model, setup, parts.test)
    seconds = next(c.seconds for c in trainer.callbacks if isinstance(c, Stopwatch))
    norms = next(c.rows for c in trainer.callbacks if isinstance(c, GradientNorms))
    run.write("metrics.json", results(setup, parts, trainer, test, seconds))
    write_report(run.report, find(setup, model, parts, test, trainer.history, norms, seconds))
    _close(run, setup, test, seconds, best_epoch(trainer.history))


def results(
    setup: Setup, parts: Splits, trainer: Trainer, test: Evaluation, seconds: float
) -> dict[str, Any]:
    """What `metrics.json` holds."""
    numbers = test.as_dict()
    headline = {
        f"test_{name}": numbers.pop(name) for name in list(numbers) if isinstance(numbers[name], float)
    }
    return {
        **headline,
        **numbers,
        "seconds": round(seconds, 3),
        "epochs": trainer.epoch,
        "best_epoch": best_epoch(trainer.history),
        "parameters": sum(p.size for p in trainer.model.parameters()),
        "seed": setup.options.seed,
        "data": {"name": setup.spec.name, "train": len(parts.train), "skipped": len(parts.skipped)},
        "options": asdict(setup.options),
        "versions": versions(),
    }


def _close(run: RunFolder, setup: Setup, test: Evaluation, seconds: float, epoch: int | None) -> None:
    say("", summary(test), text("cli.done_time", time=duration(seconds), epoch=epoch), "")
    say(f"{text('cli.report')}: {run.report}", f"{text('cli.next')}:")
    folder = shlex.quote(str(run.path))
    say(f"  chainrule predict {folder} FILE…  # {text('cli.next_predict')}")
    say(f"  chainrule explain {folder}  # {text('cli.next_explain')}")


def _command(setup: Setup, run: RunFolder) -> str:
    return shlex.join(["chainrule", "train", setup.source, "--out", str(run.path), "--resume"])
