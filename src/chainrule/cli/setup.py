"""Everything that a run consists of, built from its settings: data, preprocessing, network."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chainrule import random
from chainrule.cli.models import build_model
from chainrule.cli.options import Given, Options, check, choose
from chainrule.cli.run_folder import FORMAT
from chainrule.cli.targets import ScaledTargets, TargetScale, as_columns
from chainrule.data import (
    Dataset,
    InputSpec,
    Loader,
    Normalize,
    Pipeline,
    RandomFlip,
    RandomShift,
    Splits,
    load,
)
from chainrule.errors import error
from chainrule.nn import Module

LOSSES = {"classification": "cross_entropy", "regression": "mse"}
METRICS = {"classification": "accuracy", "regression": "r2"}


@dataclass(frozen=True)
class Setup:
    """What is needed to use a run's network.

    Parameters
    ----------
    source : str
        Where the data come from.
    options : Options
        Of the training, nothing left open.
    spec : InputSpec
        Of the data.
    outputs : int
        Numbers that the network gives for each sample.
    preprocessing : Pipeline
        Fitted on the training part.
    scale : TargetScale or None
        Of a regression's targets.
    fingerprint : int
        Of the data.
    """

    source: str
    options: Options
    spec: InputSpec
    outputs: int
    preprocessing: Pipeline
    scale: TargetScale | None
    fingerprint: int

    @property
    def loss(self) -> str:
        """Name of the loss."""
        return LOSSES[str(self.spec.task)]

    @property
    def metric(self) -> str:
        """Name of the metric that is shown beside the loss."""
        return METRICS[str(self.spec.task)]

    def model(self) -> Module:
        """The network, with its first weights drawn from the seed."""
        random.seed(self.options.seed)
        return build_model(self.options.model, self.spec.input_kind, self.spec.shape, self.outputs)

    def load(self) -> Splits:
        """The data, cut as in the training.

        Raises
        ------
        DataError
            They are not what they were.
        """
        parts = load(self.source, seed=self.options.seed, **self.options.data)
        if fingerprint(parts) != self.fingerprint:
            raise error("cli.data_changed", source=self.source)
        return parts

    def for_training(self, part: Dataset) -> Dataset:
        """A part with its targets as the loss takes them."""
        return part if self.scale is None else ScaledTargets(part, self.scale)

    def loader(self, train: Dataset) -> Loader:
        """Shuffled batches of the training part."""
        o, part = self.options, self.for_training(train)
        augment = augmentations(o.augment, self.spec)
        return Loader(part, o.batch, seed=o.seed, transform=self.preprocessing, augment=augment)

    def batches(self, part: Dataset) -> Loader:
        """Batches of a part in its own order."""
        return Loader(part, size_of_batches(len(part)), shuffle=False, transform=self.preprocessing)

    def to_json(self) -> dict[str, Any]:
        """All of it, as `run.json` holds it."""
        return {
            "format": FORMAT,
            "source": self.source,
            "options": asdict(self.options),
            "spec": self.spec.to_json(),
            "outputs": self.outputs,
            "preprocessing": self.preprocessing.state_dict(),
            "scale": None if self.scale is None else self.scale.to_json(),
            "fingerprint": self.fingerprint,
        }

    @classmethod
    def from_json(cls, path: Path, values: Mapping[str, Any]) -> Setup:
        """The setup that `to_json` describes.

        Raises
        ------
        CheckpointError
            Something is missing or of a wrong kind.
        """
        try:
            return cls(
                str(values["source"]),
                Options(**values["options"]),
                InputSpec.from_json(values["spec"]),
                int(values["outputs"]),
                Pipeline.from_state_dict(values["preprocessing"]),
                None if values["scale"] is None else TargetScale.from_json(values["scale"]),
                int(values["fingerprint"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise error("cli.run_damaged", path=path, problem=repr(e)) from e


def new_setup(source: str, given: Given) -> tuple[Setup, Splits]:
    """Load data for a new run, and choose what was left open.

    Raises
    ------
    ConfigError
        An option that makes no sense.
    DataError
        The data cannot be loaded, or have no targets.
    """
    check(given)
    parts = load(source, seed=given.get("seed", 0), **given.get("data", {}))
    if parts.train.targets is None:
        raise error("cli.no_targets", source=source)
    options = choose(given, parts.spec, len(parts.train))
    regression = parts.spec.task == "regression"
    scale = TargetScale.of(parts.train.targets) if regression else None
    outputs = as_columns(parts.train.targets).shape[1] if regression else len(parts.spec.classes or ())
    preprocessing = Pipeline([Normalize()]).fit(parts.train)
    setup = Setup(settled(source), options, parts.spec, outputs, preprocessing, scale, fingerprint(parts))
    return setup, parts


def size_of_batches(samples: int, about: int = 256) -> int:
    """How many samples a batch has so that all are alike: a last, smaller one would be compiled by itself.

    Examples
    --------
    >>> size_of_batches(10_000), size_of_batches(300), size_of_batches(997)
    (250, 300, 256)
    """
    if samples <= 2 * about:
        return max(samples, 1)
    even = [size for size in range(about // 2, 2 * about) if samples % size == 0]
    return min(even, key=lambda size: abs(size - about), default=about)


def settled(source: str) -> str:
    """A path that stays right in another working folder; the name of a bundled data set as it is."""
    path = Path(source)
    return str(path.resolve()) if path.exists() else source


def fingerprint(parts: Splits) -> int:
    """CRC-32 of all targets and of some inputs of every part: other data have another one."""
    found = 0
    for part in parts:
        if part is None or part.targets is None:
            continue
        some = np.unique(np.linspace(0, len(part) - 1, 32).astype(np.int64))
        for array in (part.targets, part.inputs(some)):
            found = zlib.crc32(np.ascontiguousarray(array).tobytes(), found)
    return found


def augmentations(name: str, spec: InputSpec) -> list[Any]:
    """Random changes of training images that leave their class as it is."""
    if spec.input_kind != "image" or name == "none":
        return []
    coloured = spec.shape[0] > 1
    flips = [RandomFlip()] if name == "shift_flip" or (name == "auto" and coloured) else []
    return [*flips, RandomShift(0.125)]
