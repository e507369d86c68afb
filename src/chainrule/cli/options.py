"""What can be chosen for a training run, and what is chosen where nothing is said."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chainrule.cli.models import DEFAULT_MODELS, MODELS
from chainrule.data import InputSpec
from chainrule.errors import error, hint
from chainrule.optim import OPTIMIZERS

# The highest rate of a one-cycle schedule, for networks of the size of those in `MODELS`.
LEARNING_RATES = {
    "adadelta": 1.0,
    "adagrad": 0.02,
    "adam": 0.005,
    "adamw": 0.005,
    "gd": 0.1,
    "momentum": 0.05,
    "nadam": 0.005,
    "nesterov": 0.05,
    "rmsprop": 0.002,
    "sgd": 0.1,
}
SCHEDULES = ("one_cycle", "cosine", "constant")
AUGMENTATIONS = ("auto", "none", "shift", "shift_flip")

# About so many samples are seen in a training whose number of epochs is not given.
SAMPLES_SEEN = 32_000
FEWEST_EPOCHS, MOST_EPOCHS = 3, 40
SMALLEST_BATCH, LARGEST_BATCH = 8, 128


Given = Mapping[str, Any]


@dataclass(frozen=True)
class Options:
    """Options of a training run.

    Parameters
    ----------
    model : str
        A name in `MODELS`.
    optimizer : str
        A name in `chainrule.optim.OPTIMIZERS`.
    epochs, batch : int
        Passes over the training part; samples per step.
    lr : float
        The highest learning rate.
    schedule : str
        ``one_cycle``, ``cosine`` or ``constant``.
    augment : str
        Random changes of training images: ``shift``, ``shift_flip``, ``none``, or ``auto``: shift
        gray images, shift and mirror coloured ones.
    seed : int
        Of the cut of the data, the first weights, the order and all other chance.
    weight_decay : float, optional
        Of the optimizer.
    patience : int, optional
        Stop after so many epochs without improvement.
    data : dict
        Options of `chainrule.data.load`.
    compile : bool
        Whether the trainer compiles its steps.
    """

    model: str
    optimizer: str
    epochs: int
    batch: int
    lr: float
    schedule: str
    augment: str
    seed: int
    weight_decay: float | None = None
    patience: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    compile: bool = True

    def refuse_changes(self, given: Given) -> None:
        """An interrupted run goes on with the options that it began with.

        Raises
        ------
        ConfigError
            Another value was given for one of them.
        """
        before = asdict(self)
        for name, value in given.items():
            if value != before[name]:
                raise error("cli.resume_option", option=_flag(name), saved=before[name], got=value)


def choose(given: Given, spec: InputSpec, samples: int) -> Options:
    """What was given, and for the rest what fits the data.

    Parameters
    ----------
    given : mapping
        Some of the fields of `Options`.
    spec : InputSpec
        Of the data.
    samples : int
        In the training part.

    Examples
    --------
    >>> chosen = choose({"epochs": 7}, InputSpec("iris", "table", (4,)), 105)
    >>> chosen.model, chosen.epochs, chosen.batch
    ('mlp', 7, 8)
    """
    optimizer = given.get("optimizer", "adam")
    fitting = {
        "model": DEFAULT_MODELS[spec.input_kind],
        "optimizer": optimizer,
        "epochs": _between(round(SAMPLES_SEEN / samples), FEWEST_EPOCHS, MOST_EPOCHS),
        "batch": _between(2 ** round(math.log2(max(samples / 20, 1))), SMALLEST_BATCH, LARGEST_BATCH),
        "lr": LEARNING_RATES[optimizer],
        "schedule": "one_cycle",
        "augment": "auto",
        "seed": 0,
    }
    return Options(**{**fitting, **given})


def check(given: Given) -> None:
    """Refuse names that are not known, and numbers that make no sense.

    Raises
    ------
    ConfigError
        Names the option, and the nearest name that there is.
    """
    known: dict[str, Collection[str]] = {
        "model": MODELS,
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
        "augment": AUGMENTATIONS,
    }
    for name, names in known.items():
        if name in given:
            _check_choice(name, given[name], names)
    for name in ("epochs", "batch", "lr", "patience"):
        if name in given and not 0 < given[name] < math.inf:
            raise error("cli.positive", option=_flag(name), got=given[name])
    for name in ("seed", "weight_decay"):
        if name in given and not 0 <= given[name] < math.inf:
            raise error("cli.not_negative", option=_flag(name), got=given[name])


def _between(value: int, least: int, most: int) -> int:
    return min(max(value, least), most)


def _check_choice(name: str, value: str, known: Collection[str]) -> None:
    if value in known:
        return
    meant = hint("cli.did_you_mean", value.lower(), known)
    raise error("cli.choice", option=_flag(name), got=value, hint=meant, known=", ".join(known))


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
