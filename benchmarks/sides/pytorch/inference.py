"""Networks that predict, in inference mode: eager or compiled, images in rows of channels or not."""

from __future__ import annotations

from typing import Any

import torch

from benchmarks.sides.pytorch.training import model_of
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """A model with the job's weights and running statistics."""
    model, x = model_of(job).eval(), torch.from_numpy(job.arrays["x"])
    if "channels-last" in form:
        model, x = (each.to(memory_format=torch.channels_last) for each in (model, x))
    if "compiled" in form:
        torch._inductor.config.freezing = True
        model = torch.compile(model)

    def step() -> Any:
        with torch.inference_mode():
            return model(x)

    return Task(step, lambda y: [y.numpy()])
