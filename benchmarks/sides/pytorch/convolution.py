"""Convolutions and their derivatives, images in rows of channels or not."""

from __future__ import annotations

from typing import Any

import torch

from benchmarks.models.layouts import missing_operand
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """One convolution, or derivative of one."""
    settings, direction = job.parameters, job.parameters["direction"]
    layout = torch.channels_last if form == "channels-last" else torch.contiguous_format
    given = {name: torch.from_numpy(x).contiguous(memory_format=layout) for name, x in job.arrays.items()}
    padding, stride, groups = settings["kernel"] // 2, settings["stride"], settings["groups"]
    if direction == "forward":
        x, w = given["x"], given["w"]

        def run() -> Any:
            return torch.nn.functional.conv2d(x, w, None, stride, padding, groups=groups)

    else:
        run = _derivative(given, settings, layout)

    def step() -> Any:
        with torch.inference_mode():
            return run()

    order = (2, 3, 1, 0) if direction == "weights" else (0, 2, 3, 1)
    return Task(step, lambda y: [y.permute(order).numpy()])


def _derivative(given: dict[str, Any], settings: dict[str, Any], layout: Any) -> Any:
    """The operator that automatic differentiation calls, for one of its results."""
    is_data = settings["direction"] == "data"
    shape = missing_operand(settings)
    shape = (shape[0], shape[3], *shape[1:3]) if is_data else (shape[3], shape[2], *shape[:2])
    other = torch.empty(shape).contiguous(memory_format=layout)
    x, w = (other, given["w"]) if is_data else (given["x"], other)
    padding, stride = [settings["kernel"] // 2] * 2, [settings["stride"]] * 2
    how = (None, stride, padding, [1, 1], False, [0, 0], settings["groups"], (is_data, not is_data, False))

    def run() -> Any:
        return torch.ops.aten.convolution_backward(given["slope"], x, w, *how)[0 if is_data else 1]

    return run
