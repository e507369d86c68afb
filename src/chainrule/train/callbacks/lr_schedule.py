"""Schedules of the learning rate during training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from chainrule.core.constraint import one_of
from chainrule.errors import error
from chainrule.optim import Schedule
from chainrule.optim.options import REQUIRED
from chainrule.optim.registry import SCHEDULES, find
from chainrule.train.callbacks.callback import Callback, Row
from chainrule.train.callbacks.monitor import Monitor
from chainrule.train.checks import check_option

if TYPE_CHECKING:
    from chainrule.train.trainer import Trainer


class LRSchedule(Callback):
    """Step a schedule after every epoch or batch.

    Parameters
    ----------
    schedule : str, Schedule or callable
        A name in `chainrule.optim.SCHEDULES`, a schedule made already, or a function that makes
        one of the optimizer.
    every : str, optional
        ``"epoch"`` or ``"step"`` (a batch); by default one-cycle is stepped after every batch, any
        other schedule after every epoch.
    monitor : str, optional
        For a plateau: the column of the history to watch; ``val_loss`` (or ``loss``) by default.
    **options
        Of a schedule given by name. The length of the training need not be given.

    Examples
    --------
    >>> from chainrule import train
    >>> falling = train.LRSchedule("cosine")
    >>> warm = train.LRSchedule("warm_up", every="step", total_iters=100)
    >>> watching = train.LRSchedule("plateau", patience=3, monitor="val_loss")
    """

    order = 10

    def __init__(
        self,
        schedule: str | Schedule | Callable[[Any], Schedule],
        *,
        every: str | None = None,
        monitor: str | None = None,
        **options: Any,
    ) -> None:
        check_option("LRSchedule", "every", one_of("epoch", "step", None), every)
        if options and not isinstance(schedule, str):
            raise error("train.schedule_options", options=", ".join(options))
        named = isinstance(schedule, str)
        self.source: Any = find(SCHEDULES, str(schedule), "optim.kind_schedule") if named else schedule
        self.options, self.monitor = options, Monitor("LRSchedule", monitor)
        self.every = _usual(self.source) if every is None else every
        self.schedule: Any = None

    def on_fit_start(self, trainer: Trainer) -> None:
        """Make the schedule for the trainer's optimizer."""
        source = self.source
        if isinstance(source, Schedule):
            self.schedule = source
        elif isinstance(source, type):
            self.schedule = source(trainer.optimizer, **{**self._length(trainer, source), **self.options})
        else:
            self.schedule = source(trainer.optimizer)
        if self.schedule.optimizer is not trainer.optimizer:
            raise error("train.other_optimizer", schedule=self.schedule.name)

    def _length(self, trainer: Trainer, schedule: type[Schedule]) -> dict[str, int]:
        """The option that holds the length of the training, where it has to be given."""
        name = schedule.horizon
        if not name or schedule.options[name].default not in (REQUIRED, None):
            return {}
        return {name: trainer.epochs * (trainer.steps_per_epoch if self.every == "step" else 1)}

    def on_batch_end(self, trainer: Trainer) -> None:
        """Go on to the next batch's rate."""
        if self.every == "step" and not self.schedule.needs_metric:
            self.schedule.step()

    def on_epoch_end(self, trainer: Trainer, row: Row) -> None:
        """Go on to the next epoch's rate."""
        if self.schedule.needs_metric:
            self.schedule.step(self.monitor.value(row))
        elif self.every == "epoch":
            self.schedule.step()

    def state_dict(self) -> dict[str, Any]:
        """Where the schedule is."""
        return dict(self.schedule.state_dict())

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved place."""
        self.schedule.load_state_dict(state)


def _usual(schedule: Any) -> str:
    return "step" if getattr(schedule, "horizon", "") == "total_steps" else "epoch"
