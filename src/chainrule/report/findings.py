"""All that a report tells, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from chainrule.data import Dataset, InputSpec
from chainrule.report.evaluation import Evaluation
from chainrule.report.markup import Markup

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class LayerRow:
    """One row of the model's summary.

    Parameters
    ----------
    path, kind : str
        Where the layer stands, and its class.
    shape : str
        Of its result, for one example.
    parameters, flops : int
        Numbers to be learned; floating-point operations for one example.
    """

    path: str
    kind: str
    shape: str
    parameters: int
    flops: int


@dataclass(frozen=True)
class Inside:
    """A look into the first layer.

    Parameters
    ----------
    layer : str
        Its path.
    filters : array (out, in, height, width)
        Its weights.
    example : array (C, H, W)
        An image.
    maps : array (out, height, width) or None
        What the layer makes of that image.
    """

    layer: str
    filters: Array
    example: Array
    maps: Array | None


@dataclass(frozen=True)
class Findings:
    """What a run found out.

    Parameters
    ----------
    spec : InputSpec
        Of the data.
    model : str
        Name of the kind of model.
    test : Evaluation
        On the test part.
    samples : Dataset
        The test part, to show the inputs of mistakes.
    history : mapping
        By metric, then by part of the data (``train``, ``validation``), a number for each epoch.
    best_epoch : int or None
        Counted from 1; the epoch whose parameters were tested.
    gradient_norms : mapping
        By layer, a number for each epoch.
    seconds : float
        Time of training.
    layers : sequence of LayerRow
        The model's summary.
    inside : Inside or None
        A look into the first layer, for images.
    formulas : Markup or None
        The model as formulas, in HTML.
    facts : mapping
        Settings and versions, by heading.
    skipped : sequence of str
        Samples that were left out, and why.
    """

    spec: InputSpec
    model: str
    test: Evaluation
    samples: Dataset
    history: Mapping[str, Mapping[str, Sequence[float]]]
    best_epoch: int | None
    gradient_norms: Mapping[str, Sequence[float]]
    seconds: float
    layers: Sequence[LayerRow]
    inside: Inside | None = None
    formulas: Markup | None = None
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    skipped: Sequence[str] = ()

    @property
    def epochs(self) -> int:
        """Number of epochs that were run."""
        return max((len(values) for parts in self.history.values() for values in parts.values()), default=0)

    @property
    def parameters(self) -> int:
        """Numbers that were learned."""
        return sum(row.parameters for row in self.layers)
