"""Showing how training goes on: a bar in a terminal, a line per epoch elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chainrule.errors import text
from chainrule.train.callbacks.callback import Callback, Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from chainrule.train.step import Step
    from chainrule.train.trainer import Trainer

NOT_SHOWN = ("epoch",)


class ProgressBar(Callback):
    """Show loss, metrics, examples per second and the time left; every trainer has one by itself.

    Parameters
    ----------
    console : rich.console.Console, optional
        Where to; standard output by default.
    """

    order = 200

    def __init__(self, console: Console | None = None) -> None:
        self.console = console
        self.bar: Progress | None = None

    def on_fit_start(self, trainer: Trainer) -> None:
        """Look where the output goes."""
        if self.console is None:
            from rich.console import Console

            self.console = Console()

    def on_ready(self, trainer: Trainer) -> None:
        """Start the clock."""
        self.began, self.first_step, self.samples = time.perf_counter(), trainer.steps, 0
        self.compiling = trainer.compile_seconds
        assert self.console is not None
        if self.console.is_terminal and not trainer.is_over:
            self._open_bar(trainer)

    def on_step(self, trainer: Trainer, step: Step) -> None:
        """Count samples; tell of compiling once."""
        self.samples += step.prediction.shape[0]
        if trainer.steps == self.first_step + 1 and "train_step" in trainer.compile_reports:
            report = trainer.compile_reports["train_step"]
            kernels = sum(row.kernels for row in report.recordings)
            self._print(text("train.compiled", seconds=report.seconds, kernels=kernels))

    def on_batch_end(self, trainer: Trainer) -> None:
        """Move the bar."""
        if self.bar is not None:
            values = {"epoch": trainer.epoch + 1, "loss": trainer.meter.loss}
            self.bar.update(self.task, completed=trainer.steps, description=self._line(trainer, values))

    def on_epoch_end(self, trainer: Trainer, row: Row) -> None:
        """Print the line of the epoch."""
        self._print(self._line(trainer, row))

    def on_fit_end(self, trainer: Trainer) -> None:
        """Say why it ended early."""
        if trainer.stop_reason:
            self._print(trainer.stop_reason)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None

    def _open_bar(self, trainer: Trainer) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
        self.bar = Progress(*columns, console=self.console, transient=True)
        total = trainer.epochs * trainer.steps_per_epoch
        self.task = self.bar.add_task("", total=total, completed=trainer.steps)
        self.bar.start()

    def _print(self, line: str) -> None:
        assert self.console is not None
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _line(self, trainer: Trainer, values: Mapping[str, Any]) -> str:
        """Epoch, values, examples per second, time left."""
        compiling = trainer.compile_seconds - self.compiling
        elapsed = max(time.perf_counter() - self.began - compiling, 1e-9)
        done = max(trainer.steps - self.first_step, 1)
        remaining = 0 if trainer.is_over else trainer.epochs * trainer.steps_per_epoch - trainer.steps
        return text(
            "train.line",
            epoch=values["epoch"],
            epochs=trainer.epochs,
            values="  ".join(f"{name} {short(v)}" for name, v in values.items() if name not in NOT_SHOWN),
            rate=f"{self.samples / elapsed:,.0f}",
            left=clock(remaining * elapsed / done),
        )


def short(value: float) -> str:
    """Four digits, which is what can be read at a glance.

    >>> short(0.123456), short(0.000012345), short(1234.5)
    ('0.1235', '1.234e-05', '1234')
    """
    if value != 0 and not 1e-3 <= abs(value) < 1e4:
        return f"{value:.4g}"
    return f"{value:.4f}" if abs(value) < 100 else f"{value:.0f}"


def clock(seconds: float) -> str:
    """Hours, minutes and seconds.

    >>> clock(75), clock(3675)
    ('1:15', '1:01:15')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
