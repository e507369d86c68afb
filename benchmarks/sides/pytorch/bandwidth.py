"""Operations on large arrays, eager or compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from benchmarks.task import Job, Task


def batch_norm_training(x: Any, y: Any, weight: Any, bias: Any) -> Any:
    """The norm of images channels-last, and slopes by the input and both parameters."""
    images, slope = x.permute(0, 3, 1, 2), y.permute(0, 3, 1, 2)
    norm, mean, scale = torch.ops.aten.native_batch_norm(images, weight, bias, None, None, True, 0.1, 1e-5)
    how = (None, None, mean, scale, True, 1e-5, (True, True, True))
    found, *others = torch.ops.aten.native_batch_norm_backward(slope, images, weight, *how)
    return norm.permute(0, 2, 3, 1), found.permute(0, 2, 3, 1), *others


def layer_norm_training(x: Any, y: Any, weight: Any, bias: Any) -> Any:
    """The norm, and slopes by the input and both parameters."""
    norm, mean, scale = torch.ops.aten.native_layer_norm(x, weight.shape, weight, bias, 1e-5)
    mask = (True, True, True)
    return norm, *torch.ops.aten.native_layer_norm_backward(
        y, x, weight.shape, mean, scale, weight, bias, mask
    )


OPERATIONS: dict[str, Callable[..., Any]] = {
    "chain": lambda x, y, weight, bias: x * y + torch.relu(x),
    "gelu": lambda x, weight, bias: F.gelu(x),
    "sum": lambda x, weight, bias: x.sum(),
    "column_sum": lambda x, weight, bias: x.sum(0),
    "softmax": lambda x, weight, bias: torch.softmax(x, -1),
    "layer_norm": lambda x, weight, bias: F.layer_norm(x, weight.shape, weight, bias),
    "layer_norm_training": layer_norm_training,
    "batch_norm_training": batch_norm_training,
}


def build(job: Job, form: str) -> Task:
    """One operation."""
    given = {name: torch.from_numpy(x) for name, x in job.arrays.items()}
    run = OPERATIONS[job.parameters["operation"]]
    run = torch.compile(run) if form == "compiled" else run

    def step() -> Any:
        with torch.inference_mode():
            return run(**given)

    return Task(step, lambda found: [x.numpy() for x in (found if isinstance(found, tuple) else (found,))])
