"""What every metric is: options, a state that is added to, and a value."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from numpy.typing import NDArray

from chainrule.errors import error
from chainrule.metrics.inputs import read

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from typing_extensions import Self

Array = NDArray[Any]

_FORMULA = re.compile(r"\.\. math:: (.+)")


class Prediction(Enum):
    """What a metric takes as predictions of N samples, C classes."""

    LABELS = "class labels (N,), scores of class 1 (N,), or class scores (N, C)"
    CLASS_SCORES = "class scores (N, C)"
    RANKING = "scores of class 1 (N,), or class probabilities or logits (N, C)"
    PROBABILITIES = "probabilities or logits, of class 1 (N,) or of classes (N, C)"
    VALUES = "real values of the target's shape"


@dataclass(kw_only=True, eq=False, repr=False)
class Metric(ABC):
    """Base of all metrics.

    A subclass is a dataclass whose fields are its options, with the four methods `_reset`,
    `_update`, `_merge` and `_compute`. Its docstring holds its formula, in a line
    ``.. math:: …``.

    Parameters
    ----------
    name : str, optional
        What the value is called in histories and reports; the registry's name by default.

    Attributes
    ----------
    key : str
        Name in the registry.
    formula : str
        LaTeX, taken from the docstring.
    prediction : Prediction
        What it takes as predictions.
    higher_is_better : bool or None
        Direction; None where the value is not one number.
    samples : int
        How many samples have been seen since the last `reset`.
    """

    key: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    prediction: ClassVar[Prediction]
    higher_is_better: ClassVar[bool | None] = None

    name: str = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found = _FORMULA.search(cls.__doc__ or "")
        cls.formula = found.group(1) if found else ""

    def __post_init__(self) -> None:
        if not self.name:
            self.name = self.key or type(self).__name__
        for row in fields(self):
            constraint, value = row.metadata.get("constraint"), getattr(self, row.name)
            if constraint is not None and not constraint.holds(value):
                allowed, got = constraint.allowed, repr(value)
                raise error("metrics.option", metric=self.name, option=row.name, allowed=allowed, got=got)
        self.reset()

    def update(self, prediction: ArrayLike, target: ArrayLike) -> Self:
        """Take in one batch, and return the metric itself.

        An empty batch changes nothing. A batch that is refused changes nothing either.

        Parameters
        ----------
        prediction : array_like
            As the metric's `prediction` says; axis 0 counts samples.
        target : array_like
            Class labels (N,), or real values of the prediction's shape.

        Raises
        ------
        ShapeError
            If the shapes do not fit each other.
        OutOfRangeError
            If a label is not one of the classes, or a probability is not in [0, 1].
        NonFiniteError
            If a prediction or a real target is NaN (or infinite, where that has no meaning).
        DTypeError
            If the values are not numbers, or labels are not whole numbers.
        """
        prediction, target = read(self.name, prediction, target)
        if target.size:
            self._update(prediction, target)
            self.samples += len(target)
        return self

    def compute(self) -> Any:
        """The value over everything since the last `reset`.

        Raises
        ------
        DataError
            If there was no sample.
        """
        if self.samples == 0:
            raise error("metrics.empty", metric=self.name)
        return self._compute()

    def reset(self) -> Self:
        """Forget everything, and return the metric itself."""
        self.samples = 0
        self._reset()
        return self

    def merge(self, other: Metric) -> Self:
        """Add what another metric of the same class and options has seen; return the metric itself.

        Raises
        ------
        ConfigError
            If the other is of another class, or has other options.
        """
        self._check_mergeable(other)
        if other.samples:
            self._merge(other)
            self.samples += other.samples
        return self

    def state_dict(self) -> dict[str, Any]:
        """What has been seen since the last `reset`, as nested dicts and lists of numbers and arrays."""
        seen = {name: value for name, value in vars(self).items() if name.startswith("_")}
        return deepcopy({"samples": self.samples, **self._plain(seen)})

    def load_state_dict(self, state: Mapping[str, Any]) -> Self:
        """Go on from a saved state of a metric of the same class and options; return the metric itself.

        Raises
        ------
        StateError
            If the state is of another class of metric.
        """
        expected = set(self.state_dict())
        if set(state) != expected:
            raise error("metrics.state", metric=self.name, expected=sorted(expected), got=sorted(state))
        vars(self).update(self._restored(deepcopy(dict(state))))
        return self

    def _plain(self, seen: dict[str, Any]) -> dict[str, Any]:
        """The state with values of own classes taken apart."""
        return seen

    def _restored(self, plain: dict[str, Any]) -> dict[str, Any]:
        """What `_plain` took apart, put together."""
        return plain

    @property
    def options(self) -> dict[str, Any]:
        """The options other than the name, in the order they are declared."""
        return {row.name: getattr(self, row.name) for row in fields(self) if row.name != "name"}

    def __repr__(self) -> str:
        shown = [f"{name}={value!r}" for name, value in self.options.items()]
        named = [] if self.name in (self.key, type(self).__name__) else [f"name={self.name!r}"]
        return f"<{type(self).__name__} {', '.join([*named, *shown, f'{self.samples} samples'])}>"

    def _check_mergeable(self, other: Metric) -> None:
        if type(other) is not type(self):
            expected, got = type(self).__name__, type(other).__name__
            raise error("metrics.merge_class", metric=self.name, expected=expected, got=got)
        if self.options != other.options:
            raise error("metrics.merge_options", metric=self.name, expected=self.options, got=other.options)

    @abstractmethod
    def _reset(self) -> None:
        """Set the empty state."""

    @abstractmethod
    def _update(self, prediction: Array, target: Array) -> None:
        """Check a batch that is not empty, then add it to the state."""

    @abstractmethod
    def _merge(self, other: Any) -> None:
        """Add the state of a metric of the same class and options."""

    @abstractmethod
    def _compute(self) -> Any:
        """The value of a state that is not empty."""
