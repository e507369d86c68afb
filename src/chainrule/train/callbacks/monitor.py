"""Watching one column of the history for improvement."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from chainrule.core.constraint import one_of
from chainrule.errors import error
from chainrule.train.checks import check_option
from chainrule.train.meter import LOSS, VALIDATION

if TYPE_CHECKING:
    from chainrule.train.trainer import Trainer


class Monitor:
    """Which column is watched, and which of two values is better.

    Parameters
    ----------
    owner : str
        Who watches, for messages.
    name : str, optional
        The column; ``val_loss`` by default, ``loss`` where there is no validation.
    mode : str
        ``"min"``, ``"max"``, or ``"auto"``: what the metric of that name says.
    """

    def __init__(self, owner: str, name: str | None = None, mode: str = "auto") -> None:
        check_option(owner, "mode", one_of("auto", "min", "max"), mode)
        self.owner, self.name, self.mode = owner, name, mode

    def column(self, row: dict[str, Any]) -> str:
        """The name of the column."""
        if self.name is not None:
            return self.name
        return VALIDATION + LOSS if VALIDATION + LOSS in row else LOSS

    def value(self, row: dict[str, Any]) -> float:
        """The watched value of an epoch."""
        name = self.column(row)
        if name not in row:
            raise error("train.monitor", owner=self.owner, name=name, known=", ".join(row))
        return float(row[name])

    def gain(self, trainer: Trainer, row: dict[str, Any], best: float | None) -> float:
        """How much better an epoch's value is than the best: infinite for the first, NaN for NaN."""
        value = self.value(row)
        if best is None:
            return math.nan if math.isnan(value) else math.inf
        return value - best if self._larger_is_better(trainer, row) else best - value

    def _larger_is_better(self, trainer: Trainer, row: dict[str, Any]) -> bool:
        if self.mode != "auto":
            return self.mode == "max"
        name = self.column(row).removeprefix(VALIDATION)
        directions = {LOSS: False, **{metric.name: metric.higher_is_better for metric in trainer.metrics}}
        if directions.get(name) is None:
            raise error("train.direction", owner=self.owner, name=self.column(row))
        return bool(directions[name])
