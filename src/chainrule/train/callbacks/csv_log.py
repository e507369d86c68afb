"""The history as a CSV file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.files.atomic import write_atomically
from chainrule.train.callbacks.callback import Callback, Row

if TYPE_CHECKING:
    from chainrule.train.trainer import Trainer


class CSVLog(Callback):
    """Write the history to a CSV file, a line per epoch.

    The file is replaced as a whole each time: a training that is killed and goes on leaves the
    file that it would have left without.

    Parameters
    ----------
    path : path
        The file.
    """

    order = 50

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def on_epoch_end(self, trainer: Trainer, row: Row) -> None:
        """Write all lines."""
        write_atomically(self.path, trainer.history.to_csv().encode())
