"""What every schedule is: options, and a step that changes an optimizer's learning rate."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

from chainrule.errors import error
from chainrule.optim.documented import formula_of, source_of
from chainrule.optim.group import INITIAL_LR
from chainrule.optim.optimizer import Optimizer
from chainrule.optim.options import Options, bind, options, signature
from chainrule.optim.saving import described


class Schedule(ABC):
    """Base of all schedules.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    *args, **given
        Options, see ``options``.

    Attributes
    ----------
    last_epoch : int
        How often `step` was called.
    chosen : namespace
        The options.
    horizon : str
        The option that holds the length of the training, if there is one.
    needs_metric : bool
        Whether `step` takes the value to watch.
    key : str
        Name in the registry.
    formula, source : str
        LaTeX, and the paper; taken from the docstring.

    Raises
    ------
    ConfigError
        An option is missing, unknown or outside its range.
    DTypeError
        The first argument is not an optimizer.
    """

    key: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    horizon: ClassVar[str] = ""
    needs_metric: ClassVar[bool] = False
    options: ClassVar[Options] = options()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.formula, cls.source = formula_of(cls), source_of(cls)
        cls.__signature__ = signature("optimizer", cls.options)  # type: ignore[attr-defined]

    def __init__(self, optimizer: Optimizer, *args: Any, **given: Any) -> None:
        if not isinstance(optimizer, Optimizer):
            raise error("optim.schedule_optimizer", owner=self.name, got=type(optimizer).__name__)
        self.optimizer = optimizer
        self.chosen = SimpleNamespace(**bind(self.name, self.options, args, given))
        self.last_epoch = 0
        self.begin()

    @property
    def name(self) -> str:
        """The class's name, for messages."""
        return type(self).__name__

    @abstractmethod
    def begin(self) -> None:
        """Set what the schedule starts from; refuse options that do not go together."""

    def get_last_lr(self) -> list[float]:
        """The rate of every group now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def per_group(self, option: str) -> list[float]:
        """The values of an option that may be one number or a list of one per group."""
        value, groups = getattr(self.chosen, option), len(self.optimizer.param_groups)
        values = list(value) if isinstance(value, list | tuple) else [value] * groups
        if len(values) != groups:
            raise error("optim.per_group", owner=self.name, option=option, expected=groups, got=len(values))
        return values

    @abstractmethod
    def state_dict(self) -> dict[str, Any]:
        """Where the schedule is, as numbers; the rate itself is part of the optimizer's state."""

    @abstractmethod
    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on from a saved place.

        Raises
        ------
        StateError
            The state is of another schedule.
        """

    def check_saved(self, saved: Any) -> None:
        """Refuse a state that is not of this kind of schedule."""
        expected = list(self.state_dict())
        if not isinstance(saved, Mapping) or set(saved) != set(expected):
            raise error(
                "optim.schedule_state", owner=self.name, expected=", ".join(expected), got=described(saved)
            )
        if saved["schedule"] != self.key:
            raise error("optim.state_kind", owner=self.name, got=saved["schedule"])

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in vars(self.chosen).items())
        return f"{self.name}({shown}) at {self.last_epoch}"


class TimedSchedule(Schedule):
    """A schedule whose rate depends on the number of steps alone.

    It gives each group the rate ``rate(t, base)``, where t counts calls of `step` (epochs or
    batches, as you like) and base is the group's rate before its first schedule was made. The
    rate of t = 0 is set at once.
    """

    def begin(self) -> None:
        """Note the groups' rates, and set those of t = 0."""
        for group in self.optimizer.param_groups:
            if INITIAL_LR not in group:
                group[INITIAL_LR] = group["lr"]
        self.base_lrs: list[float] = [group[INITIAL_LR] for group in self.optimizer.param_groups]
        self.apply(0)

    @abstractmethod
    def rate(self, t: int, base: float) -> float:
        """The learning rate after t steps of a group that began with ``base``."""

    def step(self) -> None:
        """Go on to the next rate; call it after the optimizer's step, once per epoch or batch."""
        self.last_epoch += 1
        self.apply(self.last_epoch)

    def apply(self, t: int) -> None:
        """Set the rates of t."""
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = self.rate(t, base)

    def state_dict(self) -> dict[str, Any]:
        """The number of steps and the base rates."""
        return {"schedule": self.key, "last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on from a saved place."""
        self.check_saved(saved)
        groups, got = len(self.base_lrs), len(saved["base_lrs"])
        if groups != got:
            raise error("optim.schedule_groups", owner=self.name, expected=groups, got=got)
        self.last_epoch, self.base_lrs = int(saved["last_epoch"]), [float(lr) for lr in saved["base_lrs"]]


def cosine(share: float) -> float:
    """From 1 at 0 to 0 at 1, along half a cosine."""
    return 0.5 * (1 + math.cos(math.pi * share))
