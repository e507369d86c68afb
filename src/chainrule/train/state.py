"""The whole state of a training: taken for a checkpoint, and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule import random
from chainrule.errors import ChainruleError, error
from chainrule.train.callbacks import Callback
from chainrule.train.checkpoint import read_checkpoint
from chainrule.train.history import History

if TYPE_CHECKING:
    from chainrule.data import Loader
    from chainrule.train.trainer import Trainer

COUNTS = ("epoch", "steps", "stop_reason")


def training_state(trainer: Trainer) -> dict[str, Any]:
    """Everything that the rest of the training depends on."""
    return {
        "counts": {name: getattr(trainer, name) for name in COUNTS},
        "data": batches_of(trainer.loader),
        "loader": trainer.loader.state_dict(),
        "model": trainer.model.state_dict(),
        "optimizer": trainer.optimizer.state_dict(),
        "random": {place: generator.state_dict() for place, generator in generators(trainer)},
        "meter": trainer.meter.state_dict(),
        "callbacks": {place: callback.state_dict() for place, callback in remembering(trainer)},
        "history": trainer.history.rows,
    }


def restore(trainer: Trainer, path: Path) -> None:
    """Put a saved training back.

    Raises
    ------
    CheckpointError
        The file is missing or damaged, or is of another training than this.
    """
    state = read_checkpoint(path)
    if not isinstance(state, dict) or set(state) != set(training_state(trainer)):
        raise error("train.foreign", path=path)
    now = {
        "data": batches_of(trainer.loader),
        "random": [place for place, _ in generators(trainer)],
        "callbacks": [place for place, _ in remembering(trainer)],
    }
    for part, expected in now.items():
        saved = state[part] if part == "data" else list(state[part])
        if saved != expected:
            raise error("train.other_training", path=path, part=part, saved=saved, now=expected)
    try:
        _put_back(trainer, state)
    except (KeyError, TypeError, AttributeError, ChainruleError) as e:
        raise error("train.does_not_fit", path=path, problem=_message(e)) from e


def _put_back(trainer: Trainer, state: Mapping[str, Any]) -> None:
    trainer.model.load_state_dict(state["model"])
    trainer.optimizer.load_state_dict(state["optimizer"])
    trainer.loader.load_state_dict(state["loader"])
    for place, generator in generators(trainer):
        generator.load_state_dict(state["random"][place])
    for place, callback in remembering(trainer):
        callback.load_state_dict(state["callbacks"][place])
    trainer.meter.load_state_dict(state["meter"])
    trainer.history = History(state["history"])
    for name in COUNTS:
        setattr(trainer, name, state["counts"][name])


def _message(problem: Exception) -> str:
    """An error's message in one line, without the line of the user's code at its end."""
    lines = str(problem).splitlines()
    kept = lines[:-1] if isinstance(problem, ChainruleError) and len(lines) > 1 else lines
    return " ".join(line.strip() for line in kept)


def batches_of(loader: Loader) -> dict[str, Any]:
    """What the order and the size of batches depend on, besides the seed."""
    names = ("batch_size", "shuffle", "drop_last")
    return {"samples": len(loader.dataset), **{name: getattr(loader, name) for name in names}}


def generators(trainer: Trainer) -> Iterator[tuple[str, random.Generator]]:
    """The default stream of random numbers, and those that layers hold themselves."""
    yield "default", random.default_generator
    for path, module in trainer.model.named_modules():
        for name, value in vars(module).items():
            if isinstance(value, random.Generator) and value is not random.default_generator:
                yield f"{path}.{name}", value


def remembering(trainer: Trainer) -> Iterator[tuple[str, Callback]]:
    """Callbacks that have something to remember, by class and place among their like."""
    seen: dict[str, int] = {}
    for callback in trainer.active:
        kind = type(callback).__name__
        seen[kind] = seen.get(kind, 0) + 1
        if callback.state_dict():
            yield f"{kind} {seen[kind]}", callback
