"""The same recipe as a script of PyTorch's, ``train_images.py``."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.task import Job, Task, data_folder, reached


def build(job: Job, form: str) -> Task:
    """A call of the script; one that does not reach the accuracy fails."""
    settings = {**job.parameters, "folder": str(data_folder(job.parameters["data"])), "form": form}
    settings["threads"] = job.threads
    command = [sys.executable, "-m", "benchmarks.sides.pytorch.train_images", json.dumps(settings)]

    def step() -> bool:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return reached(float(done.stdout.split()[-1]), job.parameters["target"])

    return Task(step)
