"""Stopping when nothing improves any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chainrule.core.constraint import FLAG, NATURAL, NON_NEGATIVE
from chainrule.errors import text
from chainrule.train.callbacks.callback import Callback, Row
from chainrule.train.callbacks.monitor import Monitor
from chainrule.train.checks import check_option

if TYPE_CHECKING:
    from chainrule.train.trainer import Trainer

SAVED = ("best", "best_epoch", "waited", "weights")


class EarlyStopping(Callback):
    """Stop after some epochs without improvement, and go back to the best weights.

    Source: Prechelt, Early stopping - but when?, in Neural networks: tricks of the trade, 1998,
    section 2.2.

    Parameters
    ----------
    monitor : str, optional
        The column of the history to watch; ``val_loss`` (or ``loss``) by default.
    patience : int
        Stop after so many epochs without improvement.
    min_delta : float
        A smaller change is no improvement.
    mode : str
        ``"min"``, ``"max"``, or ``"auto"``: what the metric says.
    restore_best : bool
        Give the model the weights of its best epoch at the end.

    Attributes
    ----------
    best : float or None
        The best value.
    best_epoch : int
        Its epoch.
    """

    def __init__(
        self,
        monitor: str | None = None,
        *,
        patience: int = 5,
        min_delta: float = 0.0,
        mode: str = "auto",
        restore_best: bool = True,
    ) -> None:
        check_option("EarlyStopping", "patience", NATURAL, patience)
        check_option("EarlyStopping", "min_delta", NON_NEGATIVE, min_delta)
        check_option("EarlyStopping", "restore_best", FLAG, restore_best)
        self.monitor = Monitor("EarlyStopping", monitor, mode)
        self.patience, self.min_delta, self.restore_best = patience, min_delta, restore_best
        self._forget()

    def _forget(self) -> None:
        self.best: float | None = None
        self.best_epoch, self.waited = 0, 0
        self.weights: dict[str, Any] | None = None

    def on_fit_start(self, trainer: Trainer) -> None:
        """Forget what an earlier training was like."""
        self._forget()

    def on_epoch_end(self, trainer: Trainer, row: Row) -> None:
        """Count epochs without improvement."""
        if self.monitor.gain(trainer, row, self.best) > self.min_delta:
            self.best, self.best_epoch, self.waited = self.monitor.value(row), row["epoch"], 0
            self.weights = trainer.model.state_dict() if self.restore_best else None
            return
        self.waited += 1
        if self.waited >= self.patience:
            values = {"name": self.monitor.column(row), "waited": self.waited, "best_epoch": self.best_epoch}
            trainer.stop(text("train.stopped", **values))

    def on_fit_end(self, trainer: Trainer) -> None:
        """Go back to the best weights."""
        if self.weights is not None:
            trainer.model.load_state_dict(self.weights)

    def state_dict(self) -> dict[str, Any]:
        """The best value, its epoch and weights, and the count."""
        return {name: getattr(self, name) for name in SAVED}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state."""
        for name in SAVED:
            setattr(self, name, state[name])
