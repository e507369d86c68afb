"""What all losses share: the table, the reduction, and the refusal of shapes that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from chainrule.core.composite import composite
from chainrule.core.constraint import (
    CLOSED_SHARE,
    FLAG,
    NON_NEGATIVE,
    POSITIVE,
    REAL,
    Constraint,
    is_integer,
    one_of,
)
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import Sample
from chainrule.errors import error, text
from chainrule.functions.reductions import mean, sum
from chainrule.nn.checks import first_place, known
from chainrule.nn.function_module import FunctionModule, function_module, options_of
from chainrule.nn.options import check_options
from chainrule.nn.parameter import Buffer
from chainrule.ops.shapes import size
from chainrule.tensor import Tensor

Function = TypeVar("Function", bound=Callable[..., Any])


class Target(Enum):
    """What a loss takes as its target."""

    CLASSES = "class labels (N,) of scores (N, C), or (N, d1, …) of (N, C, d1, …)"
    CLASSES_OR_PROBABILITIES = "class labels (N, d1, …), or probabilities (N, C, d1, …) of the input's shape"
    PROBABILITIES = "probabilities of the input's shape"
    LOG_PROBABILITIES = "probabilities, or their logarithms, of the input's shape"
    VALUES = "real values of the input's shape"
    SIGNS = "1 or -1, of the input's shape"


@dataclass(frozen=True)
class LossRow:
    """One row of `LOSSES`: what is known of a loss.

    Parameters
    ----------
    name : str
        Its key, the name of its function.
    function : callable
        ``(input, target, …) -> Tensor``.
    module : type
        The module of the function.
    formula : str
        LaTeX of one sample's loss.
    target : Target
        What it takes as its target.
    samples : tuple of Sample
        Cases to try: shapes and domains of input and target, and options.
    """

    name: str
    function: Callable[..., Tensor]
    module: type[Any]
    formula: str
    target: Target
    samples: tuple[Sample, ...]


LOSSES: dict[str, LossRow] = {}
REDUCTION = one_of("none", "mean", "sum")
_WHOLE = Constraint("{…, -1, 0, 1, …}", lambda v: is_integer(v, -(2**62)), (-100, 0), (1.5, None, True))
CONSTRAINTS = {
    "reduction": REDUCTION,
    "ignore_index": _WHOLE,
    "label_smoothing": CLOSED_SHARE,
    "delta": POSITIVE,
    "beta": NON_NEGATIVE,
    "log_target": FLAG,
    "margin": REAL,
    "p": one_of(1, 2),
}


class Loss(FunctionModule):
    """A module that compares an input with a target; class weights are kept as buffers."""

    def _keep(self, name: str, value: Any) -> None:
        is_weight = name in ("weight", "pos_weight") and value is not None
        setattr(self, name, Buffer(lift(value).data) if is_weight else value)

    def forward(self, input: Any, target: Any) -> Tensor:
        """The loss of an input against its target."""
        return super().forward(input, target)


def loss(
    module: str, formula: str, target: Target, *samples: Sample, **constraints: Constraint
) -> Callable[[Function], Function]:
    """Register a function of an input and a target in `LOSSES`.

    Parameters
    ----------
    module : str
        Name of its module.
    formula : str
        LaTeX of one sample's loss.
    target : Target
        What it takes as its target.
    *samples : Sample
        Cases to try: shapes and domains of input and target, and options.
    **constraints : Constraint
        Of options that this loss allows other values than `CONSTRAINTS`.
    """

    def register(function: Function) -> Function:
        scoped = composite(formula)(function)
        options = options_of(scoped, 2)
        made = function_module(module, Loss, scoped, options, {**CONSTRAINTS, **constraints})
        LOSSES[function.__name__] = LossRow(function.__name__, scoped, made, formula, target, samples)
        return scoped

    return register


def reduced(name: str, values: Any, reduction: str) -> Any:
    """The losses of the elements: as they are, their mean, or their sum."""
    check_options(name, {"reduction": reduction}, {"reduction": REDUCTION})
    return values if reduction == "none" else mean(values) if reduction == "mean" else sum(values)


def same_shape(name: str, input: Any, target: Any) -> tuple[Any, Any]:
    """Input and target as tensors, which must have one shape.

    Raises
    ------
    ShapeError
        They have not; broadcasting would compare every element with every other.
    """
    x, t = lift(input), lift(target)
    if x.shape != t.shape:
        fits = size(x.shape) == size(t.shape)
        remedy = text("nn.reshape_target", shape=", ".join(map(str, x.shape))) if fits else ""
        raise error("nn.loss_shapes", layer=name, remedy=remedy, shapes={"input": x.shape, "target": t.shape})
    return x, t


def check_range(name: str, what: str, x: Value, low: float, high: float, advice: str = "") -> None:
    """Refuse elements outside an interval; says which, and where."""
    values = known(x)
    if values is None or not values.size:
        return
    outside = ~((values >= low) & (values <= high))
    if outside.any():
        place = first_place(outside)
        found = {"what": what, "got": values[place], "place": place, "low": low, "high": high}
        raise error("nn.loss_range", layer=name, **found, remedy=text(advice) if advice else "")
