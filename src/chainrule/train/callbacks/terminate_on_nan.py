"""Stopping when the loss is no number any more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chainrule.errors import error
from chainrule.train.callbacks.callback import Callback

if TYPE_CHECKING:
    from chainrule.train.step import Step
    from chainrule.train.trainer import Trainer


class TerminateOnNaN(Callback):
    """Raise an error when a batch's loss is NaN or infinite; every trainer has one by itself.

    Raises
    ------
    NonFiniteError
        Names the epoch and the batch, and what to do.
    """

    order = -100

    def on_step(self, trainer: Trainer, step: Step) -> None:
        """Look at the loss."""
        loss = step.loss.item()
        if not math.isfinite(loss):
            lr = trainer.optimizer.param_groups[0]["lr"]
            raise error("train.non_finite", loss=loss, epoch=trainer.epoch + 1, batch=trainer.batch, lr=lr)
