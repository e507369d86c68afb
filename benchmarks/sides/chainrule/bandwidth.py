"""Operations on large arrays, compiled."""

from __future__ import annotations

from typing import Any

import chainrule as cr
import chainrule.nn.functional as F
from benchmarks.task import Job, Task


def layer_norm(x: Any, weight: Any, bias: Any) -> Any:
    """Along the last axis."""
    return F.layer_norm(x, weight.shape, weight, bias)


def batch_norm(x: Any, weight: Any, bias: Any) -> Any:
    """Of images channels-last, by their own mean and variance."""
    images = cr.transpose(x, (0, 3, 1, 2))
    return cr.transpose(F.batch_norm(images, None, None, weight, bias, training=True), (0, 2, 3, 1))


def training(norm: Any) -> Any:
    """The norm, and slopes by the input and both parameters."""

    def both(x: Any, y: Any, weight: Any, bias: Any) -> Any:
        found, back = cr.vjp(norm, x, weight, bias)
        return found, *back(y)

    return both


OPERATIONS = {
    "chain": lambda x, y, weight, bias: x * y + cr.maximum(x, 0),
    "gelu": lambda x, weight, bias: F.gelu(x),
    "sum": lambda x, weight, bias: cr.sum(x),
    "column_sum": lambda x, weight, bias: cr.sum(x, axis=0),
    "softmax": lambda x, weight, bias: cr.softmax(x, axis=-1),
    "layer_norm": layer_norm,
    "layer_norm_training": training(layer_norm),
    "batch_norm_training": training(batch_norm),
}


def build(job: Job, form: str) -> Task:
    """One compiled operation."""
    given = {name: cr.tensor(x) for name, x in job.arrays.items()}
    run = cr.compile(OPERATIONS[job.parameters["operation"]])
    return Task(
        lambda: run(**given),
        lambda found: [x.numpy() for x in (found if isinstance(found, tuple) else (found,))],
    )
