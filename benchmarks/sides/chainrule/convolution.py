"""Convolutions and their derivatives, on images channels-last: inside a program they lie so by themselves."""

from __future__ import annotations

from typing import Any

import chainrule as cr
import chainrule.nn.functional as F
from benchmarks.models.layouts import convolution_arrays, missing_operand
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """One compiled convolution, or derivative of one."""
    settings = job.parameters
    given = {name: cr.tensor(x) for name, x in convolution_arrays(job.arrays).items()}
    zeros = cr.zeros(missing_operand(settings))

    def forward(x: Any, w: Any) -> Any:
        images, weight = cr.transpose(x, (0, 3, 1, 2)), cr.transpose(w, (3, 2, 0, 1))
        shared = {name: settings[name] for name in ("stride", "groups")}
        y = F.conv2d(images, weight, padding=settings["kernel"] // 2, **shared)
        return cr.transpose(y, (0, 2, 3, 1))

    def to_data(w: Any, slope: Any) -> Any:
        return cr.vjp(lambda x: forward(x, w), zeros)[1](slope)[0]

    def to_weights(x: Any, slope: Any) -> Any:
        return cr.vjp(lambda w: forward(x, w), zeros)[1](slope)[0]

    run = cr.compile({"forward": forward, "data": to_data, "weights": to_weights}[settings["direction"]])
    return Task(lambda: run(**given))
