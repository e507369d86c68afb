"""What the command does beside training: keep the time, and save when it is interrupted."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chainrule.train import Callback, Trainer


class Stopwatch(Callback):
    """The time of training, over all its interruptions.

    Attributes
    ----------
    seconds : float
        Until now.
    """

    def __init__(self) -> None:
        self.earlier, self.began = 0.0, time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds of training until now."""
        return self.earlier + time.perf_counter() - self.began

    def on_ready(self, trainer: Trainer) -> None:
        """Start."""
        self.began = time.perf_counter()

    def on_fit_end(self, trainer: Trainer) -> None:
        """Stop."""
        self.earlier, self.began = self.seconds, time.perf_counter()

    def state_dict(self) -> dict[str, Any]:
        """The seconds."""
        return {"seconds": self.seconds}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved time."""
        self.earlier = float(state["seconds"])


class SaveOnInterrupt(Callback):
    """Let Ctrl-C end the training between two batches, with its state saved; twice ends it at once.

    In the middle of a batch some parameters are updated and others not: a state saved there could
    not go on bit for bit.

    Parameters
    ----------
    path : Path
        Where the state is saved.

    Raises
    ------
    KeyboardInterrupt
        After saving.
    """

    order = 150

    def __init__(self, path: Path) -> None:
        self.path, self.asked = path, False
        self.before: Any = None

    def on_ready(self, trainer: Trainer) -> None:
        """Take over the signal; only the main thread may."""
        if threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGINT, self._ask)

    def _ask(self, number: int, frame: Any) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def on_batch_end(self, trainer: Trainer) -> None:
        """Save and stop, if asked to."""
        if self.asked:
            trainer.save_checkpoint(self.path)
            raise KeyboardInterrupt

    def on_epoch_end(self, trainer: Trainer, row: dict[str, Any]) -> None:
        """Stop, if asked to while the validation part was measured."""
        self.on_batch_end(trainer)

    def close(self) -> None:
        """Give the signal back."""
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)
            self.before = None
