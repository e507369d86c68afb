"""Saving the training as it goes on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.core.constraint import COUNT, FLAG, or_none
from chainrule.errors import error
from chainrule.train.callbacks.callback import Callback, Row
from chainrule.train.callbacks.monitor import Monitor
from chainrule.train.checkpoint import BEST, LAST
from chainrule.train.checks import check_option

if TYPE_CHECKING:
    from chainrule.train.trainer import Trainer


class Checkpoint(Callback):
    """Save the whole state of training, so that it can go on bit for bit after an interruption.

    ``last.safetensors`` is the latest state, ``best.safetensors`` that of the best epoch.

    Parameters
    ----------
    folder : path
        Where the files go.
    monitor : str, optional
        The column of the history that tells the best epoch; ``val_loss`` (or ``loss``) by default.
    mode : str
        ``"min"``, ``"max"``, or ``"auto"``: what the metric says.
    every_epochs : int or None
        Save after so many epochs; None for the end alone.
    every_steps : int or None
        Save after so many batches too, in the middle of an epoch.
    best : bool
        Keep the best epoch besides the last.
    overwrite : bool
        Whether a new training may replace the checkpoints of another one.

    Raises
    ------
    CheckpointError
        When a new training begins in a folder that holds the checkpoint of another one; when a
        file cannot be written (the old one is still there).
    """

    order = 100

    def __init__(
        self,
        folder: str | os.PathLike[str],
        monitor: str | None = None,
        *,
        mode: str = "auto",
        every_epochs: int | None = 1,
        every_steps: int | None = None,
        best: bool = True,
        overwrite: bool = False,
    ) -> None:
        check_option("Checkpoint", "every_epochs", or_none(COUNT), every_epochs)
        check_option("Checkpoint", "every_steps", or_none(COUNT), every_steps)
        check_option("Checkpoint", "best", FLAG, best)
        self.folder, self.monitor = Path(folder), Monitor("Checkpoint", monitor, mode)
        self.every_epochs, self.every_steps = every_epochs, every_steps
        self.keeps_best, self.overwrite = best, overwrite
        self.best: float | None = None

    @property
    def last(self) -> Path:
        """The file of the latest state."""
        return self.folder / LAST

    def on_fit_start(self, trainer: Trainer) -> None:
        """Forget what an earlier training was like."""
        self.best = None

    def on_ready(self, trainer: Trainer) -> None:
        """Save a new training before its first batch."""
        if trainer.resumed_from is not None:
            return
        if self.last.exists() and not self.overwrite:
            raise error("train.occupied", path=self.last)
        trainer.save_checkpoint(self.last)

    def on_batch_end(self, trainer: Trainer) -> None:
        """Save if it is time."""
        if self.every_steps is not None and trainer.steps % self.every_steps == 0:
            trainer.save_checkpoint(self.last)

    def on_epoch_end(self, trainer: Trainer, row: Row) -> None:
        """Save if it is time, or if the epoch is the best so far."""
        if self.keeps_best and self.monitor.gain(trainer, row, self.best) > 0:
            self.best = self.monitor.value(row)
            trainer.save_checkpoint(self.folder / BEST)
        if trainer.is_over or (self.every_epochs is not None and trainer.epoch % self.every_epochs == 0):
            trainer.save_checkpoint(self.last)

    def state_dict(self) -> dict[str, Any]:
        """The best value."""
        return {"best": self.best}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state."""
        self.best = state["best"]
