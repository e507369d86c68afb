"""A training that kills itself: ``python killed_run.py FOLDER [EVENT COUNT]``.

It goes on from the checkpoint in the folder if there is one. With an event it dies by SIGKILL when
that event happens for the COUNT-th time; without one it runs to its end (or is killed from outside).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import chainrule as cr
from chainrule import nn, train

# Where to die: a function of os, and whether before or after it does its work.
EVENTS = {
    "before-sync": ("fsync", True),
    "after-sync": ("fsync", False),
    "before-replace": ("replace", True),
    "after-replace": ("replace", False),
}


def die_at(event: str, count: int) -> None:
    """Replace a function of os by one that kills this process at its COUNT-th call."""
    name, before = EVENTS[event]
    original: Callable[..., Any] = getattr(os, name)
    calls = 0

    def deadly(*args: Any) -> None:
        nonlocal calls
        calls += 1
        if before and calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        original(*args)
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, name, deadly)


def run(folder: Path) -> None:
    """Everything that must go on bit for bit: order, dropout, batch norm, moments, schedule, metrics."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(88, 6)).astype(np.float32), rng.integers(3, size=88)
    cr.random.seed(5)
    model = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 3))
    callbacks = [
        train.LRSchedule("one_cycle", max_lr=0.05),
        train.EarlyStopping("val_accuracy", patience=50),
        train.GradientNorms(),
        train.CSVLog(folder / "history.csv"),
    ]
    trainer = train.Trainer(model, "cross_entropy", "adamw", ["accuracy", "f1"], callbacks, verbose=0)
    checkpoint = train.Checkpoint(folder, every_steps=2)
    data = {"train": (x[:64], y[:64]), "validation": (x[64:], y[64:])}
    trainer.fit(**data, epochs=3, batch_size=12, seed=9, checkpoint=checkpoint, resume="auto")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        die_at(sys.argv[2], int(sys.argv[3]))
    print("ready", flush=True)
    run(Path(sys.argv[1]))
