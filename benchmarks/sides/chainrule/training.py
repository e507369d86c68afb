"""Training steps, compiled whole: forward, loss, backward, update."""

from __future__ import annotations

from typing import Any

import chainrule as cr
from benchmarks.models import make
from benchmarks.task import Job, Task
from chainrule import nn, optim


def build(job: Job, form: str) -> Task:
    """A model with the job's weights, and Adam."""
    model = make(nn, job.parameters["model"], job.parameters["settings"])
    model.load_state_dict(job.weights, strict=False)
    optimizer, loss_of = optim.Adam(model.parameters(), lr=job.parameters["lr"]), nn.CrossEntropyLoss()
    x, y = cr.tensor(job.arrays["x"]), cr.tensor(job.arrays["y"])

    @cr.compile
    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        scores = model(x)
        loss = loss_of(scores.reshape((-1, scores.shape[-1])), y.reshape(-1))
        loss.backward()
        optimizer.step()
        return loss

    return Task(lambda: step(x, y))
