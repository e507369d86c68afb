"""Matrix products."""

from __future__ import annotations

import numpy as np

from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """One product, into memory that is there."""
    left, right = job.parameters["how"]
    a, b = job.arrays["a"], job.arrays["b"]
    a, b = a if left == "n" else a.T, b if right == "n" else b.T
    result = np.empty((len(a), b.shape[1]), np.float32)
    return Task(lambda: np.matmul(a, b, out=result))
