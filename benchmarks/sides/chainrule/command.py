"""``chainrule train``, with an empty cache at each call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.task import Job, Task, data_folder, reached


def build(job: Job, form: str) -> Task:
    """A call of the command; one that does not reach the accuracy fails."""
    p = job.parameters
    settings = {"--epochs": p["epochs"], "--batch": p["batch"], "--lr": p["lr"], "--augment": "shift"}
    options = [str(word) for pair in settings.items() for word in pair]
    program = str(Path(sys.executable).with_name("chainrule"))
    command = [program, "train", str(data_folder(p["data"])), "--model", "cnn"]

    def step() -> bool:
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder) / "run"
            environment = {**os.environ, "CHAINRULE_CACHE": str(Path(folder) / "cache")}
            subprocess.run([*command, *options, "--quiet", "--out", str(run)], env=environment, check=True)
            metrics: dict[str, Any] = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
            return reached(metrics["test_accuracy"], p["target"])

    return Task(step)
