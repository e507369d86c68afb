"""Networks that predict, compiled; the form is the precision of products' operands."""

from __future__ import annotations

from typing import Any

import chainrule as cr
from benchmarks.models import make
from benchmarks.task import Job, Task
from chainrule import nn


def build(job: Job, form: str) -> Task:
    """A model with the job's weights and running statistics."""
    model = make(nn, job.parameters["model"], job.parameters["settings"])
    model.load_state_dict(job.weights, strict=False)
    model.eval()
    x, precision = cr.tensor(job.arrays["x"]), form if form else None
    predict = cr.compile(model, winograd=job.parameters["winograd"], precision=precision)

    def step() -> Any:
        with cr.no_grad():
            return predict(x)

    return Task(step)
