"""One schedule after another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from chainrule.core.constraint import Constraint
from chainrule.errors import error
from chainrule.optim.options import REQUIRED, Option, options
from chainrule.optim.registry import SCHEDULES, register
from chainrule.optim.schedules.by_step import COUNTS
from chainrule.optim.schedules.schedule import TimedSchedule

TIMED = Constraint(
    "lists of schedules other than ReduceLROnPlateau and SequentialLR",
    lambda v: isinstance(v, list | tuple) and bool(v) and all(map(_can_follow, v)),
    (),
    ([], [1], "cosine", None),
)


def _can_follow(schedule: object) -> bool:
    return isinstance(schedule, TimedSchedule) and not isinstance(schedule, SequentialLR)


@register(SCHEDULES)
class SequentialLR(TimedSchedule):
    r"""One schedule after another, each counting from its own beginning.

    .. math:: \eta_t = \eta^{(i)}_{t - s_i}, \qquad s_i \le t < s_{i+1}

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    schedulers : list of Schedule
        Made for the same optimizer.
    milestones : list of int
        :math:`s_1, s_2, …`, where the second, third, … begin.

    Raises
    ------
    ConfigError
        The number of milestones is not one less than that of schedules, or they do not rise; a
        schedule was made for another optimizer.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> optimizer = optim.SGD([cr.State([1.0])], lr=0.8)
    >>> parts = [optim.WarmUpLR(optimizer, 2), optim.ExponentialLR(optimizer, 0.5)]
    >>> schedule = optim.SequentialLR(optimizer, parts, milestones=[2])
    >>> for _ in range(5):
    ...     print(optimizer.param_groups[0]["lr"], end=" ")
    ...     schedule.step()
    0.4 0.8 0.8 0.4 0.2
    """

    key = "sequential"
    options = options(schedulers=Option(REQUIRED, TIMED), milestones=Option(REQUIRED, COUNTS))

    def begin(self) -> None:
        """Check that the parts fit together, and set the rates of t = 0."""
        schedules, milestones = self.chosen.schedulers, self.chosen.milestones
        rising = all(a < b for a, b in pairwise(milestones))
        if len(milestones) != len(schedules) - 1 or not rising:
            expected = len(schedules) - 1
            values = {"schedules": len(schedules), "expected": expected, "got": milestones}
            raise error("optim.milestones", owner=self.name, **values)
        for place, schedule in enumerate(schedules):
            if schedule.optimizer is not self.optimizer:
                raise error("optim.other_optimizer", owner=self.name, place=place)
        super().begin()

    def _part(self, t: int) -> tuple[TimedSchedule, int]:
        """The schedule of t, and the steps since it began."""
        place = bisect_right(self.chosen.milestones, t)
        return self.chosen.schedulers[place], t - [0, *self.chosen.milestones][place]

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps."""
        schedule, since = self._part(t)
        return schedule.rate(since, base)

    def apply(self, t: int) -> None:
        """Let the schedule of t set its rates."""
        schedule, since = self._part(t)
        schedule.last_epoch = since
        schedule.apply(since)

    def state_dict(self) -> dict[str, Any]:
        """The number of steps and the states of the parts."""
        parts = [schedule.state_dict() for schedule in self.chosen.schedulers]
        return {**super().state_dict(), "schedulers": parts}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on from a saved place."""
        super().load_state_dict(saved)
        for schedule, part in zip(self.chosen.schedulers, saved["schedulers"], strict=True):
            schedule.load_state_dict(part)
