"""Matrix products."""

from __future__ import annotations

import numpy as np

from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """One product, into memory that is there."""
    how = job.parameters["how"]
    a, b = (job.arrays[name] if side == "n" else job.arrays[name].T for name, side in zip("ab", how, strict=True))
    result = np.empty((len(a), b.shape[1]), np.float32)
    return Task(lambda: np.matmul(a, b, out=result))
