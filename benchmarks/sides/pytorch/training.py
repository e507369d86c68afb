"""Training steps: eager or with the loss compiled, images in rows of channels or not; Adam in one kernel."""

from __future__ import annotations

from typing import Any

import torch

from benchmarks.models import make
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """A model with the job's weights, and Adam."""
    model, x = model_of(job), torch.from_numpy(job.arrays["x"])
    if "channels-last" in form:
        model, x = (each.to(memory_format=torch.channels_last) for each in (model, x))
    y = torch.from_numpy(job.arrays["y"])
    optimizer = torch.optim.Adam(model.parameters(), lr=job.parameters["lr"], fused=True)
    cross_entropy = torch.nn.CrossEntropyLoss()

    def loss_of(x: Any, y: Any) -> Any:
        return cross_entropy(model(x).flatten(0, -2), y.flatten())

    compute = torch.compile(loss_of) if "compiled" in form else loss_of

    def step() -> Any:
        optimizer.zero_grad()
        loss = compute(x, y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return Task(step, lambda loss: [loss.numpy()])


def model_of(job: Job) -> Any:
    """The model with the job's weights."""
    model = make(torch.nn, job.parameters["model"], job.parameters["settings"])
    weights = {name: torch.from_numpy(x) for name, x in job.weights.items()}
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert not unexpected and not set(missing) & {name for name, _ in model.named_parameters()}
    return model
